"""What Whisper's encoder makes of sound: 512 numbers for each 20 ms.

The encoder takes windows shorter than the 30 s it was trained on, at a cost in proportion, but it
likes company: a single syllable is heard better in a window of eight seconds, silence before and
after it, than by itself. Longer sound is cut into such windows that overlap, and of each window
the frames are kept that have a second of sound on both sides.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Self

import ctranslate2
import faster_whisper
import numpy as np
from faster_whisper.audio import pad_or_trim
from numpy.typing import NDArray

from asr.errors import ModelUnavailable
from asr.models import DEFAULT_MODEL, Download, Progress, find_model

SAMPLE_RATE_HZ = 16_000
FRAME_S = 0.02
FRAME_SAMPLES = 320

WINDOW_S = 8
#: Silence before the first sound.
LEAD_S = 0.25
#: Sound on both sides of what is kept of a window.
CONTEXT_S = 1.0

_LEAD = round(LEAD_S * SAMPLE_RATE_HZ / FRAME_SAMPLES) * FRAME_SAMPLES
_CONTEXT = round(CONTEXT_S * SAMPLE_RATE_HZ)
_MEL_PER_S = 100
#: Windows encoded at once: more are no faster and take more memory.
_BATCH = 4

Frames = NDArray[np.float32]


def load_whisper(
    name: str,
    cache: Path,
    *,
    device: str = "auto",
    cpu_threads: int = 0,
    num_workers: int = 1,
    progress: Progress | None = None,
    download: Download | None = None,
) -> faster_whisper.WhisperModel:
    """Load a Whisper model; see `asr.models.find_model` for where it comes from.

    Raises
    ------
    ModelUnavailable
        The weights are nowhere to be had, or cannot be read.
    """
    folder = find_model(name, cache, progress=progress, download=download)
    if device == "auto":
        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    try:
        return faster_whisper.WhisperModel(
            str(folder),
            device=device,
            compute_type="float16" if device == "cuda" else "int8",
            cpu_threads=cpu_threads,
            num_workers=num_workers,
        )
    except (RuntimeError, ValueError) as error:
        raise ModelUnavailable(f"The speech model in {folder} cannot be loaded: {error}") from error


class Encoder:
    """The encoder of a loaded Whisper model.

    Parameters
    ----------
    whisper : faster_whisper.WhisperModel
        Shared with whoever transcribes with it; `WhisperTranscriber.encoder` is such a one.
    """

    def __init__(self, whisper: faster_whisper.WhisperModel) -> None:
        self._whisper = whisper

    @classmethod
    def load(cls, cache: Path, name: str = DEFAULT_MODEL, *, cpu_threads: int = 0) -> Self:
        """Load a model for its encoder alone.

        Parameters
        ----------
        cache : Path
            Folder in which models are kept.
        name : str
            Name of a model or folder with one.
        cpu_threads : int
            0 for as many as there are cores.

        Raises
        ------
        ModelUnavailable
            The weights are nowhere to be had, or cannot be read.
        """
        return cls(load_whisper(name, cache, cpu_threads=cpu_threads))

    def frames(self, samples: NDArray[np.float32], window_s: int = WINDOW_S) -> Frames:
        """Encode sound of any length.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_samples,), float32]
            One channel at 16 kHz in about [-1, 1].
        window_s : int in [3, 30]
            Another length of window than the one that serves best.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_dims), float32]
            One frame for each 20 ms begun: frame i is centred on about (i + 0.5) * 20 ms.
        """
        return stitched(samples, self._encode, window_s)

    def _encode(self, windows: NDArray[np.float32]) -> Frames:
        extract = self._whisper.feature_extractor
        features = np.stack(
            [
                pad_or_trim(extract(window, padding=0), len(window) * _MEL_PER_S // SAMPLE_RATE_HZ)
                for window in windows
            ]
        )
        encoded = self._whisper.model.encode(
            ctranslate2.StorageView.from_array(np.ascontiguousarray(features)), to_cpu=True
        )
        return np.asarray(encoded.to(ctranslate2.DataType.float32))


def stitched(
    samples: NDArray[np.float32],
    encode: Callable[[NDArray[np.float32]], Frames],
    window_s: int = WINDOW_S,
) -> Frames:
    """Cut sound into windows, encode them, and put the frames together.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,), float32]
    encode : callable
        Takes windows [shape=(n_windows, n_window_samples)] and returns their frames
        [shape=(n_windows, n_window_frames, n_dims)].
    window_s : int
        The length of a window.

    Returns
    -------
    np.ndarray [shape=(n_frames, n_dims), float32]
        `n_frames` is `n_samples` / 320, rounded up.

    Examples
    --------
    >>> def loudness(windows):
    ...     return windows.reshape(len(windows), -1, FRAME_SAMPLES).mean(2, keepdims=True)
    ...
    >>> ramp = np.repeat(np.arange(1000, dtype=np.float32), FRAME_SAMPLES)  # 20 s
    >>> np.array_equal(stitched(ramp, loudness)[:, 0], np.arange(1000))
    True
    """
    window = window_s * SAMPLE_RATE_HZ
    padded = np.concatenate([np.zeros(_LEAD, np.float32), samples.astype(np.float32)])
    step = window - 2 * _CONTEXT
    count = 1 + max(0, -(-(len(padded) - window) // step))
    padded = np.pad(padded, (0, window + (count - 1) * step - len(padded)))
    starts = [number * step for number in range(count)]
    parts = []
    for first in range(0, count, _BATCH):
        some = starts[first : first + _BATCH]
        parts += list(encode(np.stack([padded[start : start + window] for start in some])))
    context = _CONTEXT // FRAME_SAMPLES
    kept = [
        part[context * (number > 0) : len(part) - context * (number < count - 1)]
        for number, part in enumerate(parts)
    ]
    lead, length = _LEAD // FRAME_SAMPLES, -(-len(samples) // FRAME_SAMPLES)
    frames: Frames = np.concatenate(kept)[lead : lead + length]
    return frames
