"""The voices of a one-channel call as its page offers them: a sample of each, to be listened to."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.calls.models import Utterance

#: Long enough to know somebody by; a whole tirade would have to be waited out.
LONGEST_SAMPLE_S = 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One of the two voices: where it can be heard, and whose it is taken for."""

    number: int
    channel: Channel
    start_s: float
    end_s: float


def voices_of(utterances: Iterable[Utterance]) -> list[Voice]:
    """Return the voices that were told apart, each with the longest of what it says."""
    longest: dict[int, Utterance] = {}
    for said in utterances:
        if said.voice is None:
            continue
        best = longest.get(said.voice)
        if best is None or said.end_s - said.start_s > best.end_s - best.start_s:
            longest[said.voice] = said
    return [
        Voice(
            number=number,
            channel=said.channel,
            start_s=said.start_s,
            end_s=min(said.end_s, said.start_s + LONGEST_SAMPLE_S),
        )
        for number, said in sorted(longest.items())
    ]
