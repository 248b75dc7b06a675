"""The list of calls as CSV: the same calls as on the page, masked, safe, and written down."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.core.db import unit_of_work
from qa_app.reviews import export
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Role
from tests.conftest import MakeCall, MakeUser
from tests.makers import UNSURE_CALL

SignIn = Callable[[User], FlaskClient]
MARCH = datetime(2026, 3, 12, 2, tzinfo=UTC)


@pytest.fixture
def boss(make_user: MakeUser) -> User:
    return make_user(Role.SUPERVISOR, team="一组")


@pytest.fixture
def agent(make_user: MakeUser) -> User:
    return make_user(Role.AGENT, team="一组", name="李晓雯")


def exported(browser: FlaskClient, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/calls/export.csv?status=all{query}")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_row_tells_what_the_list_tells_with_numbers_masked(
    make_call: MakeCall, agent: User, boss: User, sign_in: SignIn
):
    call = make_call(agent=agent, started_at=MARCH, customer_number="13912342046")
    (row,) = exported(sign_in(boss))
    assert row["通话编号"] == call.id
    assert (row["坐席"], row["小组"], row["客户号码"]) == ("李晓雯", "一组", "139****2046")
    assert row["通话时间"] == "2026-03-12 10:00:00"  # as the site's clocks show it
    # One word of profanity, one leaked number; 100 − 1 − 2; nothing is confirmed to anybody yet.
    assert (row["粗口"], row["泄密"], row["机评"], row["确认分"]) == ("1", "1", "97", "")
    assert (row["状态"], row["时长（秒）"]) == ("待复核", "22.0")


def test_a_name_that_a_sender_made_a_formula_of_stays_text_and_its_number_is_masked(
    make_call: MakeCall, boss: User, sign_in: SignIn, session: Session
):
    call = make_call(customer_number="13912342046")
    with unit_of_work(session):
        call.file_name = "=HYPERLINK(13912342046).wav"
    (row,) = exported(sign_in(boss))
    assert row["文件名"] == "'=HYPERLINK(139****2046).wav"


def test_the_address_filters_and_sight_limits_as_on_the_page(
    make_call: MakeCall, make_user: MakeUser, agent: User, boss: User, sign_in: SignIn
):
    ours, unsure = make_call(agent=agent), make_call(UNSURE_CALL, role_confidence=0.5)
    make_call(agent=make_user(Role.AGENT, team="二组"))
    browser = sign_in(boss)
    assert {row["通话编号"] for row in exported(browser)} == {ours.id, unsure.id}
    (row,) = exported(browser, "&roles=unsure")
    assert (row["通话编号"], row["状态"], row["坐席没有定准"]) == (unsure.id, "分不清坐席", "是")
    assert exported(browser, "&q=没有人说过") == []


def test_a_long_list_comes_whole_and_in_order(
    monkeypatch: pytest.MonkeyPatch, make_call: MakeCall, boss: User, sign_in: SignIn
):
    monkeypatch.setattr(export, "_AT_ONCE", 2)
    made = [
        make_call(processed=False, started_at=MARCH.replace(minute=minute)).id
        for minute in range(5)
    ]
    assert [row["通话编号"] for row in exported(sign_in(boss))] == made[::-1]


def test_the_log_says_who_took_how_much_and_not_what_was_looked_for(
    make_call: MakeCall, boss: User, sign_in: SignIn, session: Session
):
    make_call(customer_number="13912342046")
    exported(sign_in(boss), "&q=13912342046")
    session.rollback()
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "calls:export"))
    assert entry.actor_login == boss.login
    assert entry.detail == {"calls": 1, "filters": ["q", "status"]}


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.AGENT, Role.RECRUITER])
def test_others_take_no_list_along_and_see_no_button(
    make_call: MakeCall, make_user: MakeUser, sign_in: SignIn, role: Role
):
    make_call()
    browser = sign_in(make_user(role))
    assert browser.get("/calls/export.csv").status_code == 403
    assert "export.csv" not in browser.get("/calls").text


def test_the_button_asks_for_the_list_that_is_shown(
    make_call: MakeCall, boss: User, sign_in: SignIn
):
    make_call()
    page = sign_in(boss).get("/calls?status=all&rule=profanity").text
    assert 'href="/calls/export.csv?status=all&amp;rule=profanity"' in page
