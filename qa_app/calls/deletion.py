"""A call deleted for good: its rows, its recording, and every copy of its sound."""

from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from qa_app.calls.errors import CallBusy
from qa_app.calls.models import Call, CallStatus
from qa_app.calls.recordings import forget_recording
from qa_app.core.files import FileStore
from qa_app.jobs.models import Job, JobStatus
from qa_app.users.audit import record
from qa_app.users.models import User


class DeletionReason(StrEnum):
    """Why a call is deleted: chosen, never typed, so that the log keeps no personal data."""

    CUSTOMER_ASKED = "customer_asked"
    TOO_OLD = "too_old"
    WRONG_RECORDING = "wrong_recording"
    TEST = "test"


def delete_call(
    session: Session,
    *,
    files: FileStore,
    call: Call,
    reason: DeletionReason,
    by: User,
    now: datetime,
) -> None:
    """Delete a call with all that was made of it.

    Raises
    ------
    CallBusy
        A worker has it in its hands.
    """
    running = Job.status == JobStatus.RUNNING
    if call.status is CallStatus.PROCESSING or session.scalar(
        select(exists().where(Job.subject_id == call.id, running))
    ):
        raise CallBusy(_("这通通话正在处理，等它结束再删除。"))
    call_id, file_key = call.id, call.file_key
    session.execute(delete(Job).where(Job.subject_id == call_id))
    # Transcript, findings and evaluation go with the row.
    session.execute(delete(Call).where(Call.id == call_id))
    record(
        session,
        by=by,
        action="call:delete",
        subject_type="call",
        subject_id=call_id,
        now=now,
        detail={"reason": reason.value},
    )
    # Last, and before the commit: should it fail, the call still stands and is deleted again,
    # while a file whose row is gone would be found by nobody.
    forget_recording(files, file_key)
