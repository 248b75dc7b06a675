"""One syllable of Mandarin: initial, final and tone, apart from how it is spelt."""

from dataclasses import dataclass
from typing import Self

from pronunciation.errors import SyllableUnlawful

#: Longest first, so that zh is found before z.
INITIALS = (
    *("zh", "ch", "sh"),
    *("b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"),
)
FINALS = frozenset((
    "a", "ai", "an", "ang", "ao", "e", "ei", "en", "eng", "er", "o", "ong", "ou",
    "i", "ia", "ian", "iang", "iao", "ie", "in", "ing", "iong", "iou",
    "u", "ua", "uai", "uan", "uang", "uei", "uen", "ueng", "uo",
    "ü", "üan", "üe", "ün",
    "ê", "m", "n", "ng",
))  # fmt: skip

#: How a final is written when no initial stands before it (汉语拼音方案, 三, notes 4 to 6).
_WITHOUT_INITIAL = {
    "yi": "i",
    "ya": "ia",
    "yan": "ian",
    "yang": "iang",
    "yao": "iao",
    "ye": "ie",
    "yin": "in",
    "ying": "ing",
    "yong": "iong",
    "you": "iou",
    "wu": "u",
    "wa": "ua",
    "wai": "uai",
    "wan": "uan",
    "wang": "uang",
    "wei": "uei",
    "wen": "uen",
    "weng": "ueng",
    "wo": "uo",
    "yu": "ü",
    "yuan": "üan",
    "yue": "üe",
    "yun": "ün",
    "yo": "o",
}
#: How a final is shortened after an initial (the same notes).
_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "üe"}


@dataclass(frozen=True)
class Syllable:
    """A syllable as the scheme of Hanyu Pinyin takes it apart.

    Attributes
    ----------
    initial : str
        The consonant it begins with, "" if it has none.
    final : str
        The rest, in full (`iou`, not `iu`) and with ü.
    tone : int in [1, 5]
        5 is the neutral tone.
    """

    initial: str
    final: str
    tone: int

    @classmethod
    def parse(cls, pinyin: str) -> Self:
        """Read one syllable of pinyin with its tone as a number.

        Parameters
        ----------
        pinyin : str
            Such as `zhang1`; ü may be written ü, v or, after j, q, x and y, u.

        Raises
        ------
        SyllableUnlawful
            It is no syllable.

        Examples
        --------
        >>> Syllable.parse("zhuang4")
        Syllable(initial='zh', final='uang', tone=4)
        >>> Syllable.parse("liu2").final, Syllable.parse("you3").final
        ('iou', 'iou')
        >>> Syllable.parse("nv3") == Syllable.parse("nü3"), Syllable.parse("qu4").final
        (True, 'ü')
        """
        spelling, tone = pinyin[:-1].lower().replace("v", "ü"), pinyin[-1:]
        if tone not in "12345" or not spelling:
            raise SyllableUnlawful(f"{pinyin!r} has no tone; end it with a number from 1 to 5")
        if spelling in _WITHOUT_INITIAL:
            return cls("", _WITHOUT_INITIAL[spelling], int(tone))
        initial = "" if spelling in FINALS else _initial_of(spelling)
        final = spelling[len(initial) :]
        if initial in {"j", "q", "x"} and final.startswith("u"):
            final = "ü" + final[1:]
        final = _SHORTENED.get(final, final)
        if final not in FINALS:
            raise SyllableUnlawful(f"{pinyin!r} is no syllable of Mandarin")
        return cls(initial, final, int(tone))


def _initial_of(spelling: str) -> str:
    return next((initial for initial in INITIALS if spelling.startswith(initial)), "")


def spelling(syllable: Syllable) -> str:
    """Spell a syllable as people do, with its tone as a number; ü is v, as it is typed.

    Examples
    --------
    >>> [spelling(Syllable.parse(s)) for s in ("zhi1", "liu2", "yuan4", "lv3", "jue2", "wen5")]
    ['zhi1', 'liu2', 'yuan4', 'lv3', 'jue2', 'wen5']
    """
    initial, final = syllable.initial, syllable.final
    if not initial:
        written = _UNSHORTENED.get(final, final)
    elif initial in {"j", "q", "x"} and final.startswith("ü"):
        written = initial + "u" + final[1:]
    else:
        written = initial + _SHORTER.get(final, final)
    return written.replace("ü", "v") + str(syllable.tone)


_UNSHORTENED = {final: written for written, final in _WITHOUT_INITIAL.items() if written != "yo"}
_SHORTER = {"iou": "iu", "uei": "ui", "uen": "un"}
