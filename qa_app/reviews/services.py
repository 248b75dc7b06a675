"""Changes to evaluations: decided by people, submitted once.

Every decision names the revision it was made on; a decision on an older one is refused, so two
inspectors never write over each other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.checks.models import FindingStatus
from qa_app.core.errors import Invalid
from qa_app.core.ids import new_id
from qa_app.reviews.drafts import begin_change, refuse_submitted, take_on, work_out
from qa_app.reviews.errors import (
    DecisionsPending,
    DeductionNotFound,
    ReasonTooShort,
    WithdrawalTooLate,
)
from qa_app.reviews.models import (
    Deduction,
    DeductionStatus,
    Evaluation,
    EvaluationStatus,
    Origin,
)
from qa_app.reviews.sums import frozen_form, sums_of
from qa_app.rule_sets.models import Outcome
from qa_app.rule_sets.verdicts import forget_verdict, keep_verdict
from qa_app.scorecards.queries import criterion_by_id
from qa_app.users.audit import record
from qa_app.users.models import User

#: Shorter reasons ("态度不好") leave the agent guessing; a full one has at least six characters.
SHORTEST_REASON = 6
LONGEST_TEXT = 2000
WITHDRAWAL_S = 300.0


def decide_deduction(
    session: Session,
    *,
    evaluation: Evaluation,
    deduction_id: str,
    status: DeductionStatus,
    reason: str,
    revision: int,
    by: User,
    now: datetime,
) -> Deduction:
    """Confirm or dismiss a proposal, or take the decision back with status `machine`.

    Raises
    ------
    EvaluationSubmitted, EvaluationChanged
        It can no longer be changed, or somebody else changed it meanwhile.
    ReasonTooShort
        A dismissal gives no reason that the next reader would understand.
    """
    begin_change(evaluation, revision)
    deduction = _deduction(evaluation, deduction_id)
    if status is DeductionStatus.MACHINE and deduction.origin is Origin.PERSON:
        evaluation.deductions.remove(deduction)
    else:
        _set_status(deduction, status, reason=reason, by=by, now=now)
    take_on(evaluation, by)
    work_out(evaluation)
    session.flush()
    _learn(session, deduction, by=by, now=now)
    record(
        session,
        by=by,
        action="deduction:decide",
        subject_type="call",
        subject_id=evaluation.call_id,
        now=now,
        detail={"deduction": deduction_id, "status": status.value},
    )
    return deduction


def add_deduction(
    session: Session,
    *,
    evaluation: Evaluation,
    criterion_id: str,
    start_s: float,
    end_s: float,
    reason: str,
    revision: int,
    by: User,
    now: datetime,
) -> Deduction:
    """Add a deduction that the machine did not propose; a person's own is confirmed at once.

    Raises
    ------
    Invalid, ReasonTooShort
        The time range lies outside the call, or the reason says too little.
    """
    begin_change(evaluation, revision)
    duration_s = evaluation.call.duration_s or 0.0
    if not 0 <= start_s < end_s <= duration_s + 1:
        raise Invalid(_("起止时间要在录音里面，并且先起后止，例如 01:38–01:43。"), field="start_s")
    criterion = criterion_by_id(evaluation.version, criterion_id)
    deduction = Deduction(
        id=new_id(),
        criterion=criterion,
        origin=Origin.PERSON,
        status=DeductionStatus.CONFIRMED,
        start_s=start_s,
        end_s=end_s,
        reason=_checked_reason(reason),
        dismiss_reason="",
        counts_for_machine=False,
        decided_by_id=by.id,
        decided_at=now,
    )
    evaluation.deductions.append(deduction)
    take_on(evaluation, by)
    work_out(evaluation)
    session.flush()
    record(
        session,
        by=by,
        action="deduction:add",
        subject_type="call",
        subject_id=evaluation.call_id,
        now=now,
        detail={"deduction": deduction.id, "clause": criterion.clause},
    )
    return deduction


def write_note(session: Session, *, evaluation: Evaluation, note: str, by: User) -> None:
    """Keep the inspector's words to the agent; typing does not count as a decision."""
    refuse_submitted(evaluation)
    if len(note) > LONGEST_TEXT:
        raise Invalid(_("最多 %(count)d 个字。", count=LONGEST_TEXT), field="note")
    evaluation.note = note.strip()
    take_on(evaluation, by)
    session.flush()


def submit_evaluation(
    session: Session, *, evaluation: Evaluation, revision: int, by: User, now: datetime
) -> Evaluation:
    """Freeze the evaluation; from now on the agent sees it.

    Raises
    ------
    DecisionsPending
        A proposal is still undecided.
    """
    begin_change(evaluation, revision)
    pending = [d for d in evaluation.deductions if d.status is DeductionStatus.MACHINE]
    if pending:
        raise DecisionsPending(_("还有 %(count)d 条待判定。判定完才能提交。", count=len(pending)))
    sums = sums_of(evaluation)
    for deduction in evaluation.deductions:
        deduction.frozen_points = sums.points.get(deduction.id)
    evaluation.frozen_sum = frozen_form(sums.confirmed)
    evaluation.status = EvaluationStatus.SUBMITTED
    evaluation.submitted_at = now
    evaluation.submitted_by_id = by.id
    take_on(evaluation, by)
    session.flush()
    record(
        session,
        by=by,
        action="evaluation:submit",
        subject_type="call",
        subject_id=evaluation.call_id,
        now=now,
        detail={"points": str(evaluation.confirmed_points)},
    )
    return evaluation


def withdraw_submission(
    session: Session, *, evaluation: Evaluation, by: User, now: datetime
) -> None:
    """Take a submission back within five minutes, while the agent has not objected to it.

    Raises
    ------
    WithdrawalTooLate
        The five minutes are over, or the agent has answered.
    """
    submitted_at = evaluation.submitted_at
    if submitted_at is None:
        return
    answered = evaluation.acknowledged_at is not None or evaluation.objected_at is not None
    if answered or now - submitted_at > timedelta(seconds=WITHDRAWAL_S):
        raise WithdrawalTooLate(_("提交已经超过 5 分钟，或者坐席已经答复，不能撤回了。"))
    evaluation.status = EvaluationStatus.DRAFT
    evaluation.submitted_at = None
    evaluation.submitted_by_id = None
    evaluation.frozen_sum = None
    evaluation.first_read_at = None
    evaluation.revision += 1
    for deduction in evaluation.deductions:
        deduction.frozen_points = None
    session.flush()
    record(
        session,
        by=by,
        action="evaluation:withdraw",
        subject_type="call",
        subject_id=evaluation.call_id,
        now=now,
    )


def assign_evaluations(
    session: Session,
    *,
    evaluations: Sequence[Evaluation],
    inspector: User | None,
    by: User,
    now: datetime,
) -> int:
    """Put drafts on an inspector's work list, or back on everybody's; return how many moved."""
    drafts = [e for e in evaluations if e.status is EvaluationStatus.DRAFT]
    for evaluation in drafts:
        evaluation.inspector_id = inspector.id if inspector else None
    session.flush()
    record(
        session,
        by=by,
        action="evaluation:assign",
        subject_type="user",
        subject_id=inspector.id if inspector else None,
        now=now,
        detail={"calls": [e.call_id for e in drafts]},
    )
    return len(drafts)


def _set_status(
    deduction: Deduction, status: DeductionStatus, *, reason: str, by: User, now: datetime
) -> None:
    # Read first: a read between two of these writes would flush half a decision.
    finding, decider_id = deduction.finding, by.id
    dismissed = status is DeductionStatus.DISMISSED
    deduction.dismiss_reason = _checked_reason(reason) if dismissed else ""
    undone = status is DeductionStatus.MACHINE
    deduction.decided_by_id = None if undone else decider_id
    deduction.decided_at = None if undone else now
    deduction.status = status
    if finding is not None:
        finding.status = FindingStatus(status.value)


def _learn(session: Session, deduction: Deduction, *, by: User, now: datetime) -> None:
    """Keep the verdict beside its rule, where it outlives the finding."""
    finding = deduction.finding
    if finding is None:
        return
    if deduction.status is DeductionStatus.MACHINE:
        forget_verdict(session, finding=finding)
        return
    keep_verdict(
        session,
        finding=finding,
        outcome=Outcome(deduction.status.value),
        reason=deduction.dismiss_reason,
        by=by,
        now=now,
    )


def _deduction(evaluation: Evaluation, deduction_id: str) -> Deduction:
    for deduction in evaluation.deductions:
        if deduction.id == deduction_id:
            return deduction
    raise DeductionNotFound(_("这通的评分里没有这一条，可能刚刚重新检查过。"))


def _checked_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort(
            _("理由太短，坐席看不明白。请写清说了什么、在第几秒。"), field="reason"
        )
    if len(reason) > LONGEST_TEXT:
        raise Invalid(_("最多 %(count)d 个字。", count=LONGEST_TEXT), field="reason")
    return reason
