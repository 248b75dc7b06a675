"""Calls put right or taken away: sides, another processing, deletion; as on the pages."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, current_app, url_for
from sqlalchemy.orm import Session

from qa_app.api.auth import permits, token_user
from qa_app.api.documents import job_document
from qa_app.api.idempotency import Answer, answer_once
from qa_app.api.openapi import answers
from qa_app.api.problems import takes_json
from qa_app.api.schemas import Assignment, Call, Deleted, Deletion, Job, Move
from qa_app.calls.deletion import DeletionReason
from qa_app.calls.queries import call_by_id
from qa_app.core import clock
from qa_app.core.db import db, unit_of_work
from qa_app.reviews.deletion import delete_reviewed_call
from qa_app.reviews.documents import call_document
from qa_app.reviews.proposals import reprocess
from qa_app.reviews.sides import (
    assign_voice_and_rescore,
    move_utterance_and_rescore,
    swap_roles_and_rescore,
)
from qa_app.users.permissions import Action

bp = APIBlueprint("api_corrections", __name__, tag="calls")

_CALL = "/calls/<id:call_id>"


@bp.post(f"{_CALL}/swap-roles")
@permits(Action.CALLS_SWAP_ROLES)
@answers(bp, "swapRoles", Call)
def swap(call_id: str) -> Response:
    """Say that the agent is the other side; the call is checked and scored anew."""

    def act(work: Session) -> Answer:
        user = token_user()
        call = call_by_id(work, call_id, actor=user.actor)
        swap_roles_and_rescore(work, call=call, by=user, now=clock.now())
        return Answer(200, call_document(work, call, reveal=False))

    return answer_once({}, act)


@bp.post(f"{_CALL}/assign-voice")
@permits(Action.CALLS_SWAP_ROLES)
@takes_json(bp, Assignment)
@answers(bp, "assignVoice", Call)
def assign(call_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Say which voice of a one-channel call is the agent's; it is checked and scored anew."""
    with unit_of_work() as work:
        user = token_user()
        call = call_by_id(work, call_id, actor=user.actor)
        assign_voice_and_rescore(work, call=call, by=user, now=clock.now(), **body)
    return _document(call_id)


@bp.post(f"{_CALL}/move-utterance")
@permits(Action.CALLS_SWAP_ROLES)
@takes_json(bp, Move)
@answers(bp, "moveUtterance", Call)
def move(call_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Say which voice an utterance is; the call is checked and scored anew."""
    with unit_of_work() as work:
        user = token_user()
        move_utterance_and_rescore(
            work,
            call=call_by_id(work, call_id, actor=user.actor),
            position=body["utterance"],
            voice=body["voice"],
            revision=body["revision"],
            by=user,
            now=clock.now(),
        )
    return _document(call_id)


@bp.post(f"{_CALL}/reprocess")
@permits(Action.CALLS_REPROCESS)
@answers(bp, "reprocessCall", Job, status=202)
def process_again(call_id: str) -> Response:
    """Queue a failed or processed call again; the answer is the job that does it."""

    def act(work: Session) -> Answer:
        user = token_user()
        call = call_by_id(work, call_id, actor=user.actor)
        job = reprocess(work, call=call, by=user, now=clock.now())
        return Answer(202, job_document(job), url_for("api_jobs.read_job", job_id=job.id))

    return answer_once({}, act)


@bp.post(f"{_CALL}/deletion")
@permits(Action.CALLS_DELETE)
@takes_json(bp, Deletion)
@answers(bp, "deleteCall", Deleted)
def delete(call_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Delete a call for good: recording, copies, transcript, findings and score."""
    with unit_of_work() as work:
        user = token_user()
        delete_reviewed_call(
            work,
            files=current_app.extensions["files"],
            call=call_by_id(work, call_id, actor=user.actor),
            reason=DeletionReason(body["reason"]),
            releases=current_app.extensions["call_releases"],
            by=user,
            now=clock.now(),
        )
    return {"id": call_id, "status": "deleted"}


def _document(call_id: str) -> dict[str, Any]:
    session = db.session()
    call = call_by_id(session, call_id, actor=token_user().actor)
    return call_document(session, call, reveal=False)
