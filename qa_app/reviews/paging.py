"""The list of calls for other programs: page by page from a place in it, not from a number.

A call that arrives while somebody reads the pages makes none of the others come twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.reviews.listing import CallFilters, CallRow, Sort, matching, rows_of
from qa_app.users.permissions import Actor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Fourteen digits of microseconds reach to the year 4253: each such text is a moment.
PLACE_PATTERN = "^[0-9a-f]{14}-[0-9a-f]{32}$"


@dataclass(frozen=True)
class Place:
    """Where in the list the last page ended."""

    started_at: datetime
    call_id: str

    def __str__(self) -> str:
        microseconds = (self.started_at - _EPOCH) // _MICROSECOND
        return f"{microseconds:014x}-{self.call_id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Read what `str` wrote.

        >>> str(Place.read("000000000f4240-" + "a" * 32))[:14]
        '000000000f4240'
        """
        microseconds, _dash, call_id = text.partition("-")
        return cls(_EPOCH + int(microseconds, 16) * _MICROSECOND, call_id)


@dataclass(frozen=True)
class Stretch:
    """Some lines of the list, and where the next ones begin; None at its end."""

    rows: Sequence[CallRow]
    following: Place | None


def calls_after(
    session: Session, filters: CallFilters, *, actor: Actor, after: Place | None, limit: int
) -> Stretch:
    """Return the next calls by time that the actor may see and the filters ask for."""
    query = matching(session, filters, actor)
    oldest_first = filters.sort is Sort.OLDEST
    if after is not None:
        if oldest_first:
            later = Call.started_at > after.started_at
            beside = Call.id > after.call_id
        else:
            later = Call.started_at < after.started_at
            beside = Call.id < after.call_id
        query = query.where(or_(later, and_(Call.started_at == after.started_at, beside)))
    order = (
        (Call.started_at.asc(), Call.id.asc())
        if oldest_first
        else (Call.started_at.desc(), Call.id.desc())
    )
    # One more than asked for tells whether there is a next page.
    found = session.execute(
        query.with_only_columns(Call.id, Call.started_at).order_by(*order).limit(limit + 1)
    ).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    following = Place(last.started_at, last.id) if last is not None else None
    return Stretch(rows_of(session, [row.id for row in shown]), following)
