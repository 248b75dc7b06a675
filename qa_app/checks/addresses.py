"""Postal addresses: places from the wide to the narrow, down to a house number."""

import re
from collections.abc import Iterator
from functools import lru_cache

from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import words_of
from qa_app.checks.finding import DataType, Span, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.sighting import Sighting

# Characters that end a place name: prepositions, pronouns, particles, punctuation.
_NAME = r"[^\W\d_在是到住于址往寄送去叫为的了吗吧您你我他她们没有不请谢说问给和跟就]"
_NUMBER = r"[A-Za-z]{0,6}[0-9零〇一二三四五六七八九十百千幺两]{1,6}[A-Za-z]?"
_REGION = r"省|自治区|自治州|市|[区县旗]|街道|[镇乡]|开发区|新区"
_STREET = r"大街|大道|胡同|[路街巷道](?:[东南西北中]?段|[东西南北]口)?|村|社区|屯|里弄"
_ESTATE = (
    r"小区|花园|公寓|新城|新村|家园|嘉园|佳园|名苑|大厦|广场|华庭|豪庭"
    r"|[苑庭府湾园城]|宿舍|家属院|别墅"
)
_UNIT = r"号楼|号院?内?|[栋幢座]|单元|[室层楼房]|弄|组"
_PART = re.compile(
    rf"(?P<unit>{_NUMBER}(?:{_UNIT}))"
    rf"|(?P<region>{_NAME}{{1,7}}?(?:{_REGION}))"
    rf"|(?P<street>(?:{_NAME}|[0-9]){{1,8}}?(?:{_STREET}))"
    rf"|(?P<estate>{_NAME}{{2,6}}?(?:{_ESTATE})(?!市))"
)
_LAST_NUMBER = re.compile(r"[A-Za-z]?[0-9零〇一二三四五六七八九幺]{1,5}(?![元块点年月])")
_LEAD = re.compile(r"(?:地址|住址|家住|住在|住|位于)(?:[就是在为：:，,\s]|还是)*$")
_LEAD_REACH = 20
_FILLED = re.compile(r"^(?:家|那边|这边|那个|这个|就|啊|嗯|哦|好|对|喂)+")
# An answer to a question for an address holds one even where its places were misheard.
_QUESTION = re.compile(
    r"(?:地址|住址|住在?)(?:是|在)?(?:什么|哪|多少|呢)|(?:告诉|给).{0,8}(?:地址|住址)"
)
_QUESTION_TURNS = 2
_HOUSE = re.compile(rf"{_NUMBER}(?:号(?!码|线)|[栋幢]|单元)")
_ANSWER_LEAD = re.compile(r".{0,6}?(?:地址|住址)?[是在]")
_HAS_PLACE = re.compile(r"[号栋幢室路街村区镇县道巷苑园城]")


def addresses(conversation: Conversation) -> Iterator[Sighting]:
    """Yield the addresses of every utterance."""
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        if not _HAS_PLACE.search(text):
            continue
        found = list(_in_text(text, position))
        yield from found or _answers(conversation, text, position)


def _in_text(text: str, position: int) -> Iterator[Sighting]:
    offset = 0
    while match := _PART.search(text, offset):
        start, kinds, end = match.start(), [match.lastgroup], match.end()
        while part := _PART.match(text, end):
            kinds.append(part.lastgroup)
            end = part.end()
        offset = end
        if kinds[-1] == "unit" and (last := _LAST_NUMBER.match(text, end)):
            end = last.end()
        start = _first_place(text, start, match.end())
        led = _LEAD.search(text[max(0, start - _LEAD_REACH) : start]) is not None
        if not _is_address(kinds, led=led, placed=_starts_with_place(text[start:end])):
            continue
        confidence = 0.95 if "unit" in kinds and len(kinds) > 2 else 0.8
        yield Sighting(
            DataType.ADDRESS,
            (Span(position, start, end),),
            text[start:end],
            confidence,
            Tier.CERTAIN if confidence > 0.9 else Tier.PROBABLE,
            f"由 {len(kinds)} 级地名和门牌组成的地址",
        )


def _answers(conversation: Conversation, text: str, position: int) -> Iterator[Sighting]:
    """Yield a house number that answers a question for an address, its places misheard."""
    speaker = conversation.utterances[position].channel
    asked = any(
        said.channel is not speaker and _QUESTION.search(normal_form(said.text))
        for said in conversation.utterances[max(0, position - _QUESTION_TURNS) : position]
    )
    if not asked or not _HOUSE.search(text):
        return
    lead = _ANSWER_LEAD.match(text)
    start, end = lead.end() if lead else 0, len(text.rstrip("。，！？,.!? "))
    yield Sighting(
        DataType.ADDRESS,
        (Span(position, start, end),),
        text[start:end],
        0.5,
        Tier.SUSPECTED,
        "回答地址的提问，说到门牌，地名可能听错",
    )


def _is_address(kinds: list[str | None], *, led: bool, placed: bool) -> bool:
    named = [kind for kind in kinds if kind != "unit"]
    units = len(kinds) - len(named)
    if not named:
        return False
    if units:
        # One house number on one street may be talk about a street; two parts more are a home.
        return len(kinds) >= 3 or led or (placed and "street" in kinds) or "street" in kinds
    return (led or placed) and len(named) >= 2 and "street" in named


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words_of("places.txt"), key=len, reverse=True)))


def _first_place(text: str, start: int, end: int) -> int:
    """Drop what was said before the first place name inside the first part."""
    place = _places().search(text, start, end)
    if place is not None:
        return place.start()
    filled = _FILLED.match(text[start:end])
    return start + (filled.end() if filled else 0)


def _starts_with_place(text: str) -> bool:
    return _places().match(text) is not None
