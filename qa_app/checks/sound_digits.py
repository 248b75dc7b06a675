"""Numbers that the speech model wrote as other characters of the same sound.

要散把零零要散宝物流起 is 13800138567 in a voice that the model does not follow. Single characters
of such sounds stand in every sentence, so only a whole number counts: of a strict shape, or near
one where most of it is written in digits and the words around it name such a number. It is never
more than suspected: a person listens.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from qa_app.checks.contexts import VETO, kind_after, kinds_before
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import DataType, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import DIGIT_OF, Symbol, spans_of
from qa_app.checks.sighting import Sighting
from qa_app.checks.validators import (
    has_card_issuer,
    is_id_card,
    is_landline,
    is_mobile,
    passes_luhn,
)

_CONFIDENCE = 0.5
_BASIS = "这些字听起来像一个号码，转写可能有误"
_PAUSE = r"[\s,，、。.·嗯呃啊哦]{0,3}"
_CHECK = "Xx叉"  # the last place of an identity card
_SHORTEST_RUN = 10
_SURE_DIGITS = 6  # written as digits: the rest may then be taken for digits as well
_LEAST_DIGITS = 2


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a whole number of one kind looks like."""

    data_type: DataType
    lengths: Sequence[int]
    is_valid: Callable[[str], bool]
    is_near: Callable[[str], bool]  # enough where its kind is named and most of it is digits


_SHAPES = (
    _Shape(DataType.ID_CARD, (18,), is_id_card, lambda v: v[:1] in "123456"),
    _Shape(
        DataType.BANK_CARD,
        (19, 16),
        lambda v: has_card_issuer(v) and passes_luhn(v),
        has_card_issuer,
    ),
    _Shape(DataType.MOBILE, (11,), is_mobile, is_mobile),
    _Shape(DataType.LANDLINE, (12, 11), is_landline, is_landline),
)


@cache
def _digit_of() -> dict[str, str]:
    """Return every common character that is a digit or sounds like one."""
    sounds = {
        character: digit for digit, line in rows_of("digit_characters.tsv") for character in line
    }
    return {**sounds, **DIGIT_OF, **dict.fromkeys(_CHECK, "X")}


@cache
def _run() -> re.Pattern[str]:
    digit = f"[{''.join(c for c, value in _digit_of().items() if value.isdigit())}]"
    return re.compile(rf"{digit}(?:{_PAUSE}{digit}){{{_SHORTEST_RUN - 1},}}(?:{_PAUSE}[{_CHECK}])?")


def sound_digits(conversation: Conversation) -> Iterator[Sighting]:
    """Yield the numbers among characters that sound like digits."""
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        for match in _run().finditer(text):
            run = [
                Symbol(_digit_of()[text[place]], position, place, place + 1)
                for place in range(*match.span())
                if text[place] in _digit_of()
            ]
            written = [text[symbol.start] in DIGIT_OF for symbol in run]
            if not all(written):
                sighting = _number_in(conversation, run, written)
                if sighting is not None:
                    yield sighting


def _number_in(
    conversation: Conversation, run: list[Symbol], written: list[bool]
) -> Sighting | None:
    """Return the likeliest number in the run; words before and after may sound like digits too."""
    digits = [place for place, is_digit in enumerate(written) if is_digit]
    if len(digits) < _LEAST_DIGITS:
        return None
    for shape in _SHAPES:
        for length in shape.lengths:
            # It takes in every written digit, so it starts at the first of them or before.
            last_start = min(len(run) - length, digits[0])
            for start in range(last_start, max(-1, digits[-1] - length), -1):
                part = run[start : start + length]
                if _is_one(conversation, shape, part, sum(written), ends=part[-1] is run[-1]):
                    value = "".join(symbol.value for symbol in part)
                    spans = spans_of(part)
                    return Sighting(
                        shape.data_type, spans, value, _CONFIDENCE, Tier.SUSPECTED, _BASIS
                    )
    return None


def _is_one(
    conversation: Conversation, shape: _Shape, part: list[Symbol], digits: int, *, ends: bool
) -> bool:
    value = "".join(symbol.value for symbol in part)
    if not shape.is_near(value):
        return False
    named = kinds_before(conversation, part[0])
    after = kind_after(conversation, part[-1])
    if VETO in (named[-1] if named else None, None if named else after):
        return False
    is_named = shape.data_type in (*named, after)
    if shape.is_valid(value):
        return is_named or ends or digits >= _SURE_DIGITS
    return is_named and digits >= _SURE_DIGITS
