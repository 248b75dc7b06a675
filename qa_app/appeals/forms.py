"""The objection form, read into a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from flask_babel import gettext as _

from qa_app.appeals.models import Wish
from qa_app.core.errors import Invalid


@dataclass(frozen=True, kw_only=True)
class Objection:
    """What an agent sends."""

    deduction_id: str
    reason: str
    wish: Wish

    @classmethod
    def read(cls, form: Mapping[str, str]) -> Self:
        """Read the form's fields."""
        try:
            wish = Wish(form.get("wish", ""))
        except ValueError:
            raise Invalid(_("请选希望怎样处理。"), field="wish") from None
        return cls(deduction_id=form.get("deduction", ""), reason=form.get("reason", ""), wish=wish)
