"""What every change to an evaluation begins and ends with: it is still open, and it is summed."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from qa_app.calls.models import Call
from qa_app.reviews.errors import EvaluationChanged, EvaluationSubmitted
from qa_app.reviews.models import DeductionStatus, Evaluation, EvaluationStatus
from qa_app.reviews.queries import evaluation_of_call
from qa_app.reviews.sums import sums_of
from qa_app.users.models import User


def begin_change(evaluation: Evaluation, revision: int) -> None:
    """Let a change rest on the revision that was seen, and count it.

    Raises
    ------
    EvaluationSubmitted, EvaluationChanged
        It can no longer be changed, or somebody else changed it meanwhile.
    """
    refuse_submitted(evaluation)
    if evaluation.revision != revision:
        name = evaluation.inspector.name if evaluation.inspector else _("别人")
        raise EvaluationChanged(
            _("%(name)s刚刚改过这通的评分，你的改动没有保存。刷新后再判定。", name=name)
        )
    evaluation.revision += 1


def refuse_if_submitted(session: Session, call: Call) -> None:
    """Refuse what would leave a submitted evaluation without its evidence."""
    evaluation = evaluation_of_call(session, call.id)
    if evaluation is not None:
        refuse_submitted(evaluation)


def refuse_submitted(evaluation: Evaluation) -> None:
    """Refuse to change what the agent has seen."""
    if evaluation.status is EvaluationStatus.SUBMITTED:
        name = evaluation.submitted_by.name if evaluation.submitted_by else _("别人")
        raise EvaluationSubmitted(_("%(name)s已经提交了这通的评分，你的改动没有保存。", name=name))


def take_on(evaluation: Evaluation, by: User) -> None:
    """Whoever first decides something has the call on their list."""
    if evaluation.inspector_id is None:
        evaluation.inspector_id = by.id


def work_out(evaluation: Evaluation) -> None:
    """Sum the evaluation up as it stands."""
    sums = sums_of(evaluation)
    scored = evaluation.not_scored_reason is None
    evaluation.machine_points = sums.machine.score_points if scored else None
    # What nobody could hear has no score, unless a person heard something after all.
    judged = scored or any(d.status is DeductionStatus.CONFIRMED for d in evaluation.deductions)
    evaluation.confirmed_points = sums.confirmed.score_points if judged else None
