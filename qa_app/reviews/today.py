"""What waits for a person today: figures and short lists, each counted from the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Float, and_, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from qa_app.calls.models import Call, CallStatus, Source
from qa_app.calls.queries import within_sight
from qa_app.jobs.models import WorkerBeat
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.reviews.work_list import Row, rows_of
from qa_app.scorecards.models import ScorecardVersion, VersionStatus
from qa_app.users.models import User
from qa_app.users.permissions import Actor, Role

FEW = 8
#: A worker reports every sweep; silent for four of them, it is gone.
WORKER_SILENT = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Readiness:
    """What the site needs before calls can be scored."""

    workers: int
    scorecard: ScorecardVersion | None
    agents: int
    sources: Sequence[Source]
    free_bytes: int


def submitted_since(session: Session, *, by: User, since: datetime) -> int:
    """Count the evaluations that this person submitted since then."""
    return session.scalar(
        select(func.count(Evaluation.id)).where(
            Evaluation.submitted_by_id == by.id, Evaluation.submitted_at >= since
        )
    ) or 0


def riskiest(session: Session, *, actor: Actor) -> Sequence[Row]:
    """Return the waiting calls that the machine scored lowest."""
    ids = session.scalars(
        select(Call.id)
        .join(Evaluation, Evaluation.call_id == Call.id)
        .where(within_sight(actor), _waits_for(actor))
        .order_by(cast(Evaluation.machine_points, Float).asc().nulls_last(), Call.started_at.desc())
        .limit(FEW)
    ).all()
    return rows_of(session, ids, actor=actor)


def _waits_for(actor: Actor) -> ColumnElement[bool]:
    return and_(
        Evaluation.status == EvaluationStatus.DRAFT,
        Call.status == CallStatus.PROCESSED,
        or_(Evaluation.inspector_id.is_(None), Evaluation.inspector_id == actor.id),
    )


def without_roles(session: Session, *, actor: Actor) -> Sequence[Row]:
    """Return the waiting calls that the machine could not score."""
    ids = session.scalars(
        select(Call.id)
        .join(Evaluation, Evaluation.call_id == Call.id)
        .where(within_sight(actor), _waits_for(actor), Evaluation.not_scored_reason.is_not(None))
        .order_by(Call.started_at.desc())
        .limit(FEW)
    ).all()
    return rows_of(session, ids, actor=actor)


def failed(session: Session, *, actor: Actor) -> Sequence[Row]:
    """Return the newest calls whose processing failed."""
    ids = session.scalars(
        select(Call.id)
        .where(within_sight(actor), Call.status == CallStatus.FAILED)
        .order_by(Call.started_at.desc())
        .limit(FEW)
    ).all()
    return rows_of(session, ids, actor=actor)


def latest_submitted(session: Session, *, by: User) -> Sequence[Evaluation]:
    """Return what this person submitted last."""
    return session.scalars(
        select(Evaluation)
        .where(Evaluation.submitted_by_id == by.id)
        .order_by(Evaluation.submitted_at.desc())
        .limit(FEW)
        .options(joinedload(Evaluation.call).joinedload(Call.agent))
    ).all()


def results_of(session: Session, agent: User) -> Sequence[Row]:
    """Return an agent's newest submitted results, the unread ones first."""
    ids = session.scalars(
        select(Call.id)
        .join(Evaluation, Evaluation.call_id == Call.id)
        .where(Call.agent_id == agent.id, Evaluation.status == EvaluationStatus.SUBMITTED)
        .order_by(Evaluation.acknowledged_at.is_not(None), Evaluation.submitted_at.desc())
        .limit(FEW * 2)
    ).all()
    return rows_of(session, ids, actor=agent.actor)


def readiness(session: Session, *, now: datetime, free_bytes: int) -> Readiness:
    """Look at what must be in place before calls can be scored."""
    return Readiness(
        workers=session.scalar(
            select(func.count(WorkerBeat.name)).where(WorkerBeat.seen_at > now - WORKER_SILENT)
        )
        or 0,
        scorecard=session.scalar(
            select(ScorecardVersion)
            .where(ScorecardVersion.status == VersionStatus.PUBLISHED)
            .order_by(ScorecardVersion.published_at.desc())
            .limit(1)
        ),
        agents=session.scalar(
            select(func.count(User.id)).where(User.role == Role.AGENT, User.is_active.is_(True))
        )
        or 0,
        sources=session.scalars(select(Source).order_by(Source.name)).all(),
        free_bytes=free_bytes,
    )
