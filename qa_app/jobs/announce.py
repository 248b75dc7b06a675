"""Hints to the workers: sent after the commit that made the job, and by the sweeper."""

import logging

from celery import Celery
from kombu.exceptions import KombuError, OperationalError
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from qa_app.jobs.celery_app import TASK
from qa_app.jobs.queue import SUBMITTED

log = logging.getLogger(__name__)


def send_hint(celery: Celery, job_id: str, queue: str) -> bool:
    """Tell a worker about a job; False when the broker did not take it."""
    try:
        celery.send_task(TASK, args=[job_id], queue=queue, ignore_result=True)
    except (OperationalError, KombuError, SQLAlchemyError, OSError) as error:
        log.warning("The broker did not take job %s: %s", job_id, error)
        return False
    return True


def announce_after_commit(celery: Celery, session_class: type[Session], engine: Engine) -> None:
    """Send the hints of this class's sessions on a database once their jobs are safely written."""

    def after_commit(session: Session) -> None:
        # Applications in one process share the class, and each has a broker of its own.
        if session.get_bind() is not engine:
            return
        for job_id, queue in session.info.pop(SUBMITTED, []):
            if not send_hint(celery, job_id, queue):
                break

    def after_rollback(session: Session) -> None:
        session.info.pop(SUBMITTED, None)

    event.listen(session_class, "after_commit", after_commit)
    event.listen(session_class, "after_rollback", after_rollback)
