"""Decisions on a call, with the real database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.checks.models import FindingStatus
from qa_app.core.db import unit_of_work
from qa_app.core.errors import Invalid
from qa_app.reviews.errors import (
    DecisionsPending,
    EvaluationChanged,
    EvaluationSubmitted,
    ReasonTooShort,
    WithdrawalTooLate,
)
from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation, EvaluationStatus, Origin
from qa_app.reviews.proposals import recheck_call
from qa_app.reviews.results import acknowledge_result
from qa_app.reviews.services import (
    add_deduction,
    assign_evaluations,
    decide_deduction,
    submit_evaluation,
    withdraw_submission,
)
from qa_app.reviews.sides import swap_roles_and_rescore
from qa_app.scorecards.queries import criteria_of
from qa_app.users.models import User
from tests.conftest import MakeCall, MakeUser
from tests.makers import NOON

REASON = "客户先说了自己的号码"


@pytest.fixture
def inspector(make_user: MakeUser) -> User:
    return make_user()


@pytest.fixture
def call(make_call: MakeCall) -> Call:
    return make_call()


@pytest.fixture
def evaluation(call: Call, evaluation_of: Callable[[Call], Evaluation]) -> Evaluation:
    return evaluation_of(call)


def proposal(evaluation: Evaluation, rule: str) -> Deduction:
    return next(d for d in evaluation.deductions if d.finding and d.finding.rule == rule)


def decide(
    session: Session,
    evaluation: Evaluation,
    deduction: Deduction,
    status: DeductionStatus,
    *,
    by: User,
    reason: str = REASON,
    revision: int | None = None,
) -> None:
    with unit_of_work(session) as work:
        decide_deduction(
            work,
            evaluation=evaluation,
            deduction_id=deduction.id,
            status=status,
            reason=reason,
            revision=evaluation.revision if revision is None else revision,
            by=by,
            now=NOON,
        )


def decide_all(
    session: Session,
    evaluation: Evaluation,
    by: User,
    status: DeductionStatus = DeductionStatus.CONFIRMED,
) -> None:
    for deduction in list(evaluation.deductions):
        decide(session, evaluation, deduction, status, by=by)


def test_the_machine_proposes_and_nothing_counts_until_a_person_confirms(evaluation: Evaluation):
    # 粗口 costs 1 (四.2), a third party's number 2 (五.1): 100 − 1 − 2 = 97 for the machine.
    assert {d.finding.rule for d in evaluation.deductions if d.finding} >= {
        "profanity",
        "leak_mobile",
    }
    assert evaluation.machine_points == 97
    assert evaluation.confirmed_points == 100


def test_confirming_takes_the_points(session: Session, evaluation: Evaluation, inspector: User):
    word = proposal(evaluation, "profanity")
    decide(session, evaluation, word, DeductionStatus.CONFIRMED, by=inspector)
    assert evaluation.confirmed_points == 99
    assert word.finding is not None
    assert word.finding.status is FindingStatus.CONFIRMED
    assert word.decided_by_id == inspector.id


def test_dismissing_needs_a_reason_the_agent_would_understand(
    session: Session, evaluation: Evaluation, inspector: User
):
    word = proposal(evaluation, "profanity")
    with pytest.raises(ReasonTooShort):
        decide(session, evaluation, word, DeductionStatus.DISMISSED, by=inspector, reason="不对")
    session.refresh(word)
    assert word.status is DeductionStatus.MACHINE


def test_a_dismissed_proposal_keeps_its_reason_and_the_machine_score_stands(
    session: Session, evaluation: Evaluation, inspector: User
):
    leak = proposal(evaluation, "leak_mobile")
    decide(session, evaluation, leak, DeductionStatus.DISMISSED, by=inspector)
    assert leak.dismiss_reason == REASON
    assert evaluation.machine_points == 97
    assert evaluation.confirmed_points == 100


def test_a_decision_can_be_taken_back(session: Session, evaluation: Evaluation, inspector: User):
    word = proposal(evaluation, "profanity")
    decide(session, evaluation, word, DeductionStatus.CONFIRMED, by=inspector)
    decide(session, evaluation, word, DeductionStatus.MACHINE, by=inspector)
    assert evaluation.confirmed_points == 100
    assert word.decided_at is None


def test_whoever_decides_first_has_the_call_on_their_list(
    session: Session, evaluation: Evaluation, inspector: User
):
    assert evaluation.inspector_id is None
    decide(session, evaluation, evaluation.deductions[0], DeductionStatus.CONFIRMED, by=inspector)
    assert evaluation.inspector_id == inspector.id


def test_a_decision_on_an_older_revision_is_refused(
    session: Session, evaluation: Evaluation, inspector: User
):
    seen = evaluation.revision
    first, second = evaluation.deductions[:2]
    decide(session, evaluation, first, DeductionStatus.CONFIRMED, by=inspector, revision=seen)
    with pytest.raises(EvaluationChanged):
        decide(session, evaluation, second, DeductionStatus.CONFIRMED, by=inspector, revision=seen)


def test_a_person_adds_a_deduction_with_clause_time_and_reason(
    session: Session, evaluation: Evaluation, inspector: User
):
    manner = next(c for c in criteria_of(evaluation.version) if c.clause == "四.6")
    with unit_of_work(session) as work:
        added = add_deduction(
            work,
            evaluation=evaluation,
            criterion_id=manner.id,
            start_s=7.5,
            end_s=10.5,
            reason="说公司“就是这样的”，语气不屑",
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    assert added.origin is Origin.PERSON
    assert evaluation.confirmed_points == 98  # 四.6 costs 2
    decide(session, evaluation, added, DeductionStatus.MACHINE, by=inspector)
    assert added not in evaluation.deductions


@pytest.mark.parametrize(("start_s", "end_s"), [(5.0, 5.0), (5.0, 2.0), (-1.0, 2.0), (20.0, 900.0)])
def test_a_deduction_outside_the_recording_is_refused(
    session: Session, evaluation: Evaluation, inspector: User, start_s: float, end_s: float
):
    with pytest.raises(Invalid), unit_of_work(session) as work:
        add_deduction(
            work,
            evaluation=evaluation,
            criterion_id=criteria_of(evaluation.version)[0].id,
            start_s=start_s,
            end_s=end_s,
            reason=REASON,
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )


def test_what_is_pending_must_be_decided_before_submitting(
    session: Session, evaluation: Evaluation, inspector: User
):
    with pytest.raises(DecisionsPending), unit_of_work(session) as work:
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )


@pytest.fixture
def submitted(session: Session, evaluation: Evaluation, inspector: User) -> Evaluation:
    decide_all(session, evaluation, inspector)
    with unit_of_work(session) as work:
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
    return evaluation


def test_submitting_freezes_the_sum_and_each_deductions_points(submitted: Evaluation):
    assert submitted.status is EvaluationStatus.SUBMITTED
    assert submitted.frozen_sum is not None
    assert submitted.frozen_sum["score_points"] == "97"
    frozen = {d.finding.rule: d.frozen_points for d in submitted.deductions if d.finding}
    assert (frozen["profanity"], frozen["leak_mobile"]) == (1, 2)


def test_a_call_without_speech_is_submitted_without_a_score(
    session: Session,
    make_call: MakeCall,
    evaluation_of: Callable[[Call], Evaluation],
    inspector: User,
):
    silent = evaluation_of(make_call(()))
    decide_all(session, silent, inspector, status=DeductionStatus.DISMISSED)
    with unit_of_work(session) as work:
        submit_evaluation(work, evaluation=silent, revision=silent.revision, by=inspector, now=NOON)
    assert (silent.machine_points, silent.confirmed_points) == (None, None)


def test_nothing_changes_after_submission(
    session: Session, submitted: Evaluation, inspector: User, call: Call
):
    with pytest.raises(EvaluationSubmitted):
        decide(session, submitted, submitted.deductions[0], DeductionStatus.DISMISSED, by=inspector)
    with pytest.raises(EvaluationSubmitted), unit_of_work(session) as work:
        swap_roles_and_rescore(work, call=call, by=inspector, now=NOON)
    with unit_of_work(session) as work:
        recheck_call(work, call=call, now=NOON)
    assert submitted.confirmed_points == 97


def test_a_submission_can_be_taken_back_for_five_minutes(
    session: Session, submitted: Evaluation, inspector: User
):
    at_the_end = NOON + timedelta(minutes=5)
    with unit_of_work(session) as work:
        withdraw_submission(work, evaluation=submitted, by=inspector, now=at_the_end)
    assert submitted.status is EvaluationStatus.DRAFT


def test_after_five_minutes_a_submission_stands(
    session: Session, submitted: Evaluation, inspector: User
):
    late = NOON + timedelta(minutes=5, seconds=1)
    with pytest.raises(WithdrawalTooLate), unit_of_work(session) as work:
        withdraw_submission(work, evaluation=submitted, by=inspector, now=late)


def test_a_submission_the_agent_has_answered_stands(
    session: Session, submitted: Evaluation, inspector: User
):
    with unit_of_work(session) as work:
        acknowledge_result(work, evaluation=submitted, by=inspector, now=NOON)
    with pytest.raises(WithdrawalTooLate), unit_of_work(session) as work:
        withdraw_submission(work, evaluation=submitted, by=inspector, now=NOON)


def test_swapping_the_voices_scores_the_call_anew(
    session: Session, evaluation: Evaluation, call: Call, inspector: User
):
    with unit_of_work(session) as work:
        swap_roles_and_rescore(work, call=call, by=inspector, now=NOON)
    # The swear word is the customer's now: still found, and nobody's deduction.
    word = proposal(evaluation, "profanity")
    assert word.criterion is None
    assert evaluation.machine_points is not None
    assert evaluation.machine_points > 97


def test_swapping_twice_gives_the_same_score_again(
    session: Session, evaluation: Evaluation, call: Call, inspector: User
):
    before = evaluation.machine_points
    for _turn in range(2):
        with unit_of_work(session) as work:
            swap_roles_and_rescore(work, call=call, by=inspector, now=NOON)
    assert evaluation.machine_points == before


def test_a_recheck_keeps_what_people_added(
    session: Session, evaluation: Evaluation, call: Call, inspector: User
):
    with unit_of_work(session) as work:
        add_deduction(
            work,
            evaluation=evaluation,
            criterion_id=criteria_of(evaluation.version)[0].id,
            start_s=1.0,
            end_s=2.0,
            reason=REASON,
            revision=evaluation.revision,
            by=inspector,
            now=NOON,
        )
    with unit_of_work(session) as work:
        recheck_call(work, call=call, now=NOON)
    assert [d.origin for d in evaluation.deductions].count(Origin.PERSON) == 1


def test_only_drafts_are_assigned(
    session: Session, submitted: Evaluation, make_user: MakeUser, inspector: User
):
    other = make_user()
    with unit_of_work(session) as work:
        moved = assign_evaluations(
            work, evaluations=[submitted], inspector=other, by=inspector, now=NOON
        )
    assert moved == 0
    assert submitted.inspector_id == inspector.id
