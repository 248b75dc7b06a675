"""Which tones were said: pitch and encoder frames to the log-probability of each tone.

A small network of its own reads both: the pitch says how the voice moves, the encoder where
syllables begin and end. Like the acoustic head it shows a tone as a spike among blanks, and what
is asked of it is answered by comparing: this tone here against any other, all else equal.
"""

from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from pronunciation.pitch import track

TONES_FILE = Path(__file__).parent / "data" / "tones.onnx"
#: Outputs: no tone, the four tones, the neutral tone.
N_TONES = 6
N_FEATURES = 4

_REGISTER_HZ = 200.0


def pitch_features(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Describe pitch as the tone network takes it, one frame for each 20 ms begun.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,), float32]
        One channel at 16 kHz.

    Returns
    -------
    np.ndarray [shape=(n_frames, 4), float32]
        Whether there is a voice; how many octaves it is above its own median and above 200 Hz
        (0 without a voice); loudness.

    Examples
    --------
    >>> pitch_features(np.zeros(3200, np.float32)).shape
    (10, 4)
    """
    pitch = track(samples)
    voiced = pitch.hz > 0
    octaves = np.log2(np.where(voiced, pitch.hz, _REGISTER_HZ) / _REGISTER_HZ)
    own = octaves - np.median(octaves[voiced]) if voiced.any() else octaves
    each = np.stack(
        [voiced, np.where(voiced, own, 0), np.where(voiced, octaves, 0), pitch.level], axis=1
    ).astype(np.float32)
    if len(each) % 2:
        each = np.concatenate([each, each[-1:]])
    pairs = each.reshape(-1, 2, N_FEATURES)
    sounding = np.maximum(pairs[:, :, :1].sum(axis=1), 1)
    features: NDArray[np.float32] = np.concatenate(
        [
            pairs[:, :, 0].mean(axis=1, keepdims=True),
            pairs[:, :, 1:3].sum(axis=1) / sounding,
            pairs[:, :, 3].mean(axis=1, keepdims=True),
        ],
        axis=1,
    )
    return features


class ToneHead:
    """The trained network.

    Parameters
    ----------
    session : onnxruntime.InferenceSession
        Takes `frames` [shape=(1, n_frames, n_dims)] and `pitch` [shape=(1, n_frames, 4)], gives
        `log_probs` [shape=(1, n_frames, 6)].
    """

    def __init__(self, session: ort.InferenceSession) -> None:
        self._session = session

    @classmethod
    def load(cls, path: Path = TONES_FILE, *, threads: int = 1) -> Self:
        """Load the network that the product ships, or another of the same shape."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        return cls(ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"]))

    def posteriors(
        self, frames: NDArray[np.float32], pitch: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Tell how likely each tone is in each frame.

        Parameters
        ----------
        frames : np.ndarray [shape=(n_frames, n_dims), float32]
            From `asr.encoder.Encoder.frames`.
        pitch : np.ndarray [shape=(n_frames, 4), float32]
            From `pitch_features`, of the same sound.

        Returns
        -------
        np.ndarray [shape=(n_frames, 6), float32]
            Natural logarithms; column t is tone t, 5 the neutral tone, 0 none.
        """
        if not len(frames):
            return np.zeros((0, N_TONES), np.float32)
        (log_probs,) = self._session.run(
            ["log_probs"], {"frames": frames[None], "pitch": pitch[None]}
        )
        result: NDArray[np.float32] = log_probs[0]
        return result
