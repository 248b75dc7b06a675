"""A few prompts out of many that together have all that is needed."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from pronunciation.contexts import BY_KEY, contexts_of, sound_of
from pronunciation.inventory import symbols_of
from pronunciation.prompts import Prompt
from pronunciation.syllable import Syllable
from pronunciation.word import ERHUA

#: What a test must have so often: ("initial", "zh"), ("final", "ong"), ("sh_s.a", "sh").
Unit = tuple[str, str]
#: In place of a sound: whichever of the two.
EITHER = ""

_CHANCE = 0.5  # of one needed unit's worth: what makes two draws differ
_BALANCE = 1.5  # of one needed unit's worth, for a tone that was not drawn yet
_RARE = 20.0  # what only so many prompts have is worth twice as much
_MOST_RARE = 5.0


def units_of(syllable: Syllable) -> tuple[Unit, ...]:
    """Name what a syllable gives to a test.

    Examples
    --------
    >>> units_of(Syllable.parse("sha1"))
    (('initial', 'sh'), ('final', 'a'), ('sh_s.a', 'sh'), ('sh_s.a', ''))
    """
    initial, final = symbols_of(syllable)
    contexts = contexts_of(syllable)
    sides = [(context.key, sound_of(context, syllable)) for context in contexts]
    either = [(context.key, EITHER) for context in contexts]
    return (("initial", initial), ("final", final), *sides, *either)


def units_in(prompt: Prompt) -> Counter[Unit]:
    """Count what a prompt gives; the finals that 儿化 changes are left out.

    Examples
    --------
    >>> sorted(units_in(Prompt.of("玩儿", "wan2 er5")))
    [('initial', '0')]
    """
    return Counter(
        unit
        for place, syllable in enumerate(prompt.syllables)
        if syllable != ERHUA
        for unit in units_of(syllable)
        if not (place in prompt.coloured and unit[0] != "initial")
    )


@dataclass(frozen=True)
class Pool:
    """Prompts to draw from.

    Attributes
    ----------
    entries : tuple of tuple
        Each prompt with its units and how often it has each.
    worth : dict of Unit to float
        What is rare in the pool is worth more: it is drawn while there is still room.
    """

    entries: tuple[tuple[Prompt, tuple[tuple[Unit, int], ...]], ...]
    worth: dict[Unit, float]

    @classmethod
    def of(cls, prompts: Iterable[Prompt]) -> Self:
        """Prepare some prompts."""
        entries = tuple((prompt, tuple(units_in(prompt).items())) for prompt in prompts)
        supply = Counter(unit for _, units in entries for unit, _ in units)
        return cls(entries, {unit: _worth_of(unit, number) for unit, number in supply.items()})


def _worth_of(unit: Unit, supply: int) -> float:
    if unit[0] in {"initial", "final"}:
        return 2 * min(1 + _RARE / supply, _MOST_RARE)
    return float(BY_KEY[unit[0]].weight)


class Draw:
    """Prompts drawn one after the other, each for what is still missing.

    Parameters
    ----------
    rng : random.Random
    needs : mapping of Unit to int
        How often each is needed.
    then : mapping of Unit to int, optional
        What is wanted once all of that is there.
    """

    def __init__(
        self, rng: random.Random, needs: Mapping[Unit, int], then: Mapping[Unit, int] | None = None
    ) -> None:
        self._rng = rng
        self._missing, self._then = dict(needs), dict(then or {})
        self._tones: Counter[int] = Counter()
        self._known: set[str] = set()
        self.drawn: list[Prompt] = []

    def take(self, pool: Pool, number: int) -> None:
        """Draw some prompts from a pool, none twice; fewer where the pool has no more."""
        for _ in range(number):
            left = [one for one in pool.entries if one[0].text not in self._known]
            if not left:
                return
            if not self._missing:
                self._missing, self._then = self._then, {}
            prompt, units = max(left, key=lambda one: self._worth(pool, *one))
            self.drawn.append(prompt)
            self._known.add(prompt.text)
            self._tones.update(syllable.tone for syllable in prompt.syllables)
            for unit, times in units:
                if unit in self._missing:
                    self._missing[unit] -= times
                    if self._missing[unit] <= 0:
                        del self._missing[unit]

    def rarest_tone(self, tones: Sequence[int]) -> int:
        """Tell which tone was drawn least often."""
        return min(tones, key=lambda tone: (self._tones[tone], self._rng.random()))

    def _worth(self, pool: Pool, prompt: Prompt, units: Iterable[tuple[Unit, int]]) -> float:
        missing, worth = self._missing, pool.worth
        needed = sum(
            min(times, missing[unit]) * worth[unit] for unit, times in units if unit in missing
        )
        share = 4 / (1 + len(self.drawn))
        tones = [self._tones[syllable.tone] for syllable in prompt.syllables]
        rare = 1 - share * sum(tones) / len(tones)
        return needed + _BALANCE * rare + _CHANCE * self._rng.random()
