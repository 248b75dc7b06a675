"""Pages of objections: the list, filing one from a result, taking it back."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.appeals.forms import Objection
from qa_app.appeals.models import Appeal, AppealStatus, Wish
from qa_app.appeals.permissions import can_file_appeal
from qa_app.appeals.queries import PAGE_SIZE, appeal_by_id, appeals_of, appeals_seen
from qa_app.appeals.services import (
    LONGEST_REASON,
    SHORTEST_REASON,
    file_appeal,
    withdraw_appeal,
)
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Conflict, Invalid
from qa_app.redaction.masking import scrubbed
from qa_app.reviews.cards import titles_of
from qa_app.reviews.models import Evaluation
from qa_app.reviews.queries import evaluation_seen_by
from qa_app.users.access import requires, signed_in
from qa_app.users.permissions import Action

bp = Blueprint("appeals", __name__)

WISHES = {Wish.UNDO: _l("撤销这条扣分"), Wish.REDUCE: _l("换一个条款或减少分数")}
STATUSES = {AppealStatus.FILED: _l("等答复"), AppealStatus.WITHDRAWN: _l("已撤回")}


@bp.app_context_processor
def objections_on_pages() -> dict[str, Callable[..., Any] | Mapping[Any, Any] | int]:
    """Give the result page, which knows nothing of objections, what it shows of them."""
    return {
        "objections_to": _objections_to,
        "may_object": _may_object,
        "wishes": WISHES,
        "shortest_objection": SHORTEST_REASON,
        "longest_objection": LONGEST_REASON,
    }


@bp.get("/objections")
@requires(Action.APPEALS_READ)
def list_appeals() -> ResponseReturnValue:
    """Show the objections within this person's sight."""
    wanted = request.args.get("status", "")
    status = AppealStatus(wanted) if wanted in set(AppealStatus) else AppealStatus.FILED
    page = max(1, request.args.get("page", 1, type=int))
    appeals, total = appeals_seen(db.session(), actor=signed_in().actor, status=status, page=page)
    return render_template(
        "appeals/list.html",
        appeals=appeals,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE_SIZE)),
        status=status,
        statuses=STATUSES,
        title_of=lambda deduction: titles_of(deduction)[0],
        masked=lambda words: scrubbed(words, {}),
    )


@bp.post("/calls/<call_id>/objections")
@requires(Action.APPEALS_FILE)
def file(call_id: str) -> ResponseReturnValue:
    """Object to one deduction; what was written stays in the page's keeping until this works."""
    user = signed_in()
    try:
        objection = Objection.read(request.form)
        with unit_of_work() as work:
            file_appeal(
                work,
                evaluation=evaluation_seen_by(work, call_id, actor=user.actor),
                deduction_id=objection.deduction_id,
                reason=objection.reason,
                wish=objection.wish,
                by=user,
                now=now(),
            )
    except (Invalid, Conflict) as error:
        flash(error.message, "error")
        place = f"d-{request.form.get('deduction', '')[:32]}"
        return redirect(url_for("reviews.result", call_id=call_id, _anchor=place))
    flash(_("异议已提交，质检员和主管会看到。"), "message")
    filed = objection.deduction_id
    return redirect(url_for("reviews.result", call_id=call_id, filed=filed, _anchor=f"d-{filed}"))


@bp.post("/objections/<appeal_id>/withdraw")
@requires(Action.APPEALS_FILE)
def withdraw(appeal_id: str) -> ResponseReturnValue:
    """Take an objection back."""
    user = signed_in()
    with unit_of_work() as work:
        appeal = appeal_by_id(work, appeal_id, actor=user.actor)
        withdraw_appeal(work, appeal=appeal, by=user, now=now())
        call_id, deduction_id = appeal.evaluation.call_id, appeal.deduction_id
    flash(_("已撤回异议。改好理由后可以再提。"), "message")
    return redirect(url_for("reviews.result", call_id=call_id, _anchor=f"d-{deduction_id}"))


def _objections_to(evaluation: Evaluation) -> Mapping[str, list[Appeal]]:
    """Return an evaluation's objections by deduction."""
    found: dict[str, list[Appeal]] = defaultdict(list)
    for appeal in appeals_of(db.session(), evaluation.id):
        found[appeal.deduction_id].append(appeal)
    return found


def _may_object(evaluation: Evaluation) -> bool:
    return can_file_appeal(signed_in().actor, agent_id=evaluation.call.agent_id)
