"""What a rule without settings takes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoOptions:
    """Nothing to set."""
