"""What can go wrong with rule sets."""

from qa_app.core.errors import Conflict, Invalid, NotFound


class RuleSetNotFound(NotFound):
    """No such version."""

    code = "rule_set_not_found"


class NoDraft(Conflict):
    """Nothing is being drafted: somebody published or discarded it."""

    code = "no_draft"


class DraftChanged(Conflict):
    """Somebody else changed the draft meanwhile."""

    code = "draft_changed"


class TrialNotFound(NotFound):
    """No such trial."""

    code = "trial_not_found"


class VerdictNotFound(NotFound):
    """No such dismissed example within sight."""

    code = "verdict_not_found"


class NoteMissing(Invalid):
    """A version is published without saying what changed."""

    code = "note_missing"
