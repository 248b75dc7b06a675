"""How much evidence makes a mistake: the limits that verdicts rest on, read from data."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from pronunciation.verdict import Verdict

LIMITS_FILE = Path(__file__).parent / "data" / "limits.json"
_CERTAINTY_AT_LIMIT = 0.4
_MOST_STEPS = 30.0


@dataclass(frozen=True, slots=True)
class Limit:
    """Where correct ends and wrong begins, in nats of evidence.

    Attributes
    ----------
    wrong : float
        Less evidence than this is a mistake.
    unclear : float >= wrong
        Less than this, and no mistake, is unclear.
    scale : float > 0
        How many nats change the certainty from a half to about three quarters.
    """

    wrong: float
    unclear: float
    scale: float

    def judge(self, evidence: float) -> Verdict:
        """Give the verdict for some evidence."""
        if evidence < self.wrong:
            return Verdict.WRONG
        return Verdict.UNCLEAR if evidence < self.unclear else Verdict.CORRECT

    def certainty(self, evidence: float) -> float:
        """Tell how sure it is that the sound was right, in [0, 1]; 0.6 at the limit of correct."""
        steps = (evidence - self.unclear) / self.scale + _CERTAINTY_AT_LIMIT
        return 1 / (1 + math.exp(-min(max(steps, -_MOST_STEPS), _MOST_STEPS)))


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of everything that is judged.

    Attributes
    ----------
    pairs : dict of str to Limit
        For each pair of sounds, the expected one first: "in>ing" and "ing>in".
    tones : dict of str to Limit
        For each expected tone, "1" to "4".
    other : Limit
        For anything else that was heard in the place of a syllable.
    omitted : Limit
        For nothing heard there.
    strange_share : float in [0, 1]
        If more of the syllables than this were something else, another text was read.
    """

    pairs: Mapping[str, Limit]
    tones: Mapping[str, Limit]
    other: Limit
    omitted: Limit
    strange_share: float

    @classmethod
    def load(cls, path: Path = LIMITS_FILE) -> Self:
        """Read the limits that the product ships, or others."""
        held: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return cls(
            {pair: Limit(**limit) for pair, limit in held["pairs"].items()},
            {tone: Limit(**limit) for tone, limit in held["tones"].items()},
            Limit(**held["other"]),
            Limit(**held["omitted"]),
            held["strange_share"],
        )

    def of_pair(self, expected: str, rival: str) -> Limit:
        """Return the limits for taking one initial or final for another."""
        return self.pairs[f"{expected}>{rival}"]

    def of_tone(self, expected: int) -> Limit:
        """Return the limits for a tone."""
        return self.tones[str(expected)]
