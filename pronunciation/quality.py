"""Whether a recording can be judged at all: too quiet, overdriven, drowned in noise."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from pronunciation.pitch import track

SAMPLE_RATE_HZ = 16_000
_FRAME = 320

#: Softer than this at its loudest is silence, whatever the microphone.
_SILENCE_DB = -50.0
#: Shorter speech than this holds no syllable.
_SHORTEST_S = 0.06
#: So loud a sample is at the microphone's end; speech that is not overdriven has few in a row.
_FULL = 0.985
_FULL_IN_A_ROW = 4
_CLIPPED_SHARE = 0.004
#: What is periodic in the voice against what is not, in the best fifth of the loud moments, in
#: decibels: clean clips of two people have 7 and more, with noise 10 dB below them 2.8 and more.
_LOWEST_HARMONICITY_DB = 2.0
_BEST = 80
_LOUD = -0.6


class Reason(StrEnum):
    """Why a recording is not judged."""

    SILENCE = "silence"
    CLIPPING = "clipping"
    NOISE = "noise"
    TOO_SHORT = "too_short"
    WRONG_TEXT = "wrong_text"


def fault_of(samples: NDArray[np.float32]) -> Reason | None:
    """Name what makes a recording unfit to be judged, if anything does.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,), float32]
        One channel at 16 kHz, in [-1, 1], as it was recorded.

    Examples
    --------
    >>> fault_of(np.zeros(16_000, np.float32))
    <Reason.SILENCE: 'silence'>
    >>> loud = np.clip(9 * np.sin(np.arange(16_000) / 9), -1, 1).astype(np.float32)
    >>> fault_of(loud)
    <Reason.CLIPPING: 'clipping'>
    """
    if len(samples) < _SHORTEST_S * SAMPLE_RATE_HZ:
        return Reason.TOO_SHORT
    levels = levels_db(samples)
    if levels.max() < _SILENCE_DB:
        return Reason.SILENCE
    if _clipped_share(samples) > _CLIPPED_SHARE:
        return Reason.CLIPPING
    if harmonicity_db(samples) < _LOWEST_HARMONICITY_DB:
        return Reason.NOISE
    return None


def levels_db(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Measure loudness every 20 ms, in decibels of full scale."""
    count = len(samples) // _FRAME
    frames = samples[: count * _FRAME].reshape(count, _FRAME).astype(np.float64)
    result: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    return result


def harmonicity_db(samples: NDArray[np.float32]) -> float:
    """Measure how far the voice's harmonics stand above everything else in its loud moments.

    A single syllable leaves no pause in which to measure the room, but every syllable has a voice.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> harmonicity_db(rng.normal(0, 0.01, 16_000).astype(np.float32)) < 0
    True
    """
    pitch = track(samples)
    periodic = float(np.percentile(pitch.strength[pitch.level > _LOUD], _BEST))
    periodic = min(max(periodic, 1e-3), 1 - 1e-3)
    return float(10 * np.log10(periodic / (1 - periodic)))


def _clipped_share(samples: NDArray[np.float32]) -> float:
    full = np.abs(samples) >= _FULL
    edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    return float(runs[runs >= _FULL_IN_A_ROW].sum() / len(samples))
