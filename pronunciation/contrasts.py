"""What may be confused with what: the contrasts that speakers of southern dialects merge.

References
----------
普通话水平测试大纲 names them: 平翘舌音, 前后鼻尾音, 边鼻音, fu and hu. The pairs of f and h(u) are
those of the Changsha dialect (发生 as 花生, 湖南 as 福兰).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from pronunciation.errors import SyllableUnlawful
from pronunciation.inventory import symbols_of
from pronunciation.syllable import Syllable


class Contrast(StrEnum):
    """Two classes of sounds that some speakers make one."""

    RETROFLEX = "retroflex"
    NASAL = "nasal"
    N_L = "n_l"
    F_H = "f_h"
    R_L = "r_l"


@dataclass(frozen=True, slots=True)
class Rival:
    """What a syllable becomes when a speaker does not make a contrast."""

    contrast: Contrast
    said: Syllable


def _both_ways(pairs: str) -> dict[str, str]:
    one_way = dict(pair.split("-") for pair in pairs.split())
    return one_way | {other: one for one, other in one_way.items()}


_INITIALS = (
    (Contrast.RETROFLEX, _both_ways("z-zh c-ch s-sh")),
    (Contrast.N_L, _both_ways("n-l")),
    (Contrast.R_L, _both_ways("r-l")),
)
_NASAL_FINALS = _both_ways("an-ang en-eng in-ing ian-iang uan-uang uen-ueng")
#: f stands before bare finals, h before the same with u.
_F_TO_H = {"a": "ua", "an": "uan", "ang": "uang", "en": "uen", "ei": "uei", "u": "u", "o": "uo"}
_H_TO_F = {h: f for f, h in _F_TO_H.items()}


def rivals(syllable: Syllable) -> list[Rival]:
    """Name what a syllable may be confused with, each one a lawful syllable.

    Parameters
    ----------
    syllable : Syllable

    Returns
    -------
    list of Rival
        The tone is the syllable's own.

    Examples
    --------
    >>> [(r.contrast.value, r.said.initial + r.said.final) for r in rivals(Syllable.parse("zhen1"))]
    [('retroflex', 'zen'), ('nasal', 'zheng')]
    >>> [(r.contrast.value, r.said.initial + r.said.final) for r in rivals(Syllable.parse("fa1"))]
    [('f_h', 'hua')]
    """
    found = [
        Rival(contrast, replace(syllable, initial=partners[syllable.initial]))
        for contrast, partners in _INITIALS
        if syllable.initial in partners
    ]
    if syllable.initial == "f" and syllable.final in _F_TO_H:
        said = replace(syllable, initial="h", final=_F_TO_H[syllable.final])
        found.append(Rival(Contrast.F_H, said))
    if syllable.initial == "h" and syllable.final in _H_TO_F:
        said = replace(syllable, initial="f", final=_H_TO_F[syllable.final])
        found.append(Rival(Contrast.F_H, said))
    if syllable.final in _NASAL_FINALS:
        said = replace(syllable, final=_NASAL_FINALS[syllable.final])
        found.append(Rival(Contrast.NASAL, said))
    return [rival for rival in found if _is_lawful(rival.said)]


def _is_lawful(syllable: Syllable) -> bool:
    try:
        symbols_of(syllable)
    except SyllableUnlawful:
        return False
    return True
