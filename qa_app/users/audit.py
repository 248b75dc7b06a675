"""The audit log: who read or changed what, written in the same transaction as the act."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from qa_app.core.db import db, unit_of_work
from qa_app.users.models import AuditEntry, User


def record(
    session: Session,
    *,
    by: User | None,
    action: str,
    subject_type: str,
    subject_id: str | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> AuditEntry:
    """Write one entry; `by` is None for what the system did itself."""
    entry = AuditEntry(
        at=now,
        actor_id=by.id if by else None,
        actor_login=by.login if by else "system",
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        detail=detail or {},
        address=address,
    )
    session.add(entry)
    session.flush()
    return entry


def record_read(
    *,
    by: User,
    action: str,
    subject_type: str,
    subject_id: str,
    now: datetime,
    address: str | None = None,
) -> None:
    """Write one entry for a page that only reads, in a transaction of its own."""
    login, user_id = by.login, by.id
    with (
        db.engine.connect() as connection,
        Session(connection) as session,
        unit_of_work(session),
    ):
        session.add(
            AuditEntry(
                at=now,
                actor_id=user_id,
                actor_login=login,
                action=action,
                subject_type=subject_type,
                subject_id=subject_id,
                detail={},
                address=address,
            )
        )
