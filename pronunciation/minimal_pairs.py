"""Pairs that differ in one sound alone: what is listened to and said to learn a contrast."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from pronunciation.contexts import CONTEXTS, Context, context_of, sound_of
from pronunciation.contrasts import Contrast, rivals
from pronunciation.prompts import Prompt, rows_of
from pronunciation.syllable import Syllable

#: So many pairs of characters for one pair of syllables.
_CHARACTERS_A_PAIR = 2


@dataclass(frozen=True)
class MinimalPair:
    """Two prompts with the same tones that differ in one initial or final.

    Attributes
    ----------
    context : Context
        What they train.
    first, second : Prompt
        In the order of `context.sounds`.
    place : int
        Which syllable differs.
    """

    context: Context
    first: Prompt
    second: Prompt
    place: int


@cache
def characters() -> Mapping[Syllable, str]:
    """Return common characters without another common reading, by syllable.

    Examples
    --------
    >>> characters()[Syllable.parse("shan1")][0]
    '山'
    """
    return {Syllable.parse(pinyin): text for pinyin, text in rows_of("characters.tsv")}


@cache
def syllable_pairs() -> Mapping[str, tuple[MinimalPair, ...]]:
    """Return the pairs of single characters, by context key.

    Examples
    --------
    >>> pair = syllable_pairs()["sh_s.a"][0]
    >>> pair.first.text, pair.second.text
    ('傻', '洒')
    """
    found: dict[str, list[MinimalPair]] = defaultdict(list)
    known = characters()
    for syllable in known:
        for rival in rivals(syllable):
            context = context_of(syllable, rival.contrast)
            if (
                context
                and rival.said in known
                and sound_of(context, syllable) == context.sounds[0]
                and not _differs_twice(rival.contrast, syllable)
            ):
                found[context.key] += _paired(context, syllable, rival.said)
    return _in_order(found)


@cache
def word_pairs() -> Mapping[str, tuple[MinimalPair, ...]]:
    """Return the pairs of words of two syllables, by context key.

    Examples
    --------
    >>> [(one.first.text, one.second.text) for one in word_pairs()["n_l.hekou"]]
    [('暴怒', '暴露'), ('浓重', '隆重'), ('小农', '小龙')]
    """
    found: dict[str, list[MinimalPair]] = defaultdict(list)
    for text, pinyin, other_text, other_pinyin in rows_of("word_pairs.tsv"):
        first, second = Prompt.of(text, pinyin), Prompt.of(other_text, other_pinyin)
        (place,) = (
            place
            for place, (one, other) in enumerate(
                zip(first.syllables, second.syllables, strict=True)
            )
            if one != other
        )
        syllable = first.syllables[place]
        contrast = next(
            rival.contrast for rival in rivals(syllable) if rival.said == second.syllables[place]
        )
        context = context_of(syllable, contrast)
        assert context is not None  # noqa: S101 - a rival always has its context
        found[context.key].append(MinimalPair(context, first, second, place))
    return _in_order(found)


def _differs_twice(contrast: Contrast, syllable: Syllable) -> bool:
    """Tell pairs like 日 and 力: who hears them apart may hear the vowels."""
    return contrast is Contrast.R_L and syllable.final == "i"


def _paired(context: Context, syllable: Syllable, other: Syllable) -> list[MinimalPair]:
    ours, theirs = characters()[syllable], characters()[other]
    number = min(max(len(ours), len(theirs)), _CHARACTERS_A_PAIR)
    return [
        MinimalPair(
            context,
            Prompt(ours[at % len(ours)], (syllable,)),
            Prompt(theirs[at % len(theirs)], (other,)),
            0,
        )
        for at in range(number)
    ]


def _in_order(found: Mapping[str, Sequence[MinimalPair]]) -> dict[str, tuple[MinimalPair, ...]]:
    return {context.key: tuple(found.get(context.key, ())) for context in CONTEXTS}
