"""Numbers that the speech model wrote as other characters of the same sound.

要散把零零要散宝物流起 is 13800138567 in a voice that the model does not follow. Single characters
of such sounds stand in every sentence, so only a whole number of a strict shape counts, and it is
never more than suspected: a person listens.
"""

from collections.abc import Iterator
from functools import lru_cache

from pronunciation.reading import read_character
from qa_app.checks.contexts import VETO, kinds_before
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import DataType, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import DIGIT_OF, Symbol, is_gap, spans_of
from qa_app.checks.sighting import Sighting
from qa_app.checks.validators import is_id_card, is_mobile

_MOBILE_DIGITS, _ID_DIGITS = 11, 18
_CONFIDENCE = 0.5


@lru_cache(maxsize=1)
def _sounds() -> dict[str, str]:
    return dict(rows_of("digit_sounds.tsv"))


@lru_cache(maxsize=16384)
def _digit_sounding_like(character: str) -> str | None:
    if character in DIGIT_OF:
        return DIGIT_OF[character]
    syllable = read_character(character)
    if syllable is None:
        return None
    return _sounds().get(syllable.initial + syllable.final)


def sound_digits(conversation: Conversation) -> Iterator[Sighting]:
    """Yield mobile and identity card numbers among characters that sound like digits."""
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        if len(text) < _MOBILE_DIGITS:
            continue
        for run in _runs(text, position):
            sighting = _number_in(text, run)
            if sighting is not None and VETO not in kinds_before(conversation, run[0]):
                yield sighting


def _runs(text: str, position: int) -> Iterator[list[Symbol]]:
    run: list[Symbol] = []
    for place, character in enumerate(text):
        digit = _digit_sounding_like(character)
        if digit is not None:
            run.append(Symbol(digit, position, place, place + 1))
        elif not is_gap(character):
            yield run
            run = []
    yield run


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
