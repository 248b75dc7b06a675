"""The sounds of standard Mandarin: what the acoustic head can tell apart.

A syllable is always two symbols, its initial and its final: one without an initial begins with
`NO_INITIAL`. So no symbol ever follows itself, and 一一 is told from 一 by a symbol and not by a
silence. The vowel written i is three sounds, and three symbols: that of 衣, that of 资 雌 思
(`ii`) and that of 知 吃 诗 日 (`iii`).

References
----------
汉语拼音方案 (1958), tables of initials and finals; GB/T 16159. The apical vowels: Duanmu, San,
The Phonology of Standard Chinese, Oxford University Press 2007, chapter 2.
"""

from collections.abc import Sequence

from pronunciation.errors import SyllableUnlawful
from pronunciation.syllable import INITIALS, Syllable

BLANK = "_"
NO_INITIAL = "0"

#: Each final with the initials that it may follow; "-" stands for none.
_COMBINATIONS = {
    "a": "- b p m f d t n l g k h zh ch sh z c s",
    "ai": "- b p m d t n l g k h zh ch sh z c s",
    "an": "- b p m f d t n l g k h zh ch sh r z c s",
    "ang": "- b p m f d t n l g k h zh ch sh r z c s",
    "ao": "- b p m d t n l g k h zh ch sh r z c s",
    "e": "- m d t n l g k h zh ch sh r z c s",
    "ei": "- b p m f d n l g k h zh sh z",
    "en": "- b p m f d n g k h zh ch sh r z c s",
    "eng": "- b p m f d t n l g k h zh ch sh r z c s",
    "er": "-",
    "o": "- b p m f l",
    "ong": "d t n l g k h zh ch r z c s",
    "ou": "- p m f d t n l g k h zh ch sh r z c s",
    "i": "- b p m d t n l j q x",
    "ii": "z c s",
    "iii": "zh ch sh r",
    "ia": "- d l j q x",
    "ian": "- b p m d t n l j q x",
    "iang": "- n l j q x",
    "iao": "- b p m d t n l j q x",
    "ie": "- b p m d t n l j q x",
    "in": "- b p m n l j q x",
    "ing": "- b p m d t n l j q x",
    "iong": "- j q x",
    "iou": "- m d n l j q x",
    "u": "- b p m f d t n l g k h zh ch sh r z c s",
    "ua": "- g k h zh ch sh",
    "uai": "- g k h zh ch sh",
    "uan": "- d t n l g k h zh ch sh r z c s",
    "uang": "- g k h zh ch sh",
    "uei": "- d t g k h zh ch sh r z c s",
    "uen": "- d t n l g k h zh ch sh r z c s",
    "ueng": "-",
    "uo": "- d t n l g k h zh ch sh r z c s",
    "ü": "- n l j q x",
    "üan": "- j q x",
    "üe": "- n l j q x",
    "ün": "- j q x",
}

#: Lawful pairs of symbols.
SYLLABLES: frozenset[tuple[str, str]] = frozenset(
    (NO_INITIAL if initial == "-" else initial, final)
    for final, initials in _COMBINATIONS.items()
    for initial in initials.split()
)
#: The symbols in the order of the head's outputs.
SYMBOLS: tuple[str, ...] = (BLANK, NO_INITIAL, *INITIALS, *_COMBINATIONS)
INDEX: dict[str, int] = {symbol: number for number, symbol in enumerate(SYMBOLS)}

_RETROFLEX = frozenset({"zh", "ch", "sh", "r"})
_DENTAL = frozenset({"z", "c", "s"})


def symbols_of(syllable: Syllable) -> tuple[str, str]:
    """Write a syllable as the two symbols of its initial and its final.

    Parameters
    ----------
    syllable : Syllable
        Its tone does not matter.

    Returns
    -------
    tuple of str
        Both in `SYMBOLS`.

    Raises
    ------
    SyllableUnlawful
        Standard Mandarin has no such syllable.

    Examples
    --------
    >>> symbols_of(Syllable.parse("zhi1")), symbols_of(Syllable.parse("yi1"))
    (('zh', 'iii'), ('0', 'i'))
    """
    initial, final = syllable.initial or NO_INITIAL, syllable.final
    if final == "i" and initial in _RETROFLEX:
        final = "iii"
    elif final == "i" and initial in _DENTAL:
        final = "ii"
    if (initial, final) not in SYLLABLES:
        raise SyllableUnlawful(f"Standard Mandarin has no syllable {initial} + {final}")
    return initial, final


def indices_of(syllables: Sequence[Syllable]) -> list[int]:
    """Return the places in `SYMBOLS` of some syllables, two a syllable.

    Examples
    --------
    >>> [SYMBOLS[number] for number in indices_of([Syllable.parse("yi1"), Syllable.parse("ba1")])]
    ['0', 'i', 'b', 'a']
    """
    return [INDEX[symbol] for syllable in syllables for symbol in symbols_of(syllable)]
