"""What a head must not take for what was said: one syllable changed, all else as it was."""

import random
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pronunciation.contrasts import rivals
from pronunciation.inventory import INDEX, NO_INITIAL, SYLLABLES, SYMBOLS, symbols_of
from pronunciation.syllable import Syllable

TONES = (1, 2, 3, 4)


def rival_symbols(symbols: NDArray[np.int64], dice: random.Random) -> NDArray[np.int64]:
    """Change one syllable to one it is mistaken for; where none can be, return the labels.

    Parameters
    ----------
    symbols : np.ndarray [shape=(2 * n_syllables,), int64]
        Places in `SYMBOLS`.
    dice : random.Random

    Returns
    -------
    np.ndarray [shape=(2 * n_syllables,), int64]

    Examples
    --------
    >>> changed = rival_symbols(np.array([INDEX["zh"], INDEX["iii"]]), random.Random(0))
    >>> [SYMBOLS[number] for number in changed]
    ['z', 'ii']
    """
    places = [
        place
        for place in range(0, len(symbols), 2)
        if _mistaken_for(int(symbols[place]), int(symbols[place + 1]))
    ]
    if not places:
        return symbols
    place = dice.choice(places)
    changed = symbols.copy()
    changed[place : place + 2] = dice.choice(
        _mistaken_for(int(symbols[place]), int(symbols[place + 1]))
    )
    return changed


@cache
def _mistaken_for(initial: int, final: int) -> list[tuple[int, int]]:
    names = SYMBOLS[initial], SYMBOLS[final]
    if names not in SYLLABLES:
        return []
    syllable = Syllable(
        names[0].replace(NO_INITIAL, ""), {"ii": "i", "iii": "i"}.get(names[1], names[1]), 1
    )
    pairs = [symbols_of(rival.said) for rival in rivals(syllable)]
    return [(INDEX[one], INDEX[other]) for one, other in pairs]


def another_tone(tones: NDArray[np.int64], dice: random.Random) -> NDArray[np.int64]:
    """Change one tone to another; the neutral tone stays."""
    places = np.flatnonzero(tones <= max(TONES))
    if not len(places):
        return tones
    changed = tones.copy()
    place = dice.choice(list(places))
    changed[place] = dice.choice([tone for tone in TONES if tone != tones[place]])
    return changed
