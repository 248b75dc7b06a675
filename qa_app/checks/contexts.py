"""What is said around a number, before or after it, decides what the number is."""

import re
from functools import lru_cache

from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import Symbol, is_gap

VETO = "VETO"
_BEFORE_CHARACTERS = 12
_BEFORE_REACH = 120  # characters, of which those of other numbers do not count
_TOLD_CHARACTERS = 8
_AFTER_CHARACTERS = 7
_QUESTION_TURNS = 2  # an answer may come two turns after its question
_LEAD_CHARACTERS = 5  # 行, 好的您记一下: what an answer begins with
# Digits are no words: in 订单A和B the second number is an order as well.
_NUMBER = re.compile(r"[0-9零〇一幺二两三四五六七八九,，、\s\-]+")
_ANY_NUMBER = "号码"
_TELLS = re.compile(
    r"[，,\s]*(?:[这那][个张只台辆部]?(?:就?是)?|(?:就|才)?是)(?:我|您|你|他|她|本人|家里)?的?"
)
_UNIT = re.compile(r"\s?(?:元|块|兆|年|月|点|度|号楼|平米|平方|千瓦|公里|分钟|G|M|%)")


@lru_cache(maxsize=1)
def _keywords() -> tuple[dict[str, str], re.Pattern[str]]:
    kinds = {word: kind for kind, word in rows_of("contexts.tsv")}
    words = sorted(kinds, key=len, reverse=True)
    return kinds, re.compile("|".join(map(re.escape, words)))


def kinds_in(text: str) -> list[str]:
    """Return the kinds of number that a text speaks of, in order."""
    kinds, pattern = _keywords()
    named: list[str] = []
    end = -1
    for match in pattern.finditer(text):
        # The 号码 of 订单号码 says nothing of its own.
        if not (match[0] == _ANY_NUMBER and match.start() == end):
            named.append(kinds[match[0]])
        end = match.end()
    return named


def kinds_before(conversation: Conversation, first: Symbol) -> list[str]:
    """Return the kinds named before a number, or else in its question, the nearest last."""
    text = normal_form(conversation.utterances[first.utterance].text)[: first.start]
    named = kinds_in(_NUMBER.sub("", text[-_BEFORE_REACH:])[-_BEFORE_CHARACTERS:])
    if named or len(text) > _BEFORE_REACH:
        return named
    if len(text) > _LEAD_CHARACTERS and not is_gap(text):
        return named
    for position in range(first.utterance - 1, max(-1, first.utterance - 1 - _QUESTION_TURNS), -1):
        named = kinds_in(normal_form(conversation.utterances[position].text))
        if named:
            return named
    return []


def kind_told(conversation: Conversation, last: Symbol) -> str | None:
    """Return the kind that a number is said to be right after it: 这个座机, 是我的手机."""
    text = normal_form(conversation.utterances[last.utterance].text)
    told = _TELLS.match(text, last.end)
    named = kinds_in(text[told.end() : told.end() + _TOLD_CHARACTERS]) if told else []
    return named[0] if named else None


def kind_after(conversation: Conversation, last: Symbol) -> str | None:
    """Return the kind named right after a number; a unit that touches it is a veto."""
    text = normal_form(conversation.utterances[last.utterance].text)
    text = text[last.end : last.end + 2 * _AFTER_CHARACTERS]
    if _UNIT.match(text):
        return VETO
    named = kinds_in(text[:_AFTER_CHARACTERS])
    return named[0] if named else None
