"""The review page in Chromium: a whole call by keys alone, and the agent's answer to it."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from asr.playback import encode_flac
from qa_app.appeals.queries import appeals_of
from qa_app.calls.models import Call
from qa_app.core.db import unit_of_work
from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation, EvaluationStatus
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Role
from tests.makers import RUDE_CALL, said

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Page]
MakeUser = Callable[..., User]
EvaluationOf = Callable[[Call], Evaluation]

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def agent(make_user: MakeUser) -> User:
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def inspector(make_user: MakeUser) -> User:
    return make_user(Role.INSPECTOR, name="周敏")


@pytest.fixture
def call(
    app: Flask, session: Session, make_call: Callable[..., Call], agent: User, tmp_path: Path
) -> Call:
    """A call of 22 s with a profanity at 7.5 s and a leak at 13.5 s, and a tone for its sound."""
    made = make_call(agent=agent, customer_number="13912342046")
    tone = 6000 * np.sin(2 * np.pi * 440 * np.arange(22 * 8000) / 8000)
    encode_flac(np.stack([tone, tone]).astype(np.int16), 8000, tmp_path / "tone.flac")
    with unit_of_work(session):
        made.redacted_key = "redacted/tone.flac"
    for key in (made.playback_key, made.redacted_key):
        app.extensions["files"].put(key, tmp_path / "tone.flac")
    return made


def plays(page: Page, from_s: float) -> None:
    """Wait until the sound runs and has passed this second."""
    page.wait_for_function(
        "from => { const a = document.getElementById('audio');"
        " return !a.paused && a.currentTime > from && a.currentTime < from + 3; }",
        arg=from_s,
    )


def faults(page: Page) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url} {fault['id']}: {node['target']}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


def test_a_whole_call_is_reviewed_by_keys_alone(
    open_as: OpenAs,
    inspector: User,
    agent: User,
    call: Call,
    make_call: Callable[..., Call],
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    other = make_call(agent=agent)
    page = open_as(inspector, f"/calls/{call.id}")
    assert page.evaluate("document.getElementById('audio').paused"), "no key, no sound"
    _hears_and_confirms(page)
    _reveals_and_dismisses(page)
    _adds_one(page)
    page.keyboard.press("m")
    page.keyboard.type("下次请先核实身份。y")
    page.keyboard.press("Escape")
    expect(page.locator("#saved")).to_contain_text("已自动保存")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/calls/{other.id}")
    expect(page.locator(".toast")).to_contain_text("已提交")

    session.rollback()
    evaluation = evaluation_of(call)
    assert evaluation.status is EvaluationStatus.SUBMITTED
    assert evaluation.note == "下次请先核实身份。y"
    (added,) = [d for d in evaluation.deductions if d.finding is None]
    assert (added.start_s, added.end_s) == (1.5, 3.0)
    assert {d.finding.rule: d.status for d in evaluation.deductions if d.finding} == {
        "profanity": DeductionStatus.CONFIRMED,
        "leak_mobile": DeductionStatus.DISMISSED,
    }
    revealed = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "personal_data:reveal")
    ).all()
    assert [entry.actor_login for entry in revealed] == [inspector.login]


def test_a_number_that_no_rule_named_is_shown_and_hidden_again_at_its_place(
    open_as: OpenAs, inspector: User, make_call: Callable[..., Call]
) -> None:
    call = make_call((*RUDE_CALL, said("customer", 21.5, 24.0, "订单是九零二七，一四四八三。")))
    page = open_as(inspector, f"/calls/{call.id}")
    number = page.locator(".turn .masked[data-place]")
    expect(number).to_have_text("****4483")
    number.press("Enter")
    expect(number).to_have_text("九零二七，一四四八三")
    number.press("Enter")
    expect(number).to_have_text("****4483")


def _hears_and_confirms(page: Page) -> None:
    page.keyboard.press("j")  # the first finding, heard from one second before it begins
    current = page.locator(".finding[aria-current=true]")
    expect(current).to_contain_text("粗口")
    plays(page, 6.4)
    page.keyboard.press("y")
    expect(page.locator(".toast")).to_contain_text("已确认，扣 1 分")
    expect(page.locator(".score__main")).to_contain_text("99")
    expect(current).to_contain_text("泄密")  # the next one is current
    plays(page, 12.4)  # and heard
    expect(page.locator(".turn[aria-current=true]")).to_contain_text("查到了")


def _reveals_and_dismisses(page: Page) -> None:
    leak = page.locator(".finding", has_text="泄密")
    page.keyboard.press("r")
    expect(leak.locator(".masked[aria-pressed=true]")).to_contain_text("13800138567")
    page.keyboard.press("x")
    expect(page.locator("#dismissal")).to_be_visible()
    page.keyboard.press("4")
    expect(leak).to_contain_text("已按流程核实身份后告知")
    page.keyboard.press("z")
    expect(leak.locator(".verdict")).to_contain_text("待判定")
    page.keyboard.press("Control+Enter")  # one still waits, so nothing is submitted
    expect(page.locator(".toast")).to_contain_text("还有 1 条待判定")
    page.keyboard.press("x")
    page.keyboard.press("0")
    page.keyboard.type("是公司自己的号码")
    page.keyboard.press("Control+Enter")
    expect(leak).to_contain_text("是公司自己的号码")


def _adds_one(page: Page) -> None:
    page.keyboard.press("a")
    expect(page.locator("#add-criterion")).to_be_focused()
    page.keyboard.press("ArrowDown")
    for words in ("00:01.5", "00:03"):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("开头语气生硬，没有问候")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".finding[data-added]")).to_contain_text("补扣")
    expect(page.locator("#addition")).to_be_hidden()


def test_the_agent_hears_the_proof_and_objects_and_no_draft_is_lost(
    open_as: OpenAs,
    inspector: User,
    agent: User,
    call: Call,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    review = open_as(inspector, f"/calls/{call.id}")
    for pending in ("1 ", "0 "):
        review.keyboard.press("y")
        expect(review.locator("#left")).to_contain_text(f"还有 {pending}")
    review.keyboard.press("Control+Enter")
    review.wait_for_url("**/calls")
    expect(review.locator(".toast")).to_contain_text("待复核的都做完了")
    page = open_as(agent, f"/calls/{call.id}/result")
    page.get_by_role("button", name="00:07 听").click()
    plays(page, 6.4)
    page.get_by_text("提出异议", exact=True).first.click()
    page.locator("textarea:visible").fill("我没有骂人，请再听第八秒")
    page.reload()
    expect(page.locator("textarea:visible")).to_have_value("我没有骂人，请再听第八秒")
    assert faults(page) == []
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("等答复")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0
    session.rollback()
    (appeal,) = appeals_of(session, evaluation_of(call).id)
    assert appeal.reason == "我没有骂人，请再听第八秒"


def test_no_digit_of_the_personal_data_is_on_the_page_before_it_is_asked_for(
    open_as: OpenAs, inspector: User, call: Call
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    whole = page.content() + page.evaluate("document.body.innerText")
    assert not [s for s in ("13800138567", "八五六七", "8013", "13912342046") if s in whole]


def test_single_keys_rest_while_an_input_method_composes(
    open_as: OpenAs, inspector: User, call: Call
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    page.locator("#note").focus()
    debugger = page.context.new_cdp_session(page)
    debugger.send("Input.imeSetComposition", {"text": "y", "selectionStart": 1, "selectionEnd": 1})
    page.keyboard.press("y")
    debugger.send("Input.insertText", {"text": "已"})
    expect(page.locator("#note")).to_have_value("已y")
    expect(page.locator(".finding[data-status=confirmed]")).to_have_count(0)


def test_single_keys_can_be_switched_off(
    open_as: OpenAs, inspector: User, call: Call, session: Session
) -> None:
    inspector.single_keys = False
    session.commit()
    page = open_as(inspector, f"/calls/{call.id}")
    page.keyboard.press("y")
    page.keyboard.press("x")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator(".finding[data-status=confirmed]")).to_have_count(0)
    page.get_by_role("button", name="确认扣 1 分").click()
    expect(page.locator(".finding[data-status=confirmed]")).to_have_count(1)


def test_a_word_pressed_is_heard_and_a_finding_on_the_waveform_too(
    open_as: OpenAs, inspector: User, call: Call
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    page.locator(".word", has_text="宽").first.click()
    plays(page, 4.0)
    page.keyboard.press(" ")
    page.wait_for_function("document.getElementById('audio').paused")
    page.locator(".region[data-kind=leak] .region__flag").click()
    plays(page, 12.0)
    expect(page.locator(".finding[aria-current=true]")).to_contain_text("泄密")


def test_the_raw_sound_is_a_key_away_goes_on_where_it_was_and_is_written_down(
    open_as: OpenAs, inspector: User, call: Call, session: Session
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    button = page.locator("[data-do=raw]")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("j")
    plays(page, 6.4)
    page.keyboard.press("o")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("document.getElementById('audio').src.includes('raw=')")
    plays(page, 6.4)
    page.keyboard.press("o")
    page.wait_for_function("!document.getElementById('audio').src.includes('raw=')")
    plays(page, 6.4)
    page.keyboard.press("o")
    expect(button).to_have_attribute("aria-pressed", "true")
    session.rollback()
    heard = select(AuditEntry).where(AuditEntry.action == "call:hear_raw")
    assert len(session.scalars(heard).all()) == 1


def test_a_page_whose_numbers_are_being_covered_plays_as_soon_as_they_are(
    open_as: OpenAs, inspector: User, call: Call, session: Session
) -> None:
    with unit_of_work(session):
        made, call.redacted_key = call.redacted_key, None
    page = open_as(inspector, f"/calls/{call.id}")
    waiting = page.locator("#sound-waiting")
    expect(waiting).to_contain_text("正在给录音里的号码加遮音")
    page.keyboard.press(" ")
    expect(page.locator("#sound-error")).to_be_hidden()
    assert faults(page) == []
    with unit_of_work(session):
        call.redacted_key = made
    expect(waiting).to_be_hidden(timeout=10_000)
    page.keyboard.press(" ")
    plays(page, 0.0)


def test_a_loop_goes_round_and_silence_is_passed_over(
    open_as: OpenAs, inspector: User, call: Call
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    page.keyboard.press("j")
    page.keyboard.press("l")
    plays(page, 6.4)
    page.evaluate("document.getElementById('audio').currentTime = 11.2")
    plays(page, 6.4)
    page.keyboard.press("l")


def test_a_stretch_drawn_on_the_waveform_fills_in_the_times(
    open_as: OpenAs, inspector: User, call: Call
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    box = page.locator("#wave").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.15, box["y"] + 100, steps=4)
    page.mouse.up()
    # The call is 22 s long: a twentieth of it is 1.1 s, three twentieths are 3.3 s.
    expect(page.locator("#add-start")).to_have_value(re.compile(r"00:01\.[01]"))
    expect(page.locator("#add-end")).to_have_value(re.compile(r"00:03\.[23]"))


def test_a_decision_on_an_old_page_is_refused_and_says_whose_stands(
    open_as: OpenAs, inspector: User, make_user: MakeUser, call: Call, session: Session
) -> None:
    mine = open_as(inspector, f"/calls/{call.id}")
    theirs = open_as(make_user(Role.INSPECTOR, name="何静"), f"/calls/{call.id}")
    theirs.keyboard.press("y")
    expect(theirs.locator(".finding[data-status=confirmed]")).to_have_count(1)
    mine.keyboard.press("y")
    expect(mine.locator("#problem")).to_contain_text("何静刚刚改过这通的评分")
    mine.get_by_role("link", name="刷新").click()
    expect(mine.locator(".finding[data-status=confirmed]")).to_have_count(1)
    session.rollback()
    confirmed = session.scalars(
        select(Deduction).where(Deduction.status == DeductionStatus.CONFIRMED)
    ).all()
    assert len(confirmed) == 1


@pytest.mark.parametrize(
    ("width", "theme"), [(1280, "light"), (1280, "dark"), (1024, "light"), (390, "dark")]
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    open_as: OpenAs, inspector: User, call: Call, width: int, theme: str
) -> None:
    page = open_as(inspector, f"/calls/{call.id}", width=width, theme=theme)
    assert faults(page) == []
    page.keyboard.press("a")
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
