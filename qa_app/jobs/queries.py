"""Reads of background work."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from qa_app.jobs.errors import JobNotFound
from qa_app.jobs.models import Job, JobStatus


def job_by_id(session: Session, job_id: str) -> Job:
    """Return the job.

    Raises
    ------
    JobNotFound
        There is none of this id.
    """
    job = session.get(Job, job_id)
    if job is None:
        raise JobNotFound(_("没有这项后台工作。"))
    return job


def latest_job_of(session: Session, subject_id: str, *, kind: str | None = None) -> Job | None:
    """Return the newest job about a thing, of one kind where it has several."""
    query = select(Job).where(Job.subject_id == subject_id).order_by(Job.id.desc()).limit(1)
    return session.scalar(query if kind is None else query.where(Job.kind == kind))


def open_jobs_of(session: Session, subject_ids: Sequence[str], *, kind: str) -> dict[str, Job]:
    """Return the waiting or running job of this kind of each thing that has one."""
    jobs = session.scalars(
        select(Job)
        .where(
            Job.subject_id.in_(subject_ids),
            Job.kind == kind,
            Job.status.in_([JobStatus.QUEUED, JobStatus.RUNNING]),
        )
        .order_by(Job.id)
    )
    return {job.subject_id: job for job in jobs if job.subject_id}


def job_counts(session: Session) -> dict[JobStatus, int]:
    """Count the jobs of each status."""
    rows = session.execute(select(Job.status, func.count()).group_by(Job.status))
    return dict(rows.all())


def due_job_ids(session: Session, *, subject_ids: Sequence[str] | None = None) -> Sequence[str]:
    """Return the jobs that wait, oldest first."""
    query = select(Job.id).where(Job.status == JobStatus.QUEUED).order_by(Job.id)
    if subject_ids is not None:
        query = query.where(Job.subject_id.in_(subject_ids))
    return session.scalars(query).all()
