"""The list of calls as each role works through it: tabs, filters, one page of rows.

The address carries every filter, so a list can be sent to a colleague. Only the rows of the page
are read; the tabs are counted by one query.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Float, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from qa_app.calls.models import Call, CallStatus, Utterance
from qa_app.calls.queries import within_sight
from qa_app.calls.search import utterances_with
from qa_app.checks.models import FindingStatus, StoredFinding
from qa_app.checks.registry import RULES, Kind
from qa_app.jobs.models import Job
from qa_app.jobs.queries import open_jobs_of
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.users.models import User
from qa_app.users.permissions import Action, Actor, may

PAGE_SIZE = 50
_Columns = TypeVar("_Columns", bound=tuple[Any, ...])


class Tab(StrEnum):
    """The parts of the list, by what is to be done with a call."""

    MINE = "mine"
    ALL = "all"
    SUBMITTED = "submitted"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for; an empty field asks for nothing."""

    tab: Tab = Tab.ALL
    q: str = ""
    agent_id: str = ""
    team_id: str = ""
    from_on: date | None = None
    to_on: date | None = None
    score_min: Decimal | None = None
    score_max: Decimal | None = None
    rule: str = ""
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class FoundKind:
    """How many findings of a kind a call has."""

    kind: Kind
    count: int


@dataclass(frozen=True, kw_only=True)
class Row:
    """One call of the list with what its line shows."""

    call: Call
    evaluation: Evaluation | None
    kinds: Sequence[FoundKind]
    job: Job | None
    said: Utterance | None


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    """One page of the list."""

    rows: Sequence[Row]
    total: int
    page: int
    counts: Mapping[Tab, int]

    @property
    def first(self) -> int:
        """The place of the page's first call."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the page's last call."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.last < self.total


def work_page(session: Session, *, actor: Actor, filters: Filters, zone: ZoneInfo) -> WorkPage:
    """Return the asked page of the calls that this person may see."""
    counts = tab_counts(session, actor=actor)
    wanted = and_(
        within_sight(actor),
        _tab(filters.tab, actor),
        *_conditions(session, filters, zone),
        *_open_to(actor, filters),
    )
    narrowed = replace(filters, page=1) != Filters(tab=filters.tab)
    total = counts[filters.tab]
    if narrowed:
        total = session.scalar(_base(select(func.count(Call.id))).where(wanted)) or 0
    ids = session.scalars(
        _base(select(Call.id))
        .where(wanted)
        .order_by(Call.started_at.desc(), Call.id.desc())
        .limit(PAGE_SIZE)
        .offset((filters.page - 1) * PAGE_SIZE)
    ).all()
    return WorkPage(
        rows=rows_of(session, ids, actor=actor, q=filters.q),
        total=total,
        page=filters.page,
        counts=counts,
    )


def tab_counts(session: Session, *, actor: Actor) -> Mapping[Tab, int]:
    """Count the calls of every tab in one pass."""
    columns = [func.sum(case((_tab(tab, actor), 1), else_=0)) for tab in Tab]
    sums = session.execute(_base(select(*columns)).where(within_sight(actor))).one()
    return {tab: int(count or 0) for tab, count in zip(Tab, sums, strict=True)}


def rows_of(session: Session, ids: Sequence[str], *, actor: Actor, q: str = "") -> Sequence[Row]:
    """Return the rows of these calls, in the order of the ids."""
    calls = {
        call.id: call
        for call in session.scalars(
            select(Call)
            .where(Call.id.in_(ids))
            .options(joinedload(Call.agent), joinedload(Call.team))
        )
    }
    evaluations = {
        one.call_id: one
        for one in session.scalars(
            select(Evaluation)
            .where(Evaluation.call_id.in_(ids))
            .options(joinedload(Evaluation.inspector))
        )
        if may(actor.role, Action.REVIEWS_READ) or one.status is EvaluationStatus.SUBMITTED
    }
    kinds = _kinds_of(session, ids)
    jobs = open_jobs_of(session, ids)
    said = _first_said(session, ids, q) if q else {}
    return [
        Row(
            call=calls[call_id],
            evaluation=evaluations.get(call_id),
            kinds=kinds.get(call_id, ()) if _may_see_findings(actor, evaluations, call_id) else (),
            job=jobs.get(call_id),
            said=said.get(call_id),
        )
        for call_id in ids
        if call_id in calls
    ]


def _may_see_findings(actor: Actor, evaluations: Mapping[str, Evaluation], call_id: str) -> bool:
    """An agent sees what a person submitted, never what the machine only proposes."""
    return may(actor.role, Action.REVIEWS_READ) or call_id in evaluations


def _base(query: Select[_Columns]) -> Select[_Columns]:
    return query.select_from(Call).outerjoin(Evaluation, Evaluation.call_id == Call.id)


def _tab(tab: Tab, actor: Actor) -> ColumnElement[bool]:
    match tab:
        case Tab.MINE:
            return and_(
                Evaluation.status == EvaluationStatus.DRAFT,
                or_(Evaluation.inspector_id.is_(None), Evaluation.inspector_id == actor.id),
                Call.status == CallStatus.PROCESSED,
            )
        case Tab.ALL:
            return Call.id.is_not(None)
        case Tab.SUBMITTED:
            return Evaluation.status == EvaluationStatus.SUBMITTED
        case Tab.BUSY:
            return Call.status.in_([CallStatus.QUEUED, CallStatus.PROCESSING])
        case Tab.FAILED:
            return Call.status == CallStatus.FAILED


def _open_to(actor: Actor, filters: Filters) -> list[ColumnElement[bool]]:
    """Keep what the machine only proposes from agents, also by way of a filter."""
    asks_for_result = bool(filters.rule) or filters.score_min is not None
    asks_for_result = asks_for_result or filters.score_max is not None
    if may(actor.role, Action.REVIEWS_READ) or not asks_for_result:
        return []
    return [Evaluation.status == EvaluationStatus.SUBMITTED]


def _conditions(
    session: Session, filters: Filters, zone: ZoneInfo
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.agent_id:
        found.append(Call.agent_id == filters.agent_id)
    if filters.team_id:
        found.append(Call.team_id == filters.team_id)
    if filters.from_on:
        found.append(Call.started_at >= _midnight(filters.from_on, zone))
    if filters.to_on:
        found.append(Call.started_at < _midnight(filters.to_on + timedelta(days=1), zone))
    if filters.score_min is not None:
        found.append(_shown_points() >= float(filters.score_min))
    if filters.score_max is not None:
        found.append(_shown_points() <= float(filters.score_max))
    if filters.rule:
        found.append(_has_finding(filters.rule))
    if filters.q:
        found.append(_said_or_named(session, filters.q))
    return found


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone)


def _shown_points() -> ColumnElement[float]:
    """The score that counts: what a person submitted, else what the machine proposes."""
    submitted = Evaluation.status == EvaluationStatus.SUBMITTED
    shown = case((submitted, Evaluation.confirmed_points), else_=Evaluation.machine_points)
    return cast(shown, Float)


def _has_finding(word: str) -> ColumnElement[bool]:
    """Match a rule by its name, or all rules of a kind."""
    names = [name for name, rule in RULES.items() if rule.kind == word] or [word]
    return exists().where(
        StoredFinding.call_id == Call.id,
        StoredFinding.rule.in_(names),
        StoredFinding.status != FindingStatus.DISMISSED,
    )


def _said_or_named(session: Session, q: str) -> ColumnElement[bool]:
    """Match what was said, the agent by name or number, or the customer by the whole number."""
    named = select(User.id).where(or_(User.name == q, User.employee_number == q))
    found = or_(Call.agent_id.in_(named), Call.customer_number == q)
    said = utterances_with(session, q)
    if said is None:
        return found
    calls = select(Utterance.call_id).where(Utterance.id.in_(said))
    return or_(found, Call.id.in_(calls))


def _kinds_of(session: Session, ids: Sequence[str]) -> Mapping[str, Sequence[FoundKind]]:
    counted: dict[str, dict[Kind, int]] = defaultdict(lambda: defaultdict(int))
    rows = session.execute(
        select(StoredFinding.call_id, StoredFinding.rule, func.count())
        .where(StoredFinding.call_id.in_(ids), StoredFinding.status != FindingStatus.DISMISSED)
        .group_by(StoredFinding.call_id, StoredFinding.rule)
    )
    for call_id, name, count in rows:
        rule = RULES.get(name)
        if rule is not None:
            counted[call_id][rule.kind] += count
    return {
        call_id: [FoundKind(kind=kind, count=kinds[kind]) for kind in _ORDER if kinds.get(kind)]
        for call_id, kinds in counted.items()
    }


#: What weighs most stands first.
_ORDER = (Kind.LEAK, Kind.PROFANITY, Kind.TIMING, Kind.SERVICE)


def _first_said(session: Session, ids: Sequence[str], q: str) -> Mapping[str, Utterance]:
    """Return the first utterance of each call that holds the words."""
    said = utterances_with(session, q)
    if said is None:
        return {}
    found: dict[str, Utterance] = {}
    for utterance in session.scalars(
        select(Utterance)
        .where(Utterance.call_id.in_(ids), Utterance.id.in_(said))
        .order_by(Utterance.call_id, Utterance.position)
    ):
        found.setdefault(utterance.call_id, utterance)
    return found
