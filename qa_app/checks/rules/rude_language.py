"""Insults by anyone, and what an agent must not say to a customer (服务禁语)."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from asr.transcript import Channel
from qa_app.checks.abuse import abuse_in
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import Finding, Span, Tier
from qa_app.checks.rules.options import NoOptions

_PHRASE_CONFIDENCE = 0.8  # a pattern cannot hear the tone of voice


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in rows_of("service_phrases.tsv"))


def find(conversation: Conversation, options: NoOptions) -> Iterable[Finding]:  # noqa: ARG001
    """Return each insult, and each forbidden phrase of an agent."""
    for position, said in enumerate(conversation.utterances):
        taken: list[tuple[int, int]] = []
        for start, end, confidence, tier, why in _rude_in(said.text, said.channel):
            if any(start < e and s < end for s, e in taken):
                continue
            taken.append((start, end))
            spans = (Span(position, start, end),)
            start_s, end_s = conversation.times_of(spans)
            yield Finding(
                rule="rude_language",
                channel=said.channel,
                start_s=start_s,
                end_s=end_s,
                utterance=position,
                quote=conversation.quote(spans),
                spans=spans,
                confidence=confidence,
                tier=tier,
                why=why,
            )


def _rude_in(text: str, channel: Channel) -> Iterator[tuple[int, int, float, Tier, str]]:
    for abuse in abuse_in(text):
        if not abuse.swear:
            yield abuse.start, abuse.end, abuse.confidence, abuse.tier, abuse.why
    if channel is not Channel.AGENT:
        return
    for category, pattern in _phrases():
        for match in pattern.finditer(text):
            why = f"说了服务禁语（{category}）“{match[0]}”"
            yield match.start(), match.end(), _PHRASE_CONFIDENCE, Tier.PROBABLE, why
