"""Nobody spoke for longer than allowed, and no pause was announced."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.script import said_wording

_ASKED = {Channel.AGENT: "坐席已请客户等待，", Channel.CUSTOMER: "客户已请坐席等待，"}


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
        if end_s is not None and said.start_s - end_s > options.limit_s:
            asker = _who_asked_to_wait(before, end_s, options)
            limit_s = options.limit_s if asker is None else options.announced_limit_s
            if said.start_s - end_s > limit_s:
                yield _finding(conversation, position, end_s, limit_s, asker)
        end_s = said.end_s if end_s is None else max(end_s, said.end_s)
        before.append(said)


def _who_asked_to_wait(before: list[Utterance], end_s: float, options: Options) -> Channel | None:
    return next(
        (
            said.channel
            for said in reversed(before[-options.announced_within :])
            if end_s - said.end_s <= options.announced_within_s
            and said_wording(said.text, options.announcements_of(said.channel))
        ),
        None,
    )


def _finding(
    conversation: Conversation,
    position: int,
    start_s: float,
    limit_s: float,
    asker: Channel | None,
) -> Finding:
    end_s = conversation.utterances[position].start_s
    silence_s = end_s - start_s
    said = "" if asker is None else _ASKED.get(asker, "已请对方等待，")
    return Finding(
        rule="long_silence",
        channel=Channel.AGENT if conversation.knows_roles else Channel.UNKNOWN,
        start_s=start_s,
        end_s=end_s,
        utterance=position - 1,
        quote="",
        value=f"{silence_s:.1f}",
        confidence=0.95,
        # While the customer looks for something the agent can do little about it.
        tier=Tier.PROBABLE if asker is Channel.CUSTOMER else Tier.CERTAIN,
        why=f"双方静音 {silence_s:.1f} 秒，{said}标准是 {limit_s:g} 秒以内",
    )
