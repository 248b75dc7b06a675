"""Reads of findings."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.checks.models import PersonalDatum, StoredFinding


def findings_of(session: Session, call_id: str) -> Sequence[StoredFinding]:
    """Return what the rules found in a call, in time order."""
    return session.scalars(
        select(StoredFinding)
        .where(StoredFinding.call_id == call_id)
        .order_by(StoredFinding.start_s, StoredFinding.id)
    ).all()


def personal_data_of(session: Session, call_id: str) -> Sequence[PersonalDatum]:
    """Return where personal data is spoken in a call."""
    return session.scalars(
        select(PersonalDatum)
        .where(PersonalDatum.call_id == call_id)
        .order_by(PersonalDatum.utterance, PersonalDatum.start)
    ).all()
