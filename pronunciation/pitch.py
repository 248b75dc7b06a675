"""How high the voice is: its fundamental frequency every 10 ms, and where there is none.

Each frame's autocorrelation, divided by that of its window, offers periods; the best path through
them all is one that changes octave or starts and stops seldom. Harmonics show the period where
the fundamental itself is missing, so a telephone's band does no harm.

References
----------
Boersma, Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise
ratio of a sampled sound, IFA Proceedings 17, 1993: window, octave cost and transition costs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
HOP_S = 0.01
LOWEST_HZ, HIGHEST_HZ = 65.0, 550.0

_HOP = round(HOP_S * SAMPLE_RATE_HZ)
#: Three periods of the lowest voice.
_WINDOW = round(3 / LOWEST_HZ * SAMPLE_RATE_HZ)
_FFT = 2048
_CANDIDATES = 6
_VOICING = 0.45
_SILENCE = 0.03
_OCTAVE_COST = 0.01
_JUMP_COST = 0.35
_SWITCH_COST = 0.14


@dataclass(frozen=True, slots=True)
class Pitch:
    """The voice's fundamental frequency over time; frame i is centred on (i + 0.5) * 10 ms.

    Attributes
    ----------
    hz : np.ndarray [shape=(n_frames,), float32]
        0 where there is no voice.
    strength : np.ndarray [shape=(n_frames,), float32, in [0, 1]]
        How periodic the sound is, voiced or not.
    level : np.ndarray [shape=(n_frames,), float32, <= 0]
        Loudness against the loudest frame, in powers of ten of amplitude.
    """

    hz: NDArray[np.float32]
    strength: NDArray[np.float32]
    level: NDArray[np.float32]


def track(samples: NDArray[np.float32]) -> Pitch:
    """Follow the pitch of one voice.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,), float32]
        One channel at 16 kHz.

    Returns
    -------
    Pitch
        One frame for each 10 ms begun.

    Examples
    --------
    >>> seconds = np.arange(8000) / 16_000
    >>> voice = sum(np.sin(2 * np.pi * 200 * k * seconds) / k for k in range(1, 8))
    >>> pitch = track(voice.astype(np.float32))
    >>> len(pitch.hz), round(float(np.median(pitch.hz)))
    (50, 200)
    >>> track(np.zeros(8000, np.float32)).hz.any()
    np.False_
    """
    count = -(-len(samples) // _HOP)
    if not count:
        nothing = np.zeros(0, np.float32)
        return Pitch(nothing, nothing, nothing)
    windows = _windows(samples, count)
    peak = np.abs(windows).max(axis=1)
    loudest = max(float(peak.max()), 1e-9)
    similar = _autocorrelation(windows - windows.mean(axis=1, keepdims=True))
    lags, strengths = _candidates(similar)
    path = _best_path(lags, strengths, peak / loudest)
    rows = np.arange(count)
    voiced = path > 0
    lag = lags[rows, path - 1]
    return Pitch(
        hz=np.where(voiced, SAMPLE_RATE_HZ / lag, 0).astype(np.float32),
        strength=np.clip(strengths.max(axis=1), 0, 1).astype(np.float32),
        level=np.log10(np.maximum(peak / loudest, 1e-4)).astype(np.float32),
    )


def _windows(samples: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    before = (_WINDOW - _HOP) // 2
    padded = np.zeros((count - 1) * _HOP + _WINDOW, np.float32)
    room = len(padded) - before
    padded[before : before + min(len(samples), room)] = samples[:room]
    return np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]


def _autocorrelation(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    shape = np.hanning(_WINDOW + 2)[1:-1]
    own = np.fft.irfft(np.abs(np.fft.rfft(shape, _FFT)) ** 2)[: _FFT // 2]
    raw = np.fft.irfft(np.abs(np.fft.rfft(windows * shape, _FFT)) ** 2, axis=1)[:, : _FFT // 2]
    zero = np.maximum(raw[:, :1], 1e-12)
    result: NDArray[np.float64] = raw / zero / np.maximum(own / own[0], 1e-3)
    return result


def _candidates(
    similar: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Take the strongest peaks of each frame, shorter periods first among equals."""
    first, last = int(SAMPLE_RATE_HZ / HIGHEST_HZ), int(SAMPLE_RATE_HZ / LOWEST_HZ)
    part = similar[:, first - 1 : last + 2]
    middle = part[:, 1:-1]
    is_peak = (middle > part[:, :-2]) & (middle >= part[:, 2:])
    every_lag = np.arange(first, last + 1)
    cost = _OCTAVE_COST * np.log2(LOWEST_HZ * every_lag / SAMPLE_RATE_HZ)
    worth = np.where(is_peak, middle - cost, -1.0)
    best = np.argsort(-worth, axis=1, kind="stable")[:, :_CANDIDATES]
    rows = np.arange(len(similar))[:, None]
    strengths = worth[rows, best]
    left, here, right = (part[rows, best + step] for step in (0, 1, 2))
    bend = left - 2 * here + right
    shift = np.where(bend < 0, 0.5 * (left - right) / np.minimum(bend, -1e-12), 0.0)
    return every_lag[best] + np.clip(shift, -0.5, 0.5), strengths


def _best_path(
    lags: NDArray[np.float64], strengths: NDArray[np.float64], level: NDArray[np.float32]
) -> NDArray[np.int64]:
    """Choose for each frame no voice (0) or a candidate (from 1)."""
    count = len(lags)
    quiet = np.maximum(0.0, 2 - level / _SILENCE)
    unvoiced = _VOICING + quiet
    worth = np.column_stack([unvoiced, strengths])
    octaves = np.log2(lags)
    total, back = worth[0], np.zeros(worth.shape, np.int64)
    change = np.zeros((worth.shape[1], worth.shape[1]))
    change[0, 1:] = change[1:, 0] = _SWITCH_COST
    for frame in range(1, count):
        change[1:, 1:] = _JUMP_COST * np.abs(octaves[frame - 1][:, None] - octaves[frame][None, :])
        ways = total[:, None] - change
        back[frame] = ways.argmax(axis=0)
        total = ways[back[frame], np.arange(worth.shape[1])] + worth[frame]
    path = np.empty(count, np.int64)
    state = int(total.argmax())
    for frame in range(count - 1, -1, -1):
        path[frame] = state
        state = int(back[frame, state])
    return path
