"""What of a call's truth was found, and what was found that is not true: plain functions.

A finding is right where the truth has a fault of its rule, on its side and at its time; of another
kind where it has one of the same family there (a landline for a mobile number, rudeness for an
oath); and false anywhere else.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.calls.scripts import NUMBERS, QUOTED, WHOLE_CALL

#: What is written may begin a little before or end a little behind what was said.
SLACK_S = 0.5
#: Rules of the product of which the truth says nothing.
NOT_IN_TRUTH = frozenset({"leak_name", "speech_rate", "no_identity_check"})
CODE, SILENCE = "leak_verification_code", "long_silence"
UNKNOWN = "unknown"
NUMBER = "number"
_GROUPS = {
    CODE: "secret",
    "leak_password": "secret",
    "leak_email": "email",
    "leak_address": "address",
    "leak_plate": "plate",
}
_DIGITS = dict(zip("零〇一二三四五六七八九幺两叉X", "0012345678912XX", strict=True)) | {
    digit: digit for digit in "0123456789"
}
_TIMES = {"双": 2, "两个": 2, "三个": 3, "四个": 4}
_LEAST_RUN, _MOST_RUNS, _LEAST_ECHO = 2, 8, 4
#: Parts of one number are not further apart.
_MOST_PAUSE_S = 3.0
_PERSONAL_SHAPE = re.compile(r"1[3-9]\d{9}|[1-9]\d{5}(?:19|20)\d{9}[\dX]|62\d{14,17}")
_LANDLINE_SHAPE = re.compile(r"0[1-9]\d{8,10}")


@dataclass(frozen=True)
class Fault:
    """Something a check should find; without a side where it may be either's."""

    rule: str
    side: str | None
    start_s: float
    end_s: float
    value: str | None = None
    at_least_s: float = 0.0


@dataclass(frozen=True)
class Found:
    """Something that was found."""

    rule: str
    side: str
    start_s: float
    end_s: float
    tier: str = ""
    value: str | None = None


@dataclass(frozen=True)
class Place:
    """Where somebody says personal data; finding what is not wanted is neither right nor wrong."""

    group: str
    start_s: float
    end_s: float
    wanted: bool = True


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share.

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not count:
        return 0.0, 1.0
    z, share = 1.959964, hits / count
    middle = share + z * z / (2 * count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    below = 1 + z * z / count
    return max(0.0, (middle - half) / below), min(1.0, (middle + half) / below)


def digit_runs(text: str) -> list[str]:
    """Read the digits that stand side by side in a truth's text.

    >>> digit_runs("查一下，三个八，双五，后面是幺二三")
    ['1', '888', '55', '123']
    """
    spread = re.sub(
        f"({'|'.join(_TIMES)})([{''.join(_DIGITS)}])", lambda m: m[2] * _TIMES[m[1]], text
    )
    runs = re.findall(f"[{''.join(_DIGITS)}]+", spread)
    return ["".join(_DIGITS[character] for character in run) for run in runs]


def faults(call: dict[str, Any]) -> list[Fault]:
    """Return what should be found in a call, each with its time."""
    return [_fault(call, expected) for expected in call["expected"]]


def _fault(call: dict[str, Any], expected: dict[str, Any]) -> Fault:
    rule, said = expected["type"], call["utterances"]
    if rule in WHOLE_CALL:
        return Fault(rule, expected["channel"], 0.0, call["duration_s"])
    if rule == SILENCE:
        before = expected["start_s_after_utterance"]
        start_s, end_s = said[before]["end_s"], said[before + 1]["start_s"]
        return Fault(rule, None, start_s, end_s, at_least_s=expected["seconds_at_least"])
    first = said[expected["utterance"]]
    side = None if rule == CODE else expected["channel"]
    value = expected.get("value")
    last = _last_of(said, expected["utterance"], side, value) if value else first
    return Fault(rule, side, first["start_s"], last["end_s"], value)


def _last_of(
    said: list[dict[str, Any]], first: int, side: str | None, value: str
) -> dict[str, Any]:
    """Return the utterance in which a number that is said in parts ends."""
    digits = ""
    for utterance in said[first:]:
        if side is None or utterance["channel"] == side:
            digits += "".join(digit_runs(utterance["text"]))
            rest = iter(digits)
            if all(digit in rest for digit in value):
                return utterance
    return said[first]


def is_at(found: Found, fault: Fault) -> bool:
    """Whether a finding's side, time and length are those of a fault."""
    same_side = fault.side is None or found.side in (fault.side, UNKNOWN)
    if fault.rule in WHOLE_CALL:
        return same_side
    return (
        same_side
        and overlap(found, fault)
        and found.end_s - found.start_s >= fault.at_least_s
    )  # fmt: skip


def overlap(a: Found | Fault | Place, b: Found | Fault | Place) -> bool:
    """Whether two things are at one time, some slack allowed."""
    return a.start_s < b.end_s + SLACK_S and b.start_s < a.end_s + SLACK_S


def right(found: Found, fault: Fault) -> bool:
    """Whether a finding is of this fault."""
    return found.rule == fault.rule and is_at(found, fault)


def outcome(found: Found, wanted: Sequence[Fault]) -> str:
    """Tell a finding that is right from one of another kind, and from a false one."""
    if any(right(found, fault) for fault in wanted):
        return "right"
    if any(family(found.rule) == family(fault.rule) and is_at(found, fault) for fault in wanted):
        return "other kind"
    return "false"


def family(rule: str) -> str:
    """Return what a rule is about: leaks, language, or itself."""
    if rule.startswith("leak_"):
        return "leak"
    return "language" if rule in QUOTED else rule


def has_right_digits(found: Sequence[Found], fault: Fault) -> bool:
    """Whether a leaked number was found with all of its digits."""
    return any(
        re.sub(r"\D", "", one.value or "") == fault.value
        for one in found
        if family(one.rule) == "leak" and is_at(one, fault)
    )


def personal_places(call: dict[str, Any]) -> list[Place]:
    """Return where personal data is said: what leaks, and other numbers that look like a person's.

    Own numbers, and those that are read back, are known by their shape. A landline number may be
    published, and who repeats a part of a leaked number is excused to be found or not.
    """
    leaks = [fault for fault in faults(call) if fault.rule.startswith("leak_")]
    places = [Place(_GROUPS.get(one.rule, NUMBER), one.start_s, one.end_s) for one in leaks]
    numbers = [fault.value for fault in leaks if fault.value]
    for side in ("agent", "customer"):
        said = [utterance for utterance in call["utterances"] if utterance["channel"] == side]
        places += [one for one in _shaped(said) if not _within(one, places)]
        places += [
            Place(NUMBER, utterance["start_s"], utterance["end_s"], wanted=False)
            for utterance in said
            for digits in ("".join(digit_runs(utterance["text"])),)
            if len(digits) >= _LEAST_ECHO and any(digits in number for number in numbers)
        ]
    return places


def _shaped(said: list[dict[str, Any]]) -> Iterator[Place]:
    runs = [
        (utterance, run)
        for utterance in said
        for run in digit_runs(utterance["text"])
        if len(run) >= _LEAST_RUN
    ]
    for first in range(len(runs)):
        for last in range(first, min(first + _MOST_RUNS, len(runs))):
            if runs[last][0]["start_s"] - runs[max(first, last - 1)][0]["end_s"] > _MOST_PAUSE_S:
                break
            digits = "".join(run for _, run in runs[first : last + 1])
            wanted = bool(_PERSONAL_SHAPE.fullmatch(digits))
            if wanted or _LANDLINE_SHAPE.fullmatch(digits):
                yield Place(NUMBER, runs[first][0]["start_s"], runs[last][0]["end_s"], wanted)


def _within(place: Place, places: Sequence[Place]) -> bool:
    return any(
        other.group == place.group
        and other.start_s <= place.start_s
        and place.end_s <= other.end_s
        for other in places
    )  # fmt: skip


def is_found(place: Place, found: Sequence[Found]) -> bool:
    """Whether something of the place's group was found there; rules are groups here."""
    return any(one.rule == place.group and overlap(one, place) for one in found)


def false_numbers(found: Sequence[Found], places: Sequence[Place]) -> int:
    """Count the numbers that were found where nobody says one."""
    return sum(
        one.rule == NUMBER
        and not any(place.group == NUMBER and overlap(one, place) for place in places)
        for one in found
    )


def leaked_numbers(wanted: Sequence[Fault]) -> list[Fault]:
    """Return the leaks whose digits are known."""
    return [fault for fault in wanted if fault.rule in NUMBERS]
