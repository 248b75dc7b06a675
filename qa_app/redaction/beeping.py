"""A tone in place of what nobody should hear: samples in, the same number of samples out.

Under a beep no sample of the call is left, and beside one none is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

#: A word's time is where the recogniser's attention was; its first sound may lie before that.
MARGIN_S = 0.15
#: Two beeps nearer than this would let a syllable through and sound like a fault.
NEAREST_S = 0.3
TONE_HZ = 1000.0
_FADE_S = 0.01
#: Audible on a silent line, bearable on a loud one; of 32767.
_SOFTEST, _LOUDEST = 400.0, 8000.0
#: How alike one lane's sound is to the other's before it counts as heard there too. Of 80 pairs
#: of other speech of the demo's voices, 2 s each, the most alike came to .31; a voice that bleeds
#: into a line's noise with a thirtieth of its height came to .68 and more.
_ALIKE = 0.35
#: An echo comes back within this time.
_LONGEST_ECHO_S = 0.3
_MOST_MEASURED = 1_000_000


@dataclass(frozen=True, slots=True)
class Beep:
    """A stretch to be covered: of one lane, or of all where the voices share one sound."""

    start_s: float
    end_s: float
    lane: int | None = None


def with_margins(beeps: Iterable[Beep]) -> list[Beep]:
    """Widen each beep by its margin and join those of one lane that touch, in time order."""
    joined: list[Beep] = []
    last: dict[int | None, int] = {}
    for beep in sorted(beeps, key=lambda one: (one.start_s, one.end_s)):
        wide = replace(beep, start_s=max(0.0, beep.start_s - MARGIN_S), end_s=beep.end_s + MARGIN_S)
        at = last.get(beep.lane)
        if at is not None and wide.start_s <= joined[at].end_s + NEAREST_S:
            joined[at] = replace(joined[at], end_s=max(joined[at].end_s, wide.end_s))
        else:
            last[beep.lane] = len(joined)
            joined.append(wide)
    return joined


def lay_beeps(samples: Samples, rate_hz: int, beeps: Iterable[Beep]) -> Samples:
    """Put the tone over each beep, margins added, in the array itself, and return it.

    A beep of one lane covers the other too where the same sound is heard there.
    """
    lanes = range(samples.shape[0])
    covered = [
        (lane, start, end)
        for beep in with_margins(beeps)
        for start, end in [_range(beep, rate_hz, samples.shape[1])]
        if start < end
        for lane in lanes
        if beep.lane in {None, lane} or _is_heard_on(samples, lane, beep.lane, start, end, rate_hz)
    ]
    levels = [_level(samples[lane]) for lane in lanes]
    for lane, start, end in covered:
        samples[lane, start:end] = _tone(start, end, rate_hz, levels[lane])
    return samples


def bleeds_over(speaking: Samples, other: Samples, rate_hz: int) -> bool:
    """Tell whether what is said on one lane is heard on the other, however softly or late."""
    said = speaking.astype(np.float64) - speaking.mean()
    there = other.astype(np.float64) - other.mean()
    energy = float(np.sqrt((said @ said) * (there @ there)))
    if energy == 0.0:
        return False
    length = 1 << (2 * len(said) - 1).bit_length()
    spectrum = np.fft.rfft(said, length) * np.conj(np.fft.rfft(there, length))
    alike = np.abs(np.fft.irfft(spectrum, length))
    reach = min(len(said), round(_LONGEST_ECHO_S * rate_hz))
    most = max(alike[: reach + 1].max(), alike[-reach:].max())
    return bool(most / energy >= _ALIKE)


def _is_heard_on(
    samples: Samples, lane: int, speaking: int | None, start: int, end: int, rate_hz: int
) -> bool:
    if speaking is None or speaking >= samples.shape[0]:
        return True
    return bleeds_over(samples[speaking, start:end], samples[lane, start:end], rate_hz)


def _range(beep: Beep, rate_hz: int, count: int) -> tuple[int, int]:
    start = int(np.floor(beep.start_s * rate_hz))
    end = int(np.ceil(beep.end_s * rate_hz))
    return min(max(0, start), count), min(max(0, end), count)


def _level(lane: Samples) -> float:
    """Return a tone's amplitude that is about as loud as the lane's speech."""
    heights = np.abs(lane[:: max(1, len(lane) // _MOST_MEASURED)].astype(np.float64))
    loud = heights[heights > heights.max(initial=0.0) / 10]
    loudness = float(np.sqrt(np.mean(loud**2))) if len(loud) else 0.0
    return min(_LOUDEST, max(_SOFTEST, loudness))


def _tone(start: int, end: int, rate_hz: int, level: float) -> Samples:
    at = np.arange(end - start)
    rise = max(1.0, _FADE_S * rate_hz)
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / rise)
    wave = np.sin(2 * np.pi * TONE_HZ / rate_hz * at)
    return np.asarray(np.rint(level * fade * wave), dtype=np.int16)
