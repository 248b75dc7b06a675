"""A reviewed call deleted, once every room that holds on to its review has let it go."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from qa_app.calls.deletion import DeletionReason, delete_call
from qa_app.calls.models import Call
from qa_app.core.files import FileStore
from qa_app.users.models import User

#: A room above this one refuses, or takes away its own rows about the call.
Release = Callable[[Session, Call], None]


def delete_reviewed_call(
    session: Session,
    *,
    files: FileStore,
    call: Call,
    reason: DeletionReason,
    releases: Iterable[Release],
    by: User,
    now: datetime,
) -> None:
    """Delete a call with its review.

    Raises
    ------
    CallBusy, Conflict
        A worker has it in its hands, or a room cannot let it go yet.
    """
    for release in releases:
        release(session, call)
    delete_call(session, files=files, call=call, reason=reason, by=by, now=now)
