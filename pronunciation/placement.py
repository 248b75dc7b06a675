"""A placement test in the form of parts 1, 2 and 4 of 普通话水平测试, or a short one.

Each form is drawn from the shipped pools by a seed alone: the same seed gives the same form on
every machine, another seed a parallel one.

References
----------
普通话水平测试大纲 (教语用〔2003〕2号): 读单音节字词 (100 syllables, no neutral tone and no 儿化,
each initial at least three times, each final at least twice, tones in balance), 读多音节词语 (100
syllables, at least three 上+上, four 上 before another tone, three neutral, four 儿化), 朗读短文
(400 syllables).
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

from pronunciation.contexts import CONTEXTS
from pronunciation.inventory import NO_INITIAL, SYLLABLES
from pronunciation.minimal_pairs import characters
from pronunciation.prompts import Prompt, prompts_of, rows_of
from pronunciation.selection import EITHER, Draw, Pool, Unit, units_in
from pronunciation.word import ERHUA

NEUTRAL = 5
_TONES = (1, 2, 3, 4)
_MOST_TRIES = 40
_HARD = 3  # the weight of contexts where both sounds are asked for, however short the test
_SENTENCE = re.compile(r"[^。！？]+[。！？]”?")


class Length(StrEnum):
    """How long a test is: as the outline has it, or of five minutes."""

    FULL = "full"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class _Plan:
    """How many of each; the kinds of words are those of `kind_of`."""

    characters: int
    words: Mapping[str, int]
    passage_syllables: int


_PLANS = {
    Length.FULL: _Plan(
        100,
        {
            "rhotic": 4,
            "neutral": 4,
            "three": 2,
            "four": 1,
            "third_third": 4,
            "third_other": 5,
            "other": 28,
        },
        400,
    ),
    Length.SHORT: _Plan(
        40,
        {"rhotic": 1, "neutral": 2, "third_third": 1, "third_other": 1, "other": 15},
        100,
    ),
}


@dataclass(frozen=True)
class Form:
    """One test.

    Attributes
    ----------
    seed : int
    length : Length
    characters : tuple of Prompt
        Part 1: one character each.
    words : tuple of Prompt
        Part 2.
    title : str
        Of the passage.
    passage : tuple of Prompt
        Part 4: whole sentences in order.
    """

    seed: int
    length: Length
    characters: tuple[Prompt, ...]
    words: tuple[Prompt, ...]
    title: str
    passage: tuple[Prompt, ...]


def draw_form(seed: int, length: Length = Length.FULL) -> Form:
    """Draw a test.

    Parameters
    ----------
    seed : int
    length : Length, optional

    Returns
    -------
    Form

    Examples
    --------
    >>> form = draw_form(7, Length.SHORT)
    >>> len(form.characters), len(form.words), form == draw_form(7, Length.SHORT)
    (40, 20, True)
    """
    plan = _PLANS[length]
    titles = sorted(passages())
    title = titles[seed % len(titles)]
    for attempt in range(_MOST_TRIES):
        rng = random.Random(f"{length} {seed} {attempt}")  # noqa: S311 - a form is no secret
        single = _characters(rng, plan, length)
        words = _words(rng, plan, length, context_needs(length) - _all_units(single))
        if not _missing(length, single, words):
            break
    passage = _beginning(passages()[title], plan.passage_syllables)
    return Form(seed, length, single, words, title, passage)


@cache
def passages() -> dict[str, tuple[Prompt, ...]]:
    """Return the passages by title, each in sentences.

    Examples
    --------
    >>> sum(sentence.length for sentence in passages()["老街的早晨"]) >= 400
    True
    """
    found: dict[str, tuple[Prompt, ...]] = {}
    for title, paragraph, pinyin in rows_of("passages.tsv"):
        whole = Prompt.of(paragraph, pinyin)
        found[title] = found.get(title, ()) + _sentences(whole)
    return found


def _sentences(paragraph: Prompt) -> tuple[Prompt, ...]:
    sentences, begin = [], 0
    for text in _SENTENCE.findall(paragraph.text):
        end = begin + sum(character.isalpha() for character in text)
        sentences.append(Prompt(text, paragraph.syllables[begin:end]))
        begin = end
    return tuple(sentences)


def _beginning(sentences: Sequence[Prompt], syllables: int) -> tuple[Prompt, ...]:
    taken: list[Prompt] = []
    for sentence in sentences:
        if sum(one.length for one in taken) >= syllables:
            break
        taken.append(sentence)
    return tuple(taken)


@cache
def outline_needs() -> Counter[Unit]:
    """Ask for each initial thrice and each final twice, as the outline does.

    Examples
    --------
    >>> outline_needs()["initial", "zh"], outline_needs()["final", "ueng"]
    (3, 2)
    """
    initials = {("initial", initial): 3 for initial, _ in SYLLABLES if initial != NO_INITIAL}
    return Counter(initials | {("final", final): 2 for _, final in SYLLABLES})


@cache
def context_needs(length: Length) -> Counter[Unit]:
    """Ask for both sounds of each context; in the short test where speakers fail most.

    Examples
    --------
    >>> context_needs(Length.SHORT)["in_ing.zero", "ing"]
    1
    >>> context_needs(Length.SHORT)["r_l.hekou", EITHER]
    1
    """
    return Counter(
        (context.key, sound)
        for context in CONTEXTS
        for sound in (
            context.sounds if length is Length.FULL or context.weight == _HARD else [EITHER]
        )
    )


def _outline(length: Length) -> Counter[Unit]:
    return outline_needs() if length is Length.FULL else Counter()


def _all_units(prompts: Iterable[Prompt]) -> Counter[Unit]:
    return sum((units_in(prompt) for prompt in prompts), Counter())


def _missing(length: Length, single: Sequence[Prompt], words: Sequence[Prompt]) -> bool:
    ones, others = _all_units(single), _all_units(words)
    outline = _outline(length)
    return bool(outline - ones or outline - others or context_needs(length) - (ones + others))


def _characters(rng: random.Random, plan: _Plan, length: Length) -> tuple[Prompt, ...]:
    draw = Draw(rng, _outline(length) + context_needs(length))
    for _ in range(plan.characters):
        draw.take(_pool_of_tone(draw.rarest_tone(_TONES)), 1)
    return _apart([_other_character(one, rng) for one in draw.drawn], rng)


@cache
def _pool_of_tone(tone: int) -> Pool:
    return Pool.of(
        Prompt(text[0], (syllable,))
        for syllable, text in characters().items()
        if syllable.tone == tone
    )


def _other_character(prompt: Prompt, rng: random.Random) -> Prompt:
    (syllable,) = prompt.syllables
    return Prompt(rng.choice(characters()[syllable]), prompt.syllables)


def _apart(prompts: Sequence[Prompt], rng: random.Random) -> tuple[Prompt, ...]:
    """Put them in an order in which no neighbours share an initial or a final."""
    left = list(prompts)
    rng.shuffle(left)
    ordered: list[Prompt] = []
    while left:
        at = next((at for at, one in enumerate(left) if not _alike(ordered[-1:], one)), 0)
        ordered.append(left.pop(at))
    return tuple(ordered)


def _alike(before: Sequence[Prompt], prompt: Prompt) -> bool:
    new = prompt.syllables[0]
    return any(
        old.final == new.final or (old.initial == new.initial and old.initial)
        for one in before
        for old in one.syllables
    )


def _words(
    rng: random.Random, plan: _Plan, length: Length, lacking: Counter[Unit]
) -> tuple[Prompt, ...]:
    draw = Draw(rng, _outline(length) + lacking, then=context_needs(length))
    for kind, number in plan.words.items():
        draw.take(_word_pools()[kind], number)
    rng.shuffle(draw.drawn)
    return tuple(draw.drawn)


@cache
def _word_pools() -> dict[str, Pool]:
    pools: dict[str, list[Prompt]] = {}
    for word in prompts_of("words.tsv"):
        pools.setdefault(kind_of(word), []).append(word)
    pools["other"] += pools["third_other"]
    return {kind: Pool.of(words) for kind, words in pools.items()}


def kind_of(word: Prompt) -> str:
    """Tell what a word is asked for in part 2.

    Examples
    --------
    >>> [kind_of(Prompt.of("", pinyin)) for pinyin in ("shui3 guo3", "lao3 shi1", "dong1 xi5")]
    ['third_third', 'third_other', 'neutral']
    """
    tones = [syllable.tone for syllable in word.syllables]
    if word.coloured:
        return "rhotic" if word.length == 2 else "long_rhotic"
    if NEUTRAL in tones:
        return "neutral"
    if len(tones) != 2:
        return {3: "three", 4: "four"}.get(len(tones), "long")
    if tones[0] == 3:
        return "third_third" if tones[1] == 3 else "third_other"
    return "other"


def third_tones_in(words: Iterable[Prompt]) -> Counter[str]:
    """Count 上+上 and 上 before another tone in some words, neutral tones left out.

    Examples
    --------
    >>> third_tones_in([Prompt.of("展览馆", "zhan3 lan3 guan3")])["third_third"]
    2
    """
    return Counter(
        "third_third" if after.tone == 3 else "third_other"
        for word in words
        for before, after in pairwise(word.syllables)
        if before.tone == 3 and after.tone != NEUTRAL and after != ERHUA
    )
