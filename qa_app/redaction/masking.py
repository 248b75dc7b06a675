"""Masks over personal data in text: what is shown in its place, and whose place that is.

Masking takes every tier of certainty: a number that may be one is hidden too. No character
under a mask leaves this module.
"""

import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa_app.checks.finding import DataType
from qa_app.checks.models import PersonalDatum
from qa_app.checks.numbers import Symbol, symbols_in
from qa_app.core.text import mask_value

#: Kinds whose ends may stay in sight, so that one can tell two of them apart.
_RECOGNISABLE = {DataType.MOBILE, DataType.ID_CARD, DataType.BANK_CARD, DataType.LANDLINE}
_DIGIT = re.compile(r"[0-9０-９〇零一二三四五六七八九幺两]")
#: Whatever the checks missed: this many digits in a row are never shown.
_LONG_NUMBER = 7
#: What such a number is called: nobody knows what kind it is.
NUMBER = "号码"
#: Shorter values are looked for as they are written: a few digits stand in many sentences.
_SHORTEST_VALUE = 4
#: What people put between the digits of one number; a colon would make times into numbers.
_BETWEEN = re.compile(r"[\s,，、。·\-－]{0,2}")
#: Two parts of one number are not further apart than 后面的四位数字是.
_MOST_BETWEEN = 12
_MOST_STARS = 8


@dataclass(frozen=True, slots=True)
class Mask:
    """Characters of one text that are hidden, and what is shown in their place."""

    #: The row to ask for it by; empty where the checks saw nothing and there is no value.
    datum: int | None
    start: int
    end: int
    shown: str
    label: str
    #: Which utterance it stands in, to ask for what has no row by its place.
    utterance: int | None = None


def masks_in(text: str, data: Iterable[PersonalDatum]) -> list[Mask]:
    """Return the masks over one utterance, in order; what overlaps becomes one mask.

    A long number that no check named is masked too, under no row.
    """
    masks = _named_in(text, data)
    for start, end in long_numbers(text):
        if not any(mask.start < end and start < mask.end for mask in masks):
            masks.append(Mask(None, start, end, _end_of(text[start:end]), NUMBER))
    return sorted(masks, key=lambda mask: mask.start)


def _named_in(text: str, data: Iterable[PersonalDatum]) -> list[Mask]:
    masks: list[Mask] = []
    for datum in sorted(data, key=lambda one: (one.start, -one.end)):
        start, end = max(0, datum.start), min(len(text), datum.end)
        if start >= end:
            continue
        start, end = with_adjoining_digits(text, start, end)
        if masks and start < masks[-1].end:
            last = masks[-1]
            masks[-1] = replace(last, end=max(last.end, end), shown=_stars(last.end - last.start))
            continue
        kind = DataType(datum.kind)
        shown = _shown(text[start:end], datum.value, kind)
        masks.append(Mask(datum.id, start, end, shown, kind.label))
    return masks


def with_adjoining_digits(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen characters that are hidden by the digits that go on where they begin or end.

    >>> with_adjoining_digits("是83、5207。", 4, 8)
    (1, 8)
    """
    symbols = [one for one in symbols_in(text) if one.value.isdigit()]
    for symbol in reversed(symbols):
        if symbol.start < start and _BETWEEN.fullmatch(text[symbol.end : start]):
            start = symbol.start
    for symbol in symbols:
        if symbol.end > end and _BETWEEN.fullmatch(text[end : symbol.start]):
            end = symbol.end
    return start, end


def named_masks_in(text: str, data: Iterable[PersonalDatum]) -> list[Mask]:
    """Return masks that say what is hidden and show nothing of it."""
    return [replace(mask, shown=f"[{mask.label}]") for mask in masks_in(text, data)]


def unnamed_number(text: str, start: int) -> str | None:
    """Return the number without a row that a mask beginning here hides.

    >>> unnamed_number("订单幺二三四五六七", 2)
    '幺二三四五六七'
    """
    return next((text[first:last] for first, last in long_numbers(text) if first == start), None)


def said_or_read(text: str, datum: PersonalDatum) -> str:
    """Return what a mask hides: as it was read, or as it was said where that is more."""
    start, end = with_adjoining_digits(text, datum.start, datum.end)
    value = datum.value or ""
    is_more = len(_DIGIT.findall(text[start:end])) > len(_DIGIT.findall(value))
    return text[start:end] if is_more or not value else value


def masked(text: str, masks: Sequence[Mask]) -> str:
    """Return the text with each mask in place of what it hides."""
    for mask in reversed(masks):
        text = text[: mask.start] + mask.shown + text[mask.end :]
    return text


def hidden_words(
    texts: Mapping[int, str], data: Iterable[PersonalDatum], *, named: bool = False
) -> dict[str, str]:
    """Return every spelling of a call's personal data with what to show instead, or its name."""
    hidden: dict[str, str] = {}
    for datum in data:
        kind = DataType(datum.kind)
        spoken = texts.get(datum.utterance, "")[datum.start : datum.end].strip()
        for word in (spoken, datum.value or ""):
            if len(word) > 1:
                hidden[word] = f"[{kind.label}]" if named else _shown(word, datum.value, kind)
    return hidden


def scrubbed(sentence: str, hidden: Mapping[str, str]) -> str:
    """Return a sentence about a call without any of its personal data, however it is written.

    >>> scrubbed("号码 13800138567 与来电不同", {"13800138567": "138****8567"})
    '号码 138****8567 与来电不同'
    >>> scrubbed("他说的是幺三八，零零 1 三 8 五六七", {"13800138567": "138****8567"})
    '他说的是138****8567'
    >>> scrubbed("单号 99887766，在 01:38.5–01:43.2", {})
    '单号 ****7766，在 01:38.5–01:43.2'
    """
    longest_first = sorted(hidden, key=len, reverse=True)
    for word in longest_first:
        sentence = sentence.replace(word, hidden[word])
    written = _digits_of(sentence)
    for word in longest_first:
        if len(wanted := _digits_of(word)) >= _SHORTEST_VALUE and wanted in written:
            sentence = _without_value(sentence, wanted, hidden[word])
            written = _digits_of(sentence)
    for start, end in reversed(long_numbers(sentence)):
        sentence = f"{sentence[:start]}{_end_of(sentence[start:end])}{sentence[end:]}"
    return sentence


def long_numbers(text: str) -> list[tuple[int, int]]:
    """Return where so many digits stand in a row that nobody should see them, dates too.

    >>> long_numbers("订单幺二三四五，六七八。")
    [(2, 11)]
    """
    runs: list[list[Symbol]] = []
    for symbol in (one for one in symbols_in(text) if one.value.isdigit()):
        if runs and _BETWEEN.fullmatch(text[runs[-1][-1].end : symbol.start]):
            runs[-1].append(symbol)
        else:
            runs.append([symbol])
    return [(run[0].start, run[-1].end) for run in runs if len(run) >= _LONG_NUMBER]


def _end_of(number: str) -> str:
    """Show of a number that nothing is known of its last digits, to tell two of them apart."""
    return f"****{_digits_of(number)[-4:]}"


def _without_value(sentence: str, wanted: str, shown: str) -> str:
    """Put the mask over digits that are spelt otherwise than they were kept."""
    symbols = symbols_in(sentence)
    written = _digits_of(sentence)
    at = written.rfind(wanted)
    while at >= 0:
        found = symbols[at : at + len(wanted)]
        if all(b.start - a.end <= _MOST_BETWEEN for a, b in itertools.pairwise(found)):
            sentence = sentence[: found[0].start] + shown + sentence[found[-1].end :]
        at = written.rfind(wanted, 0, at)
    return sentence


@lru_cache(maxsize=4096)
def _digits_of(text: str) -> str:
    return "".join(symbol.value for symbol in symbols_in(text))


def _shown(spoken: str, value: str | None, kind: DataType) -> str:
    """Mask the value; a part of a number that was split shows none of it."""
    whole = value is not None and len(_DIGIT.findall(spoken)) >= len(_DIGIT.findall(value))
    if value is not None and kind in _RECOGNISABLE and whole:
        return mask_value(value, kind.value)
    return _stars(len(value or spoken) if whole else len(spoken))


def _stars(length: int) -> str:
    return "*" * min(max(4, length), _MOST_STARS)
