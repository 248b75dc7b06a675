"""From windows to words: what to listen to together, and what to listen to again.

A model of Whisper's kind now and then ends after the first sentence of a window, passes over a
stretch, or is caught in a loop. The times of its words show it: speech that no word stands in is
heard a second time by itself; a loop, with repetition made costly. What is then still a loop is
cut out and kept as dropped.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from asr.hallucination import Loop, find_loop
from asr.packing import Region, Window
from asr.transcriber import Progress
from asr.transcript import Word
from asr.words import Piece, place_words

SAMPLE_RATE_HZ = 16_000

# Windows listened to together: on a CPU the decoder costs little more for eight than for one.
BATCH = 8

# Windows are filled up with silence to one of these lengths, and only windows of one length are
# listened to together: so what is heard in a window does not hang on its neighbours.
_LENGTHS_S = tuple(range(3, 31, 3))
_TAIL_S = 1.0

# Batches are made among neighbours only, so that a long call needs no more memory than a short.
_WINDOWS_AT_ONCE = 64

# What a second hearing makes of repetition, for what was caught in a loop.
NO_PENALTY = 1.0
_PENALTY = 1.15

# A word's times are kept this far inside the padded region.
_WORD_MARGIN_S = 0.1

# Speech without a word that is worth a second hearing; pads are part of it. An 嗯 is shorter.
_MISSED_S = 1.2


@dataclass(frozen=True, slots=True)
class Take:
    """What the model made of a window.

    Parameters
    ----------
    pieces : tuple of Piece
        In the order in which they were said.
    silent : bool
        Whether the model itself doubts that anybody spoke.
    """

    pieces: tuple[Piece, ...]
    silent: bool = False


# ``listen(windows, repetition_penalty)``; 1 is no penalty.
Listen = Callable[[Sequence[Window], float], list[Take]]


@dataclass(frozen=True, slots=True)
class Cut:
    """Words that the model made up, and why we think so."""

    words: tuple[Word, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What is left of a take, in its place in the call."""

    words: tuple[Word, ...] = ()
    cuts: tuple[Cut, ...] = ()


def hear(windows: Sequence[Window], listen: Listen, progress: Progress) -> list[Heard]:
    """Listen to windows, where need be twice.

    Parameters
    ----------
    windows : sequence of Window
        In time order.
    listen : callable
        The model.
    progress : callable
        Called with the fraction done, in [0, 1].

    Returns
    -------
    list of Heard
        One a window, in the windows' order.
    """
    total = max(1, sum(window.length for window in windows))
    done = 0
    heard: list[Heard] = []
    for first in range(0, len(windows), _WINDOWS_AT_ONCE):
        near = windows[first : first + _WINDOWS_AT_ONCE]
        takes: dict[int, Take] = {}
        for batch in _batches(near):
            takes.update(zip(batch, listen([near[i] for i in batch], NO_PENALTY), strict=True))
            done += sum(near[i].length for i in batch)
            progress(min(1.0, done / total))
        heard += _heard_again(near, [takes[i] for i in range(len(near))], listen)
    return heard


def _heard_again(windows: Sequence[Window], takes: list[Take], listen: Listen) -> list[Heard]:
    for i, take in enumerate(takes):
        if _loop_in(take) is not None:
            takes[i] = listen([windows[i]], _PENALTY)[0]
    heard = [_placed(window, take) for window, take in zip(windows, takes, strict=True)]
    missed = [
        (i, part)
        for i, window in enumerate(windows)
        if not takes[i].silent
        for part in missed_parts(window, heard[i])
    ]
    parts = [part for _, part in missed]
    for batch in _batches(parts):
        for j, take in zip(batch, listen([parts[j] for j in batch], NO_PENALTY), strict=True):
            i, more = missed[j][0], _placed(parts[j], take)
            words = sorted((*heard[i].words, *more.words), key=lambda word: word.start_s)
            heard[i] = Heard(tuple(words), heard[i].cuts + more.cuts)
    return heard


def missed_parts(window: Window, heard: Heard) -> list[Window]:
    """Return the stretches of a window that no word stands in.

    Parameters
    ----------
    window : Window
        What was listened to.
    heard : Heard
        What came of it; cut loops count as heard.

    Returns
    -------
    list of Window
        Neighbouring regions without a word, where they are long enough to hold speech.
    """
    words = [*heard.words, *(word for cut in heard.cuts for word in cut.words)]
    ends = [round(word.end_s * SAMPLE_RATE_HZ) for word in words]
    parts: list[Window] = []
    for empty, group in itertools.groupby(
        window.regions, key=lambda region: not any(region.start < end <= region.end for end in ends)
    ):
        regions: tuple[Region, ...] = tuple(group)
        length = sum(region.end - region.start for region in regions)
        if empty and length > _MISSED_S * SAMPLE_RATE_HZ:
            parts.append(Window(window.channel, regions, window.gap))
    return parts


def _loop_in(take: Take) -> Loop | None:
    return find_loop("".join(piece.text for piece in take.pieces))


def _placed(window: Window, take: Take) -> Heard:
    def place(pieces: Sequence[Piece]) -> tuple[Word, ...]:
        margin = round(_WORD_MARGIN_S * SAMPLE_RATE_HZ)
        return tuple(place_words(pieces, window, margin=margin, rate_hz=SAMPLE_RATE_HZ))

    if take.silent:
        return Heard((), _cuts(place(take.pieces), "no_speech"))
    loop = _loop_in(take)
    if loop is None:
        return Heard(place(take.pieces))
    kept: list[Piece] = []
    looped: list[Piece] = []
    at = 0
    for piece in take.pieces:
        (looped if loop.start <= at < loop.end else kept).append(piece)
        at += len(piece.text)
    return Heard(place(kept), _cuts(place(looped), "loop"))


def _cuts(words: tuple[Word, ...], reason: str) -> tuple[Cut, ...]:
    return (Cut(words, reason),) if words else ()


def filled_length_s(window: Window) -> int:
    """Return the length to which a window is filled up with silence, in seconds.

    The silence behind the last region keeps the model from looping at the end.

    Parameters
    ----------
    window : Window
        What is listened to.

    Examples
    --------
    >>> filled_length_s(Window(0, (Region(0, 16_000 * 15),), gap=0))
    18
    """
    needed_s = window.length / SAMPLE_RATE_HZ + _TAIL_S
    return next((length_s for length_s in _LENGTHS_S if length_s >= needed_s), _LENGTHS_S[-1])


def _batches(windows: Sequence[Window]) -> Iterator[list[int]]:
    """Yield the numbers of windows that are listened to together."""
    for length_s in _LENGTHS_S:
        alike = [i for i, window in enumerate(windows) if filled_length_s(window) == length_s]
        for first in range(0, len(alike), BATCH):
            yield alike[first : first + BATCH]
