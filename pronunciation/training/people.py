"""Recordings of people: clips whose names say what is said in them."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asr.audio import decode
from pronunciation.errors import SyllableUnlawful
from pronunciation.inventory import symbols_of
from pronunciation.reading import read_words
from pronunciation.syllable import Syllable

#: The folders of shared recordings, one a speaker.
SPEAKERS = ("wang", "tan", "davin")

#: What is this much softer than a clip's loudest moment, at its ends, is silence.
_SILENCE = 0.02
_MARGIN = 800


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording of one person.

    Attributes
    ----------
    path : Path
    syllables : tuple of Syllable
        What is said in it.
    """

    path: Path
    syllables: tuple[Syllable, ...]


def find_clips(folder: Path, speaker: str) -> list[Clip]:
    """List a speaker's clips in the order of their names, those left out that are known to be bad.

    Parameters
    ----------
    folder : Path
        Holds one folder a speaker, and `bad_<speaker>.txt` beside it.
    speaker : str

    Returns
    -------
    list of Clip
    """
    listed = folder / f"bad_{speaker}.txt"
    bad = set(listed.read_text("utf-8").split()) if listed.is_file() else set()
    clips = []
    for path in sorted((folder / speaker).glob("*.mp3")):
        name = path.stem.removeprefix("cmn-")
        syllables = () if name in bad else _said(name)
        if syllables:
            clips.append(Clip(path, syllables))
    return clips


def _said(name: str) -> tuple[Syllable, ...]:
    if re.fullmatch(r"[a-zü:]+[1-4]", name):
        spelling = name.replace("u:", "ü").replace("uu", "ü")
        readings = _parsed(spelling)
    elif "儿" in name[1:]:  # may or may not colour the final before it
        return ()
    else:
        readings = _as_spoken(name)
        if len(readings) != len(name):
            return ()
    try:
        for syllable in readings:
            symbols_of(syllable)
    except SyllableUnlawful:
        return ()
    return readings


def _as_spoken(text: str) -> tuple[Syllable, ...]:
    """Read a word with the tones that it is said with: 一, 不 and third tones give way."""
    read = [syllable for word in read_words(text) for syllable in word.syllables]
    for place in range(len(read) - 2, -1, -1):
        here, after = read[place], read[place + 1]
        if (here.tone == 3 and after.tone == 3) or (text[place] in "一不" and after.tone == 4):
            read[place] = replace(here, tone=2)
        elif text[place] == "一" and after.tone in (1, 2, 3):
            read[place] = replace(here, tone=4)
    return tuple(read)


def _parsed(spelling: str) -> tuple[Syllable, ...]:
    try:
        return (Syllable.parse(spelling),)
    except SyllableUnlawful:
        return ()


def trimmed(path: Path) -> NDArray[np.float32]:
    """Decode a clip and cut the silence off its ends.

    Returns
    -------
    np.ndarray [shape=(n_samples,), float32]
        16 kHz, its loudest moment at 0.5.
    """
    sound: NDArray[np.float32] = decode(path)[0]
    loudest = np.abs(sound).max()
    if loudest == 0:
        return sound
    loud = np.flatnonzero(np.abs(sound) > _SILENCE * loudest)
    cut = sound[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN]
    scaled: NDArray[np.float32] = (cut * (0.5 / loudest)).astype(np.float32)
    return scaled
