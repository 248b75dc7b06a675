"""Personal data as it was recognised, before it is known whose it is."""

from dataclasses import dataclass

from qa_app.checks.finding import DataType, Span, Tier


@dataclass(frozen=True, slots=True)
class Sighting:
    """A piece of personal data in a conversation."""

    data_type: DataType
    spans: tuple[Span, ...]
    value: str
    confidence: float
    tier: Tier
    basis: str  # by which check it was recognised, in Chinese
    candidates: tuple[str, ...] = ()  # other readings of the same sounds
