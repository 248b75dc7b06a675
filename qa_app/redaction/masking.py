"""Masks over personal data in text: what is shown in its place, and whose place that is.

Masking takes every tier of certainty: a number that may be one is hidden too. No character
under a mask leaves this module.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from qa_app.checks.finding import DataType
from qa_app.checks.models import PersonalDatum
from qa_app.core.text import mask_value

#: Kinds whose ends may stay in sight, so that one can tell two of them apart.
_RECOGNISABLE = {DataType.MOBILE, DataType.ID_CARD, DataType.BANK_CARD, DataType.LANDLINE}
_DIGIT = re.compile(r"[0-9０-９〇零一二三四五六七八九幺两]")
#: Whatever the checks missed: this many digits in a row are never shown in a sentence of ours.
_LONG_NUMBER = re.compile(r"\d{7,}")
_MOST_STARS = 8


@dataclass(frozen=True, slots=True)
class Mask:
    """Characters of one text that are hidden, and what is shown in their place."""

    datum: int
    start: int
    end: int
    shown: str
    label: str


def masks_in(text: str, data: Iterable[PersonalDatum]) -> list[Mask]:
    """Return the masks over one utterance, in order; what overlaps becomes one mask."""
    masks: list[Mask] = []
    for datum in sorted(data, key=lambda one: (one.start, -one.end)):
        start, end = max(0, datum.start), min(len(text), datum.end)
        if start >= end:
            continue
        if masks and start < masks[-1].end:
            last = masks[-1]
            masks[-1] = replace(last, end=max(last.end, end), shown=_stars(last.end - last.start))
            continue
        kind = DataType(datum.kind)
        shown = _shown(text[start:end], datum.value, kind)
        masks.append(Mask(datum.id, start, end, shown, kind.label))
    return masks


def masked(text: str, masks: Sequence[Mask]) -> str:
    """Return the text with each mask in place of what it hides."""
    for mask in reversed(masks):
        text = text[: mask.start] + mask.shown + text[mask.end :]
    return text


def hidden_words(texts: Mapping[int, str], data: Iterable[PersonalDatum]) -> dict[str, str]:
    """Return every spelling of a call's personal data with what to show instead of it."""
    hidden: dict[str, str] = {}
    for datum in data:
        kind = DataType(datum.kind)
        spoken = texts.get(datum.utterance, "")[datum.start : datum.end].strip()
        for word in (spoken, datum.value or ""):
            if len(word) > 1:
                hidden[word] = _shown(word, datum.value, kind)
    return hidden


def scrubbed(sentence: str, hidden: Mapping[str, str]) -> str:
    """Return a sentence about a call without any of its personal data.

    >>> scrubbed("号码 13800138567 与来电不同", {"13800138567": "138****8567"})
    '号码 138****8567 与来电不同'
    >>> scrubbed("单号 99887766", {})
    '单号 ****7766'
    """
    for word in sorted(hidden, key=len, reverse=True):
        sentence = sentence.replace(word, hidden[word])
    return _LONG_NUMBER.sub(lambda found: f"****{found[0][-4:]}", sentence)


def _shown(spoken: str, value: str | None, kind: DataType) -> str:
    """Mask the value; a part of a number that was split shows none of it."""
    whole = value is not None and len(_DIGIT.findall(spoken)) >= len(_DIGIT.findall(value))
    if value is not None and kind in _RECOGNISABLE and whole:
        return mask_value(value, kind.value)
    return _stars(len(value or spoken) if whole else len(spoken))


def _stars(length: int) -> str:
    return "*" * min(max(4, length), _MOST_STARS)
