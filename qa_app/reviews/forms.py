"""The filters of the list of calls, read from the address and written back into it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from qa_app.reviews.listing import CallFilters, Sort, WorkList

E = TypeVar("E", bound=StrEnum)
UNSURE = "unsure"
_LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class ListAddress:
    """What the address of a list asks for; an empty part asks for nothing."""

    status: WorkList = WorkList.ALL
    q: str = ""
    agent: str = ""
    team: str = ""
    since: date | None = None
    until: date | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    longer: int | None = None
    rule: str = ""
    #: `unsure` asks for calls in which nobody knows for certain who is the agent.
    roles: str = ""
    sort: Sort = Sort.NEWEST
    page: int = 1

    def parts(self, **changes: object) -> dict[str, str]:
        """Return the query string's parts, some of them changed; always of the first page."""
        values = {**vars(self), "page": 1, **changes}
        usual = vars(ListAddress())
        return {
            name: str(value)
            for name, value in values.items()
            if value not in {None, ""} and (name == "status" or value != usual[name])
        }

    def filters(self, zone: tzinfo) -> CallFilters:
        """Return the filters with days as moments of the site's clocks; `until` is included."""
        return CallFilters(
            words=self.q,
            work_list=self.status,
            agent_id=self.agent or None,
            team_id=self.team or None,
            since=_midnight(self.since, zone) if self.since else None,
            until=_midnight(self.until + timedelta(days=1), zone) if self.until else None,
            score_min=self.min,
            score_max=self.max,
            rule=self.rule or None,
            longer_than_s=self.longer * 60.0 if self.longer else None,
            roles_unsure=self.roles == UNSURE,
            sort=self.sort,
        )


def read_address(args: Mapping[str, str], *, first: WorkList) -> ListAddress:
    """Read the address; what cannot be understood asks for nothing, as in a cut-off link."""
    return ListAddress(
        status=_one_of(WorkList, args.get("status"), first),
        q=args.get("q", "").strip()[:100],
        agent=args.get("agent", "")[:32],
        team=args.get("team", "")[:32],
        since=_date(args.get("since")),
        until=_date(args.get("until")),
        min=_points(args.get("min")),
        max=_points(args.get("max")),
        longer=_whole(args.get("longer"), most=_LONGEST_MINUTES),
        rule=args.get("rule", "")[:40],
        roles=UNSURE if args.get("roles") == UNSURE else "",
        sort=_one_of(Sort, args.get("sort"), Sort.NEWEST),
        page=_whole(args.get("page"), most=100_000) or 1,
    )


def _one_of(kind: type[E], word: str | None, usual: E) -> E:
    with suppress(ValueError):
        return kind(word or "")
    return usual


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time(), zone)


def _date(text: str | None) -> date | None:
    with suppress(ValueError):
        on = date.fromisoformat(text or "")
        return on if 1990 <= on.year <= 2100 else None
    return None


def _points(text: str | None) -> Decimal | None:
    with suppress(InvalidOperation):
        points = Decimal(text or "")
        return points.quantize(Decimal("0.001")) if abs(points) < 10_000 else None
    return None


def _whole(text: str | None, *, most: int) -> int | None:
    number = int(text) if text and text.isascii() and text.isdecimal() and len(text) < 7 else 0
    return number if 0 < number <= most else None
