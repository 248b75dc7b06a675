"""Queued work done here and now: through leases, so a worker beside us never does it twice."""

import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.process import BaseProcess

import click
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.calls.services import PROCESS_CALL
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queries import job_by_id, latest_job_of
from qa_app.jobs.queue import retry_job
from qa_app.jobs.worker import run_job
from qa_app.redaction.queries import REDACT_CALL

OpenSession = Callable[[], AbstractContextManager[Session]]
_LOOK_S = 0.3
_STEPS = 1000


@dataclass(frozen=True)
class Outcome:
    """What became of a job."""

    call_id: str
    status: JobStatus
    code: str
    message: str


def unfinished_jobs(
    session: Session, call_ids: Sequence[str] | None, *, now: datetime
) -> Sequence[Job]:
    """Return the jobs that wait, made due at once; those of named calls that failed wait again."""
    for call_id in call_ids or ():
        for kind in (PROCESS_CALL, REDACT_CALL):
            latest = latest_job_of(session, call_id, kind=kind)
            if latest is not None:
                retry_job(session, latest, now=now)
    query = (
        select(Job).where(Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING])).order_by(Job.id)
    )
    if call_ids is not None:
        query = query.where(Job.subject_id.in_(call_ids))
    jobs = session.scalars(query).all()
    for job in jobs:
        if job.status is JobStatus.QUEUED:
            job.run_at = min(job.run_at, now)
    return jobs


def process_jobs(app: Flask, job_ids: Sequence[str]) -> list[Outcome]:
    """Do the jobs, several at a time, with a bar on standard error; return what became of them."""
    settings: Settings = app.extensions["settings"]
    open_session = app.extensions["open_session"]
    hands = _hands(app, job_ids, processes=min(settings.worker_processes, len(job_ids)))
    for hand in hands:
        hand.start()
    try:
        with click.progressbar(
            length=_STEPS * len(job_ids), label=_("处理"), file=sys.stderr
        ) as bar:
            while any(hand.is_alive() for hand in hands) or _held_elsewhere(open_session, job_ids):
                bar.update(_steps_done(open_session, job_ids) - bar.pos)
                time.sleep(_LOOK_S)
            bar.update(_steps_done(open_session, job_ids) - bar.pos)
    finally:
        for hand in hands:
            if isinstance(hand, BaseProcess):
                hand.terminate()
            hand.join()
    with open_session() as session:
        return [_outcome(job) for job in _jobs(session, job_ids)]


def _hands(
    app: Flask, job_ids: Sequence[str], *, processes: int
) -> Sequence[threading.Thread | BaseProcess]:
    """Make one thread here, or processes that start afresh: a loaded model must not be forked."""
    if processes == 1:
        return [threading.Thread(target=_work_through, args=(app, job_ids), daemon=True)]
    fresh = multiprocessing.get_context("spawn")
    settings: Settings = app.extensions["settings"]
    return [
        fresh.Process(target=_work_alone, args=(settings, job_ids), daemon=True)
        for _number in range(processes)
    ]


def _work_alone(settings: Settings, job_ids: Sequence[str]) -> None:
    from qa_app import create_app

    # Ctrl-C reaches us too; the process that started us decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work_through(create_app(settings), job_ids)


def _work_through(app: Flask, job_ids: Sequence[str]) -> None:
    """Try each job, and what it leads to: the lease decides which of us does it."""
    settings: Settings = app.extensions["settings"]
    open_session = app.extensions["open_session"]
    run = partial(
        run_job,
        app.extensions["job_kinds"],
        open_session=open_session,
        lease_s=settings.job_lease_s,
    )
    with app.app_context():
        for job_id in job_ids:
            if run(job_id):
                for following in _led_to(open_session, job_id):
                    run(following)


def _led_to(open_session: OpenSession, job_id: str) -> Sequence[str]:
    """Return the copies with beeps that were ordered for the same call."""
    with open_session() as session:
        done = job_by_id(session, job_id)
        ordered = latest_job_of(session, done.subject_id or "", kind=REDACT_CALL)
        waits = ordered is not None and ordered.status is JobStatus.QUEUED
        return [ordered.id] if waits and ordered is not None else []


def _jobs(session: Session, job_ids: Sequence[str]) -> Sequence[Job]:
    return session.scalars(select(Job).where(Job.id.in_(job_ids)).order_by(Job.id)).all()


def _held_elsewhere(open_session: OpenSession, job_ids: Sequence[str]) -> bool:
    now = clock.now()
    with open_session() as session:
        return any(
            job.status is JobStatus.RUNNING
            and job.lease_until is not None
            and job.lease_until > now
            for job in _jobs(session, job_ids)
        )


def _steps_done(open_session: OpenSession, job_ids: Sequence[str]) -> int:
    with open_session() as session:
        return sum(
            _STEPS
            if job.status in {JobStatus.DONE, JobStatus.FAILED}
            else round(_STEPS * job.progress)
            for job in _jobs(session, job_ids)
        )


def _outcome(job: Job) -> Outcome:
    if job.status is JobStatus.RUNNING:
        code, message = "worker_lost", _("处理中断了，再运行一次就会接着做。")
    else:
        code, message = job.error_code or "", job.error_message or ""
    return Outcome(job.subject_id or "", job.status, code, message)
