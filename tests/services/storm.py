"""A site whose worker is killed at random moments."""

import os
import random
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import numpy as np
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from qa_app import create_app
from qa_app.calls.metadata import CallMetadata
from qa_app.calls.models import Call, CallStatus, Utterance
from qa_app.calls.recordings import keep_recording
from qa_app.calls.services import PROCESS_CALL, add_call
from qa_app.core import clock
from qa_app.core.config import read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.jobs.models import Job, JobStatus
from qa_app.reviews.models import Evaluation
from qa_app.scorecards.services import install_regulation

ROOT = Path(__file__).parents[2]
LEASE_S = 6


def cut_clips(recordings: list[Path], folder: Path, count: int) -> list[Path]:
    """Cut so many clips of three seconds, all different, from stereo recordings."""
    sounds = []
    for path in recordings:
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            sounds.append(frames.reshape(-1, file.getnchannels()))
    clips = []
    for number in range(count):
        sound = sounds[number % len(sounds)]
        start = (number * 7919) % max(1, len(sound) - 3 * rate)
        clips.append(folder / f"clip-{number:02}.wav")
        with wave.open(str(clips[-1]), "wb") as file:
            file.setnchannels(sound.shape[1])
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(sound[start : start + 3 * rate].tobytes())
    return clips


@dataclass
class StormySite:
    """One site: its settings as environment, its application, its worker."""

    env: dict[str, str]
    app: Flask
    worker: subprocess.Popen[bytes] | None = None

    @classmethod
    def open(cls, folder: Path, more: Mapping[str, str]) -> "StormySite":
        """Make an empty site."""
        models = ROOT / "instance" / "models"
        folder.mkdir(parents=True, exist_ok=True)
        if models.exists():
            (folder / "models").symlink_to(models)
        env = {
            "QA_DATA_DIR": str(folder),
            "QA_SECRET_KEY": "storm",
            "QA_JOB_LEASE_S": str(LEASE_S),
            "QA_WORKER_PROCESSES": "2",
            **more,
        }
        app = create_app(read_settings(env))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            with unit_of_work() as session:
                install_regulation(session, now=clock.now())
        return cls(env, app)

    def add(self, clips: list[Path]) -> None:
        """Take the recordings in, as the pages do."""
        with self.app.app_context():
            for clip in clips:
                stored = keep_recording(self.app.extensions["files"], clip, max_bytes=10**8)
                with unit_of_work() as session:
                    add_call(
                        session,
                        stored=stored,
                        file_name=clip.name,
                        metadata=CallMetadata(),
                        by=None,
                        zone=UTC,
                        now=clock.now(),
                    )

    def start_worker(self) -> None:
        """Start the worker as the site does, in a process group of its own."""
        with Path(self.env["QA_DATA_DIR"], "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [
                    *(sys.executable, "-m", "celery", "-A", "qa_app.worker", "worker"),
                    *("-Q", "interactive,bulk", "--without-gossip", "--without-mingle"),
                    *("-l", "INFO"),
                ],
                cwd=ROOT,
                env={**os.environ, **self.env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_worker(self) -> None:
        """Kill parent and children at once, as a power cut would."""
        if self.worker is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()

    def done(self) -> int:
        """Count the calls that are processed."""
        with self.app.app_context():
            count = db.session.scalar(
                select(func.count(Call.id)).where(Call.status == CallStatus.PROCESSED)
            )
            db.session.rollback()
            return count or 0

    def jobs_by_status(self) -> dict[JobStatus, int]:
        """Count the jobs of each status that process a call."""
        with self.app.app_context():
            rows = db.session.execute(
                select(Job.status, func.count())
                .where(Job.kind == PROCESS_CALL)
                .group_by(Job.status)
            ).all()
            db.session.rollback()
            return dict(rows)  # type: ignore[arg-type]

    def repeated(self) -> int:
        """Count effects that stand twice: evaluations of one call, utterances of one place."""
        with self.app.app_context():
            evaluations = db.session.scalar(select(func.count(Evaluation.id))) or 0
            places = db.session.scalar(
                select(func.count()).select_from(
                    select(Utterance.call_id, Utterance.position)
                    .group_by(Utterance.call_id, Utterance.position)
                    .having(func.count() > 1)
                    .subquery()
                )
            )
            db.session.rollback()
            return evaluations - self.done() + (places or 0)

    def close(self) -> None:
        """End the worker and let go of the database."""
        self.kill_worker()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def stormy_site(folder: Path, more: Mapping[str, str]):
    """Open a site and close it whatever happens."""
    site = StormySite.open(folder, more)
    try:
        yield site
    finally:
        site.close()


def ride_out(
    site: StormySite,
    calls: int,
    *,
    kills: int,
    seed: int,
    in_the_middle: Callable[[], None] = lambda: None,
    limit_s: float = 420.0,
) -> int:
    """Kill the worker so often while the calls are processed; return how often it was killed."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable storm, no secret
    deadline = time.monotonic() + limit_s
    killed = 0
    emptied = False
    site.start_worker()
    next_kill = time.monotonic() + chance.uniform(5, 9)
    while site.done() < calls and time.monotonic() < deadline:
        time.sleep(0.1)
        if not emptied and site.done() >= calls // 3:
            in_the_middle()
            emptied = True
        if killed < kills and time.monotonic() >= next_kill:
            site.kill_worker()
            killed += 1
            site.start_worker()
            next_kill = time.monotonic() + chance.uniform(5, 9)
    return killed
