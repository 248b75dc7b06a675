"""The filters of the list of calls, read from the address and written back into it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal, InvalidOperation

from qa_app.reviews.work_list import Filters, Tab

#: The fields of `Filters` by their name in the address.
_NAMES = {
    "tab": "status",
    "q": "q",
    "agent_id": "agent",
    "team_id": "team",
    "from_on": "from",
    "to_on": "to",
    "score_min": "min",
    "score_max": "max",
    "rule": "rule",
    "page": "page",
}


def filters_from_address(args: Mapping[str, str], *, first_tab: Tab) -> Filters:
    """Read the filters; what cannot be understood asks for nothing, as in a cut-off link."""
    word = args.get("status", "")
    page = args.get("page", "")
    return Filters(
        tab=Tab(word) if word in set(Tab) else first_tab,
        q=args.get("q", "").strip()[:100],
        agent_id=args.get("agent", "")[:32],
        team_id=args.get("team", "")[:32],
        from_on=_date(args.get("from")),
        to_on=_date(args.get("to")),
        score_min=_points(args.get("min")),
        score_max=_points(args.get("max")),
        rule=args.get("rule", "")[:40],
        page=max(1, int(page)) if page.isdecimal() and len(page) < 7 else 1,
    )


def address_of(filters: Filters, **changes: object) -> dict[str, str]:
    """Return the query string's parts for these filters, some of them changed or taken out."""
    parts: dict[str, str] = {}
    for one in fields(Filters):
        name = _NAMES[one.name]
        value = changes.get(one.name, getattr(filters, one.name))
        if one.name == "page" and one.name not in changes:
            continue
        if value not in {None, ""} and not (one.name == "page" and value == 1):
            parts[name] = str(value)
    return parts


def _date(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text or "")
    return None


def _points(text: str | None) -> Decimal | None:
    with suppress(InvalidOperation):
        points = Decimal(text or "")
        return points if points.is_finite() else None
    return None
