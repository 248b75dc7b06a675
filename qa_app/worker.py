"""The worker process: `celery -A qa_app.worker worker`.

Each child process does one job at a time with one thread of the speech model, so that as many
calls are transcribed at once as there are processes. The parent only sweeps.
"""

import os
import socket
from typing import Any

from celery.signals import worker_process_init, worker_ready, worker_shutting_down
from sqlalchemy.orm import Session

from qa_app import create_app
from qa_app.core.config import Settings
from qa_app.jobs.announce import send_hint
from qa_app.jobs.celery_app import TASK
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.models import Job
from qa_app.jobs.queue import Claim
from qa_app.jobs.sweeper import Sweeper
from qa_app.jobs.worker import run_job

flask_app = create_app()
settings: Settings = flask_app.extensions["settings"]
celery = flask_app.extensions["celery"]
celery.conf.worker_concurrency = settings.worker_processes
open_session = flask_app.extensions["open_session"]
kinds = flask_app.extensions["job_kinds"]


@celery.task(name=TASK)  # type: ignore[untyped-decorator]
def run_announced(job_id: str) -> None:
    """Do the job that a hint names, if it still needs doing."""
    with flask_app.app_context():
        run_job(kinds, job_id, open_session=open_session, lease_s=settings.job_lease_s)


def _given_up(session: Session, job: Job) -> None:
    """Tell the room of a job whose workers all died."""
    claim = Claim(
        job_id=job.id,
        kind=job.kind,
        subject_id=job.subject_id,
        payload=job.payload,
        attempts=job.attempts,
        max_attempts=job.max_attempts,
        token="",
        lease_s=0.0,
    )
    failure = JobFailed(job.error_message or "", code=job.error_code or "", final=True)
    kinds[job.kind].failed(session, claim, failure, last=True)


class _ContextSweeper(Sweeper):
    """A sweeper whose sentences can be put into the site's language."""

    def sweep_once(self) -> None:
        with flask_app.app_context():
            super().sweep_once()


_sweeper = _ContextSweeper(
    worker_name=f"{socket.gethostname()}:{os.getpid()}",
    open_session=open_session,
    announce=lambda job_id, queue: send_hint(celery, job_id, queue),
    given_up=_given_up,
    lease_s=settings.job_lease_s,
)


@worker_ready.connect  # type: ignore[untyped-decorator]
def _start_sweeping(**_more: Any) -> None:
    _sweeper.start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _stop_sweeping(**_more: Any) -> None:
    _sweeper.stop()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _leave_the_parents_connections(**_more: Any) -> None:
    """Open connections of one's own: two processes must not speak over one."""
    with flask_app.app_context():
        flask_app.extensions["sqlalchemy"].engine.dispose(close=False)
