"""What the review page asks for while one works on it; each answer is the parts that changed."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.calls.queries import call_by_id
from qa_app.checks.models import PersonalDatum
from qa_app.checks.queries import personal_data_of
from qa_app.core.clock import now
from qa_app.core.db import unit_of_work
from qa_app.core.errors import NotFound
from qa_app.core.language import moment
from qa_app.redaction.masking import said_or_read, unnamed_number
from qa_app.reviews.cards import Card
from qa_app.reviews.decision_forms import Addition, Decision, Masked, note_of, revision_of
from qa_app.reviews.listing import next_to_review
from qa_app.reviews.models import Evaluation
from qa_app.reviews.page import CallPage, page_of
from qa_app.reviews.queries import evaluation_seen_by
from qa_app.reviews.services import add_deduction, decide_deduction, submit_evaluation, write_note
from qa_app.scorecards.wording import plain
from qa_app.users.access import requires, signed_in
from qa_app.users.audit import record
from qa_app.users.models import User
from qa_app.users.permissions import Action


def add_to(bp: Blueprint) -> None:
    """Put these addresses under the room's."""
    bp.add_url_rule("/calls/<call_id>/deductions", view_func=add, methods=["POST"])
    bp.add_url_rule(
        "/calls/<call_id>/deductions/<deduction_id>", view_func=decide, methods=["POST"]
    )
    bp.add_url_rule("/calls/<call_id>/note", view_func=note, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/submit", view_func=submit, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/reveal", view_func=reveal, methods=["POST"])
    bp.add_url_rule("/calls/<call_id>/reveal-number", view_func=reveal_number, methods=["POST"])


@requires(Action.REVIEWS_DECIDE)
def decide(call_id: str, deduction_id: str) -> ResponseReturnValue:
    """Confirm or dismiss a proposal, or take a decision back."""
    user, decision = signed_in(), Decision.read(_body())
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=deduction_id,
            status=decision.status,
            reason=decision.reason,
            revision=decision.revision,
            by=user,
            now=now(),
        )
        page = _page(work, evaluation)
        card = next((card for card in page.cards if card.id == deduction_id), None)
        answer = _answer(page, message=_what_happened(card))
    return jsonify(answer)


@requires(Action.REVIEWS_DECIDE)
def add(call_id: str) -> ResponseReturnValue:
    """Add a deduction that the machine did not propose."""
    user, addition = signed_in(), Addition.read(_body())
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        added = add_deduction(
            work,
            evaluation=evaluation,
            criterion_id=addition.criterion_id,
            start_s=addition.start_s,
            end_s=addition.end_s,
            reason=addition.reason,
            revision=addition.revision,
            by=user,
            now=now(),
        )
        page = _page(work, evaluation)
        card = next(card for card in page.cards if card.id == added.id)
        message = _("已补扣 %(points)s 分", points=card.plain_points)
        answer = {**_answer(page, message=message), "added": added.id}
    return jsonify(answer)


@requires(Action.REVIEWS_DECIDE)
def note(call_id: str) -> ResponseReturnValue:
    """Keep the words to the agent as they are written."""
    user, words = signed_in(), note_of(_body())
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        write_note(work, evaluation=evaluation, note=words, by=user)
    return jsonify(message=_("已自动保存 %(at)s", at=moment(now()).split(" ")[-1]))


@requires(Action.REVIEWS_DECIDE)
def submit(call_id: str) -> ResponseReturnValue:
    """Submit the evaluation and say which call comes next."""
    user, revision = signed_in(), revision_of(_body())
    with unit_of_work() as work:
        evaluation = evaluation_seen_by(work, call_id, actor=user.actor)
        submit_evaluation(work, evaluation=evaluation, revision=revision, by=user, now=now())
        points = evaluation.confirmed_points
        following = next_to_review(work, actor=user.actor)
        then = following.call_id if following else None
    score = _("%(points)s 分", points=plain(points)) if points is not None else _("未评")
    if then is None:
        flash(_("已提交，%(score)s。待复核的都做完了。", score=score), "message")
        return jsonify(next=url_for("reviews.list_calls"))
    return jsonify(
        message=_("已提交，%(score)s。5 分钟内可以撤回。", score=score),
        next=url_for("reviews.review", call_id=then),
        withdraw=url_for("reviews.withdraw", call_id=call_id),
    )


@requires(Action.PERSONAL_DATA_REVEAL)
def reveal(call_id: str) -> ResponseReturnValue:
    """Show one piece of personal data, and write down who saw it."""
    user, asked = signed_in(), Masked.read(_body())
    with unit_of_work() as work:
        call = call_by_id(work, call_id, actor=user.actor)
        texts = {said.position: said.text for said in call.utterances}
        if asked.datum is not None:
            datum = _datum(work, call_id, asked.datum)
            value: str | None = said_or_read(texts.get(datum.utterance, ""), datum)
            what = datum.kind
        else:
            value = unnamed_number(texts.get(asked.utterance or 0, ""), asked.start or 0)
            what = "NUMBER"
        if value is None:
            raise _no_such_number()
        _note_reveal(work, call_id, user, what=what, place=asked.place)
    return jsonify(value=value)


@requires(Action.PERSONAL_DATA_REVEAL)
def reveal_number(call_id: str) -> ResponseReturnValue:
    """Show the customer's number, and write down who saw it."""
    user = signed_in()
    with unit_of_work() as work:
        number = call_by_id(work, call_id, actor=user.actor).customer_number
        _note_reveal(work, call_id, user, what="CUSTOMER_NUMBER", place={})
    return jsonify(value=number or "")


def _body() -> Mapping[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _page(work: Session, evaluation: Evaluation) -> CallPage:
    return page_of(work, call=evaluation.call, evaluation=evaluation)


def _answer(page: CallPage, *, message: str) -> dict[str, Any]:
    """Return what a decision changes: the cards, the sum, the regions, the words' marks."""
    shown = {"page": page, "evaluation": page.evaluation, "call": page.call, "deciding": True}
    return {
        "revision": page.evaluation.revision,
        "pending": page.pending,
        "score": page.working.score if page.judged else _("未评"),
        "message": message,
        "statuses": {card.id: card.status for card in page.cards},
        "findings": render_template("checks/_findings.html", **shown),
        "sum": render_template("scorecards/_sum.html", **shown),
        "regions": render_template("calls/_regions.html", **shown),
    }


def _what_happened(card: Card | None) -> str:
    words: str
    if card is None:
        words = _("已撤掉补扣")
    elif card.status == "confirmed" and card.points:
        words = _("已确认，扣 %(points)s 分", points=card.plain_points)
    elif card.status == "confirmed":
        words = _("已确认，不扣分")
    elif card.status == "dismissed":
        words = _("不计：%(reason)s", reason=card.dismiss_reason)
    else:
        words = _("已撤回判定")
    return words


def _datum(work: Session, call_id: str, datum_id: int) -> PersonalDatum:
    for datum in personal_data_of(work, call_id):
        if datum.id == datum_id:
            return datum
    raise _no_such_number()


def _no_such_number() -> NotFound:
    return NotFound(_("这通通话里没有这个号码，可能刚刚重新检查过。请刷新。"))


def _note_reveal(
    work: Session, call_id: str, user: User, *, what: str, place: Mapping[str, int | None]
) -> None:
    record(
        work,
        by=user,
        action="personal_data:reveal",
        subject_type="call",
        subject_id=call_id,
        now=now(),
        detail={"what": what, **place},
        address=request.remote_addr,
    )
