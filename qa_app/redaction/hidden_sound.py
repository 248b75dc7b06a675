"""Where in time hidden words were said: their own times, or up to the pauses round them.

A recogniser that lost digits, was unsure or squeezed a number into too little time has placed
its words wrongly; then everything between two pauses is covered rather than too little.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.calls.models import Utterance

#: A gap between two words of one side that a number does not run across.
PAUSE_S = 0.25
#: Nobody says digits faster: the quickest number of the spoken test call takes .155 s each.
_FASTEST_DIGIT_S = 0.12
#: Below this mean the words stand where something else was said as often as not.
_UNSURE_BELOW = 0.5


@dataclass(frozen=True, slots=True)
class Hidden:
    """Characters of one utterance that nobody may hear, and how many sounds they stand for."""

    utterance: int
    start: int
    end: int
    sounds: int
    #: The text has fewer digits than the value: some were lost.
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one side's sound."""

    channel: Channel
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class _TimedWord:
    start: int
    end: int
    start_s: float
    end_s: float
    probability: float


def stretches_of(utterances: Sequence[Utterance], hidden: Iterable[Hidden]) -> list[Stretch]:
    """Return the stretches in which the hidden words were said."""
    by_position = {said.position: said for said in utterances}
    return [
        _stretch(by_position[one.utterance], one)
        for one in hidden
        if one.utterance in by_position and one.start < one.end
    ]


def _stretch(said: Utterance, hidden: Hidden) -> Stretch:
    words = list(_timed(said.text, said.words))
    inside = [
        number
        for number, word in enumerate(words)
        if word.start < hidden.end and hidden.start < word.end
    ]
    if not inside:
        return Stretch(said.channel, said.start_s, said.end_s)
    first, last = inside[0], inside[-1]
    if not _is_reliable(words[first : last + 1], hidden):
        while first > 0 and words[first].start_s - words[first - 1].end_s < PAUSE_S:
            first -= 1
        while last + 1 < len(words) and words[last + 1].start_s - words[last].end_s < PAUSE_S:
            last += 1
    # Words are squeezed together at times, and then the last does not end last.
    covered = words[first : last + 1]
    start_s = min(word.start_s for word in covered)
    end_s = max(word.end_s for word in covered)
    return Stretch(said.channel, start_s, end_s)


def _is_reliable(words: Sequence[_TimedWord], hidden: Hidden) -> bool:
    lasts_s = words[-1].end_s - words[0].start_s
    sure = sum(word.probability for word in words) / len(words)
    return hidden.is_whole and sure >= _UNSURE_BELOW and lasts_s >= hidden.sounds * _FASTEST_DIGIT_S


def _timed(text: str, words: Iterable[Mapping[str, float]]) -> Iterator[_TimedWord]:
    """Yield each word with its place in the text."""
    position = 0
    for word in words:
        written = str(word["text"])
        start = text.find(written, position)
        if start < 0:
            continue
        position = start + len(written)
        yield _TimedWord(
            start,
            position,
            float(word["start_s"]),
            float(word["end_s"]),
            float(word["probability"]),
        )
