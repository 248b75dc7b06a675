"""A second pair of ears: reads digits and listed words off the sounds of a call."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from asr.transcriber import EncodedSpeech
from asr.transcript import Channel, Transcript, Utterance
from pronunciation.acoustic import FRAME_S, AcousticHead, read_digits, spot_all
from qa_app.checks.conversation import Heard, HeardDigits, HeardTerm
from qa_app.checks.heard_abuse import spoken_terms

#: Between digits further apart there may be other words; fewer digits are no number.
_RUN_PAUSE_S = 1.0
_LEAST_DIGITS = 3
#: What fits the sound worse than this is another word.
_LEAST_EVIDENCE_NATS = -5.0
#: A listed word is heard where hardly any other sounds fit better. Measured on calls of our own:
#: at this nobody was accused, and what was said clearly was heard.
_LEAST_TERM_EVIDENCE_NATS = -0.5
#: A digit is said with the word whose time is nearest, if it is as near as this.
_NEAR_S = 0.6


@dataclass(frozen=True, slots=True)
class _Digit:
    channel: int
    digit: str
    start_s: float
    evidence: float


@dataclass(frozen=True, slots=True)
class _Term:
    channel: int
    term: str
    start_s: float
    end_s: float


class SoundWitness:
    """Collects what the sounds of one call say; shown to the transcriber as its witness."""

    def __init__(self) -> None:
        self._head = _head()
        self._digits: list[_Digit] = []
        self._terms: list[_Term] = []

    def __call__(self, speech: EncodedSpeech) -> None:
        """Read the digits and the listed words in a stretch of one channel."""
        posteriors = self._head.posteriors(speech.frames)
        if not len(posteriors):
            return
        spoken = spoken_terms()
        for term, span in zip(spoken, spot_all(posteriors, list(spoken.values())), strict=True):
            if span.evidence >= _LEAST_TERM_EVIDENCE_NATS:
                start_s, end_s = (
                    float(speech.starts_s[frame]) for frame in (span.first, span.last - 1)
                )
                self._terms.append(_Term(speech.channel, term, start_s, end_s))
        for heard in read_digits(posteriors):
            if heard.evidence < _LEAST_EVIDENCE_NATS:
                continue
            start_s = float(speech.starts_s[heard.first])
            self._digits.append(_Digit(speech.channel, heard.digit, start_s, heard.evidence))

    def heard_in(self, transcript: Transcript, agent_channel: int) -> Heard:
        """Return what was heard, each with the characters that were written for it."""
        runs = (
            _placed(run, transcript, _side(run[0].channel, transcript, agent_channel))
            for run in self._runs()
        )
        terms = (
            _placed_term(term, transcript, _side(term.channel, transcript, agent_channel))
            for term in self._longest_terms()
        )
        return Heard(
            digits=tuple(digits for run in runs for digits in run),
            terms=tuple(term for term in terms if term is not None),
        )

    def _longest_terms(self) -> list[_Term]:
        """Return the longest of terms that overlap in time."""
        kept: list[_Term] = []
        for term in sorted(self._terms, key=lambda term: (-len(term.term), term.start_s)):
            if not any(
                other.channel == term.channel
                and other.start_s <= term.end_s
                and term.start_s <= other.end_s
                for other in kept
            ):
                kept.append(term)
        return sorted(kept, key=lambda term: term.start_s)

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
        place = _place(digit.start_s, transcript, side)
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


def _placed_term(term: _Term, transcript: Transcript, side: Channel | None) -> HeardTerm | None:
    first = _place(term.start_s, transcript, side)
    last = _place(term.end_s, transcript, side)
    if first is None or last is None or first[0] != last[0]:
        return None
    return HeardTerm(
        utterance=first[0],
        term=term.term,
        start=min(first[1], last[1]),
        end=max(first[2], last[2]),
        start_s=round(term.start_s, 2),
        end_s=round(term.end_s, 2),
    )


def _place(
    at_s: float, transcript: Transcript, side: Channel | None
) -> tuple[int, int, int] | None:
    """Return the utterance, and the characters of the word nearest in time to a moment."""
    middle_s = at_s + FRAME_S
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
