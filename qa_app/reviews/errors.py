"""What can go wrong in a review."""

from qa_app.core.errors import Conflict, Invalid, NotFound


class EvaluationNotFound(NotFound):
    """No evaluation of this call, or not one the asker may see."""

    code = "evaluation_not_found"


class DeductionNotFound(NotFound):
    """No such deduction in this evaluation."""

    code = "deduction_not_found"


class EvaluationSubmitted(Conflict):
    """It was submitted, so nothing in it changes any more."""

    code = "evaluation_submitted"


class EvaluationChanged(Conflict):
    """Somebody else changed it since it was read."""

    code = "evaluation_changed"


class DecisionsPending(Conflict):
    """Proposals are still undecided, so it cannot be submitted."""

    code = "decisions_pending"


class ReasonTooShort(Invalid):
    """The agent could not understand the decision from this."""

    code = "reason_too_short"


class WithdrawalTooLate(Conflict):
    """The time in which a submission can be taken back is over."""

    code = "withdrawal_too_late"
