"""What the head learns from: encoder frames with the symbols said in them."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from asr.encoder import LEAD_S, SAMPLE_RATE_HZ, WINDOW_S, Encoder
from pronunciation.inventory import indices_of, symbols_of
from pronunciation.syllable import Syllable
from pronunciation.tones import pitch_features
from pronunciation.training.line import Sound, anywhere, hurried
from pronunciation.training.people import Clip, trimmed

#: The frames know their place in a window: those of a transcribed call come from longer ones.
_WINDOWS_S = (WINDOW_S, WINDOW_S, 14)
#: How often sound begins anywhere in its window and not at its beginning.
_ELSEWHERE = 0.4
_LONGEST_GAP_S = 0.35
_DIGITS = {
    symbols_of(Syllable.parse(name))
    for name in (
        "ling2",
        "yao1",
        "yi1",
        "er4",
        "liang3",
        "san1",
        "si4",
        "wu3",
        "liu4",
        "qi1",
        "ba1",
        "jiu3",
    )
}
#: How long a digit lasts in a number, from the quickest reader to the slowest.
_QUICKEST_S, _SLOWEST_S = 0.16, 0.4
#: How many of the numbers made of clips have digits that stand beside themselves.
_REPEATED = 0.4

Change = Callable[[Sound, np.random.Generator], Sound]


@dataclass(frozen=True, slots=True)
class Examples:
    """Windows of sound as frames, each with the syllables said in it.

    Attributes
    ----------
    frames : list of np.ndarray [shape=(n_frames, n_dims), float16]
    pitch : list of np.ndarray [shape=(n_frames, 4), float16]
        See `pronunciation.tones.pitch_features`.
    symbols : list of np.ndarray [shape=(2 * n_syllables,), int64]
    tones : list of np.ndarray [shape=(n_syllables,), int64]
    """

    frames: list[NDArray[np.float16]] = field(default_factory=list)
    pitch: list[NDArray[np.float16]] = field(default_factory=list)
    symbols: list[NDArray[np.int64]] = field(default_factory=list)
    tones: list[NDArray[np.int64]] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        partial = path.with_suffix(".part")
        with partial.open("wb") as file:
            np.savez(
                file,
                frames=np.concatenate(self.frames),
                pitch=np.concatenate(self.pitch),
                frame_counts=[len(some) for some in self.frames],
                symbols=np.concatenate(self.symbols),
                tones=np.concatenate(self.tones),
                tone_counts=[len(some) for some in self.tones],
            )
        partial.rename(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        with np.load(path) as held:
            windows = np.cumsum(held["frame_counts"])[:-1]
            syllables = np.cumsum(held["tone_counts"])[:-1]
            return cls(
                np.split(held["frames"], windows),
                np.split(held["pitch"], windows),
                np.split(held["symbols"], 2 * syllables),
                np.split(held["tones"], syllables),
            )

    def add(self, other: Self) -> None:
        """Take in other windows."""
        self.frames.extend(other.frames)
        self.pitch.extend(other.pitch)
        self.symbols.extend(other.symbols)
        self.tones.extend(other.tones)


def of_people(
    clips: Sequence[Clip],
    encoder: Encoder,
    seed: int,
    change: Change = anywhere,
    alone: float = 0.3,
) -> Examples:
    """Join clips into pseudo-sentences and encode them; each clip is heard once.

    Parameters
    ----------
    clips : sequence of Clip
    encoder : Encoder
    seed : int
        Decides order, gaps and changes.
    change : callable
        What happens to a window's sound before it is heard.
    alone : float in [0, 1]
        The share of windows in which a clip stands alone.
    """
    dice, rng = random.Random(seed), np.random.default_rng(seed)  # noqa: S311
    order = dice.sample(list(clips), len(clips))
    return _encoded(_joined(order, dice, alone), encoder, rng, change)


def of_digits(
    clips: Sequence[Clip], encoder: Encoder, count: int, seed: int, change: Change = anywhere
) -> Examples:
    """Put numbers together from clips of one speaker's digits, as fast as people read them out."""
    dice, rng = random.Random(seed), np.random.default_rng(seed)  # noqa: S311
    digits = [
        (trimmed(clip.path), clip)
        for clip in clips
        if set(map(symbols_of, clip.syllables)) <= _DIGITS
    ]
    return _encoded((_number(digits, dice) for _ in range(count)), encoder, rng, change)


def _number(
    digits: Sequence[tuple[Sound, Clip]], dice: random.Random
) -> tuple[Sound, list[Syllable]]:
    some = dice.choices(digits, k=dice.randint(3, 14))
    if dice.random() < _REPEATED:
        some = [item for item in some[: len(some) // 2] for _ in range(dice.randint(1, 3))]
    digit_s = dice.uniform(_QUICKEST_S, _SLOWEST_S)
    parts = []
    for sound, clip in some:
        pace = len(sound) / SAMPLE_RATE_HZ / (digit_s * len(clip.syllables))
        gap = dice.choice((0, 0, 0, 0.02, 0.1, 0.3))
        parts += [
            hurried(sound, min(max(pace, 0.8), 4.0)),
            np.zeros(round(gap * SAMPLE_RATE_HZ), np.float32),
        ]
    said = [syllable for _, clip in some for syllable in clip.syllables]
    return np.concatenate(parts), said


def of_speech(
    files: Iterable[Path],
    said: Iterable[Sequence[Syllable]],
    encoder: Encoder,
    seed: int,
    change: Change = anywhere,
) -> Examples:
    """Encode synthetic lines, one a window."""
    rng = np.random.default_rng(seed)
    sounds = (np.load(file).astype(np.float32) / 32768 for file in files)
    return _encoded(zip(sounds, said, strict=True), encoder, rng, change)


def _joined(
    clips: Sequence[Clip], dice: random.Random, alone: float
) -> Iterator[tuple[Sound, list[Syllable]]]:
    parts: list[Sound] = []
    said: list[Syllable] = []
    room = 0.0
    for clip in clips:
        sound = trimmed(clip.path)
        gap = round(max(0.0, dice.uniform(-0.1, _LONGEST_GAP_S)) * SAMPLE_RATE_HZ)
        if parts and len(sound) + gap > room:
            yield np.concatenate(parts), said
            parts, said = [], []
        if not parts:
            window_s = dice.choice(_WINDOWS_S)
            room = 0 if dice.random() < alone else dice.uniform(0.6, 0.93) * _room(window_s)
        parts += [sound, np.zeros(gap, np.float32)]
        said += clip.syllables
        room -= len(sound) + gap
    if parts:
        yield np.concatenate(parts), said


def _encoded(
    spoken: Iterable[tuple[Sound, Sequence[Syllable]]],
    encoder: Encoder,
    rng: np.random.Generator,
    change: Change,
) -> Examples:
    examples = Examples()
    for sound, said in spoken:
        heard = change(sound, rng)
        window_s = int(rng.choice(_WINDOWS_S))
        if len(heard) > _room(window_s):
            window_s = max(_WINDOWS_S)
        # No place in a window is special.
        free = max(0, _room(window_s) - len(heard)) if rng.random() < _ELSEWHERE else 4_000
        before = np.zeros(rng.integers(0, free + 1), np.float32)
        symbols = np.array(indices_of(said), np.int64)
        samples = np.concatenate([before, heard])
        frames = encoder.frames(samples, window_s)
        if len(frames) > len(symbols):
            examples.frames.append(frames.astype(np.float16))
            examples.pitch.append(pitch_features(samples).astype(np.float16))
            examples.symbols.append(symbols)
            examples.tones.append(np.array([syllable.tone for syllable in said], np.int64))
    return examples


def _room(window_s: int) -> int:
    """How many samples of sound one window holds."""
    return round((window_s - LEAD_S) * SAMPLE_RATE_HZ)
