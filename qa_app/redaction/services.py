"""Changes to what of a call may be heard."""

from datetime import datetime

from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.jobs.queue import submit_job
from qa_app.redaction.queries import REDACT_CALL, Redaction, redaction_of


def order_redaction(session: Session, *, call: Call, now: datetime) -> None:
    """Have the copy with beeps made anew, unless the one that stands covers the same."""
    wanted = redaction_of(session, call)
    if wanted is None or wanted.key == call.redacted_key:
        return
    call.redacted_key = None
    session.flush()
    submit_job(
        session,
        kind=REDACT_CALL,
        subject_id=call.id,
        queue="interactive",
        unique_key=f"{REDACT_CALL}:{call.id}",
        now=now,
    )


def keep_redaction(session: Session, *, call: Call, made: Redaction, now: datetime) -> None:
    """Let people hear the copy that was made, if the call still stands as it did."""
    wanted = redaction_of(session, call)
    if wanted is not None and wanted.key == made.key:
        call.redacted_key = made.key
        session.flush()
    else:
        order_redaction(session, call=call, now=now)
