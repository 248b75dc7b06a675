"""A fixed-line number given to someone who may not have it; departments' are another rule's."""

from collections.abc import Iterable

from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding
from qa_app.checks.leaks import leaks_of
from qa_app.checks.rules.options import LeakOptions


def find(conversation: Conversation, options: LeakOptions) -> Iterable[Finding]:
    """Return each leak of this kind of data."""
    return leaks_of(conversation, "leak_landline", {DataType.LANDLINE}, options.policy)
