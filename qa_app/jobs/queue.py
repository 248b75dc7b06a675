"""Work as rows: submit, claim, keep alive, finish, sweep. Every step is one guarded statement.

The protocol (a lease with a fence): a job is claimed by writing a fresh token into it; only the
holder of that token may report progress or finish, and what a job produces is written in the
same transaction that marks it done. A worker that dies leaves a lease that runs out, and the
sweeper puts the job back. Messages carry nothing but the id, so losing one loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from qa_app.core.ids import new_id
from qa_app.jobs.models import Job, JobStatus, WorkerBeat

if TYPE_CHECKING:
    from sqlalchemy.engine import CursorResult

LEASE_S = 60.0
#: A due job nobody has been told about for this long is announced again.
REPUBLISH_S = 60.0
#: Where a session keeps the jobs to be announced once it has committed.
SUBMITTED = "submitted_jobs"
#: Longer waits between tries give a full disk or a missing model time to be mended.
RETRY_DELAYS_S = (0.0, 30.0, 300.0)


@dataclass(frozen=True)
class Claim:
    """A job that is ours until its lease runs out."""

    job_id: str
    kind: str
    subject_id: str | None
    payload: dict[str, Any]
    attempts: int
    max_attempts: int
    token: str
    lease_s: float


class LeaseLost(Exception):
    """Another worker holds the job now; whatever we made of it must be thrown away."""


def submit_job(
    session: Session,
    *,
    kind: str,
    subject_id: str | None,
    now: datetime,
    payload: dict[str, Any] | None = None,
    queue: str = "bulk",
    unique_key: str | None = None,
    max_attempts: int = 5,
) -> Job:
    """Write down a piece of work beside the rows it is about, to be announced after commit.

    A job of the same key that still waits or runs is returned instead of a second one.
    """
    if unique_key is not None:
        waiting = session.scalar(select(Job).where(Job.unique_key == unique_key))
        if waiting is not None:
            return waiting
    job = Job(
        id=new_id(),
        kind=kind,
        queue=queue,
        subject_id=subject_id,
        unique_key=unique_key,
        payload=payload or {},
        max_attempts=max_attempts,
        run_at=now,
        created_at=now,
    )
    session.add(job)
    session.flush()
    _announce_after_commit(session, job, now)
    return job


def claim_job(
    session: Session, job_id: str, *, now: datetime, lease_s: float = LEASE_S
) -> Claim | None:
    """Take the job if it is due and nobody holds it; None means there is nothing to do."""
    token = new_id()
    claimed = session.execute(
        update(Job)
        .where(
            Job.id == job_id,
            Job.run_at <= now,
            or_(
                Job.status == JobStatus.QUEUED,
                and_(Job.status == JobStatus.RUNNING, Job.lease_until < now),
            ),
            Job.attempts < Job.max_attempts,
        )
        .values(
            status=JobStatus.RUNNING,
            attempts=Job.attempts + 1,
            lease_token=token,
            lease_until=now + timedelta(seconds=lease_s),
            started_at=now,
            progress=0.0,
            stage="",
            error_code=None,
            error_message=None,
        )
        .returning(Job.kind, Job.subject_id, Job.payload, Job.attempts, Job.max_attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if claimed is None:
        return None
    return Claim(
        job_id=job_id,
        kind=claimed.kind,
        subject_id=claimed.subject_id,
        payload=claimed.payload,
        attempts=claimed.attempts,
        max_attempts=claimed.max_attempts,
        token=token,
        lease_s=lease_s,
    )


def keep_alive(
    session: Session, claim: Claim, *, now: datetime, progress: float, stage: str
) -> None:
    """Extend the lease and show how far the work is.

    Raises
    ------
    LeaseLost
        The job is no longer ours.
    """
    _change_held(
        session,
        claim,
        lease_until=now + timedelta(seconds=claim.lease_s),
        progress=progress,
        stage=stage,
    )


def finish_job(session: Session, claim: Claim, *, now: datetime) -> None:
    """Mark the job done, in the transaction that writes its results.

    Raises
    ------
    LeaseLost
        The job is no longer ours; the caller's results must be rolled back.
    """
    _change_held(
        session,
        claim,
        status=JobStatus.DONE,
        progress=1.0,
        stage="",
        finished_at=now,
        lease_token=None,
        lease_until=None,
        unique_key=None,
    )


def fail_job(
    session: Session, claim: Claim, *, now: datetime, code: str, message: str, final: bool
) -> bool:
    """Write down why it failed and put it back for another try, unless tries are spent.

    Returns whether this was the last try.
    """
    last = final or claim.attempts >= claim.max_attempts
    wait_s = RETRY_DELAYS_S[min(claim.attempts, len(RETRY_DELAYS_S) - 1)]
    _change_held(
        session,
        claim,
        status=JobStatus.FAILED if last else JobStatus.QUEUED,
        run_at=now + timedelta(seconds=wait_s),
        error_code=code,
        error_message=message,
        lease_token=None,
        lease_until=None,
        published_at=None,
        **({"finished_at": now, "unique_key": None} if last else {}),
    )
    return last


def release_job(session: Session, claim: Claim, *, now: datetime) -> None:
    """Give an unfinished job back at once, as when the worker is told to stop; no try is spent."""
    _change_held(
        session,
        claim,
        status=JobStatus.QUEUED,
        attempts=claim.attempts - 1,
        run_at=now,
        lease_token=None,
        lease_until=None,
        published_at=None,
    )


def retry_job(session: Session, job: Job, *, now: datetime) -> Job:
    """Give a failed job all its tries again."""
    if job.status is JobStatus.FAILED:
        job.status = JobStatus.QUEUED
        job.attempts = 0
        job.run_at = now
        job.finished_at = None
        job.error_code = job.error_message = None
        session.flush()
        _announce_after_commit(session, job, now)
    return job


@dataclass(frozen=True)
class Swept:
    """What a sweep found."""

    requeued: int
    failed: Sequence[Job]
    due: Sequence[tuple[str, str]]


def sweep(session: Session, *, now: datetime, republish_s: float = REPUBLISH_S) -> Swept:
    """Put back jobs whose worker died, end those out of tries, list those to announce again."""
    expired = (Job.status == JobStatus.RUNNING) & (Job.lease_until < now)
    spent = session.scalars(
        select(Job).where(expired, Job.attempts >= Job.max_attempts).with_for_update()
    ).all()
    for job in spent:
        job.status = JobStatus.FAILED
        job.error_code = "worker_lost"
        job.error_message = _("处理中断了 %(count)d 次，可能是内存不够。", count=job.attempts)
        job.finished_at = now
        job.lease_token = job.lease_until = job.unique_key = None
    session.flush()
    requeued = session.execute(
        update(Job)
        .where(expired, Job.attempts < Job.max_attempts)
        .values(status=JobStatus.QUEUED, lease_token=None, lease_until=None, published_at=None)
        .execution_options(synchronize_session=False)
    )
    stale = now - timedelta(seconds=republish_s)
    due = session.execute(
        update(Job)
        .where(
            Job.status == JobStatus.QUEUED,
            Job.run_at <= now,
            or_(Job.published_at.is_(None), Job.published_at < stale),
        )
        .values(published_at=now)
        .returning(Job.id, Job.queue)
        .execution_options(synchronize_session=False)
    ).all()
    return Swept(_row_count(requeued), spent, [(row.id, row.queue) for row in due])


def note_worker(session: Session, name: str, *, now: datetime) -> None:
    """Write down that a worker lives, and forget those not seen for a day."""
    beat = session.get(WorkerBeat, name)
    if beat is None:
        session.add(WorkerBeat(name=name, seen_at=now))
    else:
        beat.seen_at = now
    session.flush()


def workers_seen(session: Session, *, since: datetime) -> int:
    """Count the workers seen since then."""
    return (
        session.scalar(
            select(func.count()).select_from(WorkerBeat).where(WorkerBeat.seen_at >= since)
        )
        or 0
    )


def _announce_after_commit(session: Session, job: Job, now: datetime) -> None:
    """Note the job for the announcer; should the hint be lost, the sweeper gives another."""
    job.published_at = now
    session.info.setdefault(SUBMITTED, []).append((job.id, job.queue))
    session.flush()


def _change_held(session: Session, claim: Claim, **values: object) -> None:
    changed = session.execute(
        update(Job)
        .where(
            Job.id == claim.job_id,
            Job.lease_token == claim.token,
            Job.status == JobStatus.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if _row_count(changed) == 0:
        raise LeaseLost(claim.job_id)


def _row_count(result: object) -> int:
    return cast("CursorResult[Any]", result).rowcount
