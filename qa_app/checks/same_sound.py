"""Oaths that the speech model wrote with other characters of the same sound.

踏马的 is 他妈的. Ordinary words sound like oaths too, so a stretch counts only if it is made of
pieces that are no words, and it is never more than suspected: a person listens.
"""

import re
from collections.abc import Iterator
from functools import cache

from qa_app.checks.dictionaries import rows_of
from qa_app.checks.words import split_words

# Verbs and particles that stand in ordinary sentences of the same sound: 他骂的, 你拿的吗.
_ORDINARY = "骂吗嘛打拿去取趣"


@cache
def _sounds() -> re.Pattern[str]:
    terms = [
        "".join(
            f"[{''.join(c for c in characters if c == own or c not in _ORDINARY)}]"
            for own, characters in zip(term, line.split(), strict=True)
        )
        for term, line in rows_of("abuse_sounds.tsv")
    ]
    return re.compile("|".join(terms))


@cache
def _listed() -> frozenset[str]:
    return frozenset(term for term, _ in rows_of("abuse_sounds.tsv"))


def same_sound_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that sound like a listed term and are no words of their own."""
    found = [match.span() for match in _sounds().finditer(text)]
    if not found:
        return
    borders, starts = {0}, {}
    position = 0
    for word in split_words(text):
        starts[position] = word
        position += len(word)
        borders.add(position)
    for start, end in found:
        heard = text[start:end]
        words = [word for at, word in starts.items() if start <= at < end]
        if heard in _listed() or not {start, end} <= borders:
            continue
        if all(len(word) == 1 for word in words) or (len(words) > 1 and len(heard) > 3):
            yield start, end
