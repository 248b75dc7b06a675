"""What was said in a call, by whom and when: frozen values, times in seconds."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """One side's sound.

    Examples
    --------
    >>> Channel("agent") is Channel.AGENT
    True
    """

    AGENT = "agent"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"

    @property
    def other(self) -> "Channel":
        """The opposite side; the unknown stays unknown.

        Examples
        --------
        >>> Channel.AGENT.other
        <Channel.CUSTOMER: 'customer'>
        """
        if self is Channel.UNKNOWN:
            return self
        return Channel.CUSTOMER if self is Channel.AGENT else Channel.AGENT


@dataclass(frozen=True, slots=True)
class Word:
    """The smallest piece of text with a time: one Han character, or one word in Latin letters.

    Parameters
    ----------
    text : str
        The characters, with the punctuation that follows them.
    start_s, end_s : float
        Span in seconds from the start of the call, end not included.
    probability : float in [0, 1]
        How sure the model is.
    """

    text: str
    start_s: float
    end_s: float
    probability: float

    def to_dict(self) -> dict[str, Any]:
        """Return the document that the contract promises."""
        return {
            "text": self.text,
            "start_s": round(self.start_s, 2),
            "end_s": round(self.end_s, 2),
            "probability": round(self.probability, 3),
        }


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of one channel's speech, ended by a pause.

    Parameters
    ----------
    channel : Channel
        Whose it is.
    start_s, end_s : float
        Span in seconds from the start of the call, end not included.
    text : str
        Simplified Chinese with full-width punctuation; the words' texts joined.
    confidence : float in [0, 1]
        Mean probability of the words.
    words : tuple of Word
        In time order.
    voice : int or None
        Which of the voices in one sound it is, 0 or 1 in order of first speech; None where the
        sides are recorded apart, and where the voices could not be told apart.
    """

    channel: Channel
    start_s: float
    end_s: float
    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    voice: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the document that the contract promises."""
        return {
            "channel": self.channel.value,
            "voice": self.voice,
            "start_s": round(self.start_s, 2),
            "end_s": round(self.end_s, 2),
            "text": self.text,
            "confidence": round(self.confidence, 3),
            "words": [word.to_dict() for word in self.words],
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that the model wrote and nobody said, with the reason why we think so.

    Parameters
    ----------
    channel : Channel
        Where it was written.
    start_s, end_s : float
        Span in seconds from the start of the call, end not included.
    text : str
        What was written.
    reason : str
        ``"boilerplate"``, ``"loop"``, ``"prompt_echo"`` or ``"no_speech"``.
    """

    channel: Channel
    start_s: float
    end_s: float
    text: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return the document that the contract promises."""
        return {
            "channel": self.channel.value,
            "start_s": round(self.start_s, 2),
            "end_s": round(self.end_s, 2),
            "text": self.text,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything the speech model made of one call.

    Parameters
    ----------
    duration_s : float
        Length of the call in seconds.
    channel_count : int
        Channels of the recording: 1 or 2.
    model : str
        Name of the speech model.
    language : str
        ISO 639-1 code.
    utterances : tuple of Utterance
        In time order.
    dropped : tuple of Dropped
        In time order.
    processing_s : float
        Wall-clock time it took, in seconds.
    role_confidence : float in [0, 1] or None
        How sure the split into agent and customer is; None where the recording's own channels
        say who is who.
    role_basis : str
        ``"channels"`` (the recording keeps the sides apart), ``"wording"`` (two voices told
        apart, the agent known by what they say), ``"one_voice"`` or ``"unsure"``.

    Examples
    --------
    >>> empty = Transcript(duration_s=10.0, channel_count=2, model="base", processing_s=1.0)
    >>> empty.rtf
    0.1
    >>> empty.to_dict(file="call.wav")["utterances"]
    []
    """

    duration_s: float
    channel_count: int
    model: str
    language: str = "zh"
    utterances: tuple[Utterance, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    processing_s: float = 0.0
    role_confidence: float | None = None
    role_basis: str = "channels"

    @property
    def rtf(self) -> float:
        """Processing time over audio time: below 1 is faster than speech."""
        return self.processing_s / self.duration_s if self.duration_s else 0.0

    def with_roles_swapped(self) -> "Transcript":
        """Return the same transcript with agent and customer exchanged.

        Examples
        --------
        >>> said = Utterance(Channel.AGENT, 0.0, 1.0, "您好", 0.9)
        >>> call = Transcript(2.0, 2, "base", utterances=(said,))
        >>> call.with_roles_swapped().utterances[0].channel
        <Channel.CUSTOMER: 'customer'>
        """
        return replace(
            self,
            utterances=tuple(replace(u, channel=u.channel.other) for u in self.utterances),
            dropped=tuple(replace(d, channel=d.channel.other) for d in self.dropped),
        )

    def to_dict(self, *, file: str) -> dict[str, Any]:
        """Return the document that the contract promises.

        Parameters
        ----------
        file : str
            How the recording is named in the document.
        """
        return {
            "file": file,
            "duration_s": round(self.duration_s, 2),
            "channels": self.channel_count,
            "model": self.model,
            "language": self.language,
            "processing_s": round(self.processing_s, 2),
            "rtf": round(self.rtf, 3),
            "role_confidence": self.role_confidence,
            "role_basis": self.role_basis,
            "utterances": [utterance.to_dict() for utterance in self.utterances],
            "dropped": [dropped.to_dict() for dropped in self.dropped],
        }
