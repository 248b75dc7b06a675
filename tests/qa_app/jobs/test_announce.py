"""A job's hint reaches the broker after the commit, and only then."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from kombu import Connection
from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.queue import submit_job
from tests.databases import absent

Heard = Callable[[str], list[str]]


@pytest.fixture
def heard(app: Flask) -> Heard:
    """Tell which jobs the hints name that wait in a queue, and take them from it."""

    def listen(queue: str) -> list[str]:
        celery = app.extensions["celery"]
        found = []
        with celery.connection_for_read() as connection:
            channel = channel_of(connection)
            celery.amqp.queues[queue](channel).declare()
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                found.append(named_in(channel, message))
        return found

    return listen


def channel_of(connection: Connection) -> Any:
    try:
        return connection.channel()
    except connection.connection_errors as error:
        absent("The broker", error)


def named_in(channel: Any, message: Any) -> str:
    if not hasattr(message, "payload"):
        message = channel.message_to_python(message)
    (job_id,), _options, _embedded = message.payload
    return str(job_id)


def test_the_hint_of_a_committed_job_waits_in_its_own_queue(session: Session, heard: Heard):
    with unit_of_work(session) as work:
        job = submit_job(work, kind="x", subject_id=None, now=clock.now(), queue="interactive")
        # Others may use the same broker, so that only our own hint counts.
        assert job.id not in heard("interactive")
    assert job.id in heard("interactive")
    assert job.id not in heard("bulk")


def test_a_job_that_was_taken_back_gives_no_hint(session: Session, heard: Heard):
    taken_back = []

    def submit_and_fail() -> None:
        with unit_of_work(session) as work:
            job = submit_job(work, kind="x", subject_id=None, now=clock.now())
            taken_back.append(job.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit_and_fail()
    with unit_of_work(session) as work:
        kept = submit_job(work, kind="x", subject_id=None, now=clock.now())
    waiting = heard("bulk")
    assert kept.id in waiting
    assert taken_back[0] not in waiting
