"""The page on which an inspector reviews a call, and the way to the next one."""

from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qa_app.calls.deletion import DeletionReason
from qa_app.calls.models import Call, CallStatus
from qa_app.calls.queries import call_by_id
from qa_app.calls.services import PROCESS_CALL
from qa_app.core.clock import now
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Conflict
from qa_app.core.text import mask_phone, shown_file_name
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queries import latest_job_of
from qa_app.reviews.deletion import delete_reviewed_call
from qa_app.reviews.listing import next_to_review
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.reviews.page import page_of
from qa_app.reviews.proposals import reprocess
from qa_app.reviews.queries import evaluation_of_call, evaluation_seen_by
from qa_app.reviews.raw_sound import sound_shown
from qa_app.reviews.reasons import QUICK_REASONS
from qa_app.reviews.services import LONGEST_TEXT, SHORTEST_REASON, WITHDRAWAL_S, withdraw_submission
from qa_app.users.access import can, requires, signed_in
from qa_app.users.audit import record_read
from qa_app.users.permissions import Action

DELETION_REASONS = {
    DeletionReason.CUSTOMER_ASKED: _l("客户要求删除"),
    DeletionReason.TOO_OLD: _l("超过保存期限"),
    DeletionReason.WRONG_RECORDING: _l("不该上传的录音"),
    DeletionReason.TEST: _l("测试用的录音"),
}


def add_to(bp: Blueprint) -> None:
    """Put these pages under the room's addresses."""
    bp.add_url_rule("/calls/next", view_func=next_review)
    bp.add_url_rule("/calls/<call_id>", view_func=review)
    bp.add_url_rule("/calls/<call_id>/progress", view_func=progress)
    bp.add_url_rule("/calls/<call_id>/reprocess", view_func=try_again, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/delete", view_func=delete, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/withdraw", view_func=withdraw, methods=["POST"])


@requires(Action.CALLS_READ)
def review(call_id: str) -> ResponseReturnValue:
    """Show a call for review, or how far its processing is."""
    user = signed_in()
    if not can(Action.REVIEWS_READ):
        return redirect(url_for("reviews.result", call_id=call_id))
    session = db.session()
    call = call_by_id(session, call_id, actor=user.actor)
    record_read(
        by=user,
        action="call:open",
        subject_type="call",
        subject_id=call_id,
        now=now(),
        address=request.remote_addr,
    )
    evaluation = evaluation_of_call(session, call_id)
    if call.status is not CallStatus.PROCESSED or evaluation is None:
        return _waiting_page(call)
    page = page_of(session, call=call, evaluation=evaluation)
    draft = evaluation.status is EvaluationStatus.DRAFT
    return render_template(
        "reviews/review.html",
        call=call,
        evaluation=evaluation,
        page=page,
        sound=sound_shown(session, call, user),
        deciding=draft and can(Action.REVIEWS_DECIDE),
        correcting=draft and can(Action.CALLS_SWAP_ROLES),
        withdrawable=can(Action.REVIEWS_DECIDE) and _withdrawable(evaluation),
        number=mask_phone(call.customer_number),
        quick_reasons=QUICK_REASONS,
        deletion_reasons=DELETION_REASONS,
        shortest_reason=SHORTEST_REASON,
        longest_text=LONGEST_TEXT,
    )


@requires(Action.REVIEWS_DECIDE)
def next_review() -> ResponseReturnValue:
    """Open the next call of the work list; one that is only passed over stays on it."""
    user = signed_in()
    session = db.session()
    after = None
    if passed_over := request.args.get("after"):
        call_by_id(session, passed_over, actor=user.actor)
        after = evaluation_of_call(session, passed_over)
    following = next_to_review(session, actor=user.actor, after=after)
    if following is None:
        flash(_("待复核的都做完了。"), "message")
        return redirect(url_for("reviews.list_calls"))
    return redirect(url_for("reviews.review", call_id=following.call_id))


@requires(Action.REVIEWS_READ)
def progress(call_id: str) -> ResponseReturnValue:
    """Tell how far the processing is, for the page that waits."""
    session = db.session()
    call = call_by_id(session, call_id, actor=signed_in().actor)
    return jsonify(_progress_of(call, latest_job_of(session, call_id, kind=PROCESS_CALL)))


@requires(Action.CALLS_REPROCESS)
def try_again(call_id: str) -> ResponseReturnValue:
    """Process the recording once more."""
    user = signed_in()
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        reprocess(work, call=call, by=user, now=now())
    return redirect(url_for("reviews.review", call_id=call_id))


@requires(Action.CALLS_DELETE)
def delete(call_id: str) -> ResponseReturnValue:
    """Delete the call for good."""
    user = signed_in()
    try:
        reason = DeletionReason(request.form.get("reason", ""))
    except ValueError:
        flash(_("没有删除：请先选为什么删除。"), "error")
        return redirect(url_for("reviews.review", call_id=call_id))
    try:
        with unit_of_work() as work:
            delete_reviewed_call(
                work,
                files=current_app.extensions["files"],
                call=call_by_id(work, call_id, actor=user.actor),
                reason=reason,
                releases=current_app.extensions["call_releases"],
                by=user,
                now=now(),
            )
    except Conflict as refused:
        flash(refused.message, "error")
        return redirect(url_for("reviews.review", call_id=call_id))
    flash(_("已删除这通通话。"), "message")
    return redirect(url_for("reviews.list_calls"))


@requires(Action.REVIEWS_DECIDE)
def withdraw(call_id: str) -> ResponseReturnValue:
    """Take a submission back within its five minutes."""
    user = signed_in()
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        withdraw_submission(work, evaluation=evaluation, by=user, now=now())
    flash(_("已撤回，坐席看不到了。改好后再提交。"), "message")
    return redirect(url_for("reviews.review", call_id=call_id))


def _waiting_page(call: Call) -> ResponseReturnValue:
    job = latest_job_of(db.session(), call.id, kind=PROCESS_CALL)
    return render_template(
        "reviews/waiting.html",
        call=call,
        file_name=shown_file_name(call.file_name, call.customer_number),
        state=_progress_of(call, job),
        deletion_reasons=DELETION_REASONS,
    )


def _progress_of(call: Call, job: Job | None) -> dict[str, Any]:
    stages = {
        "decode": _("正在解码"),
        "transcribe": _("正在转写"),
        "check": _("正在检查"),
        "score": _("正在计分"),
    }
    running = job is not None and job.status is JobStatus.RUNNING
    percent = int(job.progress * 100) if running and job is not None else 0
    stage = stages.get(job.stage, _("正在处理")) if running and job is not None else _("排队中")
    return {"status": call.status.value, "percent": percent, "stage": stage}


def _withdrawable(evaluation: Evaluation) -> bool:
    submitted_at = evaluation.submitted_at
    answered = evaluation.acknowledged_at is not None or evaluation.objected_at is not None
    return (
        submitted_at is not None
        and not answered
        and now() - submitted_at <= timedelta(seconds=WITHDRAWAL_S)
    )
