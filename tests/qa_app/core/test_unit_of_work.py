"""A unit of work is alone: what it reads still holds when it writes, on every database."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core import db as database
from qa_app.core.db import unit_of_work
from qa_app.users.models import Team


def add_a_team_if_there_is_none(app: Flask, both_read: threading.Barrier) -> None:
    with app.extensions["open_session"]() as session, unit_of_work(session) as work:
        count = work.scalar(select(func.count(Team.id)))
        # The other should be waiting for us to end, and so never come.
        with suppress(threading.BrokenBarrierError):
            both_read.wait(timeout=0.5)
        if count == 0:
            work.add(Team(name=threading.current_thread().name, created_at=clock.now()))


def test_of_two_that_decide_at_the_same_moment_the_second_sees_what_the_first_did(
    app: Flask, session: Session
):
    both_read = threading.Barrier(2)
    with ThreadPoolExecutor(2) as people:
        acts = [people.submit(add_a_team_if_there_is_none, app, both_read) for _person in range(2)]
        for act in acts:
            act.result()
    assert session.scalar(select(func.count(Team.id))) == 1


def test_one_that_cannot_begin_gives_up_after_a_while(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    session.rollback()
    session.get_bind().dispose()
    with app.extensions["open_session"]() as other, unit_of_work(other):
        with pytest.raises(OperationalError), unit_of_work(session):
            pytest.fail("both are inside")
        assert session.scalar(select(func.count(Team.id))) == 0  # Reading waits for nobody.
