"""Changes to objections: filed by the agent, withdrawn by the agent."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.appeals.errors import (
    AppealOpen,
    AppealReasonMissing,
    AppealStands,
    NothingToAppeal,
)
from qa_app.appeals.models import Appeal, AppealStatus, Wish
from qa_app.appeals.permissions import can_file_appeal, can_withdraw_appeal
from qa_app.appeals.queries import appeals_of, open_appeal
from qa_app.calls.models import Call
from qa_app.core.errors import NotAllowed
from qa_app.core.ids import new_id
from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation, EvaluationStatus
from qa_app.reviews.queries import evaluation_of_call
from qa_app.reviews.results import note_objection
from qa_app.users.audit import record
from qa_app.users.models import User

#: "不公平" alone gives the reader nothing to check; this is about one short sentence.
SHORTEST_REASON = 6
LONGEST_REASON = 500


def file_appeal(
    session: Session,
    *,
    evaluation: Evaluation,
    deduction_id: str,
    reason: str,
    wish: Wish,
    by: User,
    now: datetime,
) -> Appeal:
    """Object to a deduction of a submitted evaluation.

    Raises
    ------
    NotAllowed
        It is another agent's result.
    NothingToAppeal, AppealStands
        The deduction does not count, or an objection to it is open already.
    AppealReasonMissing
        The reason says too little, or too much for one page.
    """
    if not can_file_appeal(by.actor, agent_id=evaluation.call.agent_id):
        raise NotAllowed(_("只能对自己的扣分提异议。"))
    deduction = _counted(evaluation, deduction_id)
    reason = reason.strip()
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise AppealReasonMissing(
            _(
                "理由要写 %(least)d 到 %(most)d 个字：当时的情形、请听的时间点、应当怎么判。",
                least=SHORTEST_REASON,
                most=LONGEST_REASON,
            ),
            field="reason",
        )
    if open_appeal(session, deduction.id) is not None:
        raise AppealStands(_("这一条已经提过异议，正在等答复。要改理由，请先撤回。"))
    appeal = Appeal(
        id=new_id(),
        evaluation=evaluation,
        deduction=deduction,
        agent_id=by.id,
        reason=reason,
        wish=wish,
        status=AppealStatus.FILED,
        filed_at=now,
    )
    session.add(appeal)
    note_objection(session, evaluation=evaluation, now=now)
    record(
        session,
        by=by,
        action="appeal:file",
        subject_type="call",
        subject_id=evaluation.call_id,
        now=now,
        detail={"appeal": appeal.id, "deduction": deduction.id, "wish": wish.value},
    )
    return appeal


def withdraw_appeal(session: Session, *, appeal: Appeal, by: User, now: datetime) -> None:
    """Take an objection back; it stays on record, and another may be filed.

    Raises
    ------
    NotAllowed
        Somebody else filed it.
    """
    if not can_withdraw_appeal(by.actor, filed_by=appeal.agent_id):
        raise NotAllowed(_("只能撤回自己的异议。"))
    if appeal.status is AppealStatus.WITHDRAWN:
        return
    appeal.status = AppealStatus.WITHDRAWN
    appeal.withdrawn_at = now
    session.flush()
    record(
        session,
        by=by,
        action="appeal:withdraw",
        subject_type="call",
        subject_id=appeal.evaluation.call_id,
        now=now,
        detail={"appeal": appeal.id},
    )


def release_call(session: Session, call: Call) -> None:
    """Let a call be deleted: its settled objections go with it.

    Raises
    ------
    AppealOpen
        An objection waits for its answer.
    """
    evaluation = evaluation_of_call(session, call.id)
    appeals = appeals_of(session, evaluation.id) if evaluation is not None else []
    if any(appeal.status is AppealStatus.FILED for appeal in appeals):
        raise AppealOpen(_("坐席对这通的评分提出了异议，还在等答复。答复之后才能删除。"))
    for appeal in appeals:
        session.delete(appeal)
    session.flush()


def _counted(evaluation: Evaluation, deduction_id: str) -> Deduction:
    submitted = evaluation.status is EvaluationStatus.SUBMITTED
    for deduction in evaluation.deductions if submitted else []:
        if deduction.id == deduction_id and deduction.status is DeductionStatus.CONFIRMED:
            return deduction
    raise NothingToAppeal(_("这一条现在没有扣分，不用提异议。请刷新看最新的结果。"))
