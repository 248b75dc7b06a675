"""Numbers that the speech model wrote as other characters of the same sound.

要散把零零要散宝物流起 is 13800138567 in a voice that the model does not follow. Single characters
of such sounds stand in every sentence, so only a whole number of a strict shape counts, and it is
never more than suspected: a person listens.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pronunciation.reading import read_character
from qa_app.checks.contexts import VETO, kinds_before
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import DataType, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import DIGIT_OF, Symbol, spans_of
from qa_app.checks.sighting import Sighting
from qa_app.checks.validators import is_id_card, is_mobile

_MOBILE_DIGITS, _ID_DIGITS = 11, 18
_CONFIDENCE = 0.5
_PAUSE = r"[\s,，、。.·嗯呃啊哦]{0,3}"
# The 6763 characters of GB 2312: what a speech model writes.
_COMMON = tuple(
    bytes((row, cell)).decode("gb2312", "ignore")
    for row in range(0xB0, 0xF8)
    for cell in range(0xA1, 0xFF)
)


@lru_cache(maxsize=1)
def _digit_of() -> dict[str, str]:
    """Return every common character that is a digit or sounds like one."""
    sounds = dict(rows_of("digit_sounds.tsv"))
    digits = dict(DIGIT_OF)
    for character in _COMMON:
        syllable = read_character(character)
        if syllable is not None and syllable.initial + syllable.final in sounds:
            digits.setdefault(character, sounds[syllable.initial + syllable.final])
    return digits


@lru_cache(maxsize=1)
def _run() -> re.Pattern[str]:
    digit = f"[{''.join(_digit_of())}]"
    return re.compile(rf"{digit}(?:{_PAUSE}{digit}){{{_MOBILE_DIGITS - 1},}}")


def sound_digits(conversation: Conversation) -> Iterator[Sighting]:
    """Yield mobile and identity card numbers among characters that sound like digits."""
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        for match in _run().finditer(text):
            run = [
                Symbol(_digit_of()[text[place]], position, place, place + 1)
                for place in range(*match.span())
                if text[place] in _digit_of()
            ]
            sighting = _number_in(text, run)
            if sighting is not None and VETO not in kinds_before(conversation, run[0]):
                yield sighting


def _number_in(text: str, run: list[Symbol]) -> Sighting | None:
    """Return the number that the run ends with: what came before may be a word like it."""
    if all(text[symbol.start] in DIGIT_OF for symbol in run):
        return None  # It is written in digits and was read as such.
    for data_type, length, is_valid in (
        (DataType.ID_CARD, _ID_DIGITS, is_id_card),
        (DataType.MOBILE, _MOBILE_DIGITS, is_mobile),
    ):
        part = run[-length:]
        value = "".join(symbol.value for symbol in part)
        if is_valid(value):
            basis = "这些字听起来像一个号码，转写可能有误"
            return Sighting(data_type, spans_of(part), value, _CONFIDENCE, Tier.SUSPECTED, basis)
    return None
