"""Where things stand on the waveform."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.transcript import Channel
from qa_app.calls.models import Call
from qa_app.reviews.wave import Region, lane_path, lanes_of, rows_of, span_of, ticks_of


def test_the_agents_lane_is_on_top_of_a_stereo_call():
    lanes = lanes_of(Call(peaks=[[10, 20], [30, 40]]))
    assert [(lane.channel, lane.top) for lane in lanes] == [
        (Channel.AGENT, 21),
        (Channel.CUSTOMER, 67),
    ]


def test_a_mono_call_has_one_lane_of_both_heights():
    (lane,) = lanes_of(Call(peaks=[[10, 20]]))
    assert (lane.channel, lane.height) == (Channel.UNKNOWN, 90)
    assert rows_of(Channel.AGENT, [lane], both=False) == (21, 90)


def test_a_call_without_peaks_has_no_lanes():
    assert lanes_of(Call(peaks=None)) == []
    assert lane_path([]) == ""


@pytest.mark.parametrize(
    ("label", "width"),
    # 24 for the glyph and the edges, 12 a hanzi, 7 a letter or a space.
    [("粗口", 48), ("No greeting", 101), ("", 24)],
)
def test_a_flag_is_as_wide_as_its_word(label, width):
    region = Region(
        deduction="", kind="service", status="pending", label=label, name=label,
        start_s=0.0, left=0.0, width=1.0, top=21, height=44,
    )  # fmt: skip
    assert region.flag_width == width


@given(st.floats(0, 10_000), st.floats(0, 10_000), st.floats(0, 7200))
def test_a_region_is_always_on_the_page_and_wide_enough_to_see(start_s, length_s, duration_s):
    left, width = span_of(start_s, start_s + length_s, duration_s)
    assert left >= 0
    assert width >= 0.35
    assert left + width <= 100.01


@pytest.mark.parametrize(
    ("duration_s", "step_s"), [(19.3, 2), (200, 20), (590, 60), (3600, 600), (10_800, 1200)]
)
def test_the_ruler_has_few_marks_at_round_times(duration_s, step_s):
    ticks = ticks_of(duration_s)
    assert ticks[1].at_s == step_s
    assert len(ticks) <= 12


def test_no_sound_has_no_ruler():
    assert ticks_of(0.0) == []
