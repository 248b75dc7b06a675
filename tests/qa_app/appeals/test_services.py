"""Objections: who may file one, against what, and that it is not lost."""

import pytest

from qa_app.appeals.errors import AppealReasonMissing, AppealStands, NothingToAppeal
from qa_app.appeals.models import AppealStatus, Wish
from qa_app.appeals.permissions import can_file_appeal, can_withdraw_appeal
from qa_app.appeals.queries import appeals_of, appeals_seen, open_appeal
from qa_app.appeals.services import LONGEST_REASON, file_appeal, withdraw_appeal
from qa_app.core.db import unit_of_work
from qa_app.core.errors import NotAllowed
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.services import decide_deduction, submit_evaluation
from qa_app.users.permissions import Actor, Role
from tests.makers import NOON

REASON = "客户停了一秒，我以为他说完了"


@pytest.fixture
def agent(make_user):
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def result(make_call, make_user, agent, evaluation_of, session):
    """A submitted evaluation with its profanity confirmed and all else dismissed."""
    call = make_call(agent=agent)
    inspector = make_user(Role.INSPECTOR)
    with unit_of_work(session) as work:
        evaluation = evaluation_of(call)
        for deduction in list(evaluation.deductions):
            rude = deduction.finding.rule == "profanity"
            decide_deduction(
                work,
                evaluation=evaluation,
                deduction_id=deduction.id,
                status=DeductionStatus.CONFIRMED if rude else DeductionStatus.DISMISSED,
                reason="" if rude else "已按流程核实身份后告知",
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
    return evaluation_of(call)


def of_status(result, status):
    return next(d for d in result.deductions if d.status is status)


def file(session, result, by, *, reason=REASON, status=DeductionStatus.CONFIRMED):
    with unit_of_work(session) as work:
        return file_appeal(
            work,
            evaluation=result,
            deduction_id=of_status(result, status).id,
            reason=reason,
            wish=Wish.UNDO,
            by=by,
            now=NOON,
        )


def test_an_objection_is_kept_and_shows_on_the_evaluation(session, result, agent):
    appeal = file(session, result, agent)
    assert appeal.reason == REASON
    assert result.objected_at == NOON
    assert list(appeals_of(session, result.id)) == [appeal]


def test_a_deduction_has_one_open_objection(session, result, agent):
    file(session, result, agent)
    with pytest.raises(AppealStands):
        file(session, result, agent)


def test_a_withdrawn_objection_stays_on_record_and_makes_room_for_another(session, result, agent):
    first = file(session, result, agent)
    with unit_of_work(session) as work:
        withdraw_appeal(work, appeal=first, by=agent, now=NOON)
    assert open_appeal(session, first.deduction_id) is None
    file(session, result, agent)
    assert [appeal.status for appeal in appeals_of(session, result.id)] == [
        AppealStatus.WITHDRAWN,
        AppealStatus.FILED,
    ]


def test_only_what_costs_points_is_objected_to(session, result, agent):
    with pytest.raises(NothingToAppeal):
        file(session, result, agent, status=DeductionStatus.DISMISSED)


@pytest.mark.parametrize("reason", ["不公平", "   我不服   ", "字" * (LONGEST_REASON + 1)])
def test_a_reason_says_neither_too_little_nor_too_much(session, result, agent, reason):
    with pytest.raises(AppealReasonMissing):
        file(session, result, agent, reason=reason)


def test_nobody_objects_for_somebody_else(session, result, make_user):
    with pytest.raises(NotAllowed):
        file(session, result, make_user(Role.AGENT, team="一组"))


def test_nobody_withdraws_somebody_elses(session, result, agent, make_user):
    appeal = file(session, result, agent)
    with pytest.raises(NotAllowed), unit_of_work(session) as work:
        withdraw_appeal(work, appeal=appeal, by=make_user(Role.AGENT), now=NOON)


@pytest.mark.parametrize("role", list(Role))
def test_only_agents_file_and_withdraw_and_only_their_own(role):
    actor = Actor(id="a", role=role, team_id=None)
    is_agent = role is Role.AGENT
    assert can_file_appeal(actor, agent_id="a") is is_agent
    assert can_withdraw_appeal(actor, filed_by="a") is is_agent
    assert not can_file_appeal(actor, agent_id="b")
    assert not can_file_appeal(actor, agent_id=None)
    assert not can_withdraw_appeal(actor, filed_by="b")


def test_the_list_keeps_to_each_persons_sight(session, result, agent, make_user):
    appeal = file(session, result, agent)
    sees = {
        agent: [appeal],
        make_user(Role.INSPECTOR): [appeal],
        make_user(Role.SUPERVISOR, team="一组"): [appeal],
        make_user(Role.SUPERVISOR, team="二组"): [],
        make_user(Role.AGENT, team="一组"): [],
        make_user(Role.RECRUITER): [],
    }
    for person, seen in sees.items():
        appeals, total = appeals_seen(session, actor=person.actor)
        assert (list(appeals), total) == (seen, len(seen))
