"""Who is who in a call, said by a person: findings and score must be made anew after each."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.errors import CallBusy, SidesUnknown, UtteranceNotFound, VoicesUnknown
from qa_app.calls.models import Call, CallStatus
from qa_app.users.audit import record
from qa_app.users.models import User


def swap_roles(session: Session, *, call: Call, by: User, now: datetime) -> None:
    """Say that the agent is the other side.

    Raises
    ------
    CallBusy, SidesUnknown
        The call is not processed yet, or nobody knows its sides, so there are none to exchange.
    """
    _refuse_unprocessed(call)
    if call.utterances and all(said.channel is Channel.UNKNOWN for said in call.utterances):
        raise SidesUnknown(_("这通还没有定哪一方是坐席，没有可以对换的。请先定坐席。"))
    for utterance in call.utterances:
        utterance.channel = utterance.channel.other
    if call.agent_channel is not None:
        call.agent_channel = 1 - call.agent_channel
    if call.peaks is not None:
        call.peaks = list(reversed(call.peaks))
    call.roles_set_by_person = True
    session.flush()
    record(
        session, by=by, action="call:swap_roles", subject_type="call", subject_id=call.id, now=now
    )


def assign_voice(session: Session, *, call: Call, voice: int, by: User, now: datetime) -> bool:
    """Say which voice of a one-channel call is the agent's; tell whether a side changed by that.

    Raises
    ------
    CallBusy, VoicesUnknown
        The call is not processed yet, or its voices were never told apart.
    """
    _refuse_unprocessed(call)
    if all(said.voice is None for said in call.utterances):
        raise _voices_unknown(call)
    before = [said.channel for said in call.utterances]
    for said in call.utterances:
        if said.voice is not None:
            said.channel = Channel.AGENT if said.voice == voice else Channel.CUSTOMER
    changed = before != [said.channel for said in call.utterances]
    call.roles_set_by_person = True
    session.flush()
    record(
        session,
        by=by,
        action="call:assign_voice",
        subject_type="call",
        subject_id=call.id,
        now=now,
        detail={"voice": voice},
    )
    return changed


def move_utterance(
    session: Session, *, call: Call, position: int, voice: int, by: User, now: datetime
) -> bool:
    """Say that an utterance is this voice's; tell whether that was new.

    Raises
    ------
    CallBusy, VoicesUnknown, UtteranceNotFound
        The call is not processed yet, its voices were never told apart, or nothing stands there.
    """
    _refuse_unprocessed(call)
    utterance = next((said for said in call.utterances if said.position == position), None)
    if utterance is None:
        raise UtteranceNotFound(_("转写里没有这一句，可能刚刚重新处理过。请刷新。"))
    if utterance.voice is None:
        raise _voices_unknown(call)
    if utterance.voice == voice:
        return False
    utterance.voice = voice
    # A voice has one side throughout a call, so whoever changes the voice changes the side.
    utterance.channel = utterance.channel.other
    session.flush()
    record(
        session,
        by=by,
        action="call:move_utterance",
        subject_type="call",
        subject_id=call.id,
        now=now,
        detail={"utterance": position, "voice": voice},
    )
    return True


def _refuse_unprocessed(call: Call) -> None:
    if call.status is not CallStatus.PROCESSED:
        raise CallBusy(_("这通通话还没有处理完，处理完再改。"))


def _voices_unknown(call: Call) -> VoicesUnknown:
    if call.role_confidence is None:
        return VoicesUnknown(_("这通录音的双方各在一个声道。坐席反了，请用“对换声道”。"))
    return VoicesUnknown(_("这通录音里没有分出两个人的声音。请重新处理一次再定坐席。"))
