"""The list of calls: what can be filtered, and the one statement that finds a page of it."""

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from qa_app.calls.models import Call, CallStatus
from qa_app.calls.queries import roles_unsure, within_sight
from qa_app.calls.search import calls_with
from qa_app.calls.services import PROCESS_CALL
from qa_app.checks.models import FindingStatus, StoredFinding
from qa_app.jobs.models import Job
from qa_app.jobs.queries import open_jobs_of
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.users.models import User
from qa_app.users.permissions import Actor, Role

PAGE_SIZE = 50


class WorkList(StrEnum):
    """The tabs over the list."""

    MINE = "mine"
    ALL = "all"
    SUBMITTED = "submitted"
    OBJECTED = "objected"
    PROCESSING = "processing"
    FAILED = "failed"


class Sort(StrEnum):
    """The orders of the list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SCORE = "score"


@dataclass(frozen=True, kw_only=True)
class CallFilters:
    """What the address of a list says; each can be sent to a colleague."""

    words: str = ""
    work_list: WorkList = WorkList.ALL
    agent_id: str | None = None
    team_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    score_min: Decimal | None = None
    score_max: Decimal | None = None
    rule: str | None = None
    longer_than_s: float | None = None
    #: Only calls in one sound whose sides are a guess that nobody has confirmed.
    roles_unsure: bool = False
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True)
class CallRow:
    """One line of the list."""

    call: Call
    evaluation: Evaluation | None
    #: How many standing findings of each rule.
    findings: dict[str, int]
    job: Job | None


@dataclass(frozen=True)
class CallPage:
    """A page of the list, and how many there are in all."""

    rows: Sequence[CallRow]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE_SIZE))


def calls_listed(
    session: Session, filters: CallFilters, *, actor: Actor, page: int = 1
) -> CallPage:
    """Return one page of the calls that the actor may see and the filters ask for."""
    wanted = matching(session, filters, actor)
    # Counted beside the page itself: finding what matches is the dear part, and is done once.
    found = session.execute(
        wanted.with_only_columns(Call.id, func.count().over())
        .order_by(*_order(filters.sort))
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    if found:
        total = found[0][1]
    else:
        total = session.scalar(wanted.with_only_columns(func.count(Call.id))) or 0
    return CallPage(rows_of(session, [call_id for call_id, _total in found]), total, page)


def call_ids_listed(
    session: Session, filters: CallFilters, *, actor: Actor, limit: int = 5000
) -> Sequence[str]:
    """Return the ids of all that the filters ask for, as for an act on the whole list."""
    return session.scalars(
        matching(session, filters, actor)
        .with_only_columns(Call.id)
        .order_by(*_order(filters.sort))
        .limit(limit)
    ).all()


def work_list_counts(session: Session, *, actor: Actor) -> dict[WorkList, int]:
    """Count what stands under each tab, in one pass over the calls."""
    columns = [
        func.count(Call.id).filter(_on_list(work_list, actor)).label(work_list.value)
        for work_list in WorkList
        if work_list is not WorkList.ALL
    ]
    row = session.execute(
        select(func.count(Call.id).label("all"), *columns)
        .select_from(Call)
        .outerjoin(Evaluation, Evaluation.call_id == Call.id)
        .where(within_sight(actor), _submitted_if_own(actor))
    ).one()
    return {WorkList(name): count for name, count in row._mapping.items()}  # noqa: SLF001


def next_to_review(
    session: Session, *, actor: Actor, after: Evaluation | None = None
) -> Evaluation | None:
    """Return the next call on the actor's work list: their own first, then nobody's."""
    query = (
        select(Evaluation)
        .join(Evaluation.call)
        .options(contains_eager(Evaluation.call))
        .where(within_sight(actor), _on_list(WorkList.MINE, actor))
        .order_by(Evaluation.inspector_id.is_(None), Evaluation.created_at, Evaluation.id)
        .limit(1)
    )
    if after is not None:
        # Passed over for now: what stands behind it, or else the list from its beginning.
        unowned = after.inspector_id is None
        behind = or_(
            Evaluation.created_at > after.created_at,
            and_(Evaluation.created_at == after.created_at, Evaluation.id > after.id),
        )
        same = Evaluation.inspector_id.is_(None) if unowned else Evaluation.inspector_id == actor.id
        later = and_(same, behind)
        if not unowned:
            later = or_(later, Evaluation.inspector_id.is_(None))
        found = session.scalar(query.where(later, Evaluation.id != after.id))
        if found is not None:
            return found
        return session.scalar(query.where(Evaluation.id != after.id))
    return session.scalar(query)


def place_in_queue(session: Session, *, actor: Actor) -> int:
    """Count what still stands on the actor's work list."""
    return (
        session.scalar(
            select(func.count(Call.id))
            .outerjoin(Evaluation, Evaluation.call_id == Call.id)
            .where(within_sight(actor), _on_list(WorkList.MINE, actor))
        )
        or 0
    )


def matching(session: Session, filters: CallFilters, actor: Actor) -> Select[Call]:
    """Select the calls that the actor may see and the filters ask for, in no order yet."""
    return (
        select(Call)
        .outerjoin(Evaluation, Evaluation.call_id == Call.id)
        .where(within_sight(actor), _submitted_if_own(actor))
        .where(*_facts_asked_for(filters), *_scores_asked_for(filters))
        .where(*([_holds(session, filters.words)] if filters.words.strip() else []))
        .where(*([_has_finding(filters.rule)] if filters.rule else []))
        .where(*([roles_unsure()] if filters.roles_unsure else []))
        .where(_on_list(filters.work_list, actor))
    )


def _facts_asked_for(filters: CallFilters) -> list[ColumnElement[bool]]:
    asked: tuple[tuple[Any, Any, Any], ...] = (
        (Call.agent_id, operator.eq, filters.agent_id),
        (Call.team_id, operator.eq, filters.team_id),
        (Call.started_at, operator.ge, filters.since),
        (Call.started_at, operator.lt, filters.until),
        (Call.duration_s, operator.gt, filters.longer_than_s),
    )
    return [compare(column, value) for column, compare, value in asked if value is not None]


def _scores_asked_for(filters: CallFilters) -> list[ColumnElement[bool]]:
    """Compare what the list shows: the confirmed score once submitted, else the machine's."""
    submitted = Evaluation.status == EvaluationStatus.SUBMITTED
    shown = func.coalesce(case((submitted, Evaluation.confirmed_points)), Evaluation.machine_points)
    asked = ((operator.ge, filters.score_min), (operator.le, filters.score_max))
    return [compare(shown, limit) for compare, limit in asked if limit is not None]


def _has_finding(rule: str) -> ColumnElement[bool]:
    return exists().where(
        StoredFinding.call_id == Call.id,
        StoredFinding.rule == rule,
        StoredFinding.status != FindingStatus.DISMISSED,
    )


def _holds(session: Session, words: str) -> ColumnElement[bool]:
    ids = calls_with(session, words)
    said = Call.id.in_(ids) if ids is not None else false()
    word = words.strip()
    named = Call.agent_id.in_(
        select(User.id).where(
            or_(User.name == word, User.employee_number == word, User.login == word.lower())
        )
    )
    return or_(said, named, Call.file_name == word, Call.customer_number == word)


def _on_list(work_list: WorkList, actor: Actor) -> ColumnElement[bool]:
    match work_list:
        case WorkList.MINE:
            return and_(
                Call.status == CallStatus.PROCESSED,
                Evaluation.status == EvaluationStatus.DRAFT,
                or_(Evaluation.inspector_id.is_(None), Evaluation.inspector_id == actor.id),
            )
        case WorkList.ALL:
            return Call.id.is_not(None)
        case WorkList.SUBMITTED:
            return Evaluation.status == EvaluationStatus.SUBMITTED
        case WorkList.OBJECTED:
            return Evaluation.objected_at.is_not(None)
        case WorkList.PROCESSING:
            return Call.status.in_([CallStatus.QUEUED, CallStatus.PROCESSING])
        case WorkList.FAILED:
            return Call.status == CallStatus.FAILED


def _submitted_if_own(actor: Actor) -> ColumnElement[bool]:
    """Show an agent results, never drafts."""
    if actor.role is Role.AGENT:
        return Evaluation.status == EvaluationStatus.SUBMITTED
    return Call.id.is_not(None)


def _order(sort: Sort) -> tuple[ColumnElement[Any], ...]:
    match sort:
        case Sort.NEWEST:
            return (Call.started_at.desc(), Call.id.desc())
        case Sort.OLDEST:
            return (Call.started_at.asc(), Call.id.asc())
        case Sort.SCORE:
            return (
                Evaluation.machine_points.is_(None),
                Evaluation.machine_points.asc(),
                Call.started_at.desc(),
                Call.id.desc(),
            )


def rows_of(session: Session, ids: Sequence[str]) -> list[CallRow]:
    """Return the lines of these calls, in the order of the ids."""
    calls = session.scalars(
        select(Call).where(Call.id.in_(ids)).options(joinedload(Call.agent), joinedload(Call.team))
    ).unique()
    by_id = {call.id: call for call in calls}
    evaluations = {
        evaluation.call_id: evaluation
        for evaluation in session.scalars(select(Evaluation).where(Evaluation.call_id.in_(ids)))
    }
    findings: dict[str, dict[str, int]] = {call_id: {} for call_id in ids}
    counted = session.execute(
        select(StoredFinding.call_id, StoredFinding.rule, func.count())
        .where(StoredFinding.call_id.in_(ids), StoredFinding.status != FindingStatus.DISMISSED)
        .group_by(StoredFinding.call_id, StoredFinding.rule)
    )
    for call_id, rule, count in counted:
        findings[call_id][rule] = count
    jobs = open_jobs_of(session, ids, kind=PROCESS_CALL)
    return [
        CallRow(by_id[i], evaluations.get(i), findings[i], jobs.get(i)) for i in ids if i in by_id
    ]
