"""A tone over what nobody should hear: all of it under the tone, nothing beside it changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.redaction.beeping import Beep, bleeds_over, lay_beeps, with_margins

RATE_HZ = 1000


def speech(seconds: float, *, lanes: int = 2, seed: int = 1) -> np.ndarray:
    """Noise of a voice's unevenness, other on each lane."""
    heights = np.random.default_rng(seed).normal(0, 3000, (lanes, round(seconds * RATE_HZ)))
    return heights.astype(np.int16)


beeps = st.lists(
    st.builds(
        lambda start, length, lane: Beep(start, start + length, lane),
        st.floats(-1, 12),
        st.floats(0, 3),
        st.sampled_from([0, 1, None]),
    ),
    max_size=6,
)


@given(beeps)
def test_the_sound_stays_as_long_and_is_unchanged_beside_the_beeps(wanted):
    before = speech(10)
    after = lay_beeps(before.copy(), RATE_HZ, wanted)
    assert after.shape == before.shape
    free = np.ones(before.shape[1], bool)
    for beep in with_margins(wanted):
        free[max(0, int(beep.start_s * RATE_HZ)) : int(np.ceil(beep.end_s * RATE_HZ))] = False
    assert (after[:, free] == before[:, free]).all()


@given(beeps)
def test_under_a_beep_no_sample_of_the_call_is_left(wanted):
    """Two calls that differ under the beeps alone are the same call afterwards."""
    one, other = speech(10), speech(10)
    for beep in wanted:
        start, end = (max(0, round(at * RATE_HZ)) for at in (beep.start_s, beep.end_s))
        other[:, start:end] = speech(10, seed=2)[:, start:end]
    everywhere = [Beep(beep.start_s, beep.end_s) for beep in wanted]
    changed = lay_beeps(other, RATE_HZ, everywhere) != lay_beeps(one, RATE_HZ, everywhere)
    # The tone is as loud as the call, so only its height may differ, by less than a voice's.
    left = np.abs(one.astype(int) - other.astype(int))[changed]
    assert left.max(initial=0) < 300


def test_a_beep_begins_a_margin_before_the_word_and_ends_one_after_it():
    before = speech(4)
    after = lay_beeps(before.copy(), RATE_HZ, [Beep(1.0, 2.0, 0)])
    changed = np.flatnonzero(after[0] != before[0])
    # 1.0 − 0.15 s and 2.0 + 0.15 s at 1000 Hz; the tone itself may cross the old sample anywhere.
    assert changed[0] in range(850, 855)
    assert changed[-1] in range(2145, 2150)
    assert (after[1] == before[1]).all()


@pytest.mark.parametrize(("gap_s", "count"), [(0.59, 1), (0.61, 2)])
def test_beeps_that_nearly_touch_become_one(gap_s, count):
    # Two margins of .15 s and .3 s between them: .6 s.
    assert len(with_margins([Beep(1.0, 2.0, 0), Beep(2.0 + gap_s, 4.0, 0)])) == count


def test_beeps_of_two_lanes_stay_two():
    assert len(with_margins([Beep(1.0, 2.0, 0), Beep(1.5, 2.5, 1)])) == 2


def test_in_one_sound_every_lane_is_covered():
    before = speech(4)
    after = lay_beeps(before.copy(), RATE_HZ, [Beep(1.0, 2.0)])
    assert (after[:, 1000:2000] != before[:, 1000:2000]).mean() > 0.9


@pytest.mark.parametrize("height", [1.0, 0.1, 0.03])
def test_words_that_bleed_over_are_covered_on_the_other_lane_too(height):
    before = speech(4)
    line_noise = np.random.default_rng(5).normal(0, 30, 4 * RATE_HZ)
    # An echo of 50 ms.
    before[1] = (np.roll(before[0], 50) * height + line_noise).astype(np.int16)
    after = lay_beeps(before.copy(), RATE_HZ, [Beep(1.0, 2.0, 0)])
    assert (after[1, 1000:2000] != before[1, 1000:2000]).mean() > 0.9


def test_silence_is_like_nothing():
    voice = speech(1)[0]
    assert not bleeds_over(voice, np.zeros_like(voice), RATE_HZ)
    assert bleeds_over(voice, voice, RATE_HZ)


def test_a_beep_is_about_as_loud_as_the_call_and_never_deafening():
    # Of even noise up to h, what is above h/10 has √((h³ − (h/10)³) / 3 / (.9 h)) = .608 h.
    for height, level in ((100, 400), (3000, 1825), (30_000, 8000)):
        call = np.random.default_rng(1).uniform(-height, height, (1, 4000)).astype(np.int16)
        tone = lay_beeps(call, 8000, [Beep(0.2, 0.3)])[0, 1700:2300]
        assert np.abs(tone).max() == pytest.approx(level, rel=0.03)


def test_a_call_of_no_sound_bears_beeps():
    assert lay_beeps(np.zeros((2, 0), np.int16), 8000, [Beep(0, 1)]).shape == (2, 0)
