"""Background work."""

from typing import Any

from apiflask import APIBlueprint

from qa_app.api.auth import permits, token_user
from qa_app.api.documents import job_document
from qa_app.api.openapi import answers
from qa_app.api.schemas import Job
from qa_app.calls.queries import call_by_id
from qa_app.core.db import db
from qa_app.jobs.queries import job_by_id
from qa_app.users.permissions import Action

bp = APIBlueprint("api_jobs", __name__, tag="jobs")


@bp.get("/jobs/<id:job_id>")
@permits(Action.JOBS_READ)
@answers(bp, "readJob", Job)
def read_job(job_id: str) -> dict[str, Any]:
    """Read how far a piece of work is; of calls out of sight there is none."""
    session = db.session()
    job = job_by_id(session, job_id)
    if job.subject_id is not None:
        call_by_id(session, job.subject_id, actor=token_user().actor)
    return job_document(job)
