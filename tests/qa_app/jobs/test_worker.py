"""A job from claim to end, with the real database."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queue import Claim, submit_job
from qa_app.jobs.worker import JobKind, JobRun, Write, run_job
from qa_app.users.models import Team


def submitted(session: Session) -> str:
    with unit_of_work(session) as work:
        return submit_job(work, kind="count", subject_id="s", now=clock.now()).id


def add_team(run: JobRun) -> Write:
    run.show(0.5, "count")

    def write(session: Session) -> None:
        session.add(Team(name="一组", created_at=clock.now()))

    return write


def kinds_of(work: object, told: list[str] | None = None) -> dict[str, JobKind]:
    def failed(_session: Session, _claim: Claim, failure: JobFailed, *, last: bool) -> None:
        if told is not None:
            told.append(f"{failure.reason_code} {last}")

    return {"count": JobKind("count", work, failed)}  # type: ignore[arg-type]


def status_of(session: Session, job_id: str) -> JobStatus:
    session.rollback()
    return session.scalars(select(Job.status).where(Job.id == job_id)).one()


def test_results_and_the_end_of_the_job_are_written_together(app: Flask, session: Session):
    job_id = submitted(session)
    assert run_job(kinds_of(add_team), job_id, open_session=app.extensions["open_session"])
    assert status_of(session, job_id) is JobStatus.DONE
    assert session.scalars(select(Team.name)).all() == ["一组"]


def test_a_job_already_done_is_left_alone(app: Flask, session: Session):
    job_id = submitted(session)
    sessions = app.extensions["open_session"]
    run_job(kinds_of(add_team), job_id, open_session=sessions)
    assert not run_job(kinds_of(add_team), job_id, open_session=sessions)
    assert len(session.scalars(select(Team)).all()) == 1


def test_a_worker_that_lost_its_lease_writes_nothing(app: Flask, session: Session):
    sessions = app.extensions["open_session"]
    job_id = submitted(session)

    def slow(run: JobRun) -> Write:
        with sessions() as other, unit_of_work(other):
            job = other.get(Job, job_id)
            assert job is not None
            job.lease_token = "somebody-else"
        return add_team(run)

    run_job(kinds_of(slow), job_id, open_session=sessions)
    session.rollback()
    assert session.scalars(select(Team)).all() == []
    assert status_of(session, job_id) is JobStatus.RUNNING


def test_a_worker_notices_while_working_that_its_lease_is_gone(app: Flask, session: Session):
    sessions = app.extensions["open_session"]
    job_id = submitted(session)
    steps = []

    def slow(run: JobRun) -> Write:
        with sessions() as other, unit_of_work(other):
            job = other.get(Job, job_id)
            assert job is not None
            job.lease_token = "somebody-else"
        for step in range(500):
            threading.Event().wait(0.01)
            run.show(step / 500, "count")
            steps.append(step)
        return add_team(run)

    run_job(kinds_of(slow), job_id, open_session=sessions, lease_s=0.4)
    assert len(steps) < 100


@pytest.mark.parametrize(
    ("final", "status", "told"),
    [(True, JobStatus.FAILED, "bad_audio True"), (False, JobStatus.QUEUED, "bad_audio False")],
)
def test_a_failure_is_told_to_the_thing_worked_on(
    app: Flask, session: Session, final: bool, status: JobStatus, told: str
):
    job_id = submitted(session)
    heard: list[str] = []

    def fail(_run: JobRun) -> Write:
        raise JobFailed("读不出声音。", code="bad_audio", final=final)

    run_job(kinds_of(fail, heard), job_id, open_session=app.extensions["open_session"])
    assert status_of(session, job_id) is status
    assert heard == [told]


def test_a_bug_in_the_work_does_not_lose_the_job(app: Flask, session: Session):
    job_id = submitted(session)

    def broken(_run: JobRun) -> Write:
        raise ZeroDivisionError

    run_job(kinds_of(broken), job_id, open_session=app.extensions["open_session"])
    assert status_of(session, job_id) is JobStatus.QUEUED
    assert session.scalars(select(Job.error_code)).all() == ["internal_error"]
