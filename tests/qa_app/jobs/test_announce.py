"""A job's hint reaches the broker after the commit, and only then."""

from collections.abc import Callable

import pytest
from flask import Flask
from kombu import Connection
from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.queue import submit_job

Heard = Callable[[str], list[str]]


@pytest.fixture
def heard(app: Flask) -> Heard:
    """Tell which jobs the hints name that wait in a queue, and take them from it."""

    def listen(queue: str) -> list[str]:
        celery = app.extensions["celery"]
        found = []
        with celery.connection_for_read() as connection:
            channel = connection.channel()
            celery.amqp.queues[queue](channel).declare()
            while (message := channel.basic_get(queue, no_ack=True)) is not None:
                found.append(body_of(connection, channel, message))
        return found

    for queue in ("bulk", "interactive"):
        listen(queue)
    return listen


def body_of(connection: Connection, channel: object, message: object) -> str:
    if not hasattr(message, "payload"):
        message = channel.message_to_python(message)
    (job_id,), _options, _embedded = message.payload
    return job_id


def test_the_hint_of_a_committed_job_waits_in_its_own_queue(session: Session, heard: Heard):
    with unit_of_work(session) as work:
        job = submit_job(work, kind="x", subject_id=None, now=clock.now(), queue="interactive")
        assert heard("interactive") == []
    assert heard("interactive") == [job.id]
    assert heard("bulk") == []


def test_a_job_that_was_taken_back_gives_no_hint(session: Session, heard: Heard):
    def submit_and_fail() -> None:
        with unit_of_work(session) as work:
            submit_job(work, kind="x", subject_id=None, now=clock.now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submit_and_fail()
    with unit_of_work(session):
        pass
    assert heard("bulk") == []
