"""Speech regions of a channel packed into few windows, and times mapped back.

Whisper hears windows of up to 30 s, at much the same cost however little speech is inside. A side
of a call is silent more than half of the time, so its speech is cut out, put together with short
gaps, and every time that the model gives is mapped back to the call.

Packing starts anew after each pause of the whole conversation. What a window holds then depends
on its own surroundings alone, and a stretch of a long call is heard as it would be by itself.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from asr.transcriber import Samples


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of one channel: sample numbers at 16 kHz, end not included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Window:
    """Regions of one channel put one behind the other, with a gap after each.

    Parameters
    ----------
    channel : int
        Index of the channel.
    regions : tuple of Region
        In time order, not overlapping.
    gap : int
        Samples of silence after each region.

    Examples
    --------
    >>> window = Window(0, (Region(100, 200), Region(500, 600)), gap=10)
    >>> window.length
    220
    >>> window.to_call(0), window.to_call(105), window.to_call(120)
    (100, 200, 510)
    """

    channel: int
    regions: tuple[Region, ...]
    gap: int

    @property
    def length(self) -> int:
        """Samples in the window, gaps included."""
        return sum(region.end - region.start + self.gap for region in self.regions)

    def region_at(self, sample: int) -> int:
        """Return the index of the region a sample belongs to; a gap goes with what it follows."""
        return max(0, bisect.bisect_right(self._starts(), sample) - 1)

    def to_call(self, sample: int) -> int:
        """Map a sample of the window to the call; a sample in a gap goes to its region's edge."""
        return self.in_region(sample, self.region_at(sample))

    def in_region(self, sample: int, index: int) -> int:
        """Map a sample of the window to the call, kept inside a given region."""
        region = self.regions[index]
        return min(region.end, max(region.start, region.start + sample - self._starts()[index]))

    def sound(self, samples: Samples) -> NDArray[np.float32]:
        """Cut the window's sound out of a call.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_channels, n_samples), float32 or int16]
            The call at 16 kHz.

        Returns
        -------
        np.ndarray [shape=(length,), float32 in [-1, 1]]
        """
        sound = np.zeros(self.length, np.float32)
        for start, region in zip(self._starts(), self.regions, strict=True):
            piece = samples[self.channel, region.start : region.end]
            sound[start : start + piece.shape[0]] = as_float(piece)
        return sound

    def _starts(self) -> list[int]:
        starts, at = [], 0
        for region in self.regions:
            starts.append(at)
            at += region.end - region.start + self.gap
        return starts


def as_float(samples: Samples) -> NDArray[np.float32]:
    """Return samples as float32 in [-1, 1], whichever of the two kinds they are.

    Examples
    --------
    >>> as_float(np.array([16384, -32768], np.int16)).tolist()
    [0.5, -1.0]
    """
    if samples.dtype == np.int16:
        return samples.astype(np.float32) / np.float32(32768)
    return samples.astype(np.float32, copy=False)


def pack(
    speech: Sequence[Sequence[Region]], *, longest: int, gap: int, fresh_after: int
) -> list[Window]:
    """Pack the speech of all channels of a call into windows.

    Parameters
    ----------
    speech : sequence of sequence of Region
        The regions of each channel in time order.
    longest : int
        Samples that a window may hold, gaps included; a longer region stands alone.
    gap : int
        Samples of silence put after each region.
    fresh_after : int
        Where the whole call is silent for this many samples, packing starts anew.

    Returns
    -------
    list of Window
        In order of their first region's start.

    Examples
    --------
    >>> agent, customer = [Region(0, 40), Region(50, 90)], [Region(92, 120)]
    >>> [len(w.regions) for w in pack([agent, customer], longest=200, gap=5, fresh_after=30)]
    [2, 1]
    """
    pauses = _common_pauses(speech, fresh_after)
    windows = []
    for channel, regions in enumerate(speech):
        held: list[Region] = []
        for region in regions:
            length = sum(r.end - r.start + gap for r in (*held, region))
            if held and (length > longest or _is_between(pauses, held[-1].end, region.start)):
                windows.append(Window(channel, tuple(held), gap))
                held = []
            held.append(region)
        if held:
            windows.append(Window(channel, tuple(held), gap))
    return sorted(windows, key=lambda window: (window.regions[0].start, window.channel))


def _common_pauses(speech: Sequence[Sequence[Region]], fresh_after: int) -> list[int]:
    """Return the sample at which each long pause of the whole call begins."""
    pauses, heard_until = [], 0
    for region in sorted((r for regions in speech for r in regions), key=lambda r: r.start):
        if region.start - heard_until >= fresh_after:
            pauses.append(heard_until)
        heard_until = max(heard_until, region.end)
    return pauses


def _is_between(pauses: list[int], end: int, start: int) -> bool:
    """Tell whether a long pause begins between the end of one region and the start of another."""
    at = bisect.bisect_left(pauses, end)
    return at < len(pauses) and pauses[at] < start
