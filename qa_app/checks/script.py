"""Whether somebody said a sentence of the script, in its words or in ones that sound like them.

A wording may hold `…`, which stands for a few words of any kind: 您好…请讲.
"""

import re
from collections.abc import Sequence

_NOT_SOUND = re.compile(r"[\W_]+")
_GAP = "…"
_MOST_BETWEEN = 16  # characters that a gap stands for at most: a unit with its department
# The shorter a wording, the more sentences of other meaning come close to it. Measured with
# benchmarks/checks_conduct.py on its first half.
_LIKE = ((7, 0.76), (5, 0.82), (3, 0.92))
# A wording of two characters has the sound of many words (在建, 白白): it counts by its sound
# only where nothing but courtesies stands beside it.
_CLAUSE_END = re.compile(r"[，。！？；、,.!?;\s]+")
_COURTESY = re.compile(
    r"先生|女士|好|的|嗯|哦|那|就|这样|先|不|客气|用谢|谢|[您你]|慢走|啊|吧|行|可以|应该|没关系"
)


def plain(text: str) -> str:
    """Return the text without punctuation and spaces."""
    return _NOT_SOUND.sub("", text).lower()


def said_wording(text: str, wordings: Sequence[str]) -> str | None:
    """Return the first wording that the text holds, in its characters or in its sounds."""
    heard = _form(text)
    wanted = {form: wording for wording in wordings if (form := _wanted_form(wording))}
    for form, wording in wanted.items():
        if re.search(form.replace(_GAP, f".{{0,{_MOST_BETWEEN}}}"), heard):
            return wording
    for form, wording in wanted.items():
        if _sounds(text, heard, form):
            return wording
    return None


def _form(text: str) -> str:
    return plain(text).replace("你", "您")


def _wanted_form(wording: str) -> str:
    parts = (_form(part) for part in wording.split(_GAP))
    return _GAP.join(part for part in parts if part)


def _sounds(text: str, heard: str, form: str) -> bool:
    count = len(form.replace(_GAP, ""))
    like = next((like for least, like in _LIKE if count >= least), None)
    if like is None:
        return any(_likeness(rest, form) == 1.0 for rest in _lone_clauses(text, count))
    return _likeness(heard, form) >= like


def _lone_clauses(text: str, count: int) -> list[str]:
    """Return what remains of each clause without courtesies, where it is of the given length."""
    rests = (_COURTESY.sub("", plain(clause)) for clause in _CLAUSE_END.split(text))
    return [rest for rest in rests if len(rest) == count]


def _likeness(heard: str, wanted: str) -> float:
    # Its dictionary of readings takes half a second to load, and only misheard wordings need it.
    from pronunciation.similarity import best_likeness  # noqa: PLC0415

    return best_likeness(heard, wanted, gap=_MOST_BETWEEN)
