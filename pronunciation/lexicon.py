"""Corrections to what pypinyin reads: words, neutral tones, and characters by their neighbours.

The tables are `readings.tsv`, `neutral.txt`, `full_endings.txt` and `polyphones.tsv` of `data/`;
its `README.md` says how they are written and where they come from.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

_TITLES = (
    "先生|女士|小姐|经理|老师|总|主任|主管|师傅|医生|律师|同学|阿姨|叔叔|大哥|大姐|工[，。]|某|姓"
)
_NAMED_AFTER = "(?:^|[^一-鿿]|[是请找叫问和跟与的位给让为])"
#: Verbs whose repetition is neutral: 看看, 想想.
DOUBLED = frozenset(
    "看听问说试聊谈想走坐查找写读讲算对催帮换改学练笑动歇尝摸敲拍擦洗谢念翻瞧逛管用量数核背"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A corrected reading: syllables of pinyin, and the places that may also be neutral."""

    pinyin: tuple[str, ...]
    light: frozenset[int] = frozenset()


@cache
def corrected_words() -> dict[str, Listed]:
    """Return the words with a reading of their own.

    Examples
    --------
    >>> corrected_words()["还款"].pinyin
    ('huan2', 'kuan3')
    """
    return {row[0]: listed(row[1]) for row in _rows("readings.tsv")}


@cache
def neutral_words() -> dict[str, bool]:
    """Return the words whose last syllable is neutral; False says that it need not be.

    Examples
    --------
    >>> neutral_words()["先生"], neutral_words()["起来"]
    (True, False)
    """
    words = " ".join(row[0] for row in _rows("neutral.txt")).split()
    return {word.removesuffix("~"): not word.endswith("~") for word in words}


@cache
def full_endings() -> frozenset[str]:
    """Return the words whose 子 keeps its tone or whose 儿 is a syllable; in others both are light.

    Examples
    --------
    >>> "电子" in full_endings(), "女儿" in full_endings(), "桌子" in full_endings()
    (True, True, False)
    """
    return frozenset(word for row in _rows("full_endings.txt") for word in row[0].split())


@cache
def longest_word() -> int:
    """Return how many characters the longest word of both tables has."""
    return max(map(len, [*corrected_words(), *neutral_words()]))


def listed(pinyin: str) -> Listed:
    """Read a table's pinyin; `/5` after a syllable says that it may also be neutral.

    Examples
    --------
    >>> listed("zhi1 dao4/5")
    Listed(pinyin=('zhi1', 'dao4'), light=frozenset({1}))
    """
    syllables = pinyin.split()
    light = frozenset(at for at, each in enumerate(syllables) if each.endswith("/5"))
    return Listed(tuple(each.removesuffix("/5") for each in syllables), light)


def in_context(character: str, before: str, after: str) -> Listed | None:
    """Read one character by what stands around it; None where no rule speaks.

    Examples
    --------
    >>> in_context("得", "您", "先登记").pinyin
    ('dei3',)
    >>> in_context("得", "说", "很清楚").pinyin
    ('de5',)
    """
    for reading, precedes, follows in _polyphones().get(character, ()):
        if precedes.search(before) and follows.match(after):
            return reading
    return None


@cache
def _polyphones() -> dict[str, list[tuple[Listed, re.Pattern[str], re.Pattern[str]]]]:
    rules: dict[str, list[tuple[Listed, re.Pattern[str], re.Pattern[str]]]] = {}
    for character, pinyin, before, after, *_ in _rows("polyphones.tsv"):
        ways = [(before, after)]
        if before == "surname":
            ways = [("姓$", ""), (f"{_NAMED_AFTER}$", f"(?:{_TITLES})")]
        rules.setdefault(character, []).extend(
            (listed(pinyin), re.compile(f"(?:{one})$"), re.compile(other)) for one, other in ways
        )
    return rules


def ends_neutral(word: str) -> bool | None:
    """Say whether the last syllable of a word is neutral by its form; None is not known.

    Examples
    --------
    >>> ends_neutral("桌子"), ends_neutral("电子"), ends_neutral("我们"), ends_neutral("银行")
    (True, False, True, None)
    """
    if len(word) > 1 and word.endswith("子"):
        return word[-2:] not in full_endings()
    if len(word) > 1 and word.endswith("们"):
        return True
    return None


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
