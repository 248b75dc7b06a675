"""Text to syllables: the only module that imports pypinyin."""

import itertools
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import jieba
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_tone3

from pronunciation.errors import ReadingUnfit, SyllableUnlawful, TextUnsayable
from pronunciation.inventory import symbols_of
from pronunciation.lexicon import (
    DOUBLED,
    Listed,
    corrected_words,
    ends_neutral,
    full_endings,
    in_context,
    longest_word,
    neutral_words,
)
from pronunciation.sandhi import NEUTRAL, SpokenTone, spoken_tones
from pronunciation.syllable import Syllable
from pronunciation.word import ERHUA, Word

jieba.setLogLevel(logging.WARNING)

#: With these after it 儿 begins a word: 儿子, 儿童.
_AFTER_FULL_ER = frozenset("子童女歌戏孙科媳时茶")
_MARKS = frozenset("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")


@dataclass(frozen=True, slots=True)
class ReadSyllable:
    """One syllable of a text as it stands in the dictionary and as it is said.

    Attributes
    ----------
    hanzi : str
        Its character, or two where 儿 only colours the first; "" for pinyin without a text.
    citation : Syllable
    spoken_tone : int in [1, 5]
        The tone to be expected here.
    accepted_tones : frozenset of int
        Every tone that is right here.
    erhua : bool
    """

    hanzi: str
    citation: Syllable
    spoken_tone: int
    accepted_tones: frozenset[int]
    erhua: bool = False

    @property
    def citation_tone(self) -> int:
        """The tone of the dictionary."""
        return self.citation.tone


@dataclass(frozen=True, slots=True)
class ReadWord:
    """A word with what is said for it; without syllables, what has no Mandarin sound."""

    text: str
    syllables: tuple[ReadSyllable, ...]


def read(text: str, corrections: Mapping[str, str] | None = None) -> list[ReadWord]:
    """Read a text: its words, their syllables in citation and as they are spoken.

    Parameters
    ----------
    text : str
        What is no Chinese character has no syllables, and parts phrases as a pause does.
    corrections : mapping of str to str, optional
        Stretches of the text with the pinyin that they are to have, such as `{"行": "hang2"}`.

    Returns
    -------
    list of ReadWord
        Joined, their texts give `text` back.

    Raises
    ------
    ReadingUnfit
        A correction has another number of syllables than its text.
    SyllableUnlawful
        A correction is no pinyin.

    Examples
    --------
    >>> [(s.hanzi, s.citation_tone, s.spoken_tone) for s in read("您好")[0].syllables]
    [('您', 2, 2), ('好', 3, 3)]
    >>> [s.spoken_tone for word in read("不要，我很好") for s in word.syllables]
    [2, 4, 3, 2, 3]
    >>> [(s.hanzi, s.citation.final, s.erhua) for s in read("哪儿")[0].syllables]
    [('哪儿', 'a', True)]
    >>> read("行长", corrections={"行长": "xing2 chang2"})[0].syllables[0].citation.initial
    'x'
    """
    return _as_said(read_words(text, corrections))


def reading_of_pinyin(pinyin: str, text: str = "") -> list[ReadWord]:
    """Read a text as its pinyin says, whatever the dictionaries say.

    Parameters
    ----------
    pinyin : str
        Citation tones, as numbers or marks: `zhi1 shi5`, `zhī shi`, `nar3`.
    text : str
        The characters that it stands for; without them nothing is known of words, and the
        whole is taken as one.

    Raises
    ------
    ReadingUnfit
        The pinyin has another number of syllables than the text.
    SyllableUnlawful
        A syllable is none of Mandarin.

    Examples
    --------
    >>> [s.citation_tone for s in reading_of_pinyin("zhi1 shi5", "知识")[0].syllables]
    [1, 5]
    >>> reading_of_pinyin("zhi1", "知识")
    Traceback (most recent call last):
    ...
    pronunciation.errors.ReadingUnfit: 知识 has 2 characters, its pinyin 'zhi1' has 1 syllables
    """
    syllables = _parsed(pinyin)
    if not text:
        return _as_said([Word("", syllables)])
    words = read_words(text)
    characters = "".join(character for character in text if _is_han(character))
    _require_fit(characters, pinyin, syllables)
    left = iter(syllables)
    given = [
        Word(word.text, tuple(next(left) for _ in word.text), parts=word.parts)
        if _is_han(word.text[0])
        else word
        for word in words
    ]
    return _as_said(given)


def require_sayable(text: str) -> None:
    """Refuse a text that cannot be read aloud as it is written.

    Raises
    ------
    TextUnsayable
        It has letters, digits or characters without a reading, or nothing to say.

    Examples
    --------
    >>> require_sayable("请按1")
    Traceback (most recent call last):
    ...
    pronunciation.errors.TextUnsayable: '1' has no Mandarin reading; write it in characters
    """
    words = read_words(text)
    for word in words:
        if not word.syllables and any(character.isalnum() for character in word.text):
            shown = "".join(character for character in word.text if character.isalnum())
            raise TextUnsayable(f"{shown!r} has no Mandarin reading; write it in characters")
    if not any(word.syllables for word in words):
        raise TextUnsayable("There is nothing to read in this text; give Chinese characters")


def read_words(text: str, corrections: Mapping[str, str] | None = None) -> list[Word]:
    """Give the words of a text their citation readings, in order, one syllable a character.

    Parameters
    ----------
    text : str
        What is not Chinese has no syllables.
    corrections : mapping of str to str, optional
        As `read` takes them.

    Returns
    -------
    list of Word
        Joined, their texts give `text` back. 一 and 不 have their own tones, the first and the
        fourth: what becomes of them is in `pronunciation.sandhi`.

    Examples
    --------
    >>> [(word.text, [s.tone for s in word.syllables]) for word in read_words("银行，行走")]
    [('银行', [2, 2]), ('，', []), ('行走', [2, 3])]
    """
    given = _checked(corrections or {})
    words: list[Word] = []
    begin = 0
    for is_han, characters in itertools.groupby(text, key=_is_han):
        run = "".join(characters)
        if is_han:
            for start, end in _spans(run, given):
                words += _read_span(text, begin + start, begin + end, given)
        else:
            words.append(Word(run, ()))
        begin += len(run)
    return words


def dictionary_words(text: str) -> list[Word]:
    """Give words the readings of pypinyin alone, which are those that the voices learnt from.

    Examples
    --------
    >>> [[s.tone for s in word.syllables] for word in dictionary_words("一起，银行")]
    [[4, 3], [], [2, 2]]
    """
    words = []
    for is_han, characters in itertools.groupby(text, key=_is_han):
        run = "".join(characters)
        words += [_by_dictionary(word) for word in jieba.lcut(run)] if is_han else [Word(run, ())]
    return words


def _by_dictionary(word: str) -> Word:
    spellings = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
    return Word(word, tuple(Syllable.parse(spelling) for spelling in spellings))


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or character == "〇"


def _checked(corrections: Mapping[str, str]) -> dict[str, Word]:
    given = {}
    for text, pinyin in corrections.items():
        syllables = _parsed(pinyin)
        _require_fit(text, pinyin, syllables)
        if not all(map(_is_han, text)):
            raise ReadingUnfit(f"{text!r} is not Chinese; only characters have a reading")
        given[text] = Word(text, syllables)
    return given


def _require_fit(characters: str, pinyin: str, syllables: tuple[Syllable, ...]) -> None:
    if len(characters) != len(syllables):
        raise ReadingUnfit(
            f"{characters} has {len(characters)} characters, "
            f"its pinyin {pinyin!r} has {len(syllables)} syllables"
        )


def _parsed(pinyin: str) -> tuple[Syllable, ...]:
    marked = not _MARKS.isdisjoint(pinyin.lower())
    syllables: list[Syllable] = []
    for spelling in pinyin.lower().replace("'", " ").split():
        plain = to_tone3(spelling, neutral_tone_with_five=True, v_to_u=True) if marked else spelling
        letters, tone = plain[:-1], plain[-1:]
        if letters.endswith("r") and letters != "er":
            syllables += [_lawful(letters[:-1] + tone), ERHUA]
        else:
            syllables.append(_lawful(plain))
    return tuple(syllables)


def _lawful(spelling: str) -> Syllable:
    syllable = Syllable.parse(spelling)
    symbols_of(syllable)
    return syllable


def _spans(run: str, given: Mapping[str, Word]) -> list[tuple[int, int]]:
    """Part a run of characters into words: the given ones first, then those of the tables."""
    edges = [0, *itertools.accumulate(map(len, jieba.lcut(run, HMM=False)))]
    edges = _with_words(run, edges, given, max(map(len, given), default=0), through=True)
    edges = _with_words(
        run, edges, corrected_words().keys() | neutral_words().keys(), longest_word(), through=False
    )
    return _with_erhua(run, _with_phrases(run, list(itertools.pairwise(edges))))


def _with_phrases(run: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join single characters that pypinyin knows as a word: 明了, 应时."""
    joined: list[tuple[int, int]] = []
    for at, (start, end) in enumerate(spans):
        if joined and start < joined[-1][1]:
            continue
        reach = end
        for last in range(at + 1, min(at + 4, len(spans))):
            if spans[last][1] - spans[last][0] > 1 or end - start > 1:
                break
            if run[start : spans[last][1]] in PHRASES_DICT:
                reach = spans[last][1]
        joined.append((start, reach))
    return joined


def _with_words(
    run: str, edges: list[int], words: Mapping[str, Word] | set[str], longest: int, *, through: bool
) -> list[int]:
    """Make words of a table whole; `through` also where they cut through words of jieba's."""
    kept = set(edges)
    start = 0
    while start < len(run):
        for end in range(min(len(run), start + longest), start, -1):
            if run[start:end] not in words:
                continue
            if through or _stands_alone(start, end, kept):
                kept = {edge for edge in kept if not start < edge < end} | {start, end}
                start = end - 1
                break
        start += 1
    return sorted(kept)


def _stands_alone(start: int, end: int, edges: set[int]) -> bool:
    if start in edges and end in edges:
        return True
    return not any(start < edge < end for edge in edges)


def _with_erhua(run: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join a 儿 that colours the word before it to that word."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and run[start:end] == "儿" and run[end : end + 1] not in _AFTER_FULL_ER:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _read_span(text: str, start: int, end: int, given: Mapping[str, Word]) -> list[Word]:
    characters = text[start:end]
    if characters in given:
        return [given[characters]]
    spellings, light = _spellings(text, start, end)
    syllables = [_syllable_of(spelling) for spelling in spellings]
    sounded = [syllable for syllable in syllables if syllable is not None]
    if len(sounded) == len(characters):
        return [Word(characters, tuple(sounded), light, _parts(characters))]
    if len(characters) == 1:
        return [Word(characters, ())]
    return [word for at in range(start, end) for word in _read_span(text, at, at + 1, given)]


def _spellings(text: str, start: int, end: int) -> tuple[tuple[str, ...], frozenset[int]]:
    word = text[start:end]
    reading = corrected_words().get(word)
    if reading is None and len(word) == 1:
        reading = in_context(word, text[max(0, start - 8) : start], text[end : end + 8])
    if reading is not None:
        return reading.pinyin, reading.light
    if word.endswith("儿") and len(word) > 1 and word not in full_endings():
        spellings, light = _spellings(text, start, end - 1)
        return (*spellings, "er5"), light
    return _neutralised(word, text[start - 1 : start], Listed(tuple(_plain(word))))


def _neutralised(word: str, before: str, reading: Listed) -> tuple[tuple[str, ...], frozenset[int]]:
    pinyin, last = list(reading.pinyin), len(word) - 1
    light = set(reading.light)
    must = neutral_words().get(word, ends_neutral(word))
    if (word[-1] in DOUBLED and word == word[-1] * 2) or (word in DOUBLED and before == word):
        must = True
    if must:
        pinyin[last] = pinyin[last][:-1] + str(NEUTRAL)
    elif word in neutral_words():
        pinyin[last] = _plain(word[last])[0] if pinyin[last].endswith("5") else pinyin[last]
        light.add(last)
    elif must is False:
        pinyin[last] = _plain(word[last])[0]
    return tuple(pinyin), frozenset(light)


def _plain(word: str) -> list[str]:
    spellings = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
    own = {"一": "yi1", "不": "bu4"}
    if len(spellings) != len(word):
        spellings = list(word)
    return [own.get(c, spelling) for c, spelling in zip(word, spellings, strict=True)]


def _syllable_of(spelling: str) -> Syllable | None:
    try:
        return _lawful(spelling)
    except SyllableUnlawful:
        return None


def _parts(word: str) -> tuple[int, ...]:
    """Say how a word of three syllables is made: 展览|馆, 小|老虎."""
    if len(word) != 3:
        return (2, 2) if len(word) == 4 else ()
    front, back = (jieba.get_FREQ(part) or 0 for part in (word[:2], word[1:]))
    return (1, 2) if back > front else (2, 1)


def _as_said(words: list[Word]) -> list[ReadWord]:
    return [
        ReadWord(word.text, tuple(_said(word, said)))
        for word, said in zip(words, spoken_tones(words), strict=True)
    ]


def _said(word: Word, said: list[SpokenTone]) -> Iterator[ReadSyllable]:
    has_text = len(word.text) == len(word.syllables)
    for at, (syllable, tone) in enumerate(zip(word.syllables, said, strict=True)):
        if at and syllable == ERHUA:
            continue
        erhua = word.syllables[at + 1 : at + 2] == (ERHUA,)
        hanzi = word.text[at : at + 1 + erhua] if has_text else ""
        yield ReadSyllable(hanzi, syllable, tone.tone, tone.accepted, erhua)


def read_character(character: str) -> Syllable | None:
    """Give the commonest reading of one character, whatever word it stands in.

    Parameters
    ----------
    character : str
        One character.

    Returns
    -------
    Syllable or None
        None for what is not Chinese or has no reading.

    Examples
    --------
    >>> read_character("把")
    Syllable(initial='b', final='a', tone=3)
    >>> read_character("A") is None
    True
    """
    if not _is_han(character):
        return None
    (spelling,) = lazy_pinyin(
        character, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True
    )
    try:
        return Syllable.parse(spelling)
    except SyllableUnlawful:
        return None
