"""What a criterion costs, in a sentence."""

from decimal import Decimal

from flask_babel import gettext as _

from qa_app.scorecards.models import Criterion
from qa_app.scorecards.scoring import Step


def cost_in_words(criterion: Criterion) -> str:
    """Say how the points of a criterion grow with the number of cases."""
    first, further = plain(criterion.first_points), plain(criterion.further_points)
    words: str
    match criterion.step:
        case Step.ONCE:
            words = _("扣 %(first)s 分，只扣一次", first=first)
        case Step.EACH:
            words = _("每次扣 %(first)s 分", first=first)
        case Step.FLAT:
            words = _("每宗扣 %(first)s 分，每多一宗加扣 %(more)s 分", first=first, more=further)
        case Step.RISING:
            words = _(
                "第 1 宗扣 %(first)s 分，以后每宗比上一宗多扣 %(more)s 分",
                first=first,
                more=further,
            )
    if criterion.cap_points is not None:
        words += _("，最多扣 %(cap)s 分", cap=plain(criterion.cap_points))
    return words


def plain(points: Decimal) -> str:
    """Write points without an exponent or zeros that say nothing.

    >>> plain(Decimal("1E+1")), plain(Decimal("0.50")), plain(Decimal(98))
    ('10', '0.5', '98')
    """
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def minus(points: Decimal) -> str:
    """Write points that are taken away; zero has no sign.

    >>> minus(Decimal(2)), minus(Decimal(0))
    ('−2', '0')
    """
    return f"−{plain(points)}" if points else "0"
