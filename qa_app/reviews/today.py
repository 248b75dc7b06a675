"""What waits for a person today, beside the list of calls: each counted from the tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from qa_app.calls.models import Call, CallStatus, Source
from qa_app.calls.queries import sources, within_sight
from qa_app.jobs.models import WorkerBeat
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.scorecards.errors import NoScorecard
from qa_app.scorecards.models import ScorecardVersion
from qa_app.scorecards.queries import current_version
from qa_app.users.models import User
from qa_app.users.permissions import Actor, Role

#: Of each sort of thing that waits; the rest is one press away.
FEW = 3
RESULTS = 20
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


def without_roles(session: Session, *, actor: Actor) -> Sequence[Evaluation]:
    """Return the newest drafts that were not scored because nobody knows who is the agent."""
    return session.scalars(
        select(Evaluation)
        .join(Evaluation.call)
        .options(contains_eager(Evaluation.call).joinedload(Call.agent))
        .where(
            within_sight(actor),
            Call.status == CallStatus.PROCESSED,
            Evaluation.status == EvaluationStatus.DRAFT,
            Evaluation.not_scored_reason == "roles_unknown",
        )
        .order_by(Call.started_at.desc())
        .limit(FEW)
    ).all()


def results_of(session: Session, agent: User) -> Sequence[Evaluation]:
    """Return an agent's results, those not yet acknowledged first."""
    return session.scalars(
        select(Evaluation)
        .join(Evaluation.call)
        .options(contains_eager(Evaluation.call))
        .where(Call.agent_id == agent.id, Evaluation.status == EvaluationStatus.SUBMITTED)
        .order_by(Evaluation.acknowledged_at.is_not(None), Evaluation.submitted_at.desc())
        .limit(RESULTS)
    ).all()


def readiness(session: Session, *, now: datetime, free_bytes: int) -> Readiness:
    """Look at what must be in place before calls can be scored."""
    try:
        scorecard = current_version(session)
    except NoScorecard:
        scorecard = None
    live = select(func.count(WorkerBeat.name)).where(WorkerBeat.seen_at > now - WORKER_SILENT)
    agents = select(func.count(User.id)).where(User.role == Role.AGENT, User.is_active.is_(True))
    return Readiness(
        workers=session.scalar(live) or 0,
        scorecard=scorecard,
        agents=session.scalar(agents) or 0,
        sources=sources(session),
        free_bytes=free_bytes,
    )
