"""The agent spoke faster or slower than people can follow, over the whole call."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.spoken import spoken_syllables


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """How fast is too fast, and how much must be said before it is judged."""

    # Telephone agents speak 250 to 340 characters a minute when the pauses are left out.
    limit_cpm: float = 360.0
    #: Too slow is a fault only where a site says so.
    lowest_cpm: float = 0.0
    minimum_characters: int = 60


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return one finding if the agent's characters over their speaking time pass a limit."""
    positions = conversation.spoken_by(Channel.AGENT)
    if not conversation.timed or not positions:
        return
    said = [conversation.utterances[i] for i in positions]
    characters = sum(spoken_syllables(u.text) for u in said)
    spoken_s = sum(u.end_s - u.start_s for u in said)
    if characters < options.minimum_characters or spoken_s <= 0:
        return
    rate_cpm = characters / spoken_s * 60
    if options.lowest_cpm <= rate_cpm <= options.limit_cpm:
        return
    bound = (
        f"{options.limit_cpm:g} 字以内"
        if rate_cpm > options.limit_cpm
        else f"{options.lowest_cpm:g} 字以上"
    )
    yield Finding(
        rule="speech_rate",
        channel=Channel.AGENT,
        start_s=said[0].start_s,
        end_s=said[-1].end_s,
        utterance=None,
        quote="",
        value=f"{rate_cpm:.0f}",
        confidence=0.9,
        tier=Tier.PROBABLE,
        why=f"平均语速每分钟 {rate_cpm:.0f} 字，标准是 {bound}",
    )
