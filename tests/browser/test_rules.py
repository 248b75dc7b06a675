"""Rules in Chromium: a word changed, tried, published, and the next call checked with it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.calls.queries import call_by_id
from qa_app.checks.queries import findings_of
from qa_app.checks.services import conversation_of, examine
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.jobs.worker import run_job
from qa_app.reviews.proposals import score_call
from qa_app.rule_sets.queries import rules_in_force
from qa_app.rule_sets.services import TRY_RULES, start_draft
from qa_app.users.models import User
from qa_app.users.permissions import Role
from tests.makers import said

pytestmark = pytest.mark.browser

AXE = Path(__file__).parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
PAGES = (
    "/rules",
    "/rules/1",
    "/rules/draft",
    "/rules/draft/rules",
    "/rules/draft/words",
    "/rules/draft/wordings",
    "/rules/draft/thresholds",
    "/rules/draft/directory",
    "/rules/draft/switches",
    "/rules/draft/composites",
    "/rules/draft/composites/new?kind=entity",
    "/rules/draft/publish",
    "/rules/performance",
    "/rules/performance/profanity",
)
CALL = (
    said("agent", 0.5, 3.5, "您好，客户服务中心，请问有什么可以帮您？"),
    said("agent", 4.0, 7.0, "你买的那个就是坑货。"),
    said("agent", 8.5, 11.0, "感谢您的来电，再见。"),
)


def check(session: Session, call: Call) -> list[tuple[str, int]]:
    """Check a call as a worker does that has just heard it."""
    in_force = rules_in_force(session)
    examination = examine(conversation_of(call), in_force.rules, in_force.number)
    with unit_of_work(session) as work:
        score_call(work, call=call_by_id(work, call.id), examination=examination, now=clock.now())
    return [(one.rule, one.rule_set_version) for one in findings_of(session, call.id)]


def test_a_word_is_added_tried_published_and_found_in_the_next_call(
    app: Flask,
    session: Session,
    open_as: Callable[..., Page],
    make_user: Callable[..., User],
    make_call: Callable[..., Call],
):
    agent = make_user(Role.AGENT, name="陈莉")
    assert check(session, make_call(CALL, agent=agent, started_at=clock.now())) == []
    page = open_as(make_user(Role.ADMINISTRATOR), "/rules")
    page.get_by_role("button", name="改规则").press("Enter")
    page.get_by_role("link", name="粗口和辱骂词").press("Enter")
    page.get_by_label("加的词").fill("坑货，很坏")
    page.get_by_role("button", name="存进草稿").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("第 1 行：“很坏”不是级别")
    page.get_by_label("加的词").fill("坑货，粗口")
    page.get_by_role("button", name="存进草稿").press("Enter")
    page.get_by_role("button", name="开始试跑").press("Enter")
    expect(page.get_by_text("正在排队等后台处理。")).to_be_visible()
    session.rollback()
    job_id = session.query(Job).filter_by(kind=TRY_RULES).one().id
    run_job(app.extensions["job_kinds"], job_id, open_session=app.extensions["open_session"])
    # The page that waits asks by itself.
    row = page.get_by_role("row").filter(has_text="粗口").first
    expect(row).to_contain_text("1")
    expect(page.get_by_role("row").filter(has_text="陈莉")).to_contain_text("1 / 1")
    expect(page.get_by_text("你买的那个就是坑货。")).to_be_visible()
    page.get_by_role("link", name="去发布").press("Enter")
    expect(page.get_by_text("坑货（粗口）")).to_be_visible()
    page.get_by_label("改了什么，为什么").fill("客户投诉过这个词")
    page.get_by_role("button", name="发布第 2 版").press("Enter")
    expect(page.get_by_role("row").filter(has_text="第 2 版")).to_contain_text("在用")
    session.rollback()
    assert check(session, make_call(CALL, agent=agent)) == [("profanity", 2)]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_no_page_is_wider_than_a_phone(
    session: Session, open_as: Callable[..., Page], make_user: Callable[..., User], theme: str
):
    administrator = make_user(Role.ADMINISTRATOR)
    with unit_of_work(session) as work:
        start_draft(work, by=administrator, now=clock.now())
    page = open_as(administrator, "/rules", width=390, theme=theme)
    found = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate(AXE.read_text("utf-8"))
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        wider = page.evaluate("document.documentElement.scrollWidth") > 390
        wrong = [f"{one['id']}: {one['nodes'][0]['target']}" for one in result["violations"]]
        if wrong or wider:
            found[path] = (wrong, wider)
    assert found == {}
