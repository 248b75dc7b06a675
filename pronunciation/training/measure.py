"""How good a head is: on people it never heard, and on numbers in voices it never heard."""

import collections
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from asr.encoder import Encoder
from pronunciation.acoustic import AcousticHead, greedy, log_likelihood, read_digits
from pronunciation.contrasts import rivals
from pronunciation.inventory import INDEX, indices_of, symbols_of
from pronunciation.training.line import Sound, noisy, telephoned
from pronunciation.training.people import Clip, trimmed

#: What may lie between a speaker and the encoder.
LINES: Mapping[str, Callable[[Sound, np.random.Generator], Sound]] = {
    "clean": lambda sound, _: sound,
    "8 kHz": lambda sound, _: telephoned(sound),
    "8 kHz, 10 dB": lambda sound, rng: telephoned(noisy(sound, 10, rng)),
}


def symbol_error_rate(
    head: AcousticHead, clips: Sequence[Clip], frames: Sequence[NDArray[np.float32]]
) -> float:
    """Compare the likeliest symbols with what was said: (S + D + I) / N."""
    wrong = count = 0
    for clip, some in zip(clips, frames, strict=True):
        said = indices_of(clip.syllables)
        heard = [INDEX[item.symbol] for item in greedy(head.posteriors(some))]
        wrong += Levenshtein.distance(said, heard)
        count += len(said)
    return wrong / count


def contrasts(
    head: AcousticHead, clips: Sequence[Clip], frames: Sequence[NDArray[np.float32]]
) -> dict[str, tuple[int, int]]:
    """Count, a pair of sounds, how often what was said is likelier than its rival.

    Returns
    -------
    dict of str to tuple of int
        The pair, such as ``"z/zh"``: decided rightly, decided.
    """
    right: collections.Counter[str] = collections.Counter()
    decided: collections.Counter[str] = collections.Counter()
    for clip, some in zip(clips, frames, strict=True):
        heard = head.posteriors(some)
        likely = log_likelihood(heard, indices_of(clip.syllables))
        for place, syllable in enumerate(clip.syllables):
            for rival in rivals(syllable):
                other = [*clip.syllables[:place], rival.said, *clip.syllables[place + 1 :]]
                pair = _pair(symbols_of(syllable), symbols_of(rival.said))
                decided[pair] += 1
                right[pair] += likely > log_likelihood(heard, indices_of(other))
    return {pair: (right[pair], decided[pair]) for pair in sorted(decided)}


def _pair(one: tuple[str, str], other: tuple[str, str]) -> str:
    part = 0 if one[0] != other[0] else 1
    return "/".join(sorted((one[part], other[part])))


def digit_error_rate(
    head: AcousticHead, encoder: Encoder, spoken: Sequence[tuple[str, Path]], line: str
) -> float:
    """Read numbers off sound: (S + D + I) / N over their digits.

    Parameters
    ----------
    head, encoder
    spoken : sequence of tuple
        The digits and the file that holds them, int16 at 16 kHz.
    line : str
        One of `LINES`.
    """
    rng = np.random.default_rng(0)
    wrong = count = 0
    for digits, file in spoken:
        sound = np.load(file).astype(np.float32) / 32768
        heard = read_digits(head.posteriors(encoder.frames(LINES[line](sound, rng))))
        wrong += Levenshtein.distance(digits, "".join(item.digit for item in heard))
        count += len(digits)
    return wrong / count


def frames_of(clips: Sequence[Clip], encoder: Encoder) -> list[NDArray[np.float32]]:
    """Encode clips each by itself, as a learner's recording is."""
    return [encoder.frames(trimmed(clip.path)) for clip in clips]
