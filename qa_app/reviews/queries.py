"""Reads of evaluations."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from qa_app.calls.models import Call
from qa_app.calls.queries import call_by_id, within_sight
from qa_app.reviews.errors import EvaluationNotFound
from qa_app.reviews.models import Deduction, Evaluation, EvaluationStatus
from qa_app.users.permissions import Actor, Role


def evaluation_of_call(session: Session, call_id: str) -> Evaluation | None:
    """Return the call's evaluation with its deductions."""
    return session.scalar(
        select(Evaluation)
        .where(Evaluation.call_id == call_id)
        .options(selectinload(Evaluation.deductions))
    )


def evaluation_seen_by(session: Session, call_id: str, *, actor: Actor) -> Evaluation:
    """Return the evaluation if the actor may see it: agents only what was submitted to them.

    Raises
    ------
    CallNotFound, EvaluationNotFound
        There is none, or the actor may not see it.
    """
    call_by_id(session, call_id, actor=actor)
    evaluation = evaluation_of_call(session, call_id)
    hidden = actor.role is Role.AGENT and (
        evaluation is None or evaluation.status is not EvaluationStatus.SUBMITTED
    )
    if evaluation is None or hidden:
        raise EvaluationNotFound(_("这通通话还没有评分。"))
    return evaluation


def evaluations_of(session: Session, call_ids: Sequence[str]) -> Sequence[Evaluation]:
    """Return the evaluations of these calls."""
    return session.scalars(select(Evaluation).where(Evaluation.call_id.in_(call_ids))).all()


def begun_reviews(session: Session, call_ids: Sequence[str]) -> set[str]:
    """Return those of the calls in whose draft a person has decided something."""
    return set(
        session.scalars(
            select(Evaluation.call_id)
            .join(Evaluation.deductions)
            .where(
                Evaluation.call_id.in_(call_ids),
                Evaluation.status == EvaluationStatus.DRAFT,
                Deduction.decided_at.is_not(None),
            )
        )
    )


def submitted_since(session: Session, *, inspector_id: str, since: datetime) -> int:
    """Count what an inspector submitted since then."""
    return (
        session.scalar(
            select(func.count(Evaluation.id)).where(
                Evaluation.submitted_by_id == inspector_id, Evaluation.submitted_at >= since
            )
        )
        or 0
    )


def latest_submitted(
    session: Session, *, actor: Actor, inspector_id: str | None = None, limit: int = 10
) -> Sequence[Evaluation]:
    """Return what was submitted last within the actor's sight."""
    query = (
        select(Evaluation)
        .join(Call, Call.id == Evaluation.call_id)
        .where(within_sight(actor), Evaluation.status == EvaluationStatus.SUBMITTED)
        .order_by(Evaluation.submitted_at.desc())
        .limit(limit)
    )
    if inspector_id is not None:
        query = query.where(Evaluation.submitted_by_id == inspector_id)
    return session.scalars(query).all()
