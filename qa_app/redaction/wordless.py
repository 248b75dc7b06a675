"""Speech beside a covered number that the recogniser wrote no word for: it may be the number's.

A recogniser that skips a group of digits leaves a hole in its words where voice activity still
hears somebody speak. Such a hole is covered where it lies between two covered stretches, or so
near to one that it may go on there; where a word stands, it ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa_app.redaction.beeping import Beep

#: Digits further from a number than this are not said in one breath with it.
NEAR_S = 0.5
#: Holes between two parts of a number; who dictates waits no longer for the other's 好的.
_LONGEST_HOLE_S = 10.0
#: Less speech than this beside a word is its own end, or covered by a beep's margin.
_SHORTEST_S = 0.3


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when."""

    start_s: float
    end_s: float


def with_wordless_speech(
    beeps: Iterable[Beep], words: Sequence[Span], speech: Sequence[Span]
) -> list[Beep]:
    """Widen the beeps of one lane by the speech beside them that has no word.

    >>> with_wordless_speech([Beep(2, 3)], [Span(1, 3), Span(6, 7)], [Span(1, 3), Span(3.2, 4)])
    [Beep(start_s=2, end_s=4, lane=None)]
    """
    ordered = sorted(beeps, key=lambda one: one.start_s)
    wide = [_widened(beep, words, speech) for beep in ordered]
    for at in range(len(ordered) - 1):
        if ordered[at + 1].start_s - ordered[at].end_s > _LONGEST_HOLE_S:
            continue
        hole = Span(ordered[at].end_s, ordered[at + 1].start_s)
        spoken = _within(hole, speech)
        if spoken and not _within(hole, words):
            wide[at] = replace(wide[at], end_s=max(wide[at].end_s, spoken[-1].end_s))
    return wide


def _widened(beep: Beep, words: Sequence[Span], speech: Sequence[Span]) -> Beep:
    behind_s = max((one.end_s for one in words if one.start_s < beep.start_s), default=0.0)
    ahead_s = min((one.start_s for one in words if one.end_s > beep.end_s), default=float("inf"))
    start_s, end_s = beep.start_s, beep.end_s
    for one in _within(Span(end_s, ahead_s), speech):
        if one.start_s - end_s <= NEAR_S:
            end_s = one.end_s
    for one in reversed(_within(Span(behind_s, start_s), speech)):
        if start_s - one.end_s <= NEAR_S:
            start_s = one.start_s
    return replace(beep, start_s=start_s, end_s=end_s)


def _within(hole: Span, spans: Iterable[Span]) -> list[Span]:
    """Return the parts of spans that lie in a hole and are long enough to be said by themselves."""
    cut = (Span(max(one.start_s, hole.start_s), min(one.end_s, hole.end_s)) for one in spans)
    return [one for one in cut if one.end_s - one.start_s >= _SHORTEST_S]
