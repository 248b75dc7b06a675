"""An identity card number given to someone who may not have it."""

from collections.abc import Iterable

from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding
from qa_app.checks.leaks import leaks_of
from qa_app.checks.rules.options import LeakOptions


def find(conversation: Conversation, options: LeakOptions) -> Iterable[Finding]:
    """Return each leak of this kind of data."""
    return leaks_of(conversation, "leak_id_card", {DataType.ID_CARD}, options.policy)
