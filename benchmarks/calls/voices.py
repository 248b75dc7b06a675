"""The two people's voices: Kokoro's, blends of two of them, letters, and southern accents."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.calls.scripts import Side
from pronunciation import synthesis
from pronunciation.syllable import Syllable
from pronunciation.synthesis import INSTALLED_MODEL, INSTALLED_VOICES, SAMPLE_RATE_HZ, Synthesiser
from pronunciation.word import Word

SILENCE_DB, MARGIN_S = -45.0, 0.06
#: How people say what has no Mandarin sound of its own.
SAID_AS = {
    "嗯": "恩",
    "A": "诶", "B": "必", "C": "西", "D": "地", "E": "亿", "F": "艾福", "G": "记", "H": "艾尺",
    "I": "爱", "J": "街", "K": "开", "L": "艾偶", "M": "艾姆", "N": "恩", "O": "欧", "P": "批",
    "Q": "秋", "R": "阿", "S": "艾斯", "T": "替", "U": "优", "V": "微", "W": "达不溜",
    "X": "艾克斯", "Y": "歪", "Z": "贼",
}  # fmt: skip
_SIBILANTS = {"zh": "z", "ch": "c", "sh": "s"}
_BACK_NASALS = {"ing": "in", "eng": "en"}
_ROUNDED = {"a": "ua", "ai": "uai", "an": "uan", "ang": "uang", "ei": "uei", "en": "uen"}
_UNROUNDED = {whole: bare for bare, whole in _ROUNDED.items()}

Said = tuple[np.ndarray, float, float]


def _flat(syllable: Syllable) -> Syllable:
    return replace(syllable, initial=_SIBILANTS.get(syllable.initial, syllable.initial))


def _front(syllable: Syllable) -> Syllable:
    return replace(syllable, final=_BACK_NASALS.get(syllable.final, syllable.final))


def _lateral(syllable: Syllable) -> Syllable:
    return replace(syllable, initial="l") if syllable.initial == "n" else syllable


def _breathed(syllable: Syllable) -> Syllable:
    """Say f as hu: 发 like 花, 飞 like 灰."""
    if syllable.initial != "f":
        return syllable
    return replace(syllable, initial="h", final=_ROUNDED.get(syllable.final, syllable.final))


def _bitten(syllable: Syllable) -> Syllable:
    """Say hu as f: 花 like 发, 湖 like 符."""
    if syllable.initial != "h" or not syllable.final.startswith("u"):
        return syllable
    return replace(syllable, initial="f", final=_UNROUNDED.get(syllable.final, syllable.final))


#: What the training minutes of the customer's call centre name, and f with h.
ACCENTS: dict[str, Callable[[Syllable], Syllable]] = {
    "zh_z": _flat,
    "ng_n": _front,
    "n_l": _lateral,
    "f_h": _breathed,
    "h_f": _bitten,
}


class Voices:
    """Speaks turns, each trimmed to the voice and at the level of its side."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._synthesiser = Synthesiser(INSTALLED_MODEL, folder, threads=1)

    def say(self, text: str, side: Side, speed: float = 1.0) -> Said:
        """Return a turn's samples, and where in them the voice begins and ends, in seconds."""
        self._provide(side.voice)
        with speaking_with(side.accent):
            said = self._synthesiser.speak(spoken(text), side.voice, side.speed * speed)
        loud = np.flatnonzero(np.abs(said) > 10 ** (SILENCE_DB / 20))
        margin = round(MARGIN_S * SAMPLE_RATE_HZ)
        first = max(0, loud[0] - margin)
        kept = said[first : loud[-1] + margin]
        kept = kept * (10 ** (side.level_db / 20) / float(np.sqrt(np.mean(kept**2))))
        return kept, (loud[0] - first) / SAMPLE_RATE_HZ, (loud[-1] + 1 - first) / SAMPLE_RATE_HZ

    def _provide(self, voice: str) -> None:
        """Put a voice's styles where the synthesiser reads them; `a+b` is half of each."""
        file = self._folder / f"{voice}.bin"
        if file.exists():
            return
        parts = [np.fromfile(INSTALLED_VOICES / f"{part}.bin", "f4") for part in voice.split("+")]
        partial = file.with_suffix(f".{os.getpid()}")
        np.mean(parts, axis=0).astype("f4").tofile(partial)
        partial.replace(file)


def spoken(text: str) -> str:
    """Write letters, and what the reader of Chinese cannot read, in characters."""
    return re.sub(r"[A-Za-z嗯]", lambda found: SAID_AS[found[0].upper()], text)


@contextmanager
def speaking_with(names: tuple[str, ...]) -> Iterator[None]:
    """Let the synthesiser, which takes text alone, read every syllable as the accent has it."""
    plain = synthesis.dictionary_words

    def dictionary_words(text: str) -> list[Word]:
        return [
            replace(word, syllables=tuple(accented(said, names) for said in word.syllables))
            for word in plain(text)
        ]

    synthesis.dictionary_words = dictionary_words
    try:
        yield
    finally:
        synthesis.dictionary_words = plain


def accented(syllable: Syllable, names: tuple[str, ...]) -> Syllable:
    """Return a syllable as somebody with these habits says it."""
    for name in names:
        syllable = ACCENTS[name](syllable)
    return syllable
