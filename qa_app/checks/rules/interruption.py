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
    #: Whoever says more than this has taken the floor, even with 好的好的 alone.
    most_listening_characters: int = 8
    #: So few characters take no floor, whatever they are.
    most_short_characters: int = 2
    #: Words that the speech model doubts this much are mostly noise that it took for words.
    least_confidence: float = 0.4
    #: A shorter pause of the agent's is one for breath: they are still saying the same.
    breath_s: float = 1.0
    #: Edges of two turns that overlap by less are no cutting in of the customer's.
    cut_in_s: float = 0.5


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return each utterance of the agent that cut into one of the customer's."""
    if not conversation.timed or conversation.channels < 2:
        return  # On one channel the voices cannot be told apart while both speak.
    customer: list[Utterance] = []  # who may still be speaking
    before: Utterance | None = None
    for position, said in enumerate(conversation.utterances):
        if _only_listens(said, options):
            continue
        if said.channel is Channel.CUSTOMER:
            customer.append(said)
        if said.channel is not Channel.AGENT:
            continue
        customer = [other for other in customer if other.end_s > said.start_s]
        overlap_s = max(
            (
                _overlap_s(said, other)
                for other in customer
                if not _goes_on(before, said, other, options)
            ),
            default=0.0,
        )
        before = said
        if overlap_s < options.overlap_s or said.confidence < options.least_confidence:
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


def _only_listens(said: Utterance, options: Options) -> bool:
    """Whether an utterance is short, or short and made of nothing but signs of listening."""
    text = plain(said.text)
    if len(text) <= options.most_short_characters:
        return True
    if len(text) > options.most_listening_characters:
        return False
    reached = {0}
    for at in range(len(text)):
        if at in reached:
            reached |= {at + len(w) for w in options.listening if text.startswith(w, at)}
    return len(text) in reached


def _goes_on(
    before: Utterance | None, said: Utterance, customer: Utterance, options: Options
) -> bool:
    """Whether the customer cut in, and the agent merely goes on with what they were saying."""
    return (
        before is not None
        and before.start_s < customer.start_s <= before.end_s - options.cut_in_s
        and said.start_s - before.end_s < options.breath_s
    )


def _overlap_s(agent: Utterance, customer: Utterance) -> float:
    """How long the customer went on after the agent cut in."""
    if not customer.start_s < agent.start_s < customer.end_s:
        return 0.0
    return round(min(agent.end_s, customer.end_s) - agent.start_s, 2)
