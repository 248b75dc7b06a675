"""A leader's or a department's number given to a customer (regulation 一.9)."""

from collections.abc import Iterable

from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding
from qa_app.checks.leaks import internal_leaks_of
from qa_app.checks.rules.options import LeakOptions


def find(conversation: Conversation, options: LeakOptions) -> Iterable[Finding]:
    """Return each internal number that an agent gave."""
    return internal_leaks_of(
        conversation, "leak_internal_phone", {DataType.MOBILE, DataType.LANDLINE}, options.policy
    )
