"""Abusive words in a text, told apart from the innocent words that hold the same characters."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa_app.checks.dictionaries import lines_of, rows_of
from qa_app.checks.finding import Tier
from qa_app.checks.house import HouseWords
from qa_app.checks.normal_form import normal_form
from qa_app.checks.same_sound import same_sound_in
from qa_app.checks.spaces import without_spaces
from qa_app.checks.words import TermFinder, longest, word_borders

# Her own acts are his mother's beyond doubt; what belongs to her may be an oath as well.
_HER_ACT = re.compile(r"(?:来|去接|接|住|姓|打电话|今年|生病|住院|陪|带|退休|上班|不在家|在家)")
_HER_OWN = re.compile(
    r"的?(?:去|说|打|叫|在|给|是|让|想|手机|电话|号码|身份证|名字|姓名|名下|地址|生日|卡|医保|社保"
    r"|账户|单位|家里|和|跟|帮|办)"
)
_MOTHERS = ("他妈", "她妈", "妈的")
_OATH_BEFORE = re.compile(r"[你您我真又太还都这谁么也就别]$")
_YOU = re.compile(
    r"(?:你|您|你们|您们|他|她)(?:这个?人?|是不是|怎么|真的?|那个?|就是个?|是个?|真是个?|个|才|真|他妈的?|们)*$"
)
_SPEECH_VERB = re.compile(r"(?:骂|说|喊|叫)(?:了|过)?(?:我|他|她|你|人家?)(?:是|是个)?[“\"：:，]?$")
# 滚 is an order where little follows it, and a movement otherwise.
_GO_AWAY = re.compile(r"[吧啊出开远回你去边粗]|一边|\W|$")
# 操 and 靠 by themselves are oaths: elsewhere they are verbs.
_INTERJECTION = re.compile(r"(?:^|(?<=[\W_]))[操靠草](?=[，。！？,!?])")
_HEARD = 0.4
_SHIPPED = HouseWords()
_REACH = 24  # characters beside a term that decide what it means
_LATIN = re.compile(r"[A-Za-z0-9]")

# The dictionary has 真他妈 and 小混蛋 as words of their own.
_AFFIXES = "真谁小大死老那连臭吧儿狂鬼"


@dataclass(frozen=True, slots=True)
class Abuse:
    """One abusive word in a text."""

    start: int
    end: int
    swear: bool  # 粗口 rather than an insult
    tier: Tier
    confidence: float
    why: str


@lru_cache(maxsize=8)
def _terms(words: HouseWords) -> dict[str, str]:
    terms = {term.lower(): tier for term, tier in rows_of("abuse.tsv")}
    for term in words.removed:
        terms.pop(normal_form(term).lower(), None)
    return terms | {normal_form(term).lower(): tier for term, tier in words.added}


@lru_cache(maxsize=8)
def _finder(words: HouseWords) -> TermFinder:
    return TermFinder(_terms(words))


@lru_cache(maxsize=8)
def _allowed(words: HouseWords) -> TermFinder:
    return TermFinder((*lines_of("abuse_allowed.txt"), *map(normal_form, words.allowed)))


@lru_cache(maxsize=8)
def _allowed_here(words: HouseWords) -> TermFinder:
    return TermFinder(map(normal_form, words.allowed))


def is_allowed(text: str, start: int, end: int, words: HouseWords) -> bool:
    """Tell whether a place lies inside a span that the site has on its white list."""
    return _covered(_allowed_here(words).find(text)).get(start, 0) >= end


def abuse_in(written: str, words: HouseWords = _SHIPPED) -> tuple[Abuse, ...]:
    """Return the abusive words of a text, longest first where they overlap."""
    text, places = without_spaces(normal_form(written))
    hits = [*_finder(words).find(text), *(match.span() for match in _INTERJECTION.finditer(text))]
    hits = [(start, end) for start, end in hits if text[start:end] not in words.removed]
    heard = [
        Abuse(
            start,
            end,
            swear=True,
            tier=Tier.SUSPECTED,
            confidence=_HEARD,
            why=f"“{text[start:end]}”听起来像粗口，请听录音",
        )
        for start, end in same_sound_in(text)
        if not is_allowed(text, start, end, words)
    ]
    if not hits:
        return _at(places, heard)
    borders = word_borders(text, _AFFIXES)
    allowed = _covered(_allowed(words).find(text))
    kept = [
        (start, end)
        for start, end in hits
        if allowed.get(start, 0) < end and _on_borders(text, start, end, borders)
    ]
    judged = (_judge(text, start, end, words) for start, end in longest(kept))
    found = [abuse for abuse in judged if abuse is not None]
    found += [one for one in heard if all(one.end <= a.start or a.end <= one.start for a in found)]
    return _at(places, sorted(found, key=lambda abuse: abuse.start))


def _at(places: Sequence[int], found: Iterable[Abuse]) -> tuple[Abuse, ...]:
    return tuple(replace(a, start=places[a.start], end=places[a.end - 1] + 1) for a in found)


def _covered(spans: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Return for every place inside a span how far the spans over it reach."""
    reach: dict[int, int] = {}
    for start, end in spans:
        for place in range(start, end):
            reach[place] = max(end, reach.get(place, 0))
    return reach


def _on_borders(text: str, start: int, end: int, borders: frozenset[int]) -> bool:
    term = text[start:end]
    if term.isascii():
        beside = text[max(0, start - 1) : start] + text[end : end + 1]
        return not _LATIN.search(beside)
    return start in borders and end in borders


def _judge(text: str, start: int, end: int, words: HouseWords) -> Abuse | None:
    term = text[start:end]
    kind = _terms(words).get(term.lower(), "swear")
    before, after = text[max(0, start - _REACH) : start], text[end : end + _REACH]
    tier, confidence = Tier.CERTAIN, 0.95
    if kind == "insult_you" and not _YOU.search(before):
        return None
    if term == "滚" and not _GO_AWAY.match(after):
        return None
    if term.startswith(_MOTHERS) and (term == "妈的" or not _OATH_BEFORE.search(before)):
        if _HER_ACT.match(after) or (term == "妈的" and before.endswith(("你", "您", "我", "她"))):
            return None
        if _HER_OWN.match(after):
            tier, confidence = Tier.SUSPECTED, 0.4
    if _SPEECH_VERB.search(before) or ("《" in before and "》" in after):
        tier, confidence = Tier.SUSPECTED, 0.5
    if kind == "mild" and tier is Tier.CERTAIN:
        tier, confidence = Tier.PROBABLE, 0.8
    swear = kind.startswith("swear") or kind == "mild"
    label = "粗口" if swear else "辱骂用语"
    why = f"说了{label}“{term}”"
    if tier is Tier.SUSPECTED:
        why += "，但上下文可能另有所指，请听录音"
    return Abuse(start, end, swear, tier, confidence, why)
