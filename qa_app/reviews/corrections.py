"""What the review page asks for when the machine took one side for the other."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qa_app.calls.queries import call_by_id
from qa_app.core.clock import now
from qa_app.core.db import unit_of_work
from qa_app.reviews.decision_forms import Assignment, Move
from qa_app.reviews.sides import (
    assign_voice_and_rescore,
    move_utterance_and_rescore,
    swap_roles_and_rescore,
)
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    bp.add_url_rule("/calls/<call_id>/swap", view_func=swap, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/voice", view_func=assign_voice, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/utterance", view_func=move_utterance, methods=["POST"])


@requires(Action.CALLS_SWAP_ROLES)
def swap(call_id: str) -> ResponseReturnValue:
    """Say that the agent is the other side."""
    user = signed_in()
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        swap_roles_and_rescore(work, call=call, by=user, now=now())
    flash(_("已对换声道，并重新检查、重新计分。"), "message")
    return redirect(url_for("reviews.review", call_id=call_id))


@requires(Action.CALLS_SWAP_ROLES)
def assign_voice(call_id: str) -> ResponseReturnValue:
    """Say which voice is the agent's; the page opens anew with its score."""
    user, wanted = signed_in(), Assignment.read(_body())
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        assign_voice_and_rescore(
            work, call=call, voice=wanted.voice, revision=wanted.revision, by=user, now=now()
        )
    flash(_("已定下坐席，并重新检查、重新计分。定错了就点“对换声道”。"), "message")
    return jsonify({"next": url_for("reviews.review", call_id=call_id)})


@requires(Action.CALLS_SWAP_ROLES)
def move_utterance(call_id: str) -> ResponseReturnValue:
    """Put an utterance on the other side; the page opens anew at that place."""
    user, wanted = signed_in(), Move.read(_body())
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        move_utterance_and_rescore(
            work,
            call=call,
            position=wanted.utterance,
            voice=wanted.voice,
            revision=wanted.revision,
            by=user,
            now=now(),
        )
        start_s = next(u.start_s for u in call.utterances if u.position == wanted.utterance)
    flash(_("这一句已移到另一方，并重新检查、重新计分。移错了就再移一次。"), "message")
    at = f"{max(start_s, 0.1):.1f}"
    return jsonify({"next": url_for("reviews.review", call_id=call_id, at=at)})


def _body() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}
