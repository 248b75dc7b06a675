"""The waveform as it is drawn: lanes as paths, findings as regions, a ruler; all in percent."""

from collections.abc import Sequence
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.calls.models import Call

#: A lane is drawn in its own coordinates: 800 points wide, 48 high, stretched to the page.
LANE_POINTS = 800
_MIDDLE, _REACH, _REST = 24.0, 22.0, 0.4
_LANE_TOP, _LANE_HEIGHT, _BOTH_HEIGHT = 21, 44, 90
_LOWER_TOP = 67
_NARROWEST = 0.35
_STEPS_S = (2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800)
_MOST_TICKS = 11


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel's sound."""

    channel: Channel
    path: str
    top: int
    height: int

    @property
    def name_y(self) -> int:
        """Where its name stands."""
        return self.top + self.height // 2 + 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of the ruler."""

    percent: float
    at_s: int
    major: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A finding over the lane of whoever it concerns."""

    deduction: str
    kind: str
    status: str
    label: str
    name: str
    start_s: float
    left: float
    width: float
    top: int
    height: int

    @property
    def right(self) -> float:
        """Its other edge."""
        return round(self.left + self.width, 3)

    @property
    def flag_width(self) -> int:
        """Room for the glyph and the word; a hanzi is as wide as the size, a letter about half."""
        return 24 + sum(7 if letter.isascii() else 12 for letter in self.label)


def lanes_of(call: Call) -> list[Lane]:
    """Return the call's lanes, the agent's on top; one for a recording of one channel."""
    peaks = call.peaks or []
    if len(peaks) == 1:
        return [Lane(Channel.UNKNOWN, lane_path(peaks[0]), _LANE_TOP, _BOTH_HEIGHT)]
    places = ((Channel.AGENT, _LANE_TOP), (Channel.CUSTOMER, _LOWER_TOP))
    return [
        Lane(channel, lane_path(heights), top, _LANE_HEIGHT)
        for (channel, top), heights in zip(places, peaks, strict=False)
    ]


def lane_path(heights: Sequence[int]) -> str:
    """Return mirrored peaks (0 to 100) as a closed path of whole numbers and tenths.

    >>> lane_path([0, 100])
    'M0 23.6 800 2 800 46 0 24.4z'
    """
    if not heights:
        return ""
    last = max(1, len(heights) - 1)
    upper, lower = [], []
    for i, height in enumerate(heights):
        x = round(i * LANE_POINTS / last)
        reach = max(_REST, height / 100 * _REACH)
        upper.append(f"{x} {_MIDDLE - reach:.3g}")
        lower.append(f"{x} {_MIDDLE + reach:.3g}")
    return f"M{' '.join(upper)} {' '.join(reversed(lower))}z"


def ticks_of(duration_s: float) -> list[Tick]:
    """Return the marks of the ruler: as few as read well, each third one bold."""
    if duration_s <= 0:
        return []
    step = next((s for s in _STEPS_S if duration_s / s <= _MOST_TICKS), 3600)
    return [
        Tick(percent=round(100 * at / duration_s, 3), at_s=at, major=number % 3 == 0)
        for number, at in enumerate(range(0, int(duration_s), step))
    ]


def span_of(start_s: float, end_s: float, duration_s: float) -> tuple[float, float]:
    """Return left edge and width in percent; the shortest sound is still wide enough to see.

    >>> span_of(10, 20, 200), span_of(200, 200, 200)
    ((5.0, 5.0), (99.65, 0.35))
    """
    length = max(duration_s, 0.001)
    width = min(100.0, max(_NARROWEST, 100 * (end_s - start_s) / length))
    left = min(max(0.0, 100 * start_s / length), 100 - width)
    return round(left, 3), round(width, 3)


def rows_of(channel: Channel, lanes: Sequence[Lane], *, both: bool) -> tuple[int, int]:
    """Return top and height of a region: over its lane, or over both."""
    if not both:
        for lane in lanes:
            if lane.channel is channel:
                return lane.top, lane.height
    return _LANE_TOP, _BOTH_HEIGHT
