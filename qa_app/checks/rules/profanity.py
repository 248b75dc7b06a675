"""粗口, whoever said it: the agent's is a fault, the customer's a reason for support."""

from collections.abc import Iterable

from qa_app.checks.abuse import abuse_in
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Span
from qa_app.checks.rules.options import WordOptions


def find(conversation: Conversation, options: WordOptions) -> Iterable[Finding]:
    """Return each oath."""
    for position, said in enumerate(conversation.utterances):
        for abuse in abuse_in(said.text, options.words):
            if not abuse.swear:
                continue
            spans = (Span(position, abuse.start, abuse.end),)
            start_s, end_s = conversation.times_of(spans)
            yield Finding(
                rule="profanity",
                channel=said.channel,
                start_s=start_s,
                end_s=end_s,
                utterance=position,
                quote=conversation.quote(spans),
                spans=spans,
                confidence=abuse.confidence,
                tier=abuse.tier,
                why=abuse.why,
            )
