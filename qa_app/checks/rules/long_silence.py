"""Nobody spoke for longer than allowed, and no pause was announced."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """How long both sides may be silent, plainly and after an announced pause."""

    limit_s: float = 5.0
    announced_limit_s: float = 30.0
    # The announcement is one of the last utterances before the silence, and not long before.
    announced_within: int = 2
    announced_within_s: float = 15.0
    agent_announcements: tuple[str, ...] = lines_of("holds.txt")
    customer_announcements: tuple[str, ...] = lines_of("customer_holds.txt")

    def announcements_of(self, channel: Channel) -> tuple[str, ...]:
        """Return how this side announces a pause; an unknown voice may be either."""
        if channel is Channel.AGENT:
            return self.agent_announcements
        if channel is Channel.CUSTOMER:
            return self.customer_announcements
        return self.agent_announcements + self.customer_announcements


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return each silence between two utterances that is longer than its limit."""
    if not conversation.timed:
        return
    end_s = None
    before: list[Utterance] = []
    for position, said in enumerate(conversation.utterances):
        if end_s is not None:
            announced = _announced(before, end_s, options)
            limit_s = options.announced_limit_s if announced else options.limit_s
            silence_s = said.start_s - end_s
            if silence_s > limit_s:
                yield _finding(conversation, position, end_s, limit_s, announced=announced)
        end_s = said.end_s if end_s is None else max(end_s, said.end_s)
        before.append(said)


def _announced(before: list[Utterance], end_s: float, options: Options) -> bool:
    return any(
        phrase in said.text
        for said in before[-options.announced_within :]
        if end_s - said.end_s <= options.announced_within_s
        for phrase in options.announcements_of(said.channel)
    )


def _finding(
    conversation: Conversation, position: int, start_s: float, limit_s: float, *, announced: bool
) -> Finding:
    end_s = conversation.utterances[position].start_s
    silence_s = end_s - start_s
    said = "已请对方等待，" if announced else ""
    return Finding(
        rule="long_silence",
        channel=Channel.AGENT if conversation.knows_roles else Channel.UNKNOWN,
        start_s=start_s,
        end_s=end_s,
        utterance=position - 1,
        quote="",
        value=f"{silence_s:.1f}",
        confidence=0.95,
        tier=Tier.CERTAIN,
        why=f"双方静音 {silence_s:.1f} 秒，{said}标准是 {limit_s:g} 秒以内",
    )
