"""Spoken and written digits read to one form, with the way back to the text.

People say 幺 for one, 三个八 for 888, 双零 for 00; they pause, say 嗯 and 后面是 in between, and
stop until the other side has said 好的. Every digit read here keeps the characters it came from.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of, rows_of
from qa_app.checks.finding import Span
from qa_app.checks.normal_form import normal_form
from qa_app.checks.script import plain

# Longer answers are no acknowledgement, later digits no continuation.
ACKNOWLEDGEMENT_CHARACTERS = 4
CONTINUATION_S = 10.0
_REACH = 120  # characters: 19 digits with a filler after each

DIGIT_OF = dict(rows_of("digits.tsv"))
_DIGITS = "".join(DIGIT_OF)
_COUNTS: dict[str, int] = {
    **{str(n): n for n in range(2, 10)},
    **dict(zip("二两三四五六七八九", (2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
}
_COUNTED = "1-9一二两三四五六七八九"
_PLACES = {"千": 1000, "百": 100, "十": 10}
_SYMBOL = re.compile(
    rf"(?P<count>(?<![0-9])[2-9]|(?<![十百千万])[二两三四五六七八九])\s?个\s?(?P<repeated>[{_DIGITS}])(?![十百千万亿])"
    rf"|(?P<pair>[双俩])\s?(?P<paired>[{_DIGITS}])"
    rf"|仨(?P<tripled>[{_DIGITS}])"
    # 五千六百七十八 after other digits is 5678; alone it is an amount.
    rf"|(?P<cardinal>(?:(?<=[{_DIGITS}])|(?<=[{_DIGITS}][，,、\s]))(?:[{_COUNTED}]千零?(?:[{_COUNTED}]百)?"
    rf"|[{_COUNTED}]百)零?(?:[{_COUNTED}]十)?[{_COUNTED}]?(?![千百十万亿元块]))"
    # 720690五分钟有效: the five belongs to the minutes.
    rf"|(?P<digit>[{_DIGITS}])(?!分钟(?:之?内)?有效)"
    r"|(?P<letter>[A-Za-z])"
    r"|(?P<check>叉|[艾埃爱]克斯)"
)
_SEPARATORS = r"\s,，、。.·•\-－—–_/:：;；~…"
_FILLERS = "|".join(sorted(lines_of("fillers.txt"), key=len, reverse=True))
_GAP = re.compile(rf"(?:[{_SEPARATORS}]|{_FILLERS})*")
_CORRECTIONS = "|".join(sorted(lines_of("corrections.txt"), key=len, reverse=True))
_CORRECTION = re.compile(
    rf"{_GAP.pattern}(?:{_CORRECTIONS})(?:[{_SEPARATORS}]|{_FILLERS}|{_CORRECTIONS}|是)*"
)
_WEAK_GAP = re.compile(r"[\s.·•\-－]*")


@dataclass(frozen=True, slots=True)
class Symbol:
    """One digit or letter as it counts, with the characters it was read from."""

    value: str
    utterance: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Group:
    """Digits said without a break."""

    symbols: tuple[Symbol, ...]
    value: str  # its digits
    new_breath: bool  # a comma, a word or another speaker stands before it, no mere space
    corrects: bool = False  # 不对，是 stands before it: it replaces what was said

    def __len__(self) -> int:
        """How many digits it has."""
        return len(self.symbols)


@dataclass(frozen=True, slots=True)
class Chain:
    """Groups of one speaker that may be parts of one number."""

    groups: Sequence[Group]

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """All its digits."""
        return tuple(symbol for group in self.groups for symbol in group.symbols)

    @property
    def value(self) -> str:
        """All its digits as a string."""
        return "".join(group.value for group in self.groups)


def symbols_in(text: str, utterance: int = 0) -> tuple[Symbol, ...]:
    """Read digits and letters out of one utterance."""
    return tuple(_symbols(normal_form(text), utterance))


def symbols_from(text: str, utterance: int, start: int, reach: int = _REACH) -> tuple[Symbol, ...]:
    """Read the digits and letters that follow a place in an utterance, as far as data reaches."""
    part = normal_form(text)[start : start + reach]
    return tuple(
        Symbol(value, utterance, start + first, start + last)
        for value, first, last in _matches(part)
    )


@lru_cache(maxsize=4096)
def _matches(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple(
        (value, match.start(), match.end())
        for match in _SYMBOL.finditer(text)
        for value in _values(match)
    )


def _symbols(text: str, utterance: int) -> Iterator[Symbol]:
    for value, start, end in _matches(text):
        yield Symbol(value, utterance, start, end)


def _values(match: re.Match[str]) -> str:
    if match["count"]:
        return DIGIT_OF[match["repeated"]] * _COUNTS[match["count"]]
    if match["pair"]:
        return DIGIT_OF[match["paired"]] * 2
    if match["tripled"]:
        return DIGIT_OF[match["tripled"]] * 3
    if match["cardinal"]:
        return _in_digits(match["cardinal"])
    if match["digit"]:
        return DIGIT_OF[match["digit"]]
    return match["letter"].upper() if match["letter"] else "X"


def _in_digits(cardinal: str) -> str:
    total, last = 0, 0
    for character in cardinal:
        if character in _PLACES:
            total += last * _PLACES[character]
            last = 0
        else:
            last = int(DIGIT_OF[character])
    return str(total + last)


def is_gap(text: str) -> bool:
    """Whether text between two digits leaves them one number."""
    return _GAP.fullmatch(text) is not None


def chains_in(conversation: Conversation) -> list[Chain]:
    """Read every stretch of digits, those cut in two by a pause or by 好的 as one."""
    chains: list[list[Group]] = []
    open_chain: dict[Channel, int] = {}  # each side's last stretch that may still go on
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        stretches = _stretches(text, position)
        for order, groups in enumerate(stretches):
            last = open_chain.get(said.channel)
            if (
                order == 0
                and last is not None
                and is_gap(text[: groups[0].symbols[0].start])
                and _continues(conversation, chains[last][-1].symbols[-1], position)
            ):
                chains[last].extend(groups)
            else:
                chains.append(groups)
                open_chain[said.channel] = len(chains) - 1
    return [Chain(groups) for groups in chains]


def _stretches(text: str, utterance: int) -> list[list[Group]]:
    stretches: list[list[list[Symbol]]] = []
    gaps: list[list[str]] = []
    last: Symbol | None = None
    for symbol in _symbols(text, utterance):
        if not symbol.value.isdigit():
            # The check letter of an identity card belongs to its digits; other letters end them.
            last = None
            continue
        gap = None if last is None else text[last.end : max(last.end, symbol.start)]
        if gap == "":
            stretches[-1][-1].append(symbol)
        elif gap is not None and (is_gap(gap) or _CORRECTION.fullmatch(gap)):
            stretches[-1].append([symbol])
            gaps[-1].append(gap)
        else:
            stretches.append([[symbol]])
            gaps.append(["。"])
        last = symbol
    return [
        [
            Group(
                tuple(group),
                "".join(s.value for s in group),
                _WEAK_GAP.fullmatch(gap) is None,
                not is_gap(gap),
            )
            for group, gap in zip(groups, before, strict=True)
        ]
        for groups, before in zip(stretches, gaps, strict=True)
    ]


def _continues(conversation: Conversation, last: Symbol, position: int) -> bool:
    """Whether digits at the start of an utterance go on with the ones said before."""
    before, now = conversation.utterances[last.utterance], conversation.utterances[position]
    if not is_gap(normal_form(before.text)[last.end :]):
        return False
    if conversation.timed and now.start_s - before.end_s > CONTINUATION_S:
        return False
    between = conversation.utterances[last.utterance + 1 : position]
    return all(_acknowledges(said, now.channel) for said in between)


def _acknowledges(said: Utterance, speaker: Channel) -> bool:
    if said.channel is speaker and speaker is not Channel.UNKNOWN:
        return is_gap(normal_form(said.text))
    return len(plain(said.text)) <= ACKNOWLEDGEMENT_CHARACTERS


def spans_of(symbols: Sequence[Symbol]) -> tuple[Span, ...]:
    """Return what the symbols cover: one span for each utterance."""
    bounds: dict[int, tuple[int, int]] = {}
    for symbol in symbols:
        start, end = bounds.get(symbol.utterance, (symbol.start, symbol.end))
        bounds[symbol.utterance] = (min(start, symbol.start), max(end, symbol.end))
    return tuple(Span(utterance, *bounds[utterance]) for utterance in sorted(bounds))
