"""How far apart two readings are: what a speech model writes for a word that it misheard."""

from collections.abc import Sequence
from functools import lru_cache

from pronunciation.reading import read_character
from pronunciation.syllable import Syllable

#: Sounds that speakers merge and speech models mistake for each other.
_NEAR_INITIALS = ("z zh", "c ch", "s sh", "n l", "f h", "r l", "b p", "d t", "g k", "j q", "j zh")
_NEAR_FINALS = (
    *("an ang", "en eng", "in ing", "uan uang", "ian in", "en in", "eng ing"),
    *("a ao", "a an", "ai an", "i ü", "uei ei", "ou uo", "ou u", "e uo", "ie ian"),
)
_NEAR = 0.75  # of a part's worth
#: What stands for anything in a wording.
GAP = "…"


def _pairs(near: Sequence[str]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(pair.split()) for pair in near)


_INITIAL_PAIRS, _FINAL_PAIRS = _pairs(_NEAR_INITIALS), _pairs(_NEAR_FINALS)


def similarity(one: Syllable, other: Syllable) -> float:
    """Compare two syllables without their tones.

    Parameters
    ----------
    one, other : Syllable

    Returns
    -------
    float in [0, 1]
        1 for the same initial and final; each counts half, sounds often confused three quarters
        of that.

    Examples
    --------
    >>> similarity(Syllable.parse("san1"), Syllable.parse("shan4"))
    0.875
    >>> similarity(Syllable.parse("ba1"), Syllable.parse("liu4"))
    0.0
    """
    return (
        _part(one.initial, other.initial, _INITIAL_PAIRS)
        + _part(one.final, other.final, _FINAL_PAIRS)
    ) / 2


def _part(one: str, other: str, near: frozenset[frozenset[str]]) -> float:
    if one == other:
        return 1.0
    return _NEAR if frozenset((one, other)) in near else 0.0


@lru_cache(maxsize=16384)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    first, second = read_character(one), read_character(other)
    return similarity(first, second) if first and second else 0.0


def best_likeness(heard: str, wanted: str, *, gap: int = 0) -> float:
    """Find the stretch of `heard` that sounds most like `wanted`, allowing for edits.

    Parameters
    ----------
    heard, wanted : str
        Text without punctuation, except that each `…` in `wanted` stands for anything.
    gap : int
        How many characters of `heard` one `…` may stand for at most.

    Returns
    -------
    float in [0, 1]
        1 where every character sounds as wanted; a character that is missing or too many takes
        off as much as one that sounds entirely different.

    Examples
    --------
    >>> best_likeness("他的数据号码", "手机号码") > 0.7
    True
    >>> best_likeness("请问什么可以帮您", "请问有什么可以帮您")
    0.889
    >>> best_likeness("您好青云物业请将", "您好…请讲", gap=8)
    1.0
    >>> best_likeness("你好", "请问有什么可以帮您") < 0.2
    True
    """
    count = sum(character != GAP for character in wanted)
    if not count or not heard:
        return 0.0
    # Sellers' edit distance of a text to the best stretch of another, with a cost for each pair.
    costs = [0.0] * (len(heard) + 1)
    for character in wanted:
        if character == GAP:
            costs = [min(costs[max(0, at - gap) : at + 1]) for at in range(len(costs))]
            continue
        row = [costs[0] + 1]
        for at, other in enumerate(heard):
            cost = costs[at] + 1 - _alike(other, character)
            row.append(min(cost, costs[at + 1] + 1, row[at] + 1))
        costs = row
    return round(max(0.0, 1 - min(costs) / count), 3)
