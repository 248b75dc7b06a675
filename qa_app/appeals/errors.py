"""What can go wrong with objections."""

from qa_app.core.errors import Conflict, Invalid, NotFound


class AppealNotFound(NotFound):
    """No such objection, or not one that the asker may see."""

    code = "appeal_not_found"


class AppealStands(Conflict):
    """The deduction has an open objection already."""

    code = "appeal_stands"


class AppealOpen(Conflict):
    """An objection waits for its answer, so its evidence must stay."""

    code = "appeal_open"


class NothingToAppeal(Conflict):
    """The deduction costs nothing, or is not part of a submitted evaluation."""

    code = "nothing_to_appeal"


class AppealReasonMissing(Invalid):
    """The reader could not understand the objection from this."""

    code = "appeal_reason_missing"
