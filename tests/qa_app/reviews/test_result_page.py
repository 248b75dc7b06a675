"""What an agent sees of a submitted evaluation."""

import re

import pytest

from qa_app.core.db import unit_of_work
from qa_app.reviews.models import DeductionStatus
from qa_app.reviews.services import decide_deduction, submit_evaluation
from qa_app.users.permissions import Role
from tests.makers import NOON


@pytest.fixture
def agent(make_user):
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def submitted(make_call, make_user, agent, evaluation_of, session):
    call = make_call(agent=agent)
    inspector = make_user(Role.INSPECTOR, name="周敏")
    with unit_of_work(session) as work:
        evaluation = evaluation_of(call)
        for deduction in list(evaluation.deductions):
            leak = deduction.finding.rule.startswith("leak")
            decide_deduction(
                work,
                evaluation=evaluation,
                deduction_id=deduction.id,
                status=DeductionStatus.DISMISSED if leak else DeductionStatus.CONFIRMED,
                reason="已按流程核实身份后告知" if leak else "",
                revision=evaluation.revision,
                by=inspector,
                now=NOON,
            )
        submit_evaluation(
            work, evaluation=evaluation, revision=evaluation.revision, by=inspector, now=NOON
        )
    return call


def test_the_result_gives_each_deduction_with_clause_quote_and_sum(submitted, agent, sign_in):
    page = sign_in(agent).get(f"/calls/{submitted.id}/result").text
    text = re.sub(r"<[^>]+>", "", page)
    assert "在监听过程中听到班员讲粗口，每发现一次扣1分。" in text
    assert "你他妈有完没完" in text
    assert "100 − 1 = 99" in text
    assert "八五六七" not in text


def test_what_was_dismissed_is_not_shown(submitted, agent, sign_in):
    page = sign_in(agent).get(f"/calls/{submitted.id}/result").text
    assert "泄密" not in page
    assert "已按流程核实" not in page


def test_the_first_reading_is_remembered(submitted, agent, sign_in, evaluation_of, session):
    browser = sign_in(agent)
    browser.get(f"/calls/{submitted.id}/result")
    session.expire_all()
    first = evaluation_of(submitted).first_read_at
    assert first is not None
    browser.get(f"/calls/{submitted.id}/result")
    session.expire_all()
    assert evaluation_of(submitted).first_read_at == first


def test_an_inspector_reading_it_is_no_reading_by_the_agent(
    submitted, make_user, sign_in, evaluation_of, session
):
    sign_in(make_user(Role.INSPECTOR)).get(f"/calls/{submitted.id}/result")
    session.expire_all()
    assert evaluation_of(submitted).first_read_at is None


def test_an_agent_acknowledges_it(submitted, agent, sign_in, evaluation_of, session):
    sign_in(agent).post(f"/calls/{submitted.id}/acknowledge")
    session.expire_all()
    assert evaluation_of(submitted).acknowledged_at is not None


def test_another_agent_sees_nothing(submitted, make_user, sign_in):
    browser = sign_in(make_user(Role.AGENT, team="一组"))
    assert browser.get(f"/calls/{submitted.id}/result").status_code == 404
    assert browser.post(f"/calls/{submitted.id}/acknowledge").status_code == 404


def test_a_draft_is_not_shown_to_the_agent(make_call, agent, sign_in):
    assert sign_in(agent).get(f"/calls/{make_call(agent=agent).id}/result").status_code == 404


def test_a_draft_leads_the_inspector_to_the_review(make_call, make_user, sign_in):
    call = make_call()
    answer = sign_in(make_user(Role.INSPECTOR)).get(f"/calls/{call.id}/result")
    assert answer.headers["Location"] == f"/calls/{call.id}"


def test_nobody_lifts_a_mask_on_the_result(submitted, make_user, sign_in):
    page = sign_in(make_user(Role.INSPECTOR)).get(f"/calls/{submitted.id}/result").text
    assert "data-datum" not in page
