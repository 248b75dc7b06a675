"""What the machine proposes: an evaluation opened, and made anew from another look at the call."""

from datetime import datetime

from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.models import Call
from qa_app.calls.services import reprocess_call
from qa_app.checks.finding import Tier
from qa_app.checks.models import StoredFinding
from qa_app.checks.rule_set import RuleSet
from qa_app.checks.services import (
    Examination,
    conversation_of,
    examine,
    store_examination,
)
from qa_app.core.ids import new_id
from qa_app.jobs.models import Job
from qa_app.redaction.services import order_redaction
from qa_app.reviews.drafts import refuse_if_submitted, work_out
from qa_app.reviews.models import (
    Deduction,
    DeductionStatus,
    Evaluation,
    EvaluationStatus,
    Origin,
)
from qa_app.reviews.queries import evaluation_of_call
from qa_app.rule_sets.clauses import criterion_of_finding
from qa_app.rule_sets.queries import rules_in_force, rules_numbered
from qa_app.scorecards.models import ScorecardVersion
from qa_app.scorecards.services import version_to_score_by
from qa_app.users.models import User


def score_call(
    session: Session, *, call: Call, examination: Examination, now: datetime
) -> Evaluation:
    """Keep what the rules found and open an evaluation with what the machine proposes.

    On a draft the machine's proposals are made anew and what people added stays. A submitted
    evaluation, and the findings that it stands on, are never touched.
    """
    evaluation = evaluation_of_call(session, call.id)
    if evaluation is not None and evaluation.status is EvaluationStatus.SUBMITTED:
        order_redaction(session, call=call, now=now)
        return evaluation
    if evaluation is None:
        version = version_to_score_by(session, now=now)
        evaluation = Evaluation(
            id=new_id(),
            call_id=call.id,
            version=version,
            max_points=version.ceiling_points,
            created_at=now,
            deductions=[],
        )
        session.add(evaluation)
    evaluation.rule_set_version = examination.rule_set_version
    for deduction in [d for d in evaluation.deductions if d.origin is Origin.MACHINE]:
        evaluation.deductions.remove(deduction)
    session.flush()
    findings = store_examination(session, call=call, examination=examination, now=now)
    evaluation.not_scored_reason = _why_not_scored(call)
    evaluation.deductions.extend(
        _proposal(evaluation.version, finding, examination.rules) for finding in findings
    )
    evaluation.revision += 1
    session.flush()
    work_out(evaluation)
    session.flush()
    order_redaction(session, call=call, now=now)
    return evaluation


def recheck_call(session: Session, *, call: Call, now: datetime) -> Evaluation:
    """Run every rule over the transcript as it stands, and propose anew.

    A call stays with the rules it was first checked with, whatever was published since.
    """
    evaluation = evaluation_of_call(session, call.id)
    kept = rules_numbered(session, evaluation.rule_set_version) if evaluation else None
    kept = kept or rules_in_force(session)
    examination = examine(conversation_of(call), kept.rules, kept.number)
    return score_call(session, call=call, examination=examination, now=now)


def reprocess(session: Session, *, call: Call, by: User, now: datetime) -> Job:
    """Transcribe a call again from its recording, unless its evaluation stands already."""
    refuse_if_submitted(session, call)
    return reprocess_call(session, call=call, by=by, now=now)


def _why_not_scored(call: Call) -> str | None:
    if not call.utterances:
        return "no_speech"
    known = any(said.channel is not Channel.UNKNOWN for said in call.utterances)
    return None if known else "roles_unknown"


def _proposal(version: ScorecardVersion, finding: StoredFinding, rules: RuleSet) -> Deduction:
    """Propose a deduction for the agent's own; of others' findings only make a note."""
    accused = finding.channel is not Channel.CUSTOMER
    criterion = criterion_of_finding(version, finding.rule, rules) if accused else None
    certain = finding.tier is Tier.CERTAIN and finding.channel is Channel.AGENT
    return Deduction(
        id=new_id(),
        criterion=criterion,
        finding=finding,
        origin=Origin.MACHINE,
        status=DeductionStatus.MACHINE,
        counts_for_machine=criterion is not None and certain,
        start_s=finding.start_s,
        end_s=max(finding.start_s, finding.end_s),
        reason=finding.why,
        dismiss_reason="",
    )
