"""From a recording dropped on a page to the agent's objection: real worker, real model."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.calls.services import place_call
from qa_app.core.config import Settings
from qa_app.core.db import unit_of_work
from qa_app.demo.audio import make_demo_audio
from qa_app.users.permissions import Role
from tests.browser.conftest import OpenAs
from tests.conftest import MakeUser
from tests.makers import NOON, PASSWORD

ROOT = Path(__file__).parents[2]
PROCESSED_MS = 90_000


@pytest.fixture
def worker(app: Flask, settings: Settings) -> Iterator[None]:
    """A worker process on the test's own site."""
    models = ROOT / "instance" / "models"
    if models.exists():
        (settings.data_dir / "models").symlink_to(models)
    env = {"QA_DATA_DIR": str(settings.data_dir), "QA_SECRET_KEY": settings.secret_key}
    command = (sys.executable, "-m", "celery", "-A", "qa_app.worker", "worker")
    with (settings.data_dir / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "-Q", "interactive,bulk", "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env={**os.environ, **env},
            stdout=log,
            stderr=log,
        )
        yield
        process.terminate()
        process.wait(timeout=60)


def signed_in(open_as: OpenAs, login: str) -> Page:
    page = open_as(None, "/sign-in")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("h1")).to_contain_text("今日")
    return page


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.usefixtures("worker")
def test_a_recording_becomes_a_score_that_its_agent_objects_to(
    session: Session, open_as: OpenAs, make_user: MakeUser
):
    agent = make_user(Role.AGENT, name="郑浩")
    inspector = make_user(Role.INSPECTOR)
    rude = make_demo_audio(ROOT / "instance" / "demo")[1]

    page = signed_in(open_as, inspector.login)
    page.goto("/calls/upload")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("[data-upload-input]").set_input_files(rude)
    page.goto("/calls?status=all")
    expect(page.locator("tbody")).to_contain_text("待复核", timeout=PROCESSED_MS)
    with unit_of_work(session) as work:
        call = work.scalars(select(Call)).one()
        place_call(work, call=call, agent=agent, by=inspector, now=NOON)

    page.locator("a.table__link").first.click()
    page.wait_for_url("**/calls/*")
    page.wait_for_load_state("networkidle")
    waiting = page.locator(".finding[data-status=pending]")
    page.keyboard.press("j")
    before = waiting.count()
    assert before >= 2
    page.keyboard.press("y")
    expect(waiting).to_have_count(before - 1)
    page.keyboard.press("x")
    page.keyboard.press("4")
    expect(waiting).to_have_count(before - 2)
    for left in range(before - 3, -1, -1):
        page.keyboard.press("y")
        expect(waiting).to_have_count(left)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("已提交")

    page = signed_in(open_as, agent.login)
    page.goto("/calls")
    page.locator("a.table__link").first.click()
    expect(page.locator(".score__main")).to_contain_text("满分 100")
    page.get_by_text("提出异议", exact=True).first.click()
    page.locator("textarea:visible").fill("我当时没有骂人，请再听一遍")
    page.get_by_role("button", name="提交异议").click()
    expect(page.get_by_text("等答复")).to_be_visible()
