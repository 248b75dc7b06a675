"""Speech is cut at the quietest moment, wherever in a call it stands."""

import itertools

import numpy as np
import pytest

from asr.packing import Region
from asr.voice_activity import find_speech, with_air

RATE = 16_000


def burst_at(start):
    """Return noise that is loud for a while and quietest at one moment on either side."""
    rng = np.random.default_rng(11)
    length = RATE
    sound = rng.normal(scale=0.003, size=start + 2 * length).astype(np.float32)
    sound[start : start + length] *= 60
    for quiet in (start - 3_200, start + length + 3_200):
        sound[quiet - 200 : quiet + 200] = 0
    return sound


@pytest.mark.parametrize("slip", [0, 100, 300, 511])
def test_the_cut_is_at_the_same_moment_whatever_the_detector_counted_from(slip):
    sound = burst_at(20_000)
    rough = Region(20_000 - slip, 36_000 + slip)
    (cut,) = with_air(sound, [rough])
    assert cut.start == pytest.approx(16_800, abs=220)
    assert cut.end == pytest.approx(39_200, abs=220)


def test_neighbours_do_not_overlap_and_edges_stay_inside_the_call():
    sound = np.ones(10_000, np.float32)
    regions = [Region(0, 3_000), Region(3_000, 6_000), Region(9_000, 10_000)]
    cut = with_air(sound, regions)
    assert cut[0].start >= 0
    assert cut[-1].end <= 10_000
    for before, after in itertools.pairwise(cut):
        assert before.end <= after.start


def test_silence_has_no_speech_in_it():
    assert find_speech(np.zeros(5 * RATE, np.int16)) == []
