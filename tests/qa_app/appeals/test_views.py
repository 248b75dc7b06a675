"""Objecting through the pages."""

import pytest

from qa_app.appeals.queries import appeals_of
from qa_app.core.db import unit_of_work
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.services import decide_deduction, submit_evaluation
from qa_app.users.permissions import Role
from tests.makers import NOON, said

CALL = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("agent", 4.0, 6.0, "你他妈有完没完。"),
    said("agent", 7.0, 9.0, "感谢您的来电，再见。"),
)


@pytest.fixture
def agent(make_user):
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def result(make_call, make_user, agent, evaluation_of, session):
    call = make_call(CALL, agent=agent)
    inspector = make_user(Role.INSPECTOR)
    with unit_of_work(session) as work:
        evaluation = evaluation_of(call)
        for deduction in list(evaluation.deductions):
            decide_deduction(
                work,
                evaluation=evaluation,
                deduction_id=deduction.id,
                status=DeductionStatus.CONFIRMED,
                reason="",
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
    return evaluation_of(call)


def rude(result):
    return next(d for d in result.deductions if d.finding.rule == "profanity")


def object_to(browser, result, **fields):
    form = {"deduction": rude(result).id, "reason": "我当时没有说这句话", "wish": "undo"}
    return browser.post(f"/calls/{result.call_id}/objections", data=form | fields)


def test_filing_tells_the_page_that_the_draft_may_go(result, agent, sign_in):
    answer = object_to(sign_in(agent), result)
    assert f"filed={rude(result).id}" in answer.headers["Location"]
    page = sign_in(agent).get(f"/calls/{result.call_id}/result").text
    assert "我当时没有说这句话" in page
    assert "撤回异议" in page


@pytest.mark.parametrize("fields", [{"reason": "不服"}, {"wish": "money"}, {"deduction": "0" * 32}])
def test_what_was_refused_says_why_and_lets_no_draft_go(result, agent, sign_in, session, fields):
    browser = sign_in(agent)
    answer = object_to(browser, result, **fields)
    assert "filed" not in answer.headers["Location"]
    assert 'role="alert"' in browser.get(answer.headers["Location"]).text
    assert appeals_of(session, result.id) == []


def test_the_list_shows_it_to_the_inspector(result, agent, make_user, sign_in):
    object_to(sign_in(agent), result, reason="客户是 13800138567，请听第五秒")
    page = sign_in(make_user(Role.INSPECTOR)).get("/objections").text
    assert "李晓雯" in page
    assert "****8567" in page
    assert "13800138567" not in page


def test_an_objection_is_taken_back(result, agent, sign_in, session):
    browser = sign_in(agent)
    object_to(browser, result)
    (appeal,) = appeals_of(session, result.id)
    browser.post(f"/objections/{appeal.id}/withdraw")
    session.expire_all()
    assert appeal.withdrawn_at is not None
    assert "我当时没有说这句话" in browser.get("/objections?status=withdrawn").text


def test_inspectors_do_not_object(result, make_user, sign_in):
    assert object_to(sign_in(make_user(Role.INSPECTOR)), result).status_code == 403
