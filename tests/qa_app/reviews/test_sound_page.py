"""Who hears a call with its numbers covered, who as it was spoken, and what is written down."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.core.db import unit_of_work
from qa_app.jobs.queries import latest_job_of
from qa_app.redaction.queries import REDACT_CALL
from qa_app.reviews import raw_sound
from qa_app.reviews.models import Evaluation, EvaluationStatus
from qa_app.reviews.permissions import may_hear_raw
from qa_app.users.models import AuditEntry, User
from qa_app.users.permissions import Actor, Role
from tests.makers import NOON

RAW, COVERED = b"as it was spoken", b"numbers covered"
SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def agent(make_user) -> User:
    return make_user(Role.AGENT, team="一组", name="李晓雯")


@pytest.fixture
def unfinished(app: Flask, make_call, agent, tmp_path) -> Call:
    """A processed call whose copy with covered numbers is not made yet."""
    made = make_call(agent=agent, customer_number="13912342046")
    (tmp_path / "raw").write_bytes(RAW)
    app.extensions["files"].put(made.playback_key, tmp_path / "raw")
    return made


@pytest.fixture
def call(app: Flask, session: Session, unfinished: Call, tmp_path) -> Call:
    (tmp_path / "covered").write_bytes(COVERED)
    with unit_of_work(session):
        unfinished.redacted_key = "redacted/sound.flac"
    app.extensions["files"].put("redacted/sound.flac", tmp_path / "covered")
    return unfinished


@pytest.fixture
def submitted(call: Call, session: Session, evaluation_of: Callable[[Call], Evaluation]) -> Call:
    with unit_of_work(session):
        evaluation = evaluation_of(call)
        evaluation.status, evaluation.submitted_at = EvaluationStatus.SUBMITTED, NOON
    return call


def entries(session: Session, action: str) -> list[AuditEntry]:
    session.rollback()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def actor(role: Role) -> Actor:
    return Actor(id="me", role=role, team_id="ours")


# Whose call and whose review it is: mine, another's, nobody's.
MINE, OTHERS, NOBODYS = "me", "somebody", None
HEARS_RAW = [
    # role, its agent, its team, its inspector, may
    (Role.INSPECTOR, OTHERS, "theirs", MINE, True),
    (Role.INSPECTOR, OTHERS, "theirs", NOBODYS, True),
    (Role.INSPECTOR, OTHERS, "theirs", OTHERS, False),
    (Role.AGENT, MINE, "ours", OTHERS, True),
    (Role.AGENT, OTHERS, "ours", OTHERS, False),
    (Role.SUPERVISOR, OTHERS, "ours", OTHERS, True),
    (Role.SUPERVISOR, OTHERS, None, OTHERS, True),
    (Role.SUPERVISOR, OTHERS, "theirs", OTHERS, False),
    (Role.ADMINISTRATOR, OTHERS, "ours", NOBODYS, False),
    (Role.RECRUITER, OTHERS, "ours", NOBODYS, False),
]


@pytest.mark.parametrize(("role", "agent_id", "team_id", "inspector_id", "allowed"), HEARS_RAW)
def test_who_may_hear_a_call_as_it_was_spoken(role, agent_id, team_id, inspector_id, allowed):
    asked = may_hear_raw(actor(role), agent_id=agent_id, team_id=team_id, inspector_id=inspector_id)
    assert asked is allowed


def test_every_role_is_in_the_table():
    assert {row[0] for row in HEARS_RAW} == set(Role)


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_whoever_only_listens_hears_the_numbers_covered(role, call, make_user, sign_in, session):
    browser = sign_in(make_user(role, team="一组"))
    assert browser.get(f"/calls/{call.id}/sound").data == COVERED
    assert entries(session, "call:hear_raw") == []


def test_an_inspector_opens_the_raw_sound_and_it_is_written_down(call, make_user, sign_in, session):
    inspector = make_user()
    browser = sign_in(inspector)
    opened = browser.post(f"/calls/{call.id}/sound/raw").get_json()["url"]
    assert browser.get(opened).data == RAW
    assert browser.get(opened, headers={"Range": "bytes=0-1"}).data == RAW[:2]
    (entry,) = entries(session, "call:hear_raw")
    assert (entry.actor_login, entry.subject_id) == (inspector.login, call.id)


def test_an_agent_hears_their_own_call_raw_once_it_was_submitted(
    submitted, agent, sign_in, session
):
    browser = sign_in(agent)
    assert browser.get(f"/calls/{submitted.id}/sound").data == COVERED
    opened = browser.post(f"/calls/{submitted.id}/sound/raw").get_json()["url"]
    assert browser.get(opened).data == RAW
    assert len(entries(session, "call:hear_raw")) == 1


def test_an_agent_hears_nothing_of_a_call_that_is_under_review(call, agent, sign_in):
    browser = sign_in(agent)
    for path in ("sound", "sound/state"):
        assert browser.get(f"/calls/{call.id}/{path}").status_code == 404
    assert browser.post(f"/calls/{call.id}/sound/raw").status_code == 404


def test_an_administrator_is_refused_the_raw_sound(call, make_user, sign_in, session):
    browser = sign_in(make_user(Role.ADMINISTRATOR))
    assert browser.post(f"/calls/{call.id}/sound/raw").status_code == 403
    assert entries(session, "call:hear_raw") == []
    assert 'data-do="raw"' not in browser.get(f"/calls/{call.id}").text


def test_a_review_of_somebody_else_stays_covered(call, make_user, sign_in, session, evaluation_of):
    taken_by = make_user()
    with unit_of_work(session):
        evaluation_of(call).inspector_id = taken_by.id
    browser = sign_in(make_user())
    assert browser.post(f"/calls/{call.id}/sound/raw").status_code == 403
    assert browser.get(f"/calls/{call.id}/sound").data == COVERED


def test_a_ticket_opens_one_call_to_one_person_for_a_while(
    call, make_call, make_user, sign_in, monkeypatch
):
    first, second = make_user(), make_user()
    opened = sign_in(first).post(f"/calls/{call.id}/sound/raw").get_json()["url"]
    other = make_call()
    assert sign_in(second).get(opened).status_code == 403
    browser = sign_in(first)
    assert browser.get(opened.replace(call.id, other.id)).status_code == 403
    assert browser.get(f"/calls/{call.id}/sound?raw=").status_code == 403
    assert browser.get(f"{opened}x").status_code == 403
    assert browser.get(opened).status_code == 200
    monkeypatch.setattr(raw_sound, "OPEN_FOR_S", -1)
    assert browser.get(opened).status_code == 403


def test_while_the_copy_is_made_the_page_says_so_and_plays_nothing(unfinished, make_user, sign_in):
    browser = sign_in(make_user())
    page = browser.get(f"/calls/{unfinished.id}").text
    assert "正在给录音里的号码加遮音" in page
    assert ' src="/calls/' not in page
    answer = browser.get(f"/calls/{unfinished.id}/sound")
    assert (answer.status_code, RAW in answer.data) == (409, False)
    assert browser.get(f"/calls/{unfinished.id}/sound/state").get_json() == {
        "ready": False,
        "failed": False,
    }


def test_a_copy_that_could_not_be_made_can_be_ordered_again(
    unfinished, make_user, sign_in, session
):
    with unit_of_work(session) as work:
        job = latest_job_of(work, unfinished.id, kind=REDACT_CALL)
        job.status, job.unique_key = "failed", None
    browser = sign_in(make_user())
    assert "遮音录音没有做成" in browser.get(f"/calls/{unfinished.id}").text
    browser.post(f"/calls/{unfinished.id}/sound/again")
    assert "正在给录音里的号码加遮音" in browser.get(f"/calls/{unfinished.id}").text


def test_a_package_holds_the_covered_sound_and_no_number(call, make_user, sign_in, session):
    supervisor = make_user(Role.SUPERVISOR, team="一组")
    answer = sign_in(supervisor).get(f"/calls/{call.id}/package.zip", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert sorted(archive.namelist()) == ["audio.flac", "call.json", "call.txt"]
        assert archive.read("audio.flac") == COVERED
        document = json.loads(archive.read("call.json"))
        text = archive.read("call.txt").decode()
    spoken = document["utterances"][4]
    assert spoken["text"] == "查到了，您同事的手机号码是[手机号]。"
    assert [word["text"] for word in spoken["words"]][-3:] == ["是", "[手机号]", "。"]
    assert document["customer_number"] == "[手机号]"
    assert document["evaluation"]["machine_points"] == "97"
    assert "您同事的手机号码是[手机号]。" in text
    assert "八五六七" not in text
    (entry,) = entries(session, "call:export")
    assert (entry.actor_login, entry.subject_id) == (supervisor.login, call.id)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.INSPECTOR, 403),
        (Role.AGENT, 403),
        (Role.SUPERVISOR, 200),
        (Role.RECRUITER, 403),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_who_may_take_a_call_along(role, status, call, make_user, sign_in):
    browser = sign_in(make_user(role, team="一组"))
    assert browser.get(f"/calls/{call.id}/package.zip", buffered=True).status_code == status


def test_nothing_is_taken_along_before_the_numbers_are_covered(
    unfinished, make_user, sign_in, session
):
    browser = sign_in(make_user(Role.SUPERVISOR, team="一组"))
    assert browser.get(f"/calls/{unfinished.id}/package.zip", buffered=True).status_code == 409
    assert entries(session, "call:export") == []


def test_another_teams_call_is_not_taken_along(call, make_user, sign_in):
    browser = sign_in(make_user(Role.SUPERVISOR, team="二组"))
    assert browser.get(f"/calls/{call.id}/package.zip", buffered=True).status_code == 404


def test_the_command_writes_the_package_and_only_a_redacted_one(app, call, session, tmp_path):
    out = tmp_path / "call.zip"
    runner = app.test_cli_runner()
    assert runner.invoke(args=["calls", "export", call.id, str(out)]).exit_code == 2
    done = runner.invoke(args=["calls", "export", call.id, "--redacted", str(out)])
    assert (done.exit_code, [path.name for path in tmp_path.glob("call.zip*")]) == (0, ["call.zip"])
    with zipfile.ZipFile(out) as archive:
        assert archive.read("audio.flac") == COVERED
    (entry,) = entries(session, "call:export")
    assert entry.actor_login == "system"


def test_the_command_says_when_the_copy_is_not_made_yet(app, unfinished, tmp_path):
    done = app.test_cli_runner().invoke(
        args=["calls", "export", unfinished.id, "--redacted", str(tmp_path / "call.zip")]
    )
    assert (done.exit_code, done.stdout) == (1, "")
    assert "遮音录音还在制作" in done.stderr
