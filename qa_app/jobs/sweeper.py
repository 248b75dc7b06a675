"""A thread in each worker that puts back what died and announces what waits."""

import logging
import threading
from collections.abc import Callable

from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.jobs.models import Job
from qa_app.jobs.queue import note_worker, sweep
from qa_app.jobs.worker import OpenSession

log = logging.getLogger(__name__)


class Sweeper:
    """Sweeps now and four times a lease until told to stop."""

    def __init__(
        self,
        *,
        worker_name: str,
        open_session: OpenSession,
        announce: Callable[[str, str], bool],
        given_up: Callable[[Session, Job], None],
        lease_s: float,
    ) -> None:
        self._name = worker_name
        self._open_session = open_session
        self._announce = announce
        self._given_up = given_up
        self._every_s = lease_s / 4
        self._lease_s = lease_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)

    def start(self) -> None:
        """Begin sweeping."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the sweep that is under way."""
        self._stop.set()
        self._thread.join(timeout=5)

    def sweep_once(self) -> None:
        """Sweep, tell rooms about jobs that ran out of tries, and announce what is due."""
        with self._open_session() as session, unit_of_work(session):
            now = clock.now()
            note_worker(session, self._name, now=now)
            swept = sweep(session, now=now, republish_s=self._lease_s)
            for job in swept.failed:
                self._given_up(session, job)
        for job_id, queue in swept.due:
            if not self._announce(job_id, queue):
                break

    def _run(self) -> None:
        while True:
            try:
                self.sweep_once()
            except Exception:  # the edge: a locked database must not end the sweeping
                log.exception("A sweep failed; the next one follows")
            if self._stop.wait(self._every_s):
                return
