"""A customer's own rule as a value: conditions, where each may hold, and how they are joined."""

from dataclasses import dataclass
from enum import StrEnum

from asr.transcript import Channel
from qa_app.checks.expressions import Expression
from qa_app.checks.finding import DataType

PREFIX = "custom_"


class Match(StrEnum):
    """How many of the keywords are needed."""

    ANY = "any"
    ALL = "all"
    AT_LEAST = "at_least"
    NONE = "none"


class Side(StrEnum):
    """On which side of another condition."""

    BEFORE = "before"
    AFTER = "after"
    AROUND = "around"


class Which(StrEnum):
    """Which of the places of another condition; any one will do unless it is said."""

    ANY = "any"
    FIRST = "first"
    LAST = "last"


class Severity(StrEnum):
    """What a finding does: shows itself, proposes a deduction, or counts for the machine too."""

    PROMPT = "prompt"
    PROPOSE = "propose"
    DEDUCT = "deduct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """Words said, or not said; `spread` counts them over the whole range, not one utterance."""

    words: tuple[str, ...]
    match: Match = Match.ANY
    count: int = 1
    spread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """Something said that is close to one of the examples."""

    examples: tuple[str, ...]
    score: int = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A pattern that occurs where the excluding one does not."""

    pattern: str
    excluding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repetition:
    """The same said again: the n-th time within some utterances of that side."""

    times: int = 3
    within: int = 5
    score: int = 80
    minimum_characters: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """Personal data of one of the kinds, whoever it belongs to."""

    kinds: tuple[DataType, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody speaks after an utterance of that side."""

    longer_than_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An utterance spoken faster or slower than a bound."""

    above_cpm: float | None = None
    below_cpm: float | None = None
    minimum_characters: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """That side begins while the other still speaks, and both go on."""

    longer_than_s: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Another rule found something."""

    rule: str


Sought = Keywords | Similar | Pattern | Repetition | Entity | Silence | Rate | Overlap | Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Where a condition may hold.

    `first` and `last` count that side's utterances from 1; negative ones count from the end.
    """

    channel: Channel | None = None
    first: int | None = None
    last: int | None = None
    first_s: float | None = None
    last_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Near what a condition must hold: so many utterances or seconds from another one."""

    condition: str
    side: Side
    which: Which = Which.ANY
    utterances: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One thing that must be heard, where, and near what."""

    id: str
    sought: Sought
    range: Range = Range()
    anchor: Anchor | None = None

    @property
    def is_absence(self) -> bool:
        """Whether it holds by what is not there, so that nothing can stand near it."""
        return isinstance(self.sought, Keywords) and self.sought.match is Match.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class CompositeRule:
    """A customer's rule; `clause` names the line of the scorecard that it falls under."""

    slug: str
    title: str
    conditions: tuple[Condition, ...]
    expression: Expression
    written: str
    severity: Severity = Severity.PROMPT
    clause: str = ""
    on: bool = True

    @property
    def name(self) -> str:
        """The rule's name among all rules."""
        return PREFIX + self.slug

    def condition(self, name: str) -> Condition:
        """Return the condition of this id."""
        return next(one for one in self.conditions if one.id == name)
