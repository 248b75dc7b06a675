"""A call deleted by an administrator: everything goes, and the log says who and why."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.appeals.models import Appeal, Wish
from qa_app.appeals.services import file_appeal, withdraw_appeal
from qa_app.calls.models import Call, CallStatus, DroppedUtterance, Utterance
from qa_app.calls.queries import utterances_found
from qa_app.calls.recordings import redacted_prefix
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation
from qa_app.reviews.services import decide_deduction, submit_evaluation
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Role
from tests.conftest import MakeCall, MakeUser
from tests.makers import NOON

TABLES = (Utterance, DroppedUtterance, StoredFinding, PersonalDatum, Evaluation, Deduction, Job)
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def administrator(make_user: MakeUser) -> User:
    return make_user(Role.ADMINISTRATOR)


@pytest.fixture
def agent(make_user: MakeUser) -> User:
    return make_user(Role.AGENT, name="李晓雯")


@pytest.fixture
def call(app: Flask, make_call: MakeCall, agent: User, tmp_path: Path) -> Call:
    """A call with its recording, the playback copies of two processings and a covered one."""
    made = make_call(agent=agent, customer_number="13912342046")
    sound = tmp_path / "sound"
    sound.write_bytes(b"sound")
    for key in (
        made.file_key,
        made.playback_key,
        f"{made.playback_key[:-5]}.0123456789ab.flac",
        f"{redacted_prefix(made.file_key)}.0123456789abcdef.flac",
    ):
        app.extensions["files"].put(key, sound)
    return made


@pytest.fixture
def appeal(
    session: Session,
    call: Call,
    evaluation_of: Callable[[Call], Evaluation],
    make_user: MakeUser,
    agent: User,
) -> Appeal:
    """An objection to the call's submitted evaluation."""
    inspector, evaluation = make_user(), evaluation_of(call)
    with unit_of_work(session) as work:
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
        return file_appeal(
            work,
            evaluation=evaluation,
            deduction_id=evaluation.deductions[0].id,
            reason="我没有骂人，请再听第八秒",
            wish=Wish.UNDO,
            by=agent,
            now=NOON,
        )


def kept_files(app: Flask) -> list[str]:
    folder = app.extensions["settings"].data_dir / "files"
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def rows_of(session: Session, call_id: str) -> int:
    session.rollback()
    return sum(
        session.scalar(select(func.count()).select_from(table)) or 0 for table in (Call, *TABLES)
    )


def delete(browser: FlaskClient, call_id: str, reason: str = "customer_asked"):
    return browser.post(f"/calls/{call_id}/delete", data={"reason": reason}, follow_redirects=True)


def test_nothing_of_a_deleted_call_is_left(
    app: Flask, session: Session, call: Call, administrator: User, sign_in: SignIn
):
    call_id = call.id
    assert len(kept_files(app)) == 4
    assert utterances_found(session, "报修")
    page = delete(sign_in(administrator), call_id)
    assert "已删除这通通话" in page.text
    assert kept_files(app) == []
    assert rows_of(session, call_id) == 0
    assert utterances_found(session, "报修") == []


def test_another_call_and_its_sound_stay(
    app: Flask,
    session: Session,
    call: Call,
    make_call: MakeCall,
    administrator: User,
    sign_in: SignIn,
    tmp_path: Path,
):
    other = make_call()
    app.extensions["files"].put(other.file_key, tmp_path / "sound")
    other_id, file_name = other.id, other.sha256
    delete(sign_in(administrator), call.id)
    session.rollback()
    assert session.scalars(select(Call.id)).all() == [other_id]
    assert len(session.scalars(select(Utterance)).all()) == 6
    assert kept_files(app) == [file_name]


def test_the_log_says_who_and_why_and_nothing_of_what_was_said(
    session: Session, call: Call, administrator: User, sign_in: SignIn
):
    call_id = call.id
    delete(sign_in(administrator), call_id)
    session.rollback()
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "call:delete"))
    assert (entry.actor_login, entry.subject_id) == (administrator.login, call_id)
    assert entry.detail == {"reason": "customer_asked"}


def test_an_open_objection_keeps_the_call_and_says_so(
    app: Flask, session: Session, call: Call, appeal: Appeal, administrator: User, sign_in: SignIn
):
    page = delete(sign_in(administrator), call.id)
    assert "提出了异议，还在等答复。答复之后才能删除" in page.text
    session.rollback()
    assert session.scalar(select(func.count(Appeal.id))) == 1
    assert len(kept_files(app)) == 4


def test_a_settled_objection_goes_with_the_call(
    session: Session,
    call: Call,
    appeal: Appeal,
    agent: User,
    administrator: User,
    sign_in: SignIn,
):
    with unit_of_work(session) as work:
        withdraw_appeal(work, appeal=appeal, by=agent, now=NOON)
    delete(sign_in(administrator), call.id)
    session.rollback()
    assert session.scalar(select(func.count(Appeal.id))) == 0
    assert session.scalar(select(func.count(Call.id))) == 0


def test_a_call_in_a_workers_hands_is_not_deleted(
    session: Session, call: Call, administrator: User, sign_in: SignIn
):
    with unit_of_work(session):
        call.status = CallStatus.PROCESSING
    assert "正在处理" in delete(sign_in(administrator), call.id).text
    session.rollback()
    assert session.scalar(select(func.count(Call.id))) == 1


@pytest.mark.parametrize("reason", ["", "客户 13912342046 要求"])
def test_without_one_of_the_reasons_nothing_is_deleted(
    session: Session, call: Call, administrator: User, sign_in: SignIn, reason: str
):
    assert "没有删除" in delete(sign_in(administrator), call.id, reason).text
    session.rollback()
    assert session.scalar(select(func.count(Call.id))) == 1


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.AGENT, Role.RECRUITER])
def test_nobody_but_an_administrator_deletes(
    call: Call, make_user: MakeUser, sign_in: SignIn, role: Role
):
    browser = sign_in(make_user(role))
    answer = browser.post(f"/calls/{call.id}/delete", data={"reason": "test"})
    assert answer.status_code == 403


def test_the_administrators_page_asks_once_with_the_reasons(
    call: Call, make_call: MakeCall, administrator: User, sign_in: SignIn, make_user: MakeUser
):
    browser = sign_in(administrator)
    for call_id in (call.id, make_call(processed=False).id):
        page = browser.get(f"/calls/{call_id}").text
        form = page.split('id="deletion"')[1]
        assert re.findall(r'<option value="(\w+)"', form) == [
            "customer_asked",
            "too_old",
            "wrong_recording",
            "test",
        ]
    assert 'id="deletion"' not in sign_in(make_user()).get(f"/calls/{call.id}").text
