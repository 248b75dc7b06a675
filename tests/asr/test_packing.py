"""What is packed can be found again, at the same place."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from asr.packing import Region, pack

steps = st.lists(st.tuples(st.integers(1, 300), st.integers(1, 400)), max_size=30)


def regions_of(pairs):
    regions, at = [], 0
    for pause, length in pairs:
        regions.append(Region(at + pause, at + pause + length))
        at += pause + length
    return regions


@given(st.lists(steps, min_size=1, max_size=2), st.integers(0, 50), st.integers(100, 900))
def test_each_region_stands_in_exactly_one_window_in_order(sides, gap, longest):
    speech = [regions_of(side) for side in sides]
    windows = pack(speech, longest=longest, gap=gap, fresh_after=200)
    for channel, regions in enumerate(speech):
        packed = [r for w in windows if w.channel == channel for r in w.regions]
        assert packed == regions


@given(st.lists(steps, min_size=1, max_size=2), st.integers(0, 50), st.integers(100, 900))
def test_only_a_lone_region_makes_a_window_too_long(sides, gap, longest):
    for window in pack(
        [regions_of(side) for side in sides], longest=longest, gap=gap, fresh_after=200
    ):
        assert window.length <= longest or len(window.regions) == 1


@given(steps, st.integers(0, 50))
def test_every_sample_of_speech_is_mapped_back_to_where_it_was(side, gap):
    # Each sample of the call is its own number, so the window's sound says where it came from.
    regions = regions_of(side)
    end = regions[-1].end if regions else 0
    call = np.arange(end, dtype=np.float32)[None]
    for window in pack([regions], longest=500, gap=gap, fresh_after=200):
        sound = window.sound(call)
        assert len(sound) == window.length
        for at in range(window.length):
            there = window.to_call(at)
            inside = any(r.start <= there < r.end for r in window.regions)
            if inside:
                assert sound[at] == there


def test_a_pause_of_the_whole_call_begins_a_new_window():
    agent = [Region(0, 100), Region(150, 200), Region(600, 700)]
    customer = [Region(100, 150), Region(210, 300)]
    # Everyone is silent from 300 to 600; nowhere else for more than 10 samples.
    windows = pack([agent, customer], longest=10_000, gap=0, fresh_after=200)
    assert [[r.start for r in w.regions] for w in windows] == [[0, 150], [100, 210], [600]]


def test_a_call_said_twice_is_packed_twice_the_same_way():
    once = [Region(10, 100), Region(150, 400), Region(420, 600)]
    twice = once + [Region(r.start + 1000, r.end + 1000) for r in once]
    windows = pack([twice], longest=450, gap=5, fresh_after=300)
    half = len(windows) // 2
    assert [[(r.start + 1000, r.end + 1000) for r in w.regions] for w in windows[:half]] == [
        [(r.start, r.end) for r in w.regions] for w in windows[half:]
    ]
