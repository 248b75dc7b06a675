"""Fields that read strictly: what a client misspells is refused and never guessed at."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from apiflask.fields import AwareDateTime, Boolean, Integer, String
from apiflask.validators import Length, OneOf, Regexp
from marshmallow import ValidationError

from qa_app.reviews.paging import PLACE_PATTERN

ID_PATTERN = "^[0-9a-f]{32}$"
POINTS_PATTERN = r"^[0-9]{1,4}(\.[0-9]{1,3})?$"
_LONGEST_NUMBER = 9


class Pattern(Regexp):
    """A pattern for the whole text: Python's own `$` lets a final line break through."""

    def __call__(self, value: str) -> str:  # type: ignore[override]
        """Return the text if the pattern fits."""
        if re.fullmatch(str(self.regex.pattern), value) is None:
            raise ValidationError("String does not match expected pattern.")
        return value


class Text(String):
    """Text that a database can keep: no NUL, no half of a character."""

    def __init__(
        self,
        *,
        longest: int,
        shortest: int = 0,
        pattern: str = r"^[^\x00]*$",
        **more: Any,  # noqa: ANN401 - what every field takes
    ) -> None:
        super().__init__(validate=[Length(shortest, longest), Pattern(pattern)], **more)

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: object
    ) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ValidationError("Not valid text.")
        return text


class Count(Integer):
    """A JSON integer as JSON Schema means it: 3 and 3.0, but neither "3" nor true."""

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: object
    ) -> int:
        if isinstance(value, bool | str) or (isinstance(value, float) and not value.is_integer()):
            raise ValidationError("Not a valid integer.")
        count: int = super()._deserialize(value, attr, data, **kwargs)
        return count


class WholeNumber(Integer):
    """An integer in an address, written in digits and nothing else."""

    def _deserialize(
        self,
        value: object,
        attr: str | None,  # noqa: ARG002 - marshmallow passes them by name
        data: Mapping[str, Any] | None,  # noqa: ARG002
        **kwargs: object,  # noqa: ARG002
    ) -> int:
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
            raise ValidationError("Not a valid integer.")
        return int(text)


class Flag(Boolean):
    """`true` or `false` in an address."""

    truthy = {"true"}  # noqa: RUF012 - marshmallow's own way to say it
    falsy = {"false"}  # noqa: RUF012


class Moment(AwareDateTime):
    """A moment with its zone; one that UTC cannot write means the end of time next to it."""

    def _deserialize(
        self, value: object, attr: str | None, data: Mapping[str, Any] | None, **kwargs: object
    ) -> datetime:
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            first, last = datetime.min, datetime.max  # noqa: DTZ901 - given their zone below
            return (first if moment.year == first.year else last).replace(tzinfo=UTC)


def identifier(**more: Any) -> String:  # noqa: ANN401 - what the field takes
    """Return a field for the id of a row."""
    return String(validate=Pattern(ID_PATTERN), **more)


def points(**more: Any) -> String:  # noqa: ANN401
    """Return a field for exact points: `98`, `97.5`."""
    return String(validate=Pattern(POINTS_PATTERN), **more)


def cursor() -> String:
    """Return a field for the `next` of an earlier page."""
    return String(validate=Pattern(PLACE_PATTERN))


def word(kind: type[StrEnum], *members: StrEnum, **more: Any) -> String:  # noqa: ANN401
    """Return a field for one of an enumeration's words, or of some of them."""
    return String(validate=OneOf([member.value for member in members or kind]), **more)


def moment(**more: Any) -> String:  # noqa: ANN401
    """Return a field for a moment that is written already."""
    return String(metadata={"format": "date-time"}, **more)
