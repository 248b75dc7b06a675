"""What every transcriber can do, whatever model is behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from asr.transcript import Transcript

Samples = NDArray[np.float32] | NDArray[np.int16]
Progress = Callable[[float], None]


def no_progress(_fraction: float) -> None:
    """Tell nobody."""


class Layout(StrEnum):
    """What the channels of a recording are.

    ``SPLIT``: each channel is one side. ``MONO``: both sides are in one sound, to be told apart
    by voice. ``AUTO``: split where there are two different channels, mono otherwise.
    """

    AUTO = "auto"
    SPLIT = "split"
    MONO = "mono"


@dataclass(frozen=True, slots=True)
class TranscriptionOptions:
    """What the caller knows about a recording.

    Parameters
    ----------
    layout : Layout
        What the channels are.
    agent_channel : int
        Index of the agent's channel in a split recording: 0 or 1.
    hotwords : tuple of str
        Product and place names that are likely to be said.
    """

    layout: Layout = Layout.AUTO
    agent_channel: int = 0
    hotwords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EncodedSpeech:
    """What the model's encoder made of speech, before any word was written down.

    Parameters
    ----------
    channel : int
        Index of the channel that was heard.
    frames : np.ndarray [shape=(n_frames, n_dims), float32]
        One a 20 ms; the short silences that were put between stretches of speech are among them.
    starts_s : np.ndarray [shape=(n_frames,), float64]
        Where in the call each frame begins, in seconds, never falling.
    """

    channel: int
    frames: NDArray[np.float32]
    starts_s: NDArray[np.float64]


# A second pair of ears: is shown each window's frames once, in no particular order.
Witness = Callable[[EncodedSpeech], None]


class Transcriber(Protocol):
    """Turns the sound of a call into a transcript."""

    @property
    def model(self) -> str:
        """Name of the model, as kept with each transcript."""

    def transcribe(
        self,
        samples: Samples,
        options: TranscriptionOptions,
        progress: Progress = no_progress,
        witness: Witness | None = None,
    ) -> Transcript:
        """Transcribe one call.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_channels, n_samples), float32 in [-1, 1] or int16]
            Sound at 16 kHz; may be a memory map, which is read piece by piece.
        options : TranscriptionOptions
            What the caller knows about the recording.
        progress : callable
            Called with the fraction done, in [0, 1], never falling.
        witness : callable, optional
            Is shown what the encoder made of all speech; encoding is not done again for it.

        Returns
        -------
        Transcript
        """
