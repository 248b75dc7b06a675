"""Tones as they are said: what becomes of citation tones in words and phrases.

A *phrase* is what stands between pauses; nothing changes across a pause. In it:

- third tone: before another third tone it is said as the second. Inside a word the parts come
  first (展览馆 as 2 2 3, 小老虎 as 3 2 3) and there is one right way; between words both the
  second and the third tone are right, as it depends on how fast somebody speaks.
- 一 is said with the second tone before a fourth, with the fourth before the others, and keeps
  its first tone at the end of a word or phrase, in ordinals and in a row of digits.
- 不 is said with the second tone before a fourth.
- 一 and 不 between repeated verbs (看一看, 来不来), and 不 before a complement (打不开), are
  neutral; the tone that follows from the next syllable is right too.
- the neutral tone stays neutral; a third tone before a repeated verb or 里 that has lost its
  own third tone (想想, 哪里) is said as the second, or stays.

Not known here: how fast and with what stress somebody speaks, so what is optional is accepted
both ways; whether 一楼 is a floor's name or one storey (both are right); the older 七 and 八;
the structure of phrases (我|很好 against 我很|好); tones that change with feeling or in song; what
erhua does to the tone of doubled adjectives (慢慢儿).

References
----------
黄伯荣、廖序东《现代汉语》, 语音章, 音变; Chen, Matthew, Tone Sandhi, Cambridge University Press
2000, chapter 9; 普通话水平测试大纲, 普通话音变.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from pronunciation.word import Word

NEUTRAL = 5
_DIGITS = frozenset("零〇一二三四五六七八九幺两十点")
_MAGNITUDES = frozenset("百千万亿")
#: 一 after these begins a new part: 这一次 is said 这|一次.
_BEFORE_ONE = frozenset("这那每另某有是看过了第")
_DATE_PARTS = frozenset("月号日")
_NUMBERED = frozenset("楼层班级年组班区期栋幢单")
_ORDINAL_ENDS = frozenset("期周初高第")
_COMPLEMENTS = frozenset("到了起开见清住动完好上下出来去进过懂着及掉通成")
_KIN = frozenset("姐奶嫂姥婶")


@dataclass(frozen=True, slots=True)
class SpokenTone:
    """The tone that a syllable is said with.

    Attributes
    ----------
    tone : int in [1, 5]
        The one to be expected first; a third tone before another tone stays 3.
    accepted : frozenset of int
        Every tone that is right here, `tone` among them.
    """

    tone: int
    accepted: frozenset[int]


def spoken_tones(words: Sequence[Word]) -> list[list[SpokenTone]]:
    """Say with which tone each syllable of each word is spoken.

    Parameters
    ----------
    words : sequence of Word
        A text in order; a word without syllables is a pause.

    Returns
    -------
    list of list of SpokenTone
        As many as `words`, each as long as the word's syllables.

    Examples
    --------
    >>> from pronunciation.syllable import Syllable
    >>> def word(text, pinyin):
    ...     return Word(text, tuple(Syllable.parse(each) for each in pinyin.split()))
    >>> said = spoken_tones([word("你好", "ni3 hao3"), word("，", ""), word("不", "bu4"),
    ...                      word("对", "dui4")])
    >>> [[each.tone for each in one] for one in said]
    [[2, 3], [], [2], [4]]
    >>> third = spoken_tones([word("买", "mai3"), word("水果", "shui3 guo3")])[0][0]
    >>> third.tone, sorted(third.accepted)
    (3, [2, 3])
    """
    said: list[list[SpokenTone]] = []
    for is_pause, run in groupby(words, key=lambda word: not word.syllables):
        phrase = list(run)
        said += [[] for _ in phrase] if is_pause else _said_in(phrase)
    return said


def _said_in(phrase: list[Word]) -> list[list[SpokenTone]]:
    text = "".join(word.text for word in phrase)
    tones = [syllable.tone for word in phrase for syllable in word.syllables]
    starts, light, begin = [], set(), 0
    for word in phrase:
        starts.append(begin)
        light |= {begin + place for place in word.light}
        begin += len(word.syllables)
    said = _third_tones(phrase, text, tones)
    if len(text) == len(tones):
        for at, character in enumerate(text):
            if character == "一" and tones[at] == 1:
                said[at] = _one(text, tones, at, starts)
            elif character == "不" and tones[at] == 4:
                said[at] = _not(text, tones, at)
    for at in light:
        said[at] = SpokenTone(said[at].tone, said[at].accepted | {NEUTRAL})
    ends = [*starts[1:], begin]
    return [said[start:end] for start, end in zip(starts, ends, strict=True)]


def _one(text: str, tones: list[int], at: int, starts: list[int]) -> SpokenTone:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    doubled = before == after and before not in _DIGITS
    ends_word = at + 1 in starts and at not in starts
    if not after or (not doubled and _is_ordinal(before, after, ends_word=ends_word)):
        return _only(1)
    changed = 2 if _rises(tones, at + 1, after) else 4
    if doubled:
        return SpokenTone(NEUTRAL, frozenset({NEUTRAL, changed}))
    if after in _DATE_PARTS or after in _NUMBERED or after in _MAGNITUDES:
        first = after in _DATE_PARTS and not before
        return SpokenTone(1 if first else changed, frozenset({1, changed}))
    return _only(changed)


def _is_ordinal(before: str, after: str, *, ends_word: bool) -> bool:
    """Say whether 一 stands in a row or a number, where it keeps its first tone."""
    if before in {"第", "十"} or after in _MAGNITUDES:
        return before in {"第", "十"}
    if before in _DIGITS or before in _MAGNITUDES or after in _DIGITS:
        return True
    return before in _ORDINAL_ENDS or (ends_word and before not in _BEFORE_ONE)


def _not(text: str, tones: list[int], at: int) -> SpokenTone:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not after:
        return _only(4)
    changed = 2 if _rises(tones, at + 1, after) else 4
    if before == after:
        return SpokenTone(NEUTRAL, frozenset({NEUTRAL, changed}))
    if before and after in _COMPLEMENTS:
        return SpokenTone(changed, frozenset({NEUTRAL, changed}))
    return _only(changed)


def _rises(tones: list[int], at: int, character: str) -> bool:
    """Say whether what stands before takes the second tone: 个 keeps the effect of its fourth."""
    return tones[at] == 4 or (tones[at] == NEUTRAL and character == "个")


def _third_tones(phrase: list[Word], text: str, tones: list[int]) -> list[SpokenTone]:
    said = [_only(tone) for tone in tones]
    begin = 0
    edges = []
    for word in phrase:
        _within(said, tones, begin, word.parts or (len(word.syllables),))
        begin += len(word.syllables)
        edges.append(begin)
    for edge in reversed(edges[:-1]):
        _meet(said, tones, edge, either=True)
    for at in range(1, len(tones)):
        if tones[at] == NEUTRAL and tones[at - 1] == 3 and _was_third(text, tones, at):
            said[at - 1] = SpokenTone(2, frozenset({2, 3}))
    return said


def _was_third(text: str, tones: list[int], at: int) -> bool:
    if len(text) != len(tones):
        return False
    return text[at] == "里" or (text[at] == text[at - 1] and text[at] not in _KIN)


def _within(said: list[SpokenTone], tones: list[int], begin: int, parts: tuple[int, ...]) -> None:
    """Change the third tones of one word, its parts first."""
    edges: list[int] = []
    for length in parts:
        # A long part is said in pairs from its beginning; three at its end stay together.
        for start in range(begin, begin + length, 2):
            if start + 1 < begin + length:
                _meet(said, tones, start + 1, either=False)
        edges += range(begin + 2, begin + length, 2)
        begin += length
        edges.append(begin)
    for edge in reversed(edges[:-1]):
        _meet(said, tones, edge, either=False)


def _meet(said: list[SpokenTone], tones: list[int], edge: int, *, either: bool) -> None:
    """Change the third tone before an edge if a third tone follows it."""
    before = edge - 1
    if tones[before] != 3 or tones[edge] != 3 or said[before].tone != 3:
        return
    if said[edge].tone == 3:
        said[before] = SpokenTone(2, frozenset({2, 3} if either else {2}))
    else:
        said[before] = SpokenTone(3, frozenset({2, 3}))


def _only(tone: int) -> SpokenTone:
    return SpokenTone(tone, frozenset({tone}))
