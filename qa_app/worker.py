"""The worker process: `celery -A qa_app.worker worker`.

Each child process does one job at a time with one thread of the speech model, so that as many
calls are transcribed at once as there are processes. The parent only sweeps.
"""

import os
import socket
from functools import partial

from celery.signals import worker_process_init, worker_ready, worker_shutting_down

from qa_app import create_app
from qa_app.core.config import Settings
from qa_app.jobs.announce import send_hint
from qa_app.jobs.celery_app import TASK
from qa_app.jobs.sweeper import Sweeper
from qa_app.jobs.worker import note_given_up, run_job

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


class _ContextSweeper(Sweeper):
    """A sweeper whose sentences can be put into the site's language."""

    def sweep_once(self) -> None:
        with flask_app.app_context():
            super().sweep_once()


_sweeper = _ContextSweeper(
    worker_name=f"{socket.gethostname()}:{os.getpid()}",
    open_session=open_session,
    announce=lambda job_id, queue: send_hint(celery, job_id, queue),
    given_up=partial(note_given_up, kinds),
    lease_s=settings.job_lease_s,
)


@worker_ready.connect  # type: ignore[untyped-decorator]
def _start_sweeping(**_more: object) -> None:
    _sweeper.start()


@worker_shutting_down.connect  # type: ignore[untyped-decorator]
def _stop_sweeping(**_more: object) -> None:
    _sweeper.stop()


@worker_process_init.connect  # type: ignore[untyped-decorator]
def _leave_the_parents_connections(**_more: object) -> None:
    """Open connections of one's own: two processes must not speak over one."""
    with flask_app.app_context():
        flask_app.extensions["sqlalchemy"].engine.dispose(close=False)
