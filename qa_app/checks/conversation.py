"""A call as the rules see it: who said what, when."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from asr.transcript import Channel, Utterance
from qa_app.checks.finding import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardDigits:
    """Digits that the sounds of an utterance say, whatever its text says."""

    utterance: int
    digits: str
    #: Of each digit: the characters written at that moment, when it begins, and how well it fits
    #: the sound next to any other symbols (0 is best, in nats).
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    starts_s: tuple[float, ...]
    evidence: tuple[float, ...]

    @classmethod
    def from_dict(cls, kept: dict[str, Any]) -> Self:
        """Read what `Heard.to_dict` wrote."""
        lists = ("starts", "ends", "starts_s", "evidence")
        return cls(**{**kept, **{name: tuple(kept[name]) for name in lists}})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardTerm:
    """A listed word that the sounds of an utterance say, whatever its text says."""

    utterance: int
    term: str
    start: int
    end: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read off the sounds of a call."""

    digits: tuple[HeardDigits, ...] = ()
    terms: tuple[HeardTerm, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Write it down for the database."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: dict[str, Any] | None) -> Self:
        """Read what `to_dict` wrote; nothing was heard where nothing was written."""
        kept = kept or {}
        return cls(
            digits=tuple(HeardDigits.from_dict(one) for one in kept.get("digits", ())),
            terms=tuple(HeardTerm(**one) for one in kept.get("terms", ())),
        )


_NOTHING_HEARD = Heard()


@dataclass(frozen=True)
class Conversation:
    """The utterances of one call in time order.

    `timed` is false for text without sound: rules that measure time then find nothing.
    """

    channels: int
    duration_s: float
    utterances: tuple[Utterance, ...]
    timed: bool = True
    heard: Heard = _NOTHING_HEARD

    def __hash__(self) -> int:
        """Hash few fields: long calls are looked up often and differ early."""
        return hash((self.channels, self.duration_s, len(self.utterances), self.utterances[:2]))

    @property
    def knows_roles(self) -> bool:
        """Whether any utterance is known to be the agent's."""
        return any(said.channel is Channel.AGENT for said in self.utterances)

    def spoken_by(self, channel: Channel) -> list[int]:
        """Return the positions of one side's utterances."""
        return [i for i, said in enumerate(self.utterances) if said.channel is channel]

    def quote(self, spans: Sequence[Span]) -> str:
        """Return the words that the spans cover, with an ellipsis between distant ones."""
        return "…".join(self.utterances[s.utterance].text[s.start : s.end] for s in spans)

    def times_of(self, spans: Sequence[Span]) -> tuple[float, float]:
        """Start and end in seconds of what the spans cover."""
        return self._times(spans[0])[0], self._times(spans[-1])[1]

    def _times(self, span: Span) -> tuple[float, float]:
        said = self.utterances[span.utterance]
        position, times = 0, []
        for word in said.words:
            found = said.text.find(word.text, position)
            if found < 0:
                continue
            position = found + len(word.text)
            if found < span.end and span.start < position:
                times.append((word.start_s, word.end_s))
        if times:
            return times[0][0], times[-1][1]
        # Without word times the place in the text tells the place in time well enough to listen.
        rate = (said.end_s - said.start_s) / max(1, len(said.text))
        return said.start_s + rate * span.start, said.start_s + rate * span.end
