"""Where a contrast is made: the pairs of sounds, each with the company that it keeps.

Who can tell zh from z before i cannot always before u: what is learnt in one place does not pass
on to the next by itself. So practice, its schedule and the profile of a speaker count by context.

References
----------
The pairs are those of `pronunciation.contrasts`. 四呼 (开口, 齐齿, 合口, 撮口): 黄伯荣, 廖序东,
现代汉语, chapter 语音. In Changsha n becomes l before 开口 and 合口 only, hence the weights.
"""

from dataclasses import dataclass

from pronunciation.contrasts import Contrast, rivals
from pronunciation.syllable import Syllable


@dataclass(frozen=True, slots=True)
class Context:
    """A pair of sounds in one kind of company.

    Attributes
    ----------
    key : str
        Stable: schedules and results are kept under it, such as `sh_s.a`.
    contrast : Contrast
    sounds : tuple of str
        The two initials or finals, such as ("sh", "s").
    company : frozenset of str
        The other half of the syllable: finals for a pair of initials, initials ("" is none) for
        a pair of finals. Finals are those of the first sound.
    title : str
        In Chinese, such as "sh / s，a 类前".
    weight : int in [1, 3]
        How much of their practice speakers of Changsha should give it before anything is known
        of them.
    """

    key: str
    contrast: Contrast
    sounds: tuple[str, str]
    company: frozenset[str]
    title: str
    weight: int


_A, _E = "a ai an ang ao", "e ei en eng ou"
_U = "u ua uai uan uang uei uen uo ong"
_BEFORE = {
    "i": ("i", "i 前"),
    "a": (_A, "a 类前"),
    "e": (_E, "e o 类前"),
    "u": (_U, "u 类前"),
}
_ONSETS = {
    "labial": ("b p m f", "b p m f 后"),
    "tip": ("d t n l z c s", "d t n l z c s 后"),
    "retroflex": ("zh ch sh r", "zh ch sh r 后"),
    "back": ("g k h -", "g k h 和零声母后"),
}
_NARROW_ONSETS = {
    "labial": ("b p m", "b p m 后"),
    "tip": ("d t n l", "d t n l 后"),
    "palatal": ("j q x", "j q x 后"),
    "zero": ("-", "零声母"),
}
_FOUR = {
    "kaikou": (f"{_A} {_E}", "开口呼前"),
    "hekou": (_U, "合口呼前"),
    "qichi": ("i ia ian iang iao ie in ing iou", "齐齿呼前"),
    "cuokou": ("ü üe", "撮口呼前"),
}
_F_BEFORE = {
    "u": ("u", "u 前"),
    "a": ("a an ang", "a 类前"),
    "e": ("ei en o", "e o 类前"),
}


def _table() -> list[Context]:
    table: list[Context] = []

    def add(
        contrast: Contrast, sounds: str, groups: dict[str, tuple[str, str]], weights: str
    ) -> None:
        first, second = sounds.split("/")
        name = f"{first}_{second}".replace("hu", "h")
        for (place, (company, title)), weight in zip(groups.items(), weights, strict=True):
            table.append(
                Context(
                    f"{name}.{place}",
                    contrast,
                    (first, second.replace("hu", "h")),
                    frozenset(one.replace("-", "") for one in company.split()),
                    f"{first} / {second}，{title}",
                    int(weight),
                )
            )

    for sounds in ("zh/z", "ch/c", "sh/s"):
        add(Contrast.RETROFLEX, sounds, _BEFORE, "3333")
    add(Contrast.NASAL, "an/ang", _ONSETS, "2222")
    add(Contrast.NASAL, "en/eng", _ONSETS, "3333")
    add(Contrast.NASAL, "in/ing", _NARROW_ONSETS, "3333")
    narrow = {place: _NARROW_ONSETS[place] for place in ("tip", "palatal", "zero")}
    add(Contrast.NASAL, "ian/iang", narrow, "111")
    wide = {"retroflex": ("zh ch sh r", "zh ch sh 后"), "back": _ONSETS["back"]}
    add(Contrast.NASAL, "uan/uang", wide, "22")
    add(Contrast.NASAL, "uen/ueng", {"zero": _NARROW_ONSETS["zero"]}, "1")
    add(Contrast.N_L, "n/l", _FOUR, "3311")
    add(Contrast.F_H, "f/hu", _F_BEFORE, "322")
    lateral = {"kaikou": (f"{_A} {_E} i", "开口呼前"), "hekou": _FOUR["hekou"]}
    add(Contrast.R_L, "r/l", lateral, "11")
    return table


#: All of them, in the order of a profile.
CONTEXTS: tuple[Context, ...] = tuple(_table())
BY_KEY: dict[str, Context] = {context.key: context for context in CONTEXTS}

_OF_F = {"ua": "a", "uan": "an", "uang": "ang", "uei": "ei", "uen": "en", "uo": "o", "u": "u"}


def _place(contrast: Contrast, syllable: Syllable) -> tuple[str, str]:
    """Take a syllable apart into the sound in question and its company."""
    if contrast is Contrast.NASAL:
        return syllable.final, syllable.initial
    if contrast is Contrast.F_H and syllable.initial == "h":
        return "h", _OF_F.get(syllable.final, "")
    return syllable.initial, syllable.final


def _is_in(context: Context, syllable: Syllable) -> bool:
    sound, company = _place(context.contrast, syllable)
    return sound in context.sounds and company in context.company


def contexts_of(syllable: Syllable) -> tuple[Context, ...]:
    """Name the contexts that a syllable stands in.

    Parameters
    ----------
    syllable : Syllable

    Returns
    -------
    tuple of Context
        In the order of `CONTEXTS`; none for a syllable that nobody confuses.

    Examples
    --------
    >>> [context.key for context in contexts_of(Syllable.parse("sheng1"))]
    ['sh_s.e', 'en_eng.retroflex']
    >>> [context.title for context in contexts_of(Syllable.parse("hua1"))]
    ['f / hu，a 类前']
    >>> contexts_of(Syllable.parse("ba1"))
    ()
    """
    made = {rival.contrast for rival in rivals(syllable)}
    return tuple(one for one in CONTEXTS if one.contrast in made and _is_in(one, syllable))


def context_of(syllable: Syllable, contrast: Contrast) -> Context | None:
    """Name the context in which a syllable makes a contrast.

    Parameters
    ----------
    syllable : Syllable
    contrast : Contrast

    Returns
    -------
    Context or None
        None where the syllable does not make it.

    Examples
    --------
    >>> context_of(Syllable.parse("nao3"), Contrast.N_L).key
    'n_l.kaikou'
    >>> context_of(Syllable.parse("nao3"), Contrast.NASAL) is None
    True
    """
    return next((one for one in contexts_of(syllable) if one.contrast is contrast), None)


def sound_of(context: Context, syllable: Syllable) -> str:
    """Tell which of a context's two sounds a syllable in it has.

    Examples
    --------
    >>> sound_of(BY_KEY["in_ing.palatal"], Syllable.parse("qing3"))
    'ing'
    """
    return _place(context.contrast, syllable)[0]
