"""Text to syllables: the only module that imports pypinyin."""

import itertools
import logging
from dataclasses import dataclass

import jieba
from pypinyin import Style, lazy_pinyin

from pronunciation.errors import SyllableUnlawful
from pronunciation.syllable import Syllable

jieba.setLogLevel(logging.WARNING)


@dataclass(frozen=True)
class Word:
    """A word with the citation reading of each of its characters."""

    text: str
    syllables: tuple[Syllable, ...]


def read_words(text: str) -> list[Word]:
    """Give the words of a text their readings, in order; what is not Chinese has no syllables.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Word
        Joined, their texts give `text` back.

    Examples
    --------
    >>> [(word.text, [s.tone for s in word.syllables]) for word in read_words("银行，行走")]
    [('银行', [2, 2]), ('，', []), ('行走', [2, 3])]
    """
    words = []
    for is_han, characters in itertools.groupby(text, key=_is_han):
        run = "".join(characters)
        words += [_read(word) for word in jieba.lcut(run)] if is_han else [Word(run, ())]
    return words


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or character == "〇"


def _read(word: str) -> Word:
    spellings = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
    return Word(word, tuple(Syllable.parse(spelling) for spelling in spellings))


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
