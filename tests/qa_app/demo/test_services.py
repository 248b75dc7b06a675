"""The demo comes once, and goes without a trace and without anything else."""

import wave
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.appeals.models import Appeal
from qa_app.calls.models import Call, Utterance
from qa_app.calls.queries import call_with_sha256
from qa_app.calls.recordings import StoredRecording, keep_recording
from qa_app.calls.services import place_call
from qa_app.core.db import unit_of_work
from qa_app.demo.people import PEOPLE, TEAMS
from qa_app.demo.services import Cleared, SignIn, clear_demo, load_demo
from qa_app.jobs.models import Job
from qa_app.reviews.models import Evaluation
from qa_app.users.models import Team, User
from qa_app.users.permissions import Role
from qa_app.users.queries import user_by_login
from qa_app.users.services import PersonInput, create_user, sign_in
from tests.makers import NOON

TABLES = (User, Team, Call, Utterance, Evaluation, Appeal, Job)


@pytest.fixture
def recordings(app: Flask, tmp_path: Path) -> list[tuple[str, StoredRecording]]:
    """Three short recordings in the store; what is in them is of no matter here."""
    kept = []
    for number in range(3):
        path = tmp_path / f"示范{number}.wav"
        with wave.open(str(path), "wb") as wav:
            wav.setparams((2, 2, 8000, 0, "NONE", ""))
            wav.writeframes(np.full(800, number, "<i2").tobytes())
        stored = keep_recording(app.extensions["files"], path, max_bytes=10**6)
        kept.append((path.name, stored))
    return kept


def load(session: Session, recordings: list[tuple[str, StoredRecording]]) -> list[SignIn]:
    with unit_of_work(session) as work:
        return load_demo(work, recordings=recordings, zone=NOON.tzinfo, now=NOON)


def clear(session: Session) -> Cleared:
    with unit_of_work(session) as work:
        return clear_demo(work, now=NOON)


def counts(session: Session) -> dict[str, int | None]:
    return {
        table.__name__: session.scalar(select(func.count()).select_from(table)) for table in TABLES
    }


def test_each_role_of_a_call_centre_can_sign_in(session, recordings):
    for sign_in_made in load(session, recordings):
        with unit_of_work(session) as work:
            person = sign_in(
                work, login=sign_in_made.person.login, password=sign_in_made.password, now=NOON
            )
            assert person.is_demo
            assert not person.must_change_password
    roles = {person.role for person in PEOPLE}
    assert roles == set(Role) - {Role.ADMINISTRATOR}


def test_the_calls_wait_for_the_worker_each_with_its_agent(session, recordings):
    load(session, recordings)
    calls = session.scalars(select(Call).order_by(Call.started_at)).all()
    assert [call.agent.name for call in calls if call.agent] == ["林晓燕", "郑浩", "何佳"]
    assert [call.team.name for call in calls if call.team] == [TEAMS[0], TEAMS[0], TEAMS[1]]
    assert all(NOON - timedelta(hours=4) < call.started_at < NOON for call in calls)
    assert {job.subject_id for job in session.scalars(select(Job))} == {call.id for call in calls}


def test_loading_twice_adds_nothing_and_changes_no_password(session, recordings):
    load(session, recordings)
    before = counts(session)
    hashes = dict(session.execute(select(User.login, User.password_hash)).all())
    assert load(session, recordings) == []
    assert counts(session) == before
    assert dict(session.execute(select(User.login, User.password_hash)).all()) == hashes


def test_clearing_leaves_what_was_there_before(session, recordings, make_user, make_call):
    make_user(Role.INSPECTOR, team="一组")
    make_call()
    before = counts(session)
    load(session, recordings)
    cleared = clear(session)
    assert (cleared.calls, cleared.people, cleared.kept_people) == (3, len(PEOPLE), ())
    assert counts(session) == before


def test_clearing_names_the_files_that_nobody_needs_any_more(session, recordings):
    load(session, recordings)
    assert set(clear(session).file_keys) == {stored.key for _, stored in recordings}


def test_clearing_twice_finds_nothing_the_second_time(session, recordings):
    load(session, recordings)
    clear(session)
    assert clear(session) == Cleared(calls=0, people=0, kept_people=(), file_keys=())


def test_the_demo_can_come_back_after_it_was_cleared(session, recordings):
    load(session, recordings)
    before = counts(session)
    clear(session)
    assert len(load(session, recordings)) == len(PEOPLE)
    assert counts(session) == before


def test_a_demo_agent_who_got_a_real_call_is_switched_off_and_named(session, recordings, make_call):
    load(session, recordings)
    call_id = make_call().id
    with unit_of_work(session) as work:
        agent = user_by_login(work, "he.jia")
        call = work.get(Call, call_id)
        assert agent is not None
        assert call is not None
        place_call(work, call=call, agent=agent, by=agent, now=NOON)
    cleared = clear(session)
    assert cleared.kept_people == ("何佳",)
    kept = user_by_login(session, "he.jia")
    assert kept is not None
    assert not kept.is_active
    assert user_by_login(session, "zhou.min") is None


def test_a_demo_team_that_somebody_real_joined_stays(session, recordings):
    load(session, recordings)
    person = PersonInput(login="real", name="真人", role=Role.AGENT, team_name=TEAMS[1])
    with unit_of_work(session) as work:
        create_user(work, person=person, by=None, now=NOON)
    clear(session)
    assert session.scalars(select(Team.name).where(Team.name.in_(TEAMS))).all() == [TEAMS[1]]


def test_a_recording_that_the_site_had_already_is_not_taken_over(session, recordings):
    name, stored = recordings[0]
    load(session, recordings)
    with unit_of_work(session) as work:
        call = call_with_sha256(work, stored.sha256)
        assert call is not None
        call.is_demo = False
        call.agent_id = None
    load(session, recordings)
    assert clear(session).calls == 2
    assert call_with_sha256(session, stored.sha256) is not None, name
