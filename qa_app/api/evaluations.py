"""Evaluations: read, decide on each deduction, add one, submit, withdraw."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, url_for
from sqlalchemy.orm import Session

from qa_app.api.auth import permits, token_user
from qa_app.api.idempotency import Answer, answer_once
from qa_app.api.openapi import answers
from qa_app.api.problems import takes_json
from qa_app.api.schemas import Dismissal, Evaluation, NewDeduction, Revision
from qa_app.core import clock
from qa_app.core.db import db, unit_of_work
from qa_app.reviews.documents import evaluation_document
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.queries import evaluation_seen_by
from qa_app.reviews.services import (
    add_deduction,
    decide_deduction,
    submit_evaluation,
    withdraw_submission,
)
from qa_app.users.permissions import Action

bp = APIBlueprint("api_evaluations", __name__, tag="evaluations")

_EVALUATION = "/calls/<id:call_id>/evaluation"
_DEDUCTION = f"{_EVALUATION}/deductions/<id:deduction_id>"


@bp.get(_EVALUATION)
@permits(Action.REVIEWS_READ)
@answers(bp, "readEvaluation", Evaluation)
def read_evaluation(call_id: str) -> dict[str, Any]:
    """Read a call's evaluation with its deductions."""
    return _document(db.session(), call_id)


@bp.post(f"{_EVALUATION}/deductions")
@permits(Action.REVIEWS_DECIDE)
@takes_json(bp, NewDeduction)
@answers(bp, "addDeduction", Evaluation, status=201)
def add(call_id: str, body: dict[str, Any]) -> Response:
    """Add a deduction that the machine did not propose."""

    def act(work: Session) -> Answer:
        user = token_user()
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        add_deduction(work, evaluation=evaluation, by=user, now=clock.now(), **body)
        document = evaluation_document(work, evaluation, reveal=False)
        return Answer(201, document, url_for("api_evaluations.read_evaluation", call_id=call_id))

    return answer_once(body, act)


@bp.post(f"{_DEDUCTION}/confirm")
@permits(Action.REVIEWS_DECIDE)
@takes_json(bp, Revision)
@answers(bp, "confirmDeduction", Evaluation)
def confirm(call_id: str, deduction_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Let a proposed deduction count."""
    return _decide(call_id, deduction_id, DeductionStatus.CONFIRMED, body)


@bp.post(f"{_DEDUCTION}/dismiss")
@permits(Action.REVIEWS_DECIDE)
@takes_json(bp, Dismissal)
@answers(bp, "dismissDeduction", Evaluation)
def dismiss(call_id: str, deduction_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Let a proposed deduction not count, and say why."""
    return _decide(call_id, deduction_id, DeductionStatus.DISMISSED, body)


@bp.post(f"{_DEDUCTION}/undo")
@permits(Action.REVIEWS_DECIDE)
@takes_json(bp, Revision)
@answers(bp, "undoDecision", Evaluation)
def undo(call_id: str, deduction_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Take a decision back; a deduction that a person added goes away."""
    return _decide(call_id, deduction_id, DeductionStatus.MACHINE, body)


@bp.put(f"{_EVALUATION}/submission")
@permits(Action.REVIEWS_DECIDE)
@takes_json(bp, Revision)
@answers(bp, "submitEvaluation", Evaluation)
def submit(call_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """Freeze the evaluation; from now on the agent sees it."""
    with unit_of_work() as work:
        user = token_user()
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        submit_evaluation(
            work, evaluation=evaluation, revision=body["revision"], by=user, now=clock.now()
        )
    return _document(db.session(), call_id)


@bp.delete(f"{_EVALUATION}/submission")
@permits(Action.REVIEWS_DECIDE)
@answers(bp, "withdrawSubmission", Evaluation)
def withdraw(call_id: str) -> dict[str, Any]:
    """Take a submission back within five minutes, while the agent has not answered."""
    with unit_of_work() as work:
        user = token_user()
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        withdraw_submission(work, evaluation=evaluation, by=user, now=clock.now())
    return _document(db.session(), call_id)


def _decide(
    call_id: str, deduction_id: str, status: DeductionStatus, body: dict[str, Any]
) -> dict[str, Any]:
    with unit_of_work() as work:
        user = token_user()
        decide_deduction(
            work,
            evaluation=evaluation_seen_by(work, call_id, actor=user.actor),
            deduction_id=deduction_id,
            status=status,
            reason=body.get("reason", ""),
            revision=body["revision"],
            by=user,
            now=clock.now(),
        )
    return _document(db.session(), call_id)


def _document(session: Session, call_id: str) -> dict[str, Any]:
    evaluation = evaluation_seen_by(session, call_id, actor=token_user().actor)
    return evaluation_document(session, evaluation, reveal=False)
