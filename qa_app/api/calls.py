"""Calls: upload, list, read, search, listen."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, request, send_file, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.api.auth import permits, token_user
from qa_app.api.documents import call_line, job_document
from qa_app.api.idempotency import Answer, answer_once
from qa_app.api.openapi import answers
from qa_app.api.problems import takes_form
from qa_app.api.schemas import (
    Accepted,
    Call,
    CallFilter,
    CallPage,
    Findings,
    FoundUtterances,
    Listening,
    Reading,
    Search,
    Upload,
)
from qa_app.calls.media import sound_response
from qa_app.calls.metadata import CallMetadata
from qa_app.calls.models import Direction, Utterance
from qa_app.calls.queries import call_by_id, source_named, utterances_found
from qa_app.calls.recordings import keep_upload
from qa_app.calls.services import PROCESS_CALL, add_call
from qa_app.checks.models import PersonalDatum
from qa_app.checks.queries import personal_data_of
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Conflict, NotAllowed, NotFound
from qa_app.core.text import shown_file_name
from qa_app.jobs.queries import latest_job_of
from qa_app.redaction.masking import masked, masks_in
from qa_app.redaction.queries import redacted_sound
from qa_app.reviews.documents import call_document, findings_document, found_document
from qa_app.reviews.listing import CallFilters, Sort, WorkList
from qa_app.reviews.package import take_along, zipped
from qa_app.reviews.paging import Place, calls_after
from qa_app.reviews.raw_sound import note_raw_sound
from qa_app.users.audit import record_read
from qa_app.users.permissions import Action, may, may_see_call

bp = APIBlueprint("api_calls", __name__, tag="calls")


@bp.post("/calls")
@permits(Action.CALLS_IMPORT)
@takes_form(bp, Upload)
@answers(bp, "uploadCall", Accepted, status=202)
@answers(bp, "uploadCall", Accepted, said="The same bytes are here already")
def upload_call(body: dict[str, Any]) -> Response:
    """Take in a recording and queue its processing."""
    recording = body.pop("recording")
    _refuse_unknown_source(body.get("source"))
    stored = keep_upload(current_app.extensions["files"], recording, settings=_settings())
    name = recording.filename or ""

    def act(work: Session) -> Answer:
        user = token_user()
        added = add_call(
            work,
            stored=stored,
            file_name=name,
            metadata=_metadata(body),
            by=user,
            zone=_settings().time_zone,
            now=clock.now(),
        )
        call = added.call
        seen = may_see_call(user.actor, agent_id=call.agent_id, team_id=call.team_id)
        job = latest_job_of(work, call.id, kind=PROCESS_CALL) if seen else None
        document = {
            "id": call.id if seen else None,
            "file": shown_file_name(call.file_name, call.customer_number) if seen else name,
            "status": "duplicate" if added.duplicate else "queued",
            "sha256": stored.sha256,
            "agent_unknown": added.agent_unknown,
            "job": job_document(job) if job else None,
        }
        location = url_for("api_jobs.read_job", job_id=job.id) if job else None
        return Answer(200 if added.duplicate else 202, document, location)

    return answer_once({**body, "recording": stored.sha256}, act)


@bp.get("/calls")
@permits(Action.REVIEWS_READ)
@bp.input(CallFilter, location="query", arg_name="asked")
@answers(bp, "listCalls", CallPage)
def list_calls(asked: dict[str, Any]) -> dict[str, Any]:
    """List the calls that the token's user may see, newest first unless asked otherwise."""
    limit = asked.pop("limit")
    after = asked.pop("cursor", None)
    stretch = calls_after(
        db.session(),
        _filters(asked),
        actor=token_user().actor,
        after=Place.read(after) if after else None,
        limit=limit,
    )
    return {
        "items": [call_line(row) for row in stretch.rows],
        "next": str(stretch.following) if stretch.following else None,
    }


@bp.get("/calls/<id:call_id>")
@permits(Action.REVIEWS_READ)
@bp.input(Reading, location="query", arg_name="asked")
@answers(bp, "readCall", Call)
def read_call(call_id: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Read the whole record of a call, personal data masked unless asked for and permitted."""
    session = db.session()
    call = call_by_id(session, call_id, actor=token_user().actor)
    if asked["reveal"]:
        _note_reveal(call.id)
    return call_document(session, call, reveal=asked["reveal"])


@bp.get("/calls/<id:call_id>/findings")
@permits(Action.REVIEWS_READ)
@answers(bp, "listFindings", Findings)
def list_findings(call_id: str) -> dict[str, Any]:
    """List what the rules found in a call, in time order."""
    session = db.session()
    call = call_by_id(session, call_id, actor=token_user().actor)
    return {"items": findings_document(session, call, reveal=False)}


@bp.get("/calls/<id:call_id>/media")
@permits(Action.CALLS_LISTEN)
@bp.input(Listening, location="query", arg_name="asked")
@answers(bp, "listenToCall", {"type": "string"}, status=206, media_type="audio/flac")
@answers(bp, "listenToCall", {"type": "string"}, media_type="audio/flac")
def listen_to_call(call_id: str, asked: dict[str, Any]) -> Response:
    """Send the sound with its numbers covered, or the bytes that a Range header asks for."""
    user = token_user()
    call = call_by_id(db.session(), call_id, actor=user.actor)
    if call.playback_key is None:
        raise NotFound(_("这通通话还没有处理完，暂时没有声音。"))
    key = call.playback_key if asked["raw"] else redacted_sound(call)
    if asked["raw"]:
        with unit_of_work() as work:
            note_raw_sound(
                work,
                call=call_by_id(work, call_id, actor=user.actor),
                by=token_user(),
                now=clock.now(),
                address=request.remote_addr,
            )
    return sound_response(current_app.extensions["files"], key)


@bp.get("/calls/<id:call_id>/package")
@permits(Action.CALLS_EXPORT)
@answers(bp, "exportCall", {"type": "string"}, media_type="application/zip")
def export_call(call_id: str) -> Response:
    """Send a call to take along: sound, transcript and evaluation with no number in them."""
    with unit_of_work() as work:
        user = token_user()
        call = call_by_id(work, call_id, actor=user.actor)
        package = take_along(work, call=call, by=user, now=clock.now(), address=request.remote_addr)
    return send_file(
        zipped(package, current_app.extensions["files"]),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"call-{call_id}.zip",
        max_age=0,
    )


@bp.get("/utterances")
@permits(Action.REVIEWS_READ)
@bp.input(Search, location="query", arg_name="asked")
@answers(bp, "searchUtterances", FoundUtterances)
def search_utterances(asked: dict[str, Any]) -> dict[str, Any]:
    """Find what was said, newest call first, personal data masked."""
    session = db.session()
    found = utterances_found(
        session, asked["words"], actor=token_user().actor, limit=asked["limit"]
    )
    data = {call.id: personal_data_of(session, call.id) for _utterance, call in found}
    return {
        "items": [
            found_document(
                utterance,
                call,
                text=masked(utterance.text, masks_in(utterance.text, _within(data, utterance))),
            )
            for utterance, call in found
        ]
    }


def _within(
    data: Mapping[str, Sequence[PersonalDatum]], utterance: Utterance
) -> list[PersonalDatum]:
    return [one for one in data[utterance.call_id] if one.utterance == utterance.position]


def _metadata(body: dict[str, Any]) -> CallMetadata:
    channel = body.get("agent_channel")
    direction = body.get("direction")
    return CallMetadata(
        agent=body.get("agent"),
        started_at=body.get("started_at"),
        customer_number=body.get("customer_number"),
        direction=Direction(direction) if direction else None,
        queue=body.get("queue"),
        source=body.get("source"),
        agent_channel=int(channel) if channel else None,
    )


def _refuse_unknown_source(name: str | None) -> None:
    """Say so before the recording is stored: nothing is kept of a request that fails."""
    if name and source_named(db.session(), name) is None:
        raise Conflict(_("没有名为“%(name)s”的录音来源。", name=name))
    db.session.rollback()


def _filters(asked: dict[str, Any]) -> CallFilters:
    return CallFilters(
        **{
            **asked,
            "work_list": WorkList(asked.get("work_list", WorkList.ALL)),
            "sort": Sort(asked.get("sort", Sort.NEWEST)),
            "score_min": _exact(asked.get("score_min")),
            "score_max": _exact(asked.get("score_max")),
        }
    )


def _note_reveal(call_id: str) -> None:
    user = token_user()
    if not may(user.role, Action.PERSONAL_DATA_REVEAL):
        raise NotAllowed(_("你的角色不能看完整的个人信息。"))
    record_read(
        by=user,
        action="personal_data:reveal",
        subject_type="call",
        subject_id=call_id,
        now=clock.now(),
        address=request.remote_addr,
    )


def _exact(points: str | None) -> Decimal | None:
    return Decimal(points) if points else None


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
