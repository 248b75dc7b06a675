"""What a rule without settings takes, and what several rules share of a site's settings."""

from dataclasses import dataclass, field

from qa_app.checks.house import HousePolicy, HouseWords


@dataclass(frozen=True, slots=True)
class NoOptions:
    """Nothing to set."""


@dataclass(frozen=True, slots=True)
class LeakOptions(NoOptions):
    """Whose numbers the site knows, and what it allows."""

    policy: HousePolicy = field(default_factory=HousePolicy)


@dataclass(frozen=True, slots=True)
class WordOptions(NoOptions):
    """The site's changes to the dictionaries."""

    words: HouseWords = field(default_factory=HouseWords)
