"""The transcript as it is drawn: turns of words with times, masks over personal data, spots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from asr.transcript import Channel
from qa_app.calls.models import Utterance
from qa_app.redaction.masking import Mask

#: Below this a word is drawn as uncertain: on the sample calls most wrong words lie under it.
UNSURE_BELOW = 0.5
#: A silence shorter than this is how people talk; skipping it would chop sentences.
SILENCE_S = 1.5
_PUNCTUATION = "，。？！、；：…“”‘’（）《》,.?!;: "
_NONE = -1


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a finding in the text."""

    deduction: str
    kind: str
    status: str


class Piece(NamedTuple):
    """A word with its time, the text between words, or a mask.

    A tuple, because a page draws thousands and a template takes a tuple apart fastest.
    """

    text: str
    start_s: float | None = None
    unsure: float | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Pieces that belong to the same spot, or to none."""

    pieces: tuple[Piece, ...]
    spot: Spot | None = None
    #: A spot that another one interrupts shows its glyph once, where it begins.
    begins: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One utterance."""

    position: int
    channel: Channel
    voice: int | None
    start_s: float
    end_s: float
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of an utterance that a finding points at."""

    start: int
    end: int
    spot: Spot


def turn_of(
    utterance: Utterance, *, masks: Sequence[Mask] = (), places: Iterable[Place] = ()
) -> Turn:
    """Return the utterance cut where a word, a mask or a spot begins or ends."""
    return Turn(
        position=utterance.position,
        channel=utterance.channel,
        voice=utterance.voice,
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        runs=runs_of(utterance, masks=masks, places=places),
    )


def runs_of(
    utterance: Utterance,
    *,
    masks: Sequence[Mask] = (),
    places: Iterable[Place] = (),
    window: tuple[int, int] | None = None,
) -> tuple[Run, ...]:
    """Return the pieces of an utterance, or of a window of it that cuts no mask in two."""
    text = utterance.text
    mask_at = _painted(len(text), [(mask.start, mask.end) for mask in masks])
    # A short spot inside a long one keeps its own mark, so the long ones are painted first.
    layers = sorted(places, key=lambda place: place.start - place.end)
    spans = [_whole_masks(place.start, place.end, masks) for place in layers]
    spot_at = _painted(len(text), spans)
    words = utterance.words
    word_at = _painted(len(text), _word_spans(text, words))
    first, last = _whole_masks(*window, masks) if window else (0, len(text))
    characters = range(max(0, first), min(len(text), last))
    runs: list[Run] = []
    begun: set[str] = set()
    for number, run in groupby(characters, key=lambda i: spot_at[i]):
        pieces = tuple(
            _piece(text, list(group), masks, mask, words, word)
            for (mask, word), group in groupby(
                run, key=lambda i: (mask_at[i], _NONE if mask_at[i] >= 0 else word_at[i])
            )
        )
        spot = layers[number].spot if number >= 0 else None
        runs.append(Run(pieces, spot, begins=spot is None or spot.deduction not in begun))
        if spot is not None:
            begun.add(spot.deduction)
    return tuple(runs)


def silences_of(utterances: Sequence[Utterance], duration_s: float) -> list[tuple[float, float]]:
    """Return where nobody speaks, for the player to pass over."""
    silences: list[tuple[float, float]] = []
    end_s = 0.0
    for start_s, next_end_s in [*((u.start_s, u.end_s) for u in utterances), (duration_s, 0.0)]:
        if start_s - end_s >= SILENCE_S:
            silences.append((round(end_s, 2), round(start_s, 2)))
        end_s = max(end_s, next_end_s)
    return silences


def _painted(length: int, spans: Iterable[tuple[int, int]]) -> list[int]:
    """Return for each character the last span over it."""
    at = [_NONE] * length
    for number, (start, end) in enumerate(spans):
        for i in range(max(0, start), min(length, end)):
            at[i] = number
    return at


def _whole_masks(start: int, end: int, masks: Sequence[Mask]) -> tuple[int, int]:
    for mask in masks:
        if mask.start < end and start < mask.end:
            start, end = min(start, mask.start), max(end, mask.end)
    return start, end


def _word_spans(text: str, words: Sequence[Mapping[str, object]]) -> list[tuple[int, int]]:
    """Find each word in the text; the punctuation that follows a word is not part of it."""
    spans: list[tuple[int, int]] = []
    position = 0
    for word in words:
        core = str(word["text"]).strip(_PUNCTUATION)
        start = text.find(core, position) if core else _NONE
        if start < 0:
            spans.append((0, 0))
            continue
        position = start + len(core)
        spans.append((start, position))
    return spans


def _piece(
    text: str,
    at: Sequence[int],
    masks: Sequence[Mask],
    mask: int,
    words: Sequence[Mapping[str, float]],
    word: int,
) -> Piece:
    if mask >= 0:
        return Piece(masks[mask].shown, mask=masks[mask])
    characters = text[at[0] : at[-1] + 1]
    if word < 0:
        return Piece(characters)
    said = words[word]
    sure = float(said["probability"])
    return Piece(
        characters,
        start_s=round(float(said["start_s"]), 2),
        unsure=round(sure, 2) if sure < UNSURE_BELOW else None,
    )
