"""What a worker does with a job: claim, work outside any transaction, finish in one.

A second thread keeps the lease alive while the first works; when it finds the lease gone it
says so, and the result is thrown away.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from qa_app.core import clock
from qa_app.core.db import unit_of_work
from qa_app.core.errors import QaError
from qa_app.jobs.errors import JobFailed
from qa_app.jobs.models import Job
from qa_app.jobs.queue import (
    LEASE_S,
    Claim,
    LeaseLost,
    claim_job,
    fail_job,
    finish_job,
    keep_alive,
)

#: Several beats may be missed before a lease runs out, and people see the progress move.
BEATS_A_LEASE = 20

log = logging.getLogger(__name__)

Write = Callable[[Session], None]
OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass
class JobRun:
    """A claimed job as its handler sees it."""

    claim: Claim
    open_session: OpenSession
    _shown: tuple[float, str] = (0.0, "")
    _lost: threading.Event = field(default_factory=threading.Event)

    def show(self, progress: float, stage: str) -> None:
        """Note how far the work is; written with the next heartbeat.

        Raises
        ------
        LeaseLost
            Another worker has the job: stop here.
        """
        self._shown = (progress, stage)
        if self._lost.is_set():
            raise LeaseLost(self.claim.job_id)

    def beat(self) -> None:
        """Extend the lease once."""
        progress, stage = self._shown
        try:
            with self.open_session() as session, unit_of_work(session):
                keep_alive(session, self.claim, now=clock.now(), progress=progress, stage=stage)
        except LeaseLost:
            self._lost.set()


@dataclass(frozen=True)
class JobKind:
    """How one kind of work is done: compute, and return what to write in the final transaction.

    `failed` is told inside the transaction that notes the failure, with whether it was the last
    try, so that the thing worked on can say what became of it.
    """

    name: str
    work: Callable[[JobRun], Write]
    failed: Callable[..., None]


def run_job(
    kinds: dict[str, JobKind],
    job_id: str,
    *,
    open_session: OpenSession,
    lease_s: float = LEASE_S,
) -> bool:
    """Do one job if it is due and free; return whether it was ours to do."""
    with open_session() as session, unit_of_work(session):
        claim = claim_job(session, job_id, now=clock.now(), lease_s=lease_s)
    if claim is None:
        return False
    run = JobRun(claim, open_session)
    stop = threading.Event()
    heart = threading.Thread(
        target=_beat_until, args=(run, stop, lease_s / BEATS_A_LEASE), daemon=True
    )
    heart.start()
    try:
        _work(kinds, run)
    except LeaseLost:
        log.warning("Job %s was taken over by another worker; our result is dropped", job_id)
    finally:
        stop.set()
        heart.join()
    return True


def note_given_up(kinds: dict[str, JobKind], session: Session, job: Job) -> None:
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


def _beat_until(run: JobRun, stop: threading.Event, beat_s: float) -> None:
    while not stop.wait(beat_s):
        try:
            run.beat()
        except Exception:  # the edge: a missed beat is no reason to lose the work
            log.exception("The lease of job %s could not be extended", run.claim.job_id)


def _work(kinds: dict[str, JobKind], run: JobRun) -> None:
    claim = run.claim
    kind = kinds[claim.kind]
    try:
        write = kind.work(run)
        with run.open_session() as session, unit_of_work(session):
            # The fence first: a lost lease must not cost the writing.
            finish_job(session, claim, now=clock.now())
            write(session)
    except LeaseLost:
        raise
    except JobFailed as failure:
        _note_failure(kind, run, failure)
    except QaError as error:
        _note_failure(kind, run, JobFailed(error.message, code=error.code, final=False))
    except OperationalError:
        log.exception("The database did not take job %s", claim.job_id)
        message = _("数据库暂时没有响应，会再试。")
        _note_failure(kind, run, JobFailed(message, code="database_unavailable", final=False))
    except Exception:  # the edge: whatever it was, the job must not be lost
        log.exception("Job %s (%s) failed", claim.job_id, claim.kind)
        message = _("程序出错了，管理员可以在日志里看到原因。")
        _note_failure(kind, run, JobFailed(message, code="internal_error", final=False))


def _note_failure(kind: JobKind, run: JobRun, failure: JobFailed) -> None:
    now = clock.now()
    with run.open_session() as session, unit_of_work(session):
        last = fail_job(
            session,
            run.claim,
            now=now,
            code=failure.reason_code,
            message=failure.message,
            final=failure.final,
        )
        kind.failed(session, run.claim, failure, last=last)
