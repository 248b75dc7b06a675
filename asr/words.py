"""The model's pieces of text made into words with times in the call."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from asr.normalise import readable
from asr.packing import Window
from asr.transcript import Word
from asr.utterances import is_punctuation


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text as the model gives it, timed from the start of its window.

    Parameters
    ----------
    text : str
        A Han character, a word in Latin letters or a number, a punctuation mark.
    start, end : int
        Samples from the start of the window.
    probability : float in [0, 1]
        How sure the model is.
    """

    text: str
    start: int
    end: int
    probability: float


def place_words(
    pieces: Sequence[Piece], window: Window, *, margin: int, rate_hz: int
) -> list[Word]:
    """Give the pieces of a window their place in the call.

    Parameters
    ----------
    pieces : sequence of Piece
        In the order in which they were said.
    window : Window
        Where they were heard.
    margin : int
        Samples at either end of a region that hold no speech.
    rate_hz : int
        Samples a second.

    Returns
    -------
    list of Word
        In time order, each inside one region; punctuation goes with the word before it, times
        never run backwards.

    Examples
    --------
    >>> from asr.packing import Region
    >>> window = Window(0, (Region(1000, 1100), Region(1500, 1600)), gap=50)
    >>> pieces = [Piece("請", 0, 90, 0.8), Piece(",", 90, 120, 0.5), Piece("問", 120, 240, 0.6)]
    >>> [(w.text, w.start_s, w.end_s) for w in place_words(pieces, window, margin=0, rate_hz=100)]
    [('请，', 10.0, 10.9), ('问', 15.0, 15.9)]
    """
    written = readable("".join(piece.text for piece in pieces))
    words: list[Word] = []
    at, earliest = 0, 0
    for piece in pieces:
        text = written[at : at + len(piece.text)]
        at += len(piece.text)
        if is_punctuation(text):
            if words:
                words[-1] = replace(words[-1], text=_marked(words[-1].text, text.strip()))
            continue
        # The model counts a silence to the word behind it, so a word's end is what can be trusted.
        index = window.region_at(piece.end - margin)
        region = window.regions[index]
        first = min(region.start + margin, region.end)
        last = max(first, region.end - margin)
        start = min(last, max(first, earliest, window.in_region(piece.start, index)))
        end = min(last, max(start, window.in_region(piece.end, index)))
        earliest = max(earliest, end)
        parts = _characters(_spaced(text, words))
        edges = [start + i * (end - start) / len(parts) for i in range(len(parts))] + [end]
        words += [
            Word(part, edges[i] / rate_hz, edges[i + 1] / rate_hz, piece.probability)
            for i, part in enumerate(parts)
        ]
    return words


def _marked(word: str, mark: str) -> str:
    """Put a punctuation mark behind a word; the model writes a space where it means a comma."""
    if mark or is_punctuation(word[-1]) or _is_latin(word[-1]):
        return word + mark
    return word + "，"


def _spaced(text: str, before: Sequence[Word]) -> str:
    """Keep a space only between two words in Latin letters."""
    bare = text.strip()
    if text.startswith(" ") and before and _is_latin(bare[0]) and _is_latin(before[-1].text[-1]):
        return " " + bare
    return bare


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _characters(text: str) -> list[str]:
    """Part a piece into Han characters and digits; letters stay together."""
    return re.findall(r"[ A-Za-z'&.@_-]*[A-Za-z][A-Za-z'&.@_-]*|.", text) or [text]
