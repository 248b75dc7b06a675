"""Where somebody speaks on a channel, found the same way wherever in a call the speech stands.

Voice activity is judged in steps of 32 ms, so where speech seems to begin hangs on where the steps
begin, and a word cut a little otherwise is now and then written down otherwise. So the channel is
gone through twice: once to find its stretches of speech, and once more stretch by stretch with
the steps counted from the stretch's own loudest moment, which is where it is whatever stands
before it. The same speech is then cut at the same samples in a long recording and in a short one.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from faster_whisper.vad import VadOptions, get_speech_timestamps

from asr.packing import Region, as_float
from asr.transcriber import Samples

SAMPLE_RATE_HZ = 16_000

# The model's step; its own threshold; speech is parted at pauses a little shorter than those
# between the groups of a number.
_STEP = 512
_THRESHOLD = 0.5
_PAUSE_S = 0.3
_LONGEST_REGION_S = 26.0

# What is judged at once: memory stays bounded on a long call.
_BLOCK = 600 * SAMPLE_RATE_HZ

# A pause of the channel that parts stretches, and what is listened to around a stretch.
_STRETCH_PAUSE_S = 0.7
_BEFORE_S = 1.0
_BEHIND_S = 0.5

# The loudest moment is sought near the beginning only, so that memory stays bounded.
_LOUDEST_WITHIN_S = 60.0

# Air kept on either side of a region, and the length of a moment.
_LEAST_AIR_S = 0.1
_MOST_AIR_S = 0.4
_MOMENT_S = 0.02


def find_speech(channel: Samples) -> list[Region]:
    """Find the stretches of a channel in which somebody speaks.

    Parameters
    ----------
    channel : np.ndarray [shape=(n_samples,), float32 or int16]
        Sound at 16 kHz; a memory map is read in blocks.

    Returns
    -------
    list of Region
        In time order, with some air on either side, none longer than a window.
    """
    return with_air(channel, find_voice(channel))


def find_voice(channel: Samples) -> list[Region]:
    """Find the stretches of a channel in which somebody speaks, without any air round them.

    Parameters
    ----------
    channel : np.ndarray [shape=(n_samples,), float32 or int16]
        Sound at 16 kHz; a memory map is read in blocks.

    Returns
    -------
    list of Region
        In time order.
    """
    stretches = _stretches(_voiced(channel))
    found: list[Region] = []
    for i, stretch in enumerate(stretches):
        behind = stretches[i - 1][-1].end if i else 0
        ahead = stretches[i + 1][0].start if i + 1 < len(stretches) else channel.shape[0]
        found += _voiced_again(channel, stretch, behind, ahead)
    return found


def _voiced(channel: Samples) -> list[Region]:
    options = VadOptions(
        threshold=_THRESHOLD,
        min_silence_duration_ms=round(_PAUSE_S * 1000),
        speech_pad_ms=0,
        max_speech_duration_s=_LONGEST_REGION_S,
    )
    found: list[Region] = []
    first = 0
    while first < channel.shape[0]:
        spans = get_speech_timestamps(as_float(channel[first : first + _BLOCK]), options)
        here = [Region(first + span["start"], first + span["end"]) for span in spans]
        behind = first + _BLOCK
        if len(here) > 1 and behind < channel.shape[0]:
            # The last region may go on behind the block: the next block begins in the pause
            # before it.
            behind = (here[-2].end + here[-1].start) // 2
            here.pop()
        found += here
        first = behind
    return found


def _stretches(regions: Sequence[Region]) -> list[list[Region]]:
    stretches: list[list[Region]] = []
    for region in regions:
        if stretches and region.start - stretches[-1][-1].end < _in_samples(_STRETCH_PAUSE_S):
            stretches[-1].append(region)
        else:
            stretches.append([region])
    return stretches


def _voiced_again(
    channel: Samples, stretch: Sequence[Region], behind: int, ahead: int
) -> list[Region]:
    """Find a stretch's regions in steps counted from its loudest moment."""
    start, end = stretch[0].start, stretch[-1].end
    loudest = start + _loudest(channel[start : min(end, start + _in_samples(_LOUDEST_WITHIN_S))])
    origin = loudest - _STEP * -(-(loudest - start + _in_samples(_BEFORE_S)) // _STEP)
    first, last = max(0, origin), min(channel.shape[0], end + _in_samples(_BEHIND_S))
    sound = np.zeros(last - origin, channel.dtype)
    sound[first - origin :] = channel[first:last]
    # What belongs to the stretches on either side is theirs.
    after, before = (behind + start) // 2 if behind else 0, (end + ahead) // 2
    found = [
        Region(max(after, origin + region.start), min(before, origin + region.end))
        for region in _voiced(sound)
        if origin + region.end > after and origin + region.start < before
    ]
    return found or list(stretch)


def with_air(channel: Samples, regions: Sequence[Region]) -> list[Region]:
    """Widen regions to the quietest moment near either edge.

    Parameters
    ----------
    channel : np.ndarray [shape=(n_samples,), float32 or int16]
        Sound at 16 kHz.
    regions : sequence of Region
        Speech without any air, in time order.

    Returns
    -------
    list of Region
        In time order, not overlapping.
    """
    if not regions:
        return []
    middles = [(a.end + b.start) // 2 for a, b in itertools.pairwise(regions)]
    befores, behinds = [0, *middles], [*middles, channel.shape[0]]
    least, most = _in_samples(_LEAST_AIR_S), _in_samples(_MOST_AIR_S)
    return [
        Region(
            _quietest(channel, max(before, region.start - most), max(before, region.start - least)),
            _quietest(channel, min(behind, region.end + least), min(behind, region.end + most)),
        )
        for region, before, behind in zip(regions, befores, behinds, strict=True)
    ]


def _quietest(channel: Samples, first: int, last: int) -> int:
    """Return the quietest moment between two samples; what is nearest where there is no room."""
    energy = _energy_of_moments(channel[first:last])
    if len(energy) == 0:
        return int(max(0, min(channel.shape[0], (first + last) // 2)))
    return first + int(np.argmin(energy)) + _in_samples(_MOMENT_S) // 2


def _loudest(sound: Samples) -> int:
    energy = _energy_of_moments(sound)
    return int(np.argmax(energy)) if len(energy) else 0


def _energy_of_moments(sound: Samples) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the energy of the moment that begins at each sample."""
    reach = _in_samples(_MOMENT_S)
    energy = np.cumsum(as_float(sound).astype(np.float64) ** 2)
    return energy[reach:] - energy[:-reach]


def _in_samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
