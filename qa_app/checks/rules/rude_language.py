"""Insults by anyone, and what an agent must not say to a customer (服务禁语)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from asr.transcript import Channel, Utterance
from qa_app.checks.abuse import abuse_in, is_allowed
from qa_app.checks.conversation import Conversation
from qa_app.checks.cues import INNOCENT_BELOW, RUDE_FROM, Stretch, heaviest
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import Finding, Span, Tier
from qa_app.checks.house import HouseWords
from qa_app.checks.normal_form import normal_form
from qa_app.checks.rules.options import WordOptions
from qa_app.checks.safe_pattern import phrase
from qa_app.checks.words import longest

_PHRASE_CONFIDENCE = 0.8  # a pattern cannot hear the tone of voice
_CUE_CONFIDENCE = 0.5


# Who apologises or offers help may say what cannot be done.
_POLITE = re.compile(
    r"抱歉|(?<!你)不好意思|对不起|[帮为替](?:您|你(?!不))|给您|麻烦[您你]"
    r"|请您|请你(?!注意|说话|不要|别|放|客气|冷静|尊重|马上|立刻|闭)|建议"
)
# The agent says again what the customer heard from somebody else.
_REPORTED = re.compile(
    r"[您你](?:刚才|刚刚|的意思)?是?说(?:他|她|客服|师傅|之前|那个|工作人员|我们|我同事)"
)
_SAID_POLITELY = frozenset({"推诿", "指责", "命令", "不耐烦"})
_SLOT = re.compile(r"<([^\W\d]+)>(?![=!])")


@dataclass(frozen=True, slots=True)
class _Rude:
    start: int
    end: int
    confidence: float
    tier: Tier
    why: str


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (category, re.compile(with_slots(pattern)))
        for category, pattern in rows_of("service_phrases.tsv")
    )


def _forbidden(text: str, words: HouseWords, weight: int) -> Iterable[tuple[str, re.Pattern[str]]]:
    """Yield the shipped patterns that hold here, and the site's, which know no politeness."""
    polite = _POLITE.search(text) is not None
    if weight >= INNOCENT_BELOW and not _REPORTED.search(text):
        for category, pattern in _phrases():
            if not (polite and category in _SAID_POLITELY):
                yield category, pattern
    for category, written in words.phrases:
        yield category, phrase(written)


def with_slots(pattern: str) -> str:
    """Put in place of each <slot> what may stand in it."""
    slots = dict(rows_of("service_slots.tsv"))
    return _SLOT.sub(lambda slot: slots[slot[1]], pattern)


def find(conversation: Conversation, options: WordOptions) -> Iterable[Finding]:
    """Return one finding for each rude utterance, whatever it holds: it is one fault."""
    for position, said in enumerate(conversation.utterances):
        rude = _rude_in(said, options.words)
        if not rude:
            continue
        surest = max(rude, key=lambda one: one.confidence)
        spans = tuple(Span(position, one.start, one.end) for one in rude)
        start_s, end_s = conversation.times_of(spans)
        yield Finding(
            rule="rude_language",
            channel=said.channel,
            start_s=start_s,
            end_s=end_s,
            utterance=position,
            quote=conversation.quote(spans),
            spans=spans,
            confidence=surest.confidence,
            tier=surest.tier,
            why="；".join(one.why for one in rude),
        )


def _rude_in(said: Utterance, words: HouseWords) -> list[_Rude]:
    abuse = abuse_in(said.text, words)
    insults = [
        _Rude(one.start, one.end, one.confidence, one.tier, one.why)
        for one in abuse
        if not one.swear
    ]
    # An oath makes the utterance 粗口 already; its impatience is no second fault.
    if said.channel is not Channel.AGENT or any(one.swear for one in abuse):
        return insults
    text = normal_form(said.text)
    stretch = heaviest(text)
    phrases = [
        _Rude(
            match.start(),
            match.end(),
            _PHRASE_CONFIDENCE,
            Tier.PROBABLE,
            f"说了服务禁语（{category}）“{match[0]}”",
        )
        for category, pattern in _forbidden(text, words, stretch.weight)
        for match in pattern.finditer(text)
        if not is_allowed(text, match.start(), match.end(), words)
    ]
    if not insults and not phrases:
        return _by_cues(text, stretch, words)
    kept = longest([(one.start, one.end) for one in (*insults, *phrases)])
    by_place = {(one.start, one.end): one for one in (*phrases, *insults)}
    return [by_place[place] for place in kept]


def _by_cues(text: str, stretch: Stretch, words: HouseWords) -> list[_Rude]:
    """Return what no pattern knows and the wording as a whole betrays: for a person to hear."""
    place = (stretch.start, stretch.end)
    if stretch.weight < RUDE_FROM or _POLITE.search(text) or _REPORTED.search(text):
        return []
    if is_allowed(text, *place, words):
        return []
    why = "措辞像服务禁语，请听录音"
    return [_Rude(*place, _CUE_CONFIDENCE, Tier.SUSPECTED, why)]
