"""What an agent sees of a submitted evaluation, and their word that they have seen it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.reviews.models import EvaluationStatus
from qa_app.reviews.page import page_of
from qa_app.reviews.queries import evaluation_seen_by
from qa_app.reviews.raw_sound import sound_shown
from qa_app.reviews.results import acknowledge_result, note_first_read
from qa_app.users.access import can, requires, signed_in
from qa_app.users.audit import record_read
from qa_app.users.permissions import Action


def add_to(bp: Blueprint) -> None:
    """Put these pages under the room's addresses."""
    bp.add_url_rule("/calls/<call_id>/result", view_func=result)
    bp.add_url_rule("/calls/<call_id>/acknowledge", view_func=acknowledge, methods=["POST"])


@requires(Action.CALLS_READ)
def result(call_id: str) -> ResponseReturnValue:
    """Show a submitted evaluation to its agent, or to those who review."""
    user = signed_in()
    session = db.session()
    evaluation = evaluation_seen_by(session, call_id, actor=user.actor)
    if evaluation.status is not EvaluationStatus.SUBMITTED:
        return redirect(url_for("reviews.review", call_id=call_id))
    own = can(Action.RESULTS_READ_OWN)
    if own and evaluation.first_read_at is None:
        with unit_of_work() as work:
            evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
            note_first_read(work, evaluation=evaluation, now=now())
    record_read(
        by=user,
        action="result:open",
        subject_type="call",
        subject_id=call_id,
        now=now(),
        address=request.remote_addr,
    )
    evaluation = evaluation_seen_by(session, call_id, actor=user.actor)
    page = page_of(session, call=evaluation.call, evaluation=evaluation)
    counted = [card for card in page.cards if card.status == "confirmed"]
    return render_template(
        "reviews/result.html",
        call=evaluation.call,
        evaluation=evaluation,
        page=page,
        sound=sound_shown(session, evaluation.call, user),
        cards=[card for card in counted if card.points],
        hints=[card for card in counted if not card.points],
        own=own,
        masks_open=False,
    )


@requires(Action.RESULTS_ACKNOWLEDGE)
def acknowledge(call_id: str) -> ResponseReturnValue:
    """Note that the agent has seen the result."""
    user = signed_in()
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        acknowledge_result(work, evaluation=evaluation, by=user, now=now())
    flash(_("已记下：你已知悉。仍然可以提出异议。"), "message")
    return redirect(url_for("reviews.result", call_id=call_id))
