"""The lease protocol, statement by statement."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queue import (
    LEASE_S,
    LeaseLost,
    claim_job,
    fail_job,
    finish_job,
    keep_alive,
    release_job,
    retry_job,
    submit_job,
    sweep,
)
from tests.makers import NOON

LATER = NOON + timedelta(seconds=LEASE_S + 1)


def a_job(session: Session, **more: object) -> Job:
    with unit_of_work(session) as work:
        return submit_job(work, kind="count", subject_id="s", now=NOON, **more)  # type: ignore[arg-type]


def test_a_due_job_is_claimed_once(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        first = claim_job(work, job.id, now=NOON)
        second = claim_job(work, job.id, now=NOON)
    assert first is not None
    assert first.attempts == 1
    assert second is None


def test_a_job_is_not_claimed_before_its_time(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        assert claim_job(work, job.id, now=NOON - timedelta(seconds=1)) is None


def test_a_lease_that_ran_out_is_claimed_by_another(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        first = claim_job(work, job.id, now=NOON)
    with unit_of_work(session) as work:
        second = claim_job(work, job.id, now=LATER)
    assert first is not None
    assert second is not None
    assert second.attempts == 2
    with pytest.raises(LeaseLost), unit_of_work(session) as work:
        finish_job(work, first, now=LATER)
    with unit_of_work(session) as work:
        finish_job(work, second, now=LATER)
    session.refresh(job)
    assert job.status is JobStatus.DONE


def test_keeping_alive_extends_the_lease(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        claim = claim_job(work, job.id, now=NOON)
        assert claim is not None
        keep_alive(work, claim, now=NOON + timedelta(seconds=50), progress=0.5, stage="hear")
    with unit_of_work(session) as work:
        assert claim_job(work, job.id, now=LATER) is None
    session.refresh(job)
    assert (job.progress, job.stage) == (0.5, "hear")


def test_a_failure_is_tried_again_until_tries_are_spent(session: Session):
    job = a_job(session, max_attempts=2)
    now = NOON
    outcomes = []
    for _try in range(2):
        with unit_of_work(session) as work:
            claim = claim_job(work, job.id, now=now)
            assert claim is not None
            outcomes.append(
                fail_job(work, claim, now=now, code="x", message="磁盘满了。", final=False)
            )
        session.refresh(job)
        now = job.run_at
    assert outcomes == [False, True]
    assert job.status is JobStatus.FAILED
    assert job.error_message == "磁盘满了。"


def test_a_final_failure_is_not_tried_again(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        claim = claim_job(work, job.id, now=NOON)
        assert claim is not None
        assert fail_job(work, claim, now=NOON, code="x", message="坏了。", final=True)
    session.refresh(job)
    assert job.status is JobStatus.FAILED


def test_a_failed_job_gets_all_its_tries_again_on_request(session: Session):
    job = a_job(session, max_attempts=1)
    with unit_of_work(session) as work:
        claim = claim_job(work, job.id, now=NOON)
        assert claim is not None
        fail_job(work, claim, now=NOON, code="x", message="坏了。", final=False)
    with unit_of_work(session) as work:
        retry_job(work, job, now=LATER)
    with unit_of_work(session) as work:
        assert claim_job(work, job.id, now=LATER) is not None


def test_a_released_job_costs_no_try(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        claim = claim_job(work, job.id, now=NOON)
        assert claim is not None
        release_job(work, claim, now=NOON)
    session.refresh(job)
    assert (job.status, job.attempts) == (JobStatus.QUEUED, 0)


def test_two_jobs_of_one_key_do_not_wait_at_once(session: Session):
    first = a_job(session, unique_key="k")
    second = a_job(session, unique_key="k")
    assert first.id == second.id


def test_the_key_is_free_again_when_the_job_is_done(session: Session):
    first = a_job(session, unique_key="k")
    with unit_of_work(session) as work:
        claim = claim_job(work, first.id, now=NOON)
        assert claim is not None
        finish_job(work, claim, now=NOON)
    assert a_job(session, unique_key="k").id != first.id


def test_a_sweep_puts_back_what_died_and_ends_what_died_too_often(session: Session):
    dead, spent, alive = a_job(session), a_job(session, max_attempts=1), a_job(session)
    with unit_of_work(session) as work:
        claim_job(work, dead.id, now=NOON)
        claim_job(work, spent.id, now=NOON)
    with unit_of_work(session) as work:
        claim_job(work, alive.id, now=LATER)
    with unit_of_work(session) as work:
        swept = sweep(work, now=LATER)
        assert swept.requeued == 1
        assert [job.id for job in swept.failed] == [spent.id]
        assert [job_id for job_id, _queue in swept.due] == [dead.id]
    session.expire_all()
    assert [dead.status, spent.status, alive.status] == [
        JobStatus.QUEUED,
        JobStatus.FAILED,
        JobStatus.RUNNING,
    ]
    assert spent.error_code == "worker_lost"


def test_a_waiting_job_is_announced_again_only_after_a_minute(session: Session):
    job = a_job(session)
    with unit_of_work(session) as work:
        assert sweep(work, now=NOON + timedelta(seconds=59)).due == []
    with unit_of_work(session) as work:
        again = sweep(work, now=NOON + timedelta(seconds=61)).due
    assert [job_id for job_id, _queue in again] == [job.id]
