"""A word of a text with the citation reading of each of its characters."""

from dataclasses import dataclass

from pronunciation.syllable import Syllable

#: How 儿 is read where it only colours the syllable before it: 哪儿, 一会儿.
ERHUA = Syllable("", "er", 5)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or a stretch of a text that has no Mandarin sound and parts phrases.

    Attributes
    ----------
    text : str
    syllables : tuple of Syllable
        One a character, 儿 too; none where there is no sound.
    light : frozenset of int
        The places of syllables that may also be said in the neutral tone: 知道 as zhīdao.
    parts : tuple of int
        How many syllables each part of the word has: (2, 1) for 展览馆, (1, 2) for 小老虎.
        Empty is one part.
    """

    text: str
    syllables: tuple[Syllable, ...]
    light: frozenset[int] = frozenset()
    parts: tuple[int, ...] = ()
