"""How rude an agent's words are as a whole: what each short run of characters adds to it.

Patterns know what has been said before; a rude sentence that nobody wrote down is told by many
small signs together (你, 还, 又, 呗 …), each with a weight in `service_cues.tsv`.
"""

import re
from dataclasses import dataclass
from functools import cache

from qa_app.checks.dictionaries import rows_of

_NOT_SPOKEN = re.compile(r"[\W_]+")
_SPOKEN = re.compile(r"[^\W_]")
_START = ""  # the row of the weight that every stretch starts with
_LONGEST_CUE = 3
#: Characters that are weighed together, and the step to the next such stretch of a long utterance.
_STRETCH, _STEP = 24, 12
#: Thousandths; see the false alarms that benchmarks/checks_cues.py prints.
RUDE_FROM = 1500
#: Below it no pattern is tried: ordinary talk, which is nearly everything, stays quick.
INNOCENT_BELOW = -3500


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text and what its cues weigh together."""

    weight: int
    start: int
    end: int


@cache
def _weights() -> dict[str, int]:
    return {cue: int(weight) for cue, weight in rows_of("service_cues.tsv")}


def cues_of(text: str) -> frozenset[str]:
    """Return the runs of one to three characters, the edges of the text among them.

    >>> sorted(cues_of("好"))
    ['$', '^', '^好', '^好$', '好', '好$']
    """
    edged = f"^{text}$"
    return frozenset(
        edged[at : at + length]
        for length in range(1, _LONGEST_CUE + 1)
        for at in range(len(edged) - length + 1)
    )


def plain(text: str) -> str:
    """Return the text as the cues know it: without marks, which a speech model may leave out."""
    return _NOT_SPOKEN.sub("", text)


def heaviest(text: str) -> Stretch:
    """Return the stretch of the text whose cues weigh most."""
    places = [match.start() for match in _SPOKEN.finditer(text)]
    spoken, weights = plain(text), _weights()
    found = Stretch(weights[_START], 0, 0)
    for start in range(0, len(spoken) - _STRETCH + _STEP if len(spoken) > _STRETCH else 1, _STEP):
        stretch = spoken[start : start + _STRETCH]
        weight = weights[_START] + sum(weights.get(cue, 0) for cue in cues_of(stretch))
        if stretch and (weight > found.weight or not found.end):
            found = Stretch(weight, places[start], places[start + len(stretch) - 1] + 1)
    return found
