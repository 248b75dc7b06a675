"""What can go wrong with what is taken out of a call."""

from qa_app.core.errors import Conflict


class RedactionPending(Conflict):
    """The copy with beeps is not made yet; the raw sound never stands in for it."""

    code = "redaction_pending"
