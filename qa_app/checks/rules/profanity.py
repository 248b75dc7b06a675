"""粗口, whoever said it: the agent's is a fault, the customer's a reason for support."""

from collections.abc import Iterable

from qa_app.checks.abuse import abuse_in
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Span, Tier
from qa_app.checks.heard_abuse import unwritten_terms
from qa_app.checks.rules.options import WordOptions

_HEARD_CONFIDENCE = 0.6


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
    yield from _only_heard(conversation, options)


def _only_heard(conversation: Conversation, options: WordOptions) -> Iterable[Finding]:
    """Return the oaths that the text does not have and the sounds do."""
    for heard, tier in unwritten_terms(conversation):
        if tier != "swear" or heard.term in options.words.removed:
            continue
        spans = (Span(heard.utterance, heard.start, heard.end),)
        yield Finding(
            rule="profanity",
            channel=conversation.utterances[heard.utterance].channel,
            start_s=heard.start_s,
            end_s=heard.end_s,
            utterance=heard.utterance,
            quote=conversation.quote(spans),
            spans=spans,
            confidence=_HEARD_CONFIDENCE,
            tier=Tier.SUSPECTED,
            why=f"文字没有写清，录音里听起来是“{heard.term}”",
        )
