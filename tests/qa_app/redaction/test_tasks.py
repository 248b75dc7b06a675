"""The copy that people hear: made by a job, made anew when what is found changes."""

from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from asr.audio import decode
from asr.playback import encode_flac
from qa_app.calls.models import Call
from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job, JobStatus
from qa_app.jobs.queries import latest_job_of
from qa_app.jobs.worker import run_job
from qa_app.redaction.errors import RedactionPending
from qa_app.redaction.queries import REDACT_CALL, redacted_sound, redaction_failed
from qa_app.redaction.services import order_redaction
from qa_app.reviews.sides import swap_roles_and_rescore
from tests.makers import NOON

RATE_HZ = 8000
#: The leaked number of the rude call, character 12 to 25 of 27 in 13.5–18.0 s.
NUMBER_S = (15.5, 17.66)


@pytest.fixture
def call(app: Flask, make_call, tmp_path: Path) -> Call:
    """The rude call with noise for its sound, other noise on each lane."""
    made = make_call()
    noise = np.random.default_rng(1).normal(0, 800, (2, 22 * RATE_HZ)).astype(np.int16)
    encode_flac(noise, RATE_HZ, tmp_path / "playback.flac")
    app.extensions["files"].put(made.playback_key, tmp_path / "playback.flac")
    return made


def redact(app: Flask, session: Session, call: Call) -> None:
    """Do the waiting job as a worker would."""
    with unit_of_work(session) as work:
        job = latest_job_of(work, call.id, kind=REDACT_CALL)
        assert job is not None
        job.run_at = clock.now()
    assert run_job(app.extensions["job_kinds"], job.id, open_session=app.extensions["open_session"])
    session.rollback()


def samples_of(app: Flask, key: str) -> np.ndarray:
    """Sound at 16 kHz, twice the rate that it is kept at."""
    with app.extensions["files"].local_copy(key) as path:
        return decode(path)


def changed_s(app: Flask, call: Call) -> list[tuple[float, float] | None]:
    """From when to when each lane differs from what was recorded."""
    assert call.playback_key is not None
    raw, covered = (samples_of(app, key) for key in (call.playback_key, redacted_sound(call)))
    assert raw.shape == covered.shape
    spans: list[tuple[float, float] | None] = []
    for before, after in zip(raw, covered, strict=True):
        at = np.flatnonzero(np.abs(before - after) > 0.01)
        spans.append((at[0] / 16000, at[-1] / 16000) if len(at) else None)
    return spans


def test_a_scored_call_has_its_copy_ordered_and_nothing_to_hear_before(session, call):
    job = latest_job_of(session, call.id, kind=REDACT_CALL)
    assert job is not None
    assert job.status is JobStatus.QUEUED
    with pytest.raises(RedactionPending):
        redacted_sound(call)


def test_the_copy_covers_the_number_on_the_side_that_says_it(app, session, call):
    redact(app, session, call)
    agent, customer = changed_s(app, call)
    assert agent == pytest.approx((NUMBER_S[0] - 0.15, NUMBER_S[1] + 0.15), abs=0.2)
    assert customer is None


def test_swapped_sides_have_their_copy_made_anew_on_the_same_lane(app, session, call, make_user):
    redact(app, session, call)
    first = call.redacted_key
    with unit_of_work(session) as work:
        swap_roles_and_rescore(work, call=call, by=make_user(), now=NOON)
    session.expire_all()
    if call.redacted_key is None:
        redact(app, session, call)
    # The number is on the left still; whose lane that is called changes nothing in the sound.
    left, right = changed_s(app, call)
    assert left is not None
    assert right is None
    assert call.redacted_key == first


def test_a_call_that_changed_while_its_copy_was_made_is_made_again(app, session, call):
    processor = app.extensions["job_kinds"][REDACT_CALL]

    class Run:
        claim = type("Claim", (), {"subject_id": call.id})
        open_session = staticmethod(app.extensions["open_session"])

        def show(self, _progress, _stage):
            pass

    write = processor.work(Run())
    with unit_of_work(session):
        for said in call.utterances:
            said.start_s += 0.5
            said.words = [{**word, "start_s": word["start_s"] + 0.5} for word in said.words]
    with unit_of_work(session) as work:
        write(work)
    session.expire_all()
    assert call.redacted_key is None


def test_ordering_twice_is_one_job(session, call):
    with unit_of_work(session) as work:
        order_redaction(work, call=call, now=NOON)
        order_redaction(work, call=call, now=NOON)
    jobs = session.scalars(select(Job).where(Job.kind == REDACT_CALL)).all()
    assert len(jobs) == 1


def test_a_copy_that_cannot_be_made_is_said_and_can_be_ordered_again(app, session, call, tmp_path):
    (tmp_path / "broken").write_bytes(b"no sound at all" * 100)
    app.extensions["files"].put(call.playback_key, tmp_path / "broken")
    redact(app, session, call)
    assert redaction_failed(session, call)
    with unit_of_work(session) as work:
        order_redaction(work, call=call, now=NOON)
    assert not redaction_failed(session, call)
