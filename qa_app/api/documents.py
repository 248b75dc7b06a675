"""Documents that only the API writes: jobs, people, lines of the list."""

from typing import Any

from qa_app.jobs.models import Job
from qa_app.reviews.documents import call_summary, points_text, timestamp
from qa_app.reviews.listing import CallRow
from qa_app.rule_sets.models import RuleSetVersion, RuleTrial
from qa_app.users.models import Team, User

Document = dict[str, Any]


def job_document(job: Job) -> Document:
    """Return a piece of background work."""
    return {
        "id": job.id,
        "kind": job.kind,
        "call": job.subject_id,
        "status": job.status.value,
        "progress": job.progress,
        "stage": job.stage,
        "attempts": job.attempts,
        "error": {"code": job.error_code, "message": job.error_message} if job.error_code else None,
        "created_at": timestamp(job.created_at),
        "started_at": timestamp(job.started_at) if job.started_at else None,
        "finished_at": timestamp(job.finished_at) if job.finished_at else None,
    }


def call_line(row: CallRow) -> Document:
    """Return a line of the list of calls."""
    evaluation = row.evaluation
    score = evaluation and {
        "status": evaluation.status.value,
        "machine_points": points_text(evaluation.machine_points),
        "confirmed_points": points_text(evaluation.confirmed_points),
        "max_points": points_text(evaluation.max_points),
    }
    return {**call_summary(row.call, reveal=False), "findings": row.findings, "score": score}


def agent_document(user: User) -> Document:
    """Return a person whose calls are reviewed."""
    return {
        "id": user.id,
        "login": user.login,
        "name": user.name,
        "employee_number": user.employee_number,
        "team": user.team.name if user.team else None,
        "is_active": user.is_active,
    }


def team_document(team: Team) -> Document:
    """Return a group of agents."""
    return {"id": team.id, "name": team.name}


def rule_set_line(version: RuleSetVersion) -> Document:
    """Return a version of the rules without what it holds."""
    by = version.published_by
    return {
        "id": version.id,
        "number": version.number,
        "status": version.status.value,
        "note": version.note,
        "revision": version.revision,
        "created_at": timestamp(version.created_at),
        "published_at": timestamp(version.published_at) if version.published_at else None,
        "published_by": by.login if by else None,
    }


def rule_set_document(version: RuleSetVersion) -> Document:
    """Return a version with its content, as the command line exports and imports it."""
    return {**rule_set_line(version), "content": version.content}


def rule_trial_document(trial: RuleTrial) -> Document:
    """Return a trial; its result is empty until it has run."""
    return {
        "id": trial.id,
        "revision": trial.revision,
        "against": trial.against_number,
        "weeks": trial.weeks,
        "created_at": timestamp(trial.created_at),
        "finished_at": timestamp(trial.finished_at) if trial.finished_at else None,
        "failure": trial.failure or None,
        "result": trial.result,
    }
