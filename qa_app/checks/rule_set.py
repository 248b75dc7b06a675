"""What a site changes in the rules it was shipped: one frozen value, without any database.

Only changes are kept, so that better dictionaries of a new release reach every site.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from qa_app.checks.composite import CompositeRule


class WordTier(StrEnum):
    """How bad a listed word is."""

    SWEAR = "swear"
    INSULT = "insult"
    MILD = "mild"


class Policy(StrEnum):
    """What a site makes of something that is no fault everywhere."""

    ALLOWED = "allowed"
    FINDING = "finding"


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """A word of the dictionary with its tier."""

    text: str
    tier: WordTier = WordTier.SWEAR


@dataclass(frozen=True, slots=True, order=True)
class Phrase:
    """What an agent must not say, with simple slots, under its category."""

    category: str
    text: str


@dataclass(frozen=True, slots=True, order=True)
class InternalPhone:
    """A leader's or a department's number, which no customer may have."""

    name: str
    department: str
    number: str


@dataclass(frozen=True, slots=True)
class Wordings:
    """A shipped list of wordings, as a site changed it."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def of(self, shipped: Iterable[str]) -> tuple[str, ...]:
        """Return the shipped list with the changes made."""
        kept = tuple(one for one in shipped if one not in self.removed)
        return kept + tuple(one for one in self.added if one not in kept)

    @classmethod
    def between(cls, shipped: Iterable[str], wanted: Iterable[str]) -> "Wordings":
        """Return what turns the shipped list into the wanted one."""
        before, after = tuple(shipped), tuple(dict.fromkeys(wanted))
        return cls(
            added=tuple(one for one in after if one not in before),
            removed=tuple(one for one in before if one not in after),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Bounds of the timing rules; an empty one is as shipped."""

    silence_s: float | None = None
    announced_silence_s: float | None = None
    overlap_s: float | None = None
    rate_high_cpm: float | None = None
    rate_low_cpm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """All that an administrator may change."""

    off: frozenset[str] = frozenset()
    words_added: tuple[Word, ...] = ()
    words_removed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    thresholds: Thresholds = field(default_factory=Thresholds)
    agent_holds: Wordings = field(default_factory=Wordings)
    customer_holds: Wordings = field(default_factory=Wordings)
    greetings: Wordings = field(default_factory=Wordings)
    closings: Wordings = field(default_factory=Wordings)
    public_numbers: tuple[str, ...] = ()
    directory: tuple[InternalPhone, ...] = ()
    readback: Policy = Policy.ALLOWED
    own_mobile: Policy = Policy.ALLOWED
    composites: tuple[CompositeRule, ...] = ()

    def is_on(self, rule: str) -> bool:
        """Tell whether a rule is run."""
        return rule not in self.off

    def composite(self, rule: str) -> CompositeRule | None:
        """Return the site's own rule of this name."""
        return next((one for one in self.composites if one.name == rule), None)


SHIPPED = RuleSet()
