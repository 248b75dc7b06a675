"""Oaths and insults that the sounds say where the text says something else."""

from collections.abc import Iterator, Mapping
from functools import cache

from pronunciation.reading import read_character
from pronunciation.syllable import Syllable
from qa_app.checks.conversation import Conversation, HeardTerm
from qa_app.checks.dictionaries import rows_of

#: Shorter words stand in others by chance.
_LEAST_SYLLABLES = 2
#: Characters beside the place of a term in which the text may have written it.
_BESIDE = 2
_SAID_OF_ANYBODY = frozenset({"swear", "insult"})


@cache
def spoken_terms() -> Mapping[str, tuple[Syllable, ...]]:
    """Return the listed words that are listened for, one of those that sound alike."""
    terms: dict[tuple[tuple[str, str], ...], tuple[str, tuple[Syllable, ...]]] = {}
    for term, tier in rows_of("abuse.tsv"):
        syllables = tuple(map(read_character, term))
        if tier not in _SAID_OF_ANYBODY or len(term) < _LEAST_SYLLABLES or None in syllables:
            continue
        spoken = tuple(syllable for syllable in syllables if syllable is not None)
        terms.setdefault(_sounds(spoken), (term, spoken))
    return dict(terms.values())


def unwritten_terms(conversation: Conversation) -> Iterator[tuple[HeardTerm, str]]:
    """Yield the words that were heard and are not in the text there, each with its tier.

    What the text writes, with whatever characters, is for the rules on text to judge: they know
    the words around it.
    """
    tiers = dict(rows_of("abuse.tsv"))
    for heard in conversation.heard.terms:
        text = conversation.utterances[heard.utterance].text
        near = text[max(0, heard.start - _BESIDE) : heard.end + _BESIDE]
        written = tuple(s for s in map(read_character, near) if s is not None)
        wanted = _sounds(spoken_terms()[heard.term])
        if not _holds(_sounds(written), wanted):
            yield heard, tiers[heard.term]


def _sounds(syllables: tuple[Syllable, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((syllable.initial, syllable.final) for syllable in syllables)


def _holds(whole: tuple[tuple[str, str], ...], part: tuple[tuple[str, str], ...]) -> bool:
    return any(whole[i : i + len(part)] == part for i in range(len(whole) - len(part) + 1))
