"""The review page: what it shows, what it hides, what it asks and answers."""

import re

import pytest
from sqlalchemy import select

from asr.transcript import Channel
from qa_app.calls.models import CallStatus
from qa_app.core.db import unit_of_work
from qa_app.reviews.services import SHORTEST_REASON
from qa_app.users.models import AuditEntry
from qa_app.users.permissions import Role
from tests.makers import RUDE_CALL, said

JSON = {"Accept": "application/json"}
NUMBER = re.compile(r"13800138567|幺三八，零零幺三，八五六七|13912342046")


@pytest.fixture
def inspector(make_user):
    return make_user(Role.INSPECTOR, name="周敏")


@pytest.fixture
def agent(make_user):
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def call(make_call, agent):
    return make_call(agent=agent, customer_number="13912342046")


@pytest.fixture
def sound(app, call, session, tmp_path):
    source = tmp_path / "sound.flac"
    source.write_bytes(bytes(range(256)) * 8)
    with unit_of_work(session):
        call.redacted_key = "redacted/sound.flac"
    app.extensions["files"].put(call.redacted_key, source)
    return source.read_bytes()


def proposals(evaluation, *, rule=None):
    return [d for d in evaluation.deductions if rule is None or d.finding.rule == rule]


def revision(evaluation_of, call, session):
    session.expire_all()
    return evaluation_of(call).revision


def entries(session, action):
    session.rollback()  # the log is written on another connection
    return session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def decide(browser, call, deduction, *, status, revision, reason=""):
    return browser.post(
        f"/calls/{call.id}/deductions/{deduction.id}",
        json={"status": status, "reason": reason, "revision": revision},
        headers=JSON,
    )


def test_the_page_shows_the_transcript_and_no_digit_of_the_personal_data(call, inspector, sign_in):
    page = sign_in(inspector).get(f"/calls/{call.id}").text
    assert "我又不是修宽带的" in re.sub(r"<[^>]+>", "", page)
    assert "138****8567" in page
    assert "139****2046" in page
    assert NUMBER.search(page) is None
    assert NUMBER.search(re.sub(r"<[^>]+>", "", page)) is None


def test_opening_a_call_is_written_down(call, inspector, sign_in, session):
    sign_in(inspector).get(f"/calls/{call.id}")
    (entry,) = entries(session, "call:open")
    assert (entry.actor_login, entry.subject_id) == (inspector.login, call.id)


def test_the_page_needs_no_inline_style_or_script(call, inspector, sign_in):
    page = sign_in(inspector).get(f"/calls/{call.id}").text
    assert " style=" not in page
    assert re.search(r"<script(?![^>]* src=)", page) is None


def test_a_number_is_shown_to_who_may_see_it_and_that_is_written_down(
    call, inspector, sign_in, session
):
    browser = sign_in(inspector)
    page = browser.get(f"/calls/{call.id}").text
    datum = int(re.findall(r'data-datum="(\d+)"', page)[0])
    values = [
        browser.post(f"/calls/{call.id}/reveal", json={"datum": d}, headers=JSON).json["value"]
        for d in {int(d) for d in re.findall(r'data-datum="(\d+)"', page)}
    ]
    assert "13800138567" in values
    shown = entries(session, "personal_data:reveal")
    assert len(shown) == len(values)
    assert datum in {entry.detail["datum"] for entry in shown}
    assert all("138" not in str(entry.detail) for entry in shown)


def test_a_number_that_no_rule_named_is_masked_and_shown_in_the_same_way(
    make_call, inspector, make_user, sign_in, session
):
    call = make_call((*RUDE_CALL, said("customer", 21.5, 24.0, "订单是九零二七，一四四八三。")))
    browser = sign_in(inspector)
    page = browser.get(f"/calls/{call.id}").text
    assert "****4483" in page
    assert "九零二七" not in re.sub(r"<[^>]+>", "", page)
    # 订单是 are three characters of the seventh utterance.
    assert 'data-place="6-3"' in page
    address, place = f"/calls/{call.id}/reveal", {"utterance": 6, "start": 3}
    assert browser.post(address, json=place, headers=JSON).json["value"] == "九零二七，一四四八三"
    (entry,) = entries(session, "personal_data:reveal")
    assert entry.detail == {"what": "NUMBER", **place}
    nowhere = browser.post(address, json={"utterance": 6, "start": 4}, headers=JSON)
    assert nowhere.status_code == 404
    others = sign_in(make_user(Role.ADMINISTRATOR)).post(address, json=place, headers=JSON)
    assert others.status_code == 403


def test_the_customers_number_is_shown_the_same_way(call, inspector, sign_in, session):
    answer = sign_in(inspector).post(f"/calls/{call.id}/reveal-number", headers=JSON)
    assert answer.json["value"] == "13912342046"
    assert len(entries(session, "personal_data:reveal")) == 1


def test_a_datum_of_another_call_is_not_shown_through_this_one(call, make_call, inspector, sign_in):
    other = make_call()
    browser = sign_in(inspector)
    page = browser.get(f"/calls/{other.id}").text
    datum = int(re.findall(r'data-datum="(\d+)"', page)[0])
    answer = browser.post(f"/calls/{call.id}/reveal", json={"datum": datum}, headers=JSON)
    assert answer.status_code == 404


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.AGENT])
def test_others_may_not_lift_a_mask(call, make_user, sign_in, role):
    browser = sign_in(make_user(role))
    answer = browser.post(f"/calls/{call.id}/reveal-number", headers=JSON)
    assert answer.status_code == 403


def test_an_administrator_reads_the_page_without_anything_to_press(call, make_user, sign_in):
    page = sign_in(make_user(Role.ADMINISTRATOR)).get(f"/calls/{call.id}").text
    assert 'data-do="confirm"' not in page
    assert "data-datum" not in page
    assert "138****8567" in page


def test_a_decision_answers_with_the_parts_that_changed(call, inspector, sign_in, evaluation_of):
    browser = sign_in(inspector)
    evaluation = evaluation_of(call)
    (rude,) = proposals(evaluation, rule="profanity")
    answer = decide(browser, call, rude, status="confirmed", revision=evaluation.revision).json
    assert answer["message"] == "已确认，扣 1 分"
    assert answer["score"] == "99"
    assert answer["statuses"][rude.id] == "confirmed"
    assert "100 − 1 = 99" in answer["sum"]
    assert NUMBER.search(str(answer)) is None


def test_two_people_cannot_decide_over_each_other(
    call, inspector, make_user, sign_in, evaluation_of
):
    evaluation = evaluation_of(call)
    seen, (first, *_) = evaluation.revision, proposals(evaluation)
    decide(sign_in(inspector), call, first, status="confirmed", revision=seen)
    late = decide(
        sign_in(make_user(Role.INSPECTOR)),
        call,
        first,
        status="dismissed",
        revision=seen,
        reason="客户说的，不是坐席说的",
    )
    assert late.status_code == 409
    assert late.json["detail"].startswith("周敏刚刚改过")


def test_a_dismissal_needs_a_reason_that_can_be_understood(call, inspector, sign_in, evaluation_of):
    evaluation = evaluation_of(call)
    first = proposals(evaluation)[0]
    answer = decide(
        sign_in(inspector),
        call,
        first,
        status="dismissed",
        revision=evaluation.revision,
        reason="字" * (SHORTEST_REASON - 1),
    )
    assert answer.status_code == 422
    assert answer.json["field"] == "reason"


def test_a_deduction_is_added_and_taken_back(call, inspector, sign_in, evaluation_of):
    browser = sign_in(inspector)
    evaluation = evaluation_of(call)
    criterion = evaluation.version.sections[1].criteria[5]  # 四.6, 2 points each
    answer = browser.post(
        f"/calls/{call.id}/deductions",
        json={
            "criterion": criterion.id,
            "start_s": 7.5,
            "end_s": 10.5,
            "reason": "第八秒贬低自己的公司",
            "revision": evaluation.revision,
        },
        headers=JSON,
    ).json
    assert answer["message"] == "已补扣 2 分"
    undone = browser.post(
        f"/calls/{call.id}/deductions/{answer['added']}",
        json={"status": "machine", "revision": answer["revision"]},
        headers=JSON,
    ).json
    assert undone["message"] == "已撤掉补扣"
    assert answer["added"] not in undone["statuses"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"status": "perhaps", "revision": 1}, "status"),
        ({"status": "confirmed"}, "revision"),
        ({"status": "confirmed", "revision": True}, "revision"),
        ([], "status"),
    ],
)
def test_what_cannot_be_read_is_refused(call, inspector, sign_in, evaluation_of, body, field):
    first = proposals(evaluation_of(call))[0]
    answer = sign_in(inspector).post(
        f"/calls/{call.id}/deductions/{first.id}", json=body, headers=JSON
    )
    assert (answer.status_code, answer.json["field"]) == (422, field)


def test_submitting_opens_the_next_call(
    call, make_call, inspector, sign_in, evaluation_of, session
):
    other = make_call()
    browser = sign_in(inspector)
    for deduction in proposals(evaluation_of(call)):
        decide(
            browser,
            call,
            deduction,
            status="confirmed",
            revision=revision(evaluation_of, call, session),
        )
    answer = browser.post(
        f"/calls/{call.id}/submit",
        json={"revision": revision(evaluation_of, call, session)},
        headers=JSON,
    ).json
    assert answer["next"] == f"/calls/{other.id}"
    page = browser.get(f"/calls/{call.id}").text
    assert "周敏" in page
    assert 'data-do="confirm"' not in page


def test_a_call_with_pending_proposals_is_not_submitted(call, inspector, sign_in, evaluation_of):
    answer = sign_in(inspector).post(
        f"/calls/{call.id}/submit", json={"revision": evaluation_of(call).revision}, headers=JSON
    )
    assert answer.status_code == 409
    assert "待判定" in answer.json["detail"]


def test_passing_a_call_over_opens_another_and_keeps_it_on_the_list(
    call, make_call, inspector, sign_in
):
    other = make_call()
    browser = sign_in(inspector)
    onward = browser.get(f"/calls/next?after={call.id}")
    assert onward.headers["Location"] == f"/calls/{other.id}"
    back = browser.get(f"/calls/next?after={other.id}")
    assert back.headers["Location"] == f"/calls/{call.id}"


def test_words_to_the_agent_are_kept_as_they_are_written(
    call, inspector, sign_in, evaluation_of, session
):
    answer = sign_in(inspector).post(
        f"/calls/{call.id}/note", json={"note": "下次请先核实身份"}, headers=JSON
    )
    assert answer.json["message"].startswith("已自动保存")
    session.expire_all()
    assert evaluation_of(call).note == "下次请先核实身份"


def test_swapping_the_voices_checks_again(call, inspector, sign_in, evaluation_of, session):
    sign_in(inspector).post(f"/calls/{call.id}/swap")
    session.expire_all()
    rude = [d for d in evaluation_of(call).deductions if d.finding.rule == "profanity"]
    assert all(d.finding.channel is Channel.CUSTOMER for d in rude)
    assert all(d.criterion is None for d in rude)


def test_the_sound_is_served_by_range(call, inspector, sign_in, sound):
    browser = sign_in(inspector)
    whole = browser.get(f"/calls/{call.id}/sound")
    assert (whole.status_code, whole.data, whole.mimetype) == (200, sound, "audio/flac")
    part = browser.get(f"/calls/{call.id}/sound", headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, sound[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(sound)}"
    end = browser.get(f"/calls/{call.id}/sound", headers={"Range": "bytes=-10"})
    assert end.data == sound[-10:]
    beyond = browser.get(f"/calls/{call.id}/sound", headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416


def test_an_agent_hears_nothing_before_it_is_submitted(call, agent, sign_in, sound):
    assert sign_in(agent).get(f"/calls/{call.id}/sound").status_code == 404


def test_another_teams_supervisor_neither_sees_nor_hears_the_call(call, make_user, sign_in, sound):
    browser = sign_in(make_user(Role.SUPERVISOR, team="二组"))
    assert browser.get(f"/calls/{call.id}").status_code == 404
    assert browser.get(f"/calls/{call.id}/sound").status_code == 404


def test_a_recruiter_has_no_business_here(call, make_user, sign_in):
    assert sign_in(make_user(Role.RECRUITER)).get(f"/calls/{call.id}").status_code == 403


def test_a_waiting_call_shows_how_far_it_is(make_call, inspector, sign_in):
    call = make_call(processed=False)
    browser = sign_in(inspector)
    page = browser.get(f"/calls/{call.id}").text
    assert "排队中" in page
    state = browser.get(f"/calls/{call.id}/progress", headers=JSON).json
    assert state == {"status": "queued", "percent": 0, "stage": "排队中"}


def test_a_failed_call_says_why_and_can_be_tried_again(make_call, inspector, sign_in, session):
    call = make_call(processed=False)
    with unit_of_work(session):
        call.status, call.failure_message = CallStatus.FAILED, "录音只有前 1 分 58 秒。"
    browser = sign_in(inspector)
    page = browser.get(f"/calls/{call.id}").text
    assert "录音只有前 1 分 58 秒。" in page
    assert "再试一次" in page
    browser.post(f"/calls/{call.id}/reprocess")
    session.expire_all()
    assert call.status is CallStatus.QUEUED


def test_silence_has_no_score(make_call, inspector, sign_in):
    page = sign_in(inspector).get(f"/calls/{make_call(()).id}").text
    assert "录音里没有人声" in page
    assert re.search(r'score__main">未评<', page)


def test_voices_that_nobody_told_apart_give_no_machine_score(make_call, inspector, sign_in):
    call = make_call((said("unknown", 0, 3, "你他妈有完没完"),))
    page = sign_in(inspector).get(f"/calls/{call.id}").text
    assert "未能确定哪一方是坐席" in page
    assert "疑似" in page
    assert "对换声道</button>" not in page


def test_an_agent_is_led_to_the_result(call, agent, sign_in):
    answer = sign_in(agent).get(f"/calls/{call.id}")
    assert answer.headers["Location"] == f"/calls/{call.id}/result"
