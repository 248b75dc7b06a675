"""The raw sound of a call: asked for explicitly, written down, and open for that person a while."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.core.errors import NotAllowed
from qa_app.redaction.queries import redaction_failed
from qa_app.reviews.permissions import may_hear_raw
from qa_app.reviews.queries import evaluation_of_call
from qa_app.users.audit import record
from qa_app.users.models import User

#: As long as a review of a long call takes; a player asks for the sound piece by piece.
OPEN_FOR_S = 3 * 3600


@dataclass(frozen=True, slots=True)
class SoundShown:
    """What a call's page says of its sound."""

    ready: bool
    failed: bool
    may_hear_raw: bool


def sound_shown(session: Session, call: Call, user: User) -> SoundShown:
    """Return what this person's page says of the sound."""
    return SoundShown(
        ready=call.redacted_key is not None,
        failed=redaction_failed(session, call),
        may_hear_raw=call.playback_key is not None and may_hear(session, call, user),
    )


def may_hear(session: Session, call: Call, user: User) -> bool:
    """Tell whether this person may ask for the raw sound of this call."""
    evaluation = evaluation_of_call(session, call.id)
    return may_hear_raw(
        user.actor,
        agent_id=call.agent_id,
        team_id=call.team_id,
        inspector_id=evaluation.inspector_id if evaluation else None,
    )


def note_raw_sound(
    session: Session, *, call: Call, by: User, now: datetime, address: str | None
) -> None:
    """Write down that somebody hears the call as it was spoken.

    Raises
    ------
    NotAllowed
        They may not.
    """
    if not may_hear(session, call, by):
        raise NotAllowed(_("你不能听这通的原声。复核这通的质检员、本组主管和坐席本人可以。"))
    record(
        session,
        by=by,
        action="call:hear_raw",
        subject_type="call",
        subject_id=call.id,
        now=now,
        address=address,
    )


def ticket_for(call: Call, user: User, *, secret_key: str) -> str:
    """Return what opens the raw sound to this person for a while, once it is written down."""
    return _serializer(secret_key).dumps([call.id, user.id])


def refuse_without_ticket(ticket: str, call: Call, user: User, *, secret_key: str) -> None:
    """Let only those hear whose asking was written down.

    Raises
    ------
    NotAllowed
        The ticket is another's, another call's, forged or too old.
    """
    try:
        opened = _serializer(secret_key).loads(ticket, max_age=OPEN_FOR_S)
    except BadSignature:
        opened = None
    if opened != [call.id, user.id]:
        raise NotAllowed(_("原声要重新打开：刷新后再按“原声”。"))


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="raw sound")
