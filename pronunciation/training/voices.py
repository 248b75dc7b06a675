"""Synthetic speakers: eight voices, and as many more as blending them gives.

A voice is two vectors, one for timbre and one for how it times and pitches what it says; each half
of a blend is its own mixture of two voices.
"""

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from asr.audio import as_int16
from pronunciation.synthesis import (
    INSTALLED_MODEL,
    INSTALLED_VOICES,
    SAMPLE_RATE_HZ,
    STYLE_SIZE,
    Synthesiser,
)
from pronunciation.training.script import Line

#: Never heard in training; what is measured on synthetic speech is measured on these.
HELD_OUT = ("zf_xiaoyi", "zm_yunyang")
#: `zf_xiaoni` merges sounds that are to be told apart.
VOICES = ("zf_xiaobei", "zf_xiaoxiao", "zm_yunjian", "zm_yunxi", "zm_yunxia")

_HEARD_RATE_HZ = 16_000
_SLOWEST, _FASTEST = 0.85, 1.3
#: The share of lines that a blend says, and not one voice.
_BLENDED = 0.7
_PROCESSES = 2


def spoken(
    lines: Iterable[Line], seeds: Iterable[int], folder: Path, *, voices: tuple[str, ...]
) -> Iterator[Path]:
    """Have lines spoken, each by the voice of its seed; what is in the folder already stays.

    Parameters
    ----------
    lines : iterable of Line
    seeds : iterable of int
        One a line; names its file too.
    folder : Path
        Where the sound goes: one file a line, int16 at 16 kHz.
    voices : tuple of str
        To choose and to blend from.

    Yields
    ------
    Path
        The files, in the order of the lines.
    """
    folder.mkdir(parents=True, exist_ok=True)
    work = [
        (line.symbols, seed, folder / f"{seed}.npy", voices)
        for line, seed in zip(lines, seeds, strict=True)
    ]
    with ProcessPoolExecutor(_PROCESSES) as pool:
        yield from pool.map(_speak, work, chunksize=4)


_synthesiser: list[Synthesiser] = []  # one a process


def _speak(work: tuple[str, int, Path, tuple[str, ...]]) -> Path:
    symbols, seed, path, voices = work
    if path.is_file():
        return path
    if not _synthesiser:
        _synthesiser.append(Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES, threads=1))
    dice = random.Random(seed)  # noqa: S311
    styles = _blend(_synthesiser[0], voices, dice)
    sound = _synthesiser[0].utter(symbols, styles, dice.uniform(_SLOWEST, _FASTEST))
    heard: NDArray[np.float32] = soxr.resample(sound, SAMPLE_RATE_HZ, _HEARD_RATE_HZ)
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        np.save(file, as_int16(heard))
    partial.rename(path)
    return path


def _blend(
    synthesiser: Synthesiser, voices: tuple[str, ...], dice: random.Random
) -> NDArray[np.float32]:
    if len(voices) == 1 or dice.random() > _BLENDED:
        return synthesiser.styles(dice.choice(voices))
    halves = []
    for half in (slice(0, STYLE_SIZE // 2), slice(STYLE_SIZE // 2, STYLE_SIZE)):
        one, other = dice.sample(voices, 2)
        share = dice.random()
        mixed = share * synthesiser.styles(one) + (1 - share) * synthesiser.styles(other)
        halves.append(mixed[..., half])
    return np.concatenate(halves, axis=-1)
