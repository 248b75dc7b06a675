"""Changes to calls: taken in, transcribed, placed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from asr.transcript import Transcript
from qa_app.calls.errors import CallBusy
from qa_app.calls.metadata import CallMetadata, compile_pattern, from_file_name
from qa_app.calls.models import (
    Call,
    CallStatus,
    DroppedUtterance,
    Hotword,
    Source,
    Utterance,
)
from qa_app.calls.queries import call_with_sha256, source_named
from qa_app.calls.recordings import StoredRecording
from qa_app.core.errors import Invalid
from qa_app.core.ids import new_id
from qa_app.core.text import search_form
from qa_app.jobs.models import Job
from qa_app.jobs.queue import submit_job
from qa_app.users.audit import record
from qa_app.users.models import User
from qa_app.users.queries import agent_named

DEFAULT_SOURCE = "电话平台"
PROCESS_CALL = "process_call"


@dataclass(frozen=True)
class AddedCall:
    """A call that was taken in, or the one that had the same bytes already."""

    call: Call
    duplicate: bool
    agent_unknown: bool = False


@dataclass(frozen=True, kw_only=True)
class HeardCall:
    """All that processing learnt from a recording."""

    transcript: Transcript
    sample_rate_hz: int
    playback_key: str
    peaks: list[list[int]]
    processing_s: float
    #: What was read off the sounds, as `checks.conversation.Heard` writes it.
    sounds: dict[str, Any] | None = None


def add_call(
    session: Session,
    *,
    stored: StoredRecording,
    file_name: str,
    metadata: CallMetadata,
    by: User | None,
    zone: tzinfo,
    now: datetime,
    queue: str = "bulk",
    is_demo: bool = False,
) -> AddedCall:
    """Take a stored recording in and queue its processing; the same bytes twice are one call."""
    known = call_with_sha256(session, stored.sha256)
    if known is not None:
        return AddedCall(known, duplicate=True)
    source = default_source(session, metadata.source, now=now)
    metadata = metadata.completed_by(from_file_name(source.file_name_pattern, file_name, zone))
    agent = agent_named(session, metadata.agent) if metadata.agent else None
    channel = metadata.agent_channel
    call = Call(
        id=new_id(),
        sha256=stored.sha256,
        file_name=_shown_name(file_name),
        file_key=stored.key,
        size_bytes=stored.size_bytes,
        source_id=source.id,
        agent_id=agent.id if agent else None,
        team_id=agent.team_id if agent else None,
        started_at=metadata.started_at or now,
        started_at_known=metadata.started_at is not None,
        customer_number=metadata.customer_number,
        direction=metadata.direction,
        queue=metadata.queue,
        agent_channel=source.agent_channel if channel is None else channel,
        created_at=now,
        created_by_id=by.id if by else None,
        is_demo=is_demo,
    )
    try:
        with session.begin_nested():
            session.add(call)
    except IntegrityError:
        # Another upload of the same bytes was a moment faster.
        twin = call_with_sha256(session, stored.sha256)
        if twin is None:
            raise
        return AddedCall(twin, duplicate=True)
    _submit(session, call, queue=queue, now=now)
    record(session, by=by, action="call:import", subject_type="call", subject_id=call.id, now=now)
    return AddedCall(call, duplicate=False, agent_unknown=bool(metadata.agent) and agent is None)


def reprocess_call(session: Session, *, call: Call, by: User, now: datetime) -> Job:
    """Queue a failed or processed call again."""
    if call.status not in {CallStatus.FAILED, CallStatus.PROCESSED}:
        raise CallBusy(_("这通通话正在处理，等它结束再试。"))
    call.status = CallStatus.QUEUED
    call.failure_code = call.failure_message = None
    record(
        session, by=by, action="call:reprocess", subject_type="call", subject_id=call.id, now=now
    )
    return _submit(session, call, queue="interactive", now=now)


def note_processing(session: Session, call: Call) -> None:
    """Show that a worker has begun."""
    call.status = CallStatus.PROCESSING
    session.flush()


def note_failure(session: Session, call: Call, *, code: str, message: str, last: bool) -> None:
    """Write down why the processing failed, and whether it will be tried again."""
    call.status = CallStatus.FAILED if last else CallStatus.QUEUED
    call.failure_code, call.failure_message = code, message
    session.flush()


def store_heard(session: Session, *, call: Call, heard: HeardCall, now: datetime) -> None:
    """Write the transcript and what else was learnt, in place of an earlier one."""
    transcript = heard.transcript
    session.execute(delete(Utterance).where(Utterance.call_id == call.id))
    session.execute(delete(DroppedUtterance).where(DroppedUtterance.call_id == call.id))
    call.status = CallStatus.PROCESSED
    call.failure_code = call.failure_message = None
    call.duration_s = transcript.duration_s
    call.channel_count = transcript.channel_count
    if transcript.channel_count == 1:
        call.agent_channel = None
    call.role_confidence = transcript.role_confidence
    if transcript.role_confidence is not None:
        # The voices were told apart anew: what a person said of the earlier ones is over.
        call.roles_set_by_person = False
    call.sample_rate_hz = heard.sample_rate_hz
    call.model = transcript.model
    call.processing_s = heard.processing_s
    call.playback_key = heard.playback_key
    call.redacted_key = None
    call.peaks = list(heard.peaks)
    call.heard = heard.sounds
    call.processed_at = now
    session.add_all(
        Utterance(
            call_id=call.id,
            position=position,
            channel=utterance.channel,
            start_s=utterance.start_s,
            end_s=utterance.end_s,
            text=utterance.text,
            search_text=search_form(utterance.text),
            confidence=utterance.confidence,
            words=[word.to_dict() for word in utterance.words],
            voice=utterance.voice,
        )
        for position, utterance in enumerate(transcript.utterances)
    )
    session.add_all(
        DroppedUtterance(
            call_id=call.id,
            channel=dropped.channel,
            start_s=dropped.start_s,
            end_s=dropped.end_s,
            text=dropped.text,
            reason=dropped.reason,
        )
        for dropped in transcript.dropped
    )
    session.flush()
    session.expire(call, ["utterances"])


def place_call(session: Session, *, call: Call, agent: User, by: User, now: datetime) -> None:
    """Say whose call it is."""
    call.agent_id, call.team_id = agent.id, agent.team_id
    record(
        session,
        by=by,
        action="call:place",
        subject_type="call",
        subject_id=call.id,
        now=now,
        detail={"agent": agent.login},
    )


def complete_call(
    session: Session, *, call: Call, metadata: CallMetadata, by: User, now: datetime
) -> bool:
    """Write down what became known of a call after it came in; tell whether its agent is known."""
    agent = agent_named(session, metadata.agent) if metadata.agent else None
    if agent is not None:
        call.agent_id, call.team_id = agent.id, agent.team_id
    if metadata.started_at is not None:
        call.started_at, call.started_at_known = metadata.started_at, True
    call.customer_number = metadata.customer_number or call.customer_number
    call.direction = metadata.direction or call.direction
    call.queue = metadata.queue or call.queue
    record(session, by=by, action="call:complete", subject_type="call", subject_id=call.id, now=now)
    return agent is not None or metadata.agent is None


def default_source(session: Session, name: str | None, *, now: datetime) -> Source:
    """Return the named source, or the site's first, made on first use."""
    source = source_named(session, name or DEFAULT_SOURCE)
    if source is None and name:
        raise Invalid(_("没有名为“%(name)s”的录音来源。", name=name), field="source")
    if source is None:
        source = Source(id=new_id(), name=DEFAULT_SOURCE, agent_channel=0, created_at=now)
        try:
            with session.begin_nested():
                session.add(source)
        except IntegrityError:
            # Another first upload was a moment faster.
            source = source_named(session, DEFAULT_SOURCE)
            if source is None:
                raise
    return source


def edit_source(
    session: Session,
    *,
    source: Source | None,
    name: str,
    agent_channel: int,
    file_name_pattern: str | None,
    by: User,
    now: datetime,
) -> Source:
    """Change a source, or add one when `source` is None."""
    name = name.strip()
    if not name or len(name) > 100:
        raise Invalid(_("来源名称要有 1 到 100 个字。"), field="name")
    twin = source_named(session, name)
    if twin is not None and twin is not source:
        raise Invalid(_("已经有名为“%(name)s”的来源。", name=name), field="name")
    if agent_channel not in {0, 1}:
        raise Invalid(_("坐席声道只能是 0（左）或 1（右）。"), field="agent_channel")
    if file_name_pattern:
        compile_pattern(file_name_pattern)
    if source is None:
        source = Source(id=new_id(), created_at=now)
        session.add(source)
    source.name = name
    source.agent_channel = agent_channel
    source.file_name_pattern = file_name_pattern or None
    session.flush()
    record(
        session,
        by=by,
        action="source:edit",
        subject_type="source",
        subject_id=source.id,
        now=now,
        detail={"name": name, "agent_channel": agent_channel},
    )
    return source


def replace_hotwords(
    session: Session, *, words: Sequence[str], by: User, now: datetime
) -> Sequence[str]:
    """Set the site's hotwords: product names, place names, the company's own terms."""
    wanted = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(wanted) > 200 or any(len(word) > 40 for word in wanted):
        raise Invalid(_("热词最多 200 个，每个最多 40 个字。"), field="hotwords")
    session.execute(delete(Hotword).where(Hotword.text.not_in(wanted)))
    kept = set(session.scalars(select(Hotword.text)))
    session.add_all(
        Hotword(id=new_id(), text=word, created_at=now) for word in wanted if word not in kept
    )
    session.flush()
    record(
        session,
        by=by,
        action="hotwords:edit",
        subject_type="site",
        subject_id=None,
        now=now,
        detail={"count": len(wanted)},
    )
    return wanted


def _submit(session: Session, call: Call, *, queue: str, now: datetime) -> Job:
    return submit_job(
        session,
        kind=PROCESS_CALL,
        subject_id=call.id,
        queue=queue,
        unique_key=f"{PROCESS_CALL}:{call.id}",
        now=now,
    )


def _shown_name(file_name: str) -> str:
    """Keep what people recognise a file by, without folders and control characters."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[:255] or "录音"
