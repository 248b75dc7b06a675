"""抢话: the agent began to speak while the customer was speaking and went on."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import words_of
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.script import plain


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """How long both must speak at once, and what merely shows that one listens."""

    overlap_s: float = 1.0
    listening: frozenset[str] = frozenset(words_of("listening.txt"))


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return each utterance of the agent that cut into one of the customer's."""
    if not conversation.timed or conversation.channels < 2:
        return  # On one channel the voices cannot be told apart while both speak.
    customer: list[Utterance] = []  # who may still be speaking
    for position, said in enumerate(conversation.utterances):
        if plain(said.text) in options.listening:
            continue
        if said.channel is Channel.CUSTOMER:
            customer.append(said)
        if said.channel is not Channel.AGENT:
            continue
        customer = [other for other in customer if other.end_s > said.start_s]
        overlap_s = max((_overlap_s(said, other) for other in customer), default=0.0)
        if overlap_s < options.overlap_s:
            continue
        yield Finding(
            rule="interruption",
            channel=Channel.AGENT,
            start_s=said.start_s,
            end_s=said.end_s,
            utterance=position,
            quote=said.text,
            value=f"{overlap_s:.1f}",
            confidence=0.9,
            tier=Tier.CERTAIN,
            why=f"客户还在说话时插话，重叠 {overlap_s:.1f} 秒，标准是 {options.overlap_s:g} 秒以内",
        )


def _overlap_s(agent: Utterance, customer: Utterance) -> float:
    """How long the customer went on after the agent cut in."""
    if not customer.start_s < agent.start_s < customer.end_s:
        return 0.0
    return round(min(agent.end_s, customer.end_s) - agent.start_s, 2)
