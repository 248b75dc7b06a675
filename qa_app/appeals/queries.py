"""Reads of objections."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from qa_app.appeals.errors import AppealNotFound
from qa_app.appeals.models import Appeal, AppealStatus
from qa_app.calls.models import Call
from qa_app.calls.queries import within_sight
from qa_app.reviews.models import Evaluation
from qa_app.users.permissions import Actor

PAGE_SIZE = 50


def appeals_of(session: Session, evaluation_id: str) -> Sequence[Appeal]:
    """Return every objection to an evaluation, oldest first."""
    return session.scalars(
        select(Appeal)
        .where(Appeal.evaluation_id == evaluation_id)
        .order_by(Appeal.filed_at, Appeal.id)
    ).all()


def open_appeal(session: Session, deduction_id: str) -> Appeal | None:
    """Return the objection that stands against a deduction."""
    return session.scalar(
        select(Appeal).where(
            Appeal.deduction_id == deduction_id, Appeal.status == AppealStatus.FILED
        )
    )


def appeal_by_id(session: Session, appeal_id: str, *, actor: Actor) -> Appeal:
    """Return the objection.

    Raises
    ------
    AppealNotFound
        There is none, or its call is out of the actor's sight.
    """
    appeal = session.scalar(
        select(Appeal)
        .join(Evaluation, Evaluation.id == Appeal.evaluation_id)
        .join(Call, Call.id == Evaluation.call_id)
        .where(Appeal.id == appeal_id, within_sight(actor))
    )
    if appeal is None:
        raise AppealNotFound(_("没有这条异议，或者你看不到它。"))
    return appeal


def appeals_seen(
    session: Session, *, actor: Actor, status: AppealStatus = AppealStatus.FILED, page: int = 1
) -> tuple[Sequence[Appeal], int]:
    """Return a page of the objections within the actor's sight, newest first, and how many."""
    matching = (
        select(Appeal)
        .join(Evaluation, Evaluation.id == Appeal.evaluation_id)
        .join(Call, Call.id == Evaluation.call_id)
        .where(within_sight(actor), Appeal.status == status)
    )
    total = session.scalar(matching.with_only_columns(func.count(Appeal.id))) or 0
    appeals = session.scalars(
        matching.options(
            joinedload(Appeal.evaluation).joinedload(Evaluation.call).joinedload(Call.agent),
            joinedload(Appeal.deduction),
            joinedload(Appeal.agent),
        )
        .order_by(Appeal.filed_at.desc(), Appeal.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).unique()
    return appeals.all(), total
