"""A second pair of ears: reads digits off the sounds while a call is transcribed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from asr.transcriber import EncodedSpeech
from asr.transcript import Channel, Transcript, Utterance
from pronunciation.acoustic import FRAME_S, AcousticHead, read_digits
from qa_app.checks.conversation import HeardDigits

#: Between digits further apart there may be other words; fewer digits are no number.
_RUN_PAUSE_S = 1.0
_LEAST_DIGITS = 3
#: What fits the sound worse than this is another word.
_LEAST_EVIDENCE_NATS = -5.0
#: A digit is said with the word whose time is nearest, if it is as near as this.
_NEAR_S = 0.6


@dataclass(frozen=True, slots=True)
class _Digit:
    channel: int
    digit: str
    start_s: float
    evidence: float


class DigitWitness:
    """Collects the digits of one call; shown to the transcriber as its witness."""

    def __init__(self) -> None:
        self._head = _head()
        self._digits: list[_Digit] = []

    def __call__(self, speech: EncodedSpeech) -> None:
        """Read the digits in a stretch of one channel."""
        for heard in read_digits(self._head.posteriors(speech.frames)):
            if heard.evidence < _LEAST_EVIDENCE_NATS:
                continue
            start_s = float(speech.starts_s[heard.first])
            self._digits.append(_Digit(speech.channel, heard.digit, start_s, heard.evidence))

    def heard_in(self, transcript: Transcript, agent_channel: int) -> tuple[HeardDigits, ...]:
        """Return the runs of digits, each with the characters that were written for it."""
        heard = (
            _placed(run, transcript, _side(run[0].channel, transcript, agent_channel))
            for run in self._runs()
        )
        return tuple(digits for part in heard for digits in part)

    def _runs(self) -> Iterator[list[_Digit]]:
        run: list[_Digit] = []
        for digit in sorted(self._digits, key=lambda digit: (digit.channel, digit.start_s)):
            if run and (
                digit.channel != run[-1].channel or digit.start_s - run[-1].start_s > _RUN_PAUSE_S
            ):
                yield run
                run = []
            run.append(digit)
        if run:
            yield run


@cache
def _head() -> AcousticHead:
    return AcousticHead.load()


def _side(channel: int, transcript: Transcript, agent_channel: int) -> Channel | None:
    """Return who speaks on a channel, or None where both do."""
    if transcript.role_basis != "channels":
        return None
    return Channel.AGENT if channel == agent_channel else Channel.CUSTOMER


def _placed(
    run: list[_Digit], transcript: Transcript, side: Channel | None
) -> Iterator[HeardDigits]:
    """Part a run among the utterances in which its digits were said."""
    parts: dict[int, list[tuple[_Digit, int, int]]] = {}
    for digit in run:
        place = _place(digit, transcript, side)
        if place is not None:
            position, start, end = place
            parts.setdefault(position, []).append((digit, start, end))
    for position, part in parts.items():
        if len(part) >= _LEAST_DIGITS:
            yield HeardDigits(
                utterance=position,
                digits="".join(digit.digit for digit, _, _ in part),
                starts=tuple(start for _, start, _ in part),
                ends=tuple(end for _, _, end in part),
                starts_s=tuple(round(digit.start_s, 2) for digit, _, _ in part),
                evidence=tuple(round(digit.evidence, 1) for digit, _, _ in part),
            )


def _place(
    digit: _Digit, transcript: Transcript, side: Channel | None
) -> tuple[int, int, int] | None:
    """Return the utterance, and the characters of the word nearest in time to a digit."""
    middle_s = digit.start_s + FRAME_S
    nearest: tuple[float, int, int, int] | None = None
    for position, said in enumerate(transcript.utterances):
        if side is not None and said.channel is not side:
            continue
        if said.start_s - _NEAR_S > middle_s or middle_s > said.end_s + _NEAR_S:
            continue
        for away_s, start, end in _words(said, middle_s):
            if away_s <= _NEAR_S and (nearest is None or away_s < nearest[0]):
                nearest = (away_s, position, start, end)
    return nearest[1:] if nearest else None


def _words(said: Utterance, at_s: float) -> Iterator[tuple[float, int, int]]:
    """Yield how far in time each word is from a moment, and its characters."""
    place = 0
    for word in said.words:
        found = said.text.find(word.text, place)
        if found < 0:
            continue
        place = found + len(word.text)
        yield max(0.0, word.start_s - at_s, at_s - word.end_s), found, place
