"""What the agent makes of a submitted result: read, acknowledged, objected to."""

from datetime import datetime

from sqlalchemy.orm import Session

from qa_app.reviews.models import Evaluation
from qa_app.users.audit import record
from qa_app.users.models import User


def note_first_read(session: Session, *, evaluation: Evaluation, now: datetime) -> None:
    """Remember when the agent first opened the result."""
    if evaluation.first_read_at is None:
        evaluation.first_read_at = now
        session.flush()


def acknowledge_result(
    session: Session, *, evaluation: Evaluation, by: User, now: datetime
) -> None:
    """Note that the agent has seen the result; it does not stop them from objecting."""
    if evaluation.acknowledged_at is None:
        evaluation.acknowledged_at = now
        record(
            session,
            by=by,
            action="evaluation:acknowledge",
            subject_type="call",
            subject_id=evaluation.call_id,
            now=now,
        )


def note_objection(session: Session, *, evaluation: Evaluation, now: datetime) -> None:
    """Note that the agent objects, so that lists can show it."""
    evaluation.objected_at = now
    session.flush()
