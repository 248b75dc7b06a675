"""The sound of a call as pages play it, and the call to take along: numbers covered."""

from flask import Blueprint, Response, current_app, jsonify, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.calls.media import sound_response
from qa_app.calls.models import Call
from qa_app.calls.queries import call_by_id
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import NotAllowed, NotFound
from qa_app.redaction.queries import redacted_sound, redaction_failed
from qa_app.redaction.services import order_redaction
from qa_app.reviews.package import take_along, zipped
from qa_app.reviews.queries import evaluation_seen_by
from qa_app.reviews.raw_sound import (
    may_hear,
    note_raw_sound,
    refuse_without_ticket,
    ticket_for,
)
from qa_app.users.access import requires, signed_in
from qa_app.users.models import User
from qa_app.users.permissions import Action, Role


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    bp.add_url_rule("/calls/<call_id>/sound", view_func=sound)
    bp.add_url_rule("/calls/<call_id>/sound/raw", view_func=open_raw_sound, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/sound/state", view_func=sound_state)
    bp.add_url_rule("/calls/<call_id>/sound/again", view_func=cover_again, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/package.zip", view_func=export_call)


@requires(Action.CALLS_LISTEN)
def sound(call_id: str) -> Response:
    """Play the call with its numbers covered, or as it was spoken to who opened that."""
    user = signed_in()
    session = db.session()
    call = _heard_by(session, call_id, user)
    if call.playback_key is None:
        raise NotFound(_("这通还没有处理完，暂时听不了。"))
    files = current_app.extensions["files"]
    if "raw" not in request.args:
        return sound_response(files, redacted_sound(call))
    if not may_hear(session, call, user):
        raise NotAllowed(_("你不能听这通的原声。"))
    refuse_without_ticket(request.args["raw"], call, user, secret_key=_secret_key())
    return sound_response(files, call.playback_key)


@requires(Action.CALLS_HEAR_RAW)
def open_raw_sound(call_id: str) -> ResponseReturnValue:
    """Open the call as it was spoken, and write down to whom."""
    user = signed_in()
    with unit_of_work() as work:
        call = _heard_by(work, call_id, user)
        note_raw_sound(work, call=call, by=user, now=now(), address=request.remote_addr)
        ticket = ticket_for(call, user, secret_key=_secret_key())
    return jsonify(url=url_for("reviews.sound", call_id=call_id, raw=ticket))


@requires(Action.CALLS_LISTEN)
def sound_state(call_id: str) -> ResponseReturnValue:
    """Tell whether the copy with covered numbers is there, for the page that waits for it."""
    session = db.session()
    call = _heard_by(session, call_id, signed_in())
    return jsonify(ready=call.redacted_key is not None, failed=redaction_failed(session, call))


@requires(Action.CALLS_REPROCESS)
def cover_again(call_id: str) -> ResponseReturnValue:
    """Make the copy with covered numbers once more, after every try failed."""
    user = signed_in()
    with unit_of_work() as work:
        order_redaction(work, call=call_by_id(work, call_id, actor=user.actor), now=now())
    return redirect(url_for("reviews.review", call_id=call_id))


@requires(Action.CALLS_EXPORT)
def export_call(call_id: str) -> Response:
    """Send a call to take along, with no number in it."""
    user = signed_in()
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        package = take_along(work, call=call, by=user, now=now(), address=request.remote_addr)
    return send_file(
        zipped(package, current_app.extensions["files"]),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"call-{call_id}.zip",
        max_age=0,
    )


def _heard_by(session: Session, call_id: str, user: User) -> Call:
    """Return the call if this person may hear it: an agent only what was submitted to them."""
    if user.role is Role.AGENT:
        return evaluation_seen_by(session, call_id, actor=user.actor).call
    return call_by_id(session, call_id, actor=user.actor)


def _secret_key() -> str:
    return str(current_app.extensions["settings"].secret_key)
