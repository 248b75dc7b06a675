"""Two people in one sound, in Chromium: heard, named by key, and one utterance moved by key."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from asr.playback import encode_flac
from asr.transcript import Channel
from qa_app.calls.models import Call
from qa_app.core.db import unit_of_work
from qa_app.redaction.queries import redaction_of
from qa_app.reviews.models import Evaluation
from qa_app.users.models import User
from qa_app.users.permissions import Role
from tests.browser.test_review_page import faults, plays
from tests.makers import RUDE_CALL, UNSURE_CALL

pytestmark = pytest.mark.browser

OpenAs = Callable[..., Page]
MakeUser = Callable[..., User]
EvaluationOf = Callable[[Call], Evaluation]
RATE_HZ = 8000


@pytest.fixture
def inspector(make_user: MakeUser) -> User:
    return make_user(Role.INSPECTOR, name="周敏")


@pytest.fixture
def call(
    app: Flask, session: Session, make_call: Callable[..., Call], tmp_path: Path
) -> Iterator[Call]:
    """A one-channel call of 22 s: a low tone while the agent speaks, a high one for the other."""
    made = make_call(UNSURE_CALL, role_confidence=0.55)
    sound = np.zeros(22 * RATE_HZ)
    for said in UNSURE_CALL:
        start, end = int(said.start_s * RATE_HZ), int(said.end_s * RATE_HZ)
        pitch_hz = 800 if said.voice else 200
        sound[start:end] = 6000 * np.sin(2 * np.pi * pitch_hz * np.arange(end - start) / RATE_HZ)
    encode_flac(sound.astype(np.int16)[np.newaxis], RATE_HZ, tmp_path / "call.flac")
    with unit_of_work(session):
        made.redacted_key = redaction_of(session, made).key
    app.extensions["files"].put(made.redacted_key, tmp_path / "call.flac")
    return made


def speakers(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".turn__who span").all_inner_texts()]


def channels(session: Session, call: Call) -> list[Channel]:
    session.rollback()
    return [said.channel for said in call.utterances]


def test_the_agent_is_named_and_an_utterance_moved_by_keys_alone(
    open_as: OpenAs,
    inspector: User,
    call: Call,
    evaluation_of: EvaluationOf,
    session: Session,
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    expect(page.locator("#voices")).to_contain_text("单声道录音，未能确定哪一方是坐席")
    assert speakers(page) == ["甲", "乙", "甲", "乙", "甲", "甲"]
    page.keyboard.press("2")  # 乙's longest utterance begins at 4.0 s
    plays(page, 2.9)
    page.keyboard.press("1")  # 甲's at 13.5 s
    plays(page, 12.4)
    page.keyboard.press("3")
    expect(page.locator(".toast")).to_contain_text("已定下坐席")
    expect(page.locator("#voices")).to_have_count(0)
    assert speakers(page) == ["坐席", "客户", "坐席", "客户", "坐席", "坐席"]
    assert channels(session, call) == [said.channel for said in RUDE_CALL]
    assert evaluation_of(call).machine_points == 97

    for _turn in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".turn[aria-current=true]")).to_contain_text("完没完")
    page.keyboard.press("v")
    expect(page.locator(".toast")).to_contain_text("已移到另一方")
    expect(page.locator(".turn[aria-current=true]")).to_contain_text("完没完")
    assert channels(session, call)[2] is Channel.CUSTOMER
    page.keyboard.press("v")  # and back
    expect(page.locator(".turn[aria-current=true] .turn__who")).to_contain_text("坐席")
    assert channels(session, call) == [said.channel for said in RUDE_CALL]


def test_it_asks_once_before_decisions_are_thrown_away(
    open_as: OpenAs, inspector: User, call: Call, session: Session
) -> None:
    page = open_as(inspector, f"/calls/{call.id}")
    page.keyboard.press("y")
    expect(page.locator(".finding[data-status=confirmed]")).to_have_count(1)
    page.keyboard.press("4")
    expect(page.locator("#rescoring")).to_be_visible()
    page.get_by_role("button", name="不改").click()
    assert set(channels(session, call)) == {Channel.UNKNOWN}
    page.keyboard.press("4")
    page.get_by_role("button", name="改", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("已定下坐席")
    assert channels(session, call) == [said.channel.other for said in RUDE_CALL]
    page.get_by_role("button", name="对换声道").click()
    expect(page.locator(".toast")).to_contain_text("已对换声道")
    assert channels(session, call) == [said.channel for said in RUDE_CALL]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_while_the_agent_is_not_known(
    open_as: OpenAs, inspector: User, call: Call, width: int, theme: str
) -> None:
    page = open_as(inspector, f"/calls/{call.id}", width=width, theme=theme)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
