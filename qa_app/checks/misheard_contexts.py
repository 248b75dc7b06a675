"""Words that say what a number is, where the speech model wrote others of their sound.

严正骂 is 验证码, 生分证 is 身份证, 卡好 before sixteen digits is 卡号. A word counts as misheard
where its syllables are the listed word's without their tones and with the sounds that southern
speakers merge taken for one; of a long word one syllable may be half wrong. Ordinary words sound so
too, so what stands there must be no word of its own, or else a number of the right length must
stand beside it, and a short word needs both.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

import ahocorasick

from pronunciation.errors import SyllableUnlawful
from pronunciation.inventory import SYLLABLES, symbols_of
from pronunciation.reading import read_character, read_words
from pronunciation.syllable import Syllable
from qa_app.checks.contexts import VETO
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import DataType
from qa_app.checks.lettered_data import WORDS_BETWEEN
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import DIGIT_OF, is_gap, symbols_from, symbols_in
from qa_app.checks.words import TermFinder, split_words

_LONG = 3  # syllables: shorter words stand everywhere by chance
#: With these ends a word names the number itself: 卡号, 手机, 身份证; 打给 and 扣费 do not.
_NAMES_NUMBER = "号机话码卡证件户令单"
_SAID_OF_PEOPLE = frozenset("我您你他她这那的")
#: How many digits stand beside such a word, those of a damaged number too.
_LENGTHS = {
    DataType.MOBILE.value: range(7, 14),
    DataType.LANDLINE.value: range(7, 17),
    DataType.ID_CARD.value: range(15, 21),
    DataType.BANK_CARD.value: range(14, 21),
    DataType.VERIF_CODE.value: range(4, 7),
    DataType.PASSWORD.value: range(4, 13),
    VETO: range(4, 21),
}
_HEARD_SLACK = 2  # digits that the sounds may have too many or too few
_SOME_DIGITS = re.compile(f"[{''.join(DIGIT_OF)}].*?[{''.join(DIGIT_OF)}]", re.DOTALL)
_TURNS_BACK = 4  # a question for a number may stand so many turns before it
_BESIDE = 6  # characters between a word and its number
_LEAD = re.compile(
    r"(?:号码?|[是为：:，,\s呢啊嗯呃哦]|就是|那个|这个|给[您你]|[您你]?记一下|[您你]?听好|发过来)*"
)
_SECRET_LEAD = re.compile(WORDS_BETWEEN)
#: A question, or what leads to a number: without one 严重吗 before digits may be just that.
_INTRODUCES = re.compile(r"[是为：:]")
_TOLD = re.compile(r"[，,\s]*(?:[这那]?[个张只台]?(?:就?是)?)?(?:我|您|你|他|她|本人|家里)?的?")
_ASKED = re.compile(r"(?:号码?)?(?:是多少|多少|是什么|[报说念读发]|给我|告诉|提供|[？?。]?$)")
_TOLD_REACH = 60  # characters before a word in which its number may begin

_NO_SOUND = "\0"
_MERGED_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l", "h": "f"}
_MERGED_FINALS = {
    **dict.fromkeys(("ii", "iii"), "i"),
    **{final: final[:-1] for final in ("ang", "eng", "ing", "uang", "ueng")},
}


class _Sounds(dict[int, str]):
    """Gives each character its merged syllable as one letter; learns them as they come."""

    def __missing__(self, code: int) -> str:
        syllable = read_character(chr(code))
        try:
            letter = _NO_SOUND if syllable is None else _letter(*_merged(syllable))
        except SyllableUnlawful:
            letter = _NO_SOUND
        self[code] = letter
        return letter


def _merged(syllable: Syllable) -> tuple[str, str]:
    initial, final = symbols_of(syllable)
    return _MERGED_INITIALS.get(initial, initial), _MERGED_FINALS.get(final, final)


@cache
def _letters() -> dict[tuple[str, str], str]:
    merged = {
        (_MERGED_INITIALS.get(initial, initial), _MERGED_FINALS.get(final, final))
        for initial, final in SYLLABLES
    }
    return {sound: chr(0x100 + number) for number, sound in enumerate(sorted(merged))}


def _letter(initial: str, final: str) -> str:
    return _letters()[initial, final]


_SOUNDS = _Sounds()


@dataclass(frozen=True, slots=True)
class _Word:
    """A listed word, and whether a sound stands for it in every syllable."""

    text: str
    kind: str
    whole: bool


@cache
def _listened_for() -> ahocorasick.Automaton:
    words: dict[str, _Word] = {}
    listed = [
        (text, kind, sounds)
        for kind, text in rows_of("contexts.tsv")
        if text[-1] in _NAMES_NUMBER and _SAID_OF_PEOPLE.isdisjoint(text)
        for sounds in (_spoken(text),)
        if len(sounds) == len(text) > 1
    ]
    for text, kind, sounds in listed:
        words.setdefault(
            "".join(_letter(*sound) for sound in sounds), _Word(text, kind, whole=True)
        )
    for text, kind, sounds in listed:
        if len(text) >= _LONG:
            for key in _half_wrong(sounds):
                words.setdefault(key, _Word(text, kind, whole=False))
    automaton = ahocorasick.Automaton()
    for key, word in words.items():
        automaton.add_word(key, word)
    automaton.make_automaton()
    return automaton


def _spoken(text: str) -> list[tuple[str, str]]:
    return [_merged(syllable) for word in read_words(text) for syllable in word.syllables]


def _half_wrong(sounds: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the sounds in which one syllable has another initial or another final."""
    letters = [_letter(*sound) for sound in sounds]
    for place, (initial, final) in enumerate(sounds):
        for (other_initial, other_final), letter in _letters().items():
            if (other_initial == initial) != (other_final == final):
                yield "".join([*letters[:place], letter, *letters[place + 1 :]])


def as_meant(conversation: Conversation) -> Conversation:
    """Return the call with misheard context words as they were meant; the same one if none is.

    A word has as many characters as what stands for it, so every offset still points to its
    source.
    """
    changed = {
        position: text
        for position in sorted(_near_numbers(conversation))
        if (text := _meant(conversation, position)) != conversation.utterances[position].text
    }
    if not changed:
        return conversation
    utterances = tuple(
        replace(said, text=changed[position]) if position in changed else said
        for position, said in enumerate(conversation.utterances)
    )
    return replace(conversation, utterances=utterances)


def _near_numbers(conversation: Conversation) -> set[int]:
    """Return the utterances that hold digits, or that may ask for them."""
    holding = {
        position
        for position, said in enumerate(conversation.utterances)
        if _SOME_DIGITS.search(normal_form(said.text))
    }
    holding |= {heard.utterance for heard in conversation.heard.digits}
    return {
        before
        for position in holding
        for before in range(max(0, position - _TURNS_BACK), position + 1)
    }


def _meant(conversation: Conversation, position: int) -> str:
    said = conversation.utterances[position].text
    candidates = _candidates(said)
    if not candidates:
        return said
    text, taken = said, 0
    for start, word in candidates:
        if start >= taken and _is_meant(conversation, position, start, word):
            end = start + len(word.text)
            text, taken = text[:start] + word.text + text[end:], end
    return text


@lru_cache(maxsize=4096)
def _candidates(said: str) -> tuple[tuple[int, _Word], ...]:
    """Return the places where listed words may have been misheard, the likeliest of each first."""
    text = normal_form(said)
    found = [
        (last + 1 - len(word.text), word)
        for last, word in _listened_for().iter(text.translate(_SOUNDS))
        if not text.startswith(word.text, last + 1 - len(word.text))
    ]
    if not found:
        return ()
    exact = bytearray(len(text))
    for start, end in _exact().find(text):
        exact[start:end] = b"x" * (end - start)
    return tuple(
        (start, word)
        for start, word in sorted(found, key=lambda one: (one[0], -len(one[1].text)))
        if not any(exact[start : start + len(word.text)])
    )


@cache
def _exact() -> TermFinder:
    return TermFinder(text for _, text in rows_of("contexts.tsv"))


def _is_meant(conversation: Conversation, position: int, start: int, word: _Word) -> bool:
    text = normal_form(conversation.utterances[position].text)
    end = start + len(word.text)
    tokens = list(_tokens_over(text, start, end))
    if any(first < start or last > end for first, last in tokens):
        return False
    others = [
        (first, last)
        for first, last in tokens
        if text[first:last] != word.text[first - start : last - start]
    ]
    if word.whole and len(word.text) >= _LONG and not others:
        return True
    if others and (len(word.text) < _LONG or not _INTRODUCES.search(text, end, end + _BESIDE)):
        return False
    return _has_number(conversation, position, start, end, word.kind)


def _tokens_over(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the words of two characters and more that share some with a stretch of text."""
    for first, last in _tokens(text):
        if first < end and start < last:
            yield first, last


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[tuple[int, int], ...]:
    tokens, place = [], 0
    for token in split_words(text):
        if len(token) > 1:
            tokens.append((place, place + len(token)))
        place += len(token)
    return tuple(tokens)


def _has_number(conversation: Conversation, position: int, start: int, end: int, kind: str) -> bool:
    """Whether a number of a length that such numbers have stands right beside or answers."""
    text = normal_form(conversation.utterances[position].text)
    lengths = _LENGTHS[kind]
    lead = _SECRET_LEAD if kind == DataType.PASSWORD else _LEAD
    if _digits_behind(text, lead, end) in lengths or _digits_before(text, start) in lengths:
        return True
    if _heard_from(conversation, position, end, lengths):
        return True
    following = position + 1
    if following >= len(conversation.utterances) or not _ASKED.match(text, end):
        return False
    answer = normal_form(conversation.utterances[following].text)
    return _digits_behind(answer, _LEAD, 0) in lengths


def _digits_behind(text: str, lead: re.Pattern[str], place: int) -> int:
    """Count the digits and letters of the number that begins behind what leads to it."""
    led = lead.match(text, place)
    begin = led.end() if led else place
    count, end = 0, begin
    for symbol in symbols_from(text, 0, begin):
        if symbol.start > end and not is_gap(text[end : symbol.start]):
            break
        if not count and symbol.start > begin:
            break
        count, end = count + 1, symbol.end
    return count


def _digits_before(text: str, start: int) -> int:
    """Count those of the number that ends before a place: 6222… 是我的卡号."""
    part = text[max(0, start - _TOLD_REACH) : start]
    symbols = symbols_in(part)
    if not symbols or not _TOLD.fullmatch(part, symbols[-1].end):
        return 0
    count, first = 0, symbols[-1].end
    for symbol in reversed(symbols):
        if symbol.end < first and not is_gap(part[symbol.end : first]):
            break
        count, first = count + 1, symbol.start
    return count


def _heard_from(conversation: Conversation, position: int, end: int, lengths: range) -> bool:
    return any(
        count >= lengths.start - _HEARD_SLACK and count < lengths.stop + _HEARD_SLACK
        for heard in conversation.heard.digits
        if heard.utterance == position
        for behind in ([at for at in heard.starts if at >= end],)
        for count in (len(behind),)
        if behind and behind[0] - end <= _BESIDE
    )
