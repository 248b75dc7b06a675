"""What a voice is like, as a vector: the speaker encoder of Resemblyzer, run in numpy.

The encoder was trained with the loss of [1]_. Its weights lie in the Resemblyzer package as a
pickle, which could run code of its own as it is read; so its checksum is pinned, and it is read by
an unpickler that knows tensors and nothing else. The package itself is never imported, which
would need PyTorch.

References
----------
.. [1] L. Wan et al., "Generalized End-to-End Loss for Speaker Verification", ICASSP 2018.
"""

import hashlib
import importlib.util
import io
import pickle
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from asr.errors import ModelUnavailable

SAMPLE_RATE_HZ = 16_000
WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"

# The encoder's own figures.
_FFT = 400
_HOP = 160
_MELS = 40
_LAYERS = 3
_WIDTH = 256
WINDOW_FRAMES = 160
_LOUDNESS_DB = -30.0

_BATCH = 128

Array = NDArray[np.float32]


def find_weights() -> Path | None:
    """Return where the installed weights lie, or None where they are not installed."""
    spec = importlib.util.find_spec("resemblyzer")
    if spec is None or not spec.submodule_search_locations:
        return None
    file = Path(spec.submodule_search_locations[0]) / "pretrained.pt"
    return file if file.is_file() else None


@dataclass(frozen=True, slots=True)
class VoiceEncoder:
    """Three LSTM layers and a linear one, over windows of 1.6 s.

    Parameters
    ----------
    weights : dict of str to np.ndarray
        The tensors by PyTorch's names.
    """

    weights: dict[str, Array]

    @classmethod
    def load(cls, file: Path) -> "VoiceEncoder":
        """Read the weights.

        Raises
        ------
        ModelUnavailable
            When the file is not the one whose checksum is pinned.
        """
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
            raise ModelUnavailable(
                f"{file} is not the voice model that is expected: install Resemblyzer==0.1.4 again."
            )
        return cls(read_tensors(io.BytesIO(data)))

    def embed(self, windows: Array) -> Array:
        """Return the voice in each window.

        Parameters
        ----------
        windows : np.ndarray [shape=(n_windows, WINDOW_FRAMES, 40), float32]
            Mel frames, see `mel_frames`.

        Returns
        -------
        np.ndarray [shape=(n_windows, 256), float32]
            Of length 1, nowhere negative.
        """
        parts = [
            self._embed(windows[first : first + _BATCH]) for first in range(0, len(windows), _BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, _WIDTH), np.float32)

    def _embed(self, batch: Array) -> Array:
        sequence = batch.transpose(1, 0, 2)
        for layer in range(_LAYERS):
            sequence = self._lstm(sequence, layer)
        raw = sequence[-1] @ self.weights["linear.weight"].T + self.weights["linear.bias"]
        raw = np.maximum(raw, 0)
        length = np.linalg.norm(raw, axis=1, keepdims=True)
        voices: Array = (raw / np.maximum(length, 1e-9)).astype(np.float32)
        return voices

    def _lstm(self, sequence: Array, layer: int) -> Array:
        into = self.weights[f"lstm.weight_ih_l{layer}"].T
        back = np.ascontiguousarray(self.weights[f"lstm.weight_hh_l{layer}"].T)
        bias = self.weights[f"lstm.bias_ih_l{layer}"] + self.weights[f"lstm.bias_hh_l{layer}"]
        given = sequence @ into + bias
        hidden = np.zeros((sequence.shape[1], _WIDTH), np.float32)
        cell = np.zeros_like(hidden)
        out = np.empty((*sequence.shape[:2], _WIDTH), np.float32)
        for step in range(len(sequence)):
            gates = given[step] + hidden @ back
            # PyTorch's order: input, forget, cell, output.
            enter, forget, new, leave = np.split(gates, 4, axis=1)
            cell = _sigmoid(forget) * cell + _sigmoid(enter) * np.tanh(new)
            hidden = _sigmoid(leave) * np.tanh(cell)
            out[step] = hidden
        return out


def mel_frames(sound: Array) -> Array:
    """Return the mel frames that the encoder hears, 100 a second.

    Parameters
    ----------
    sound : np.ndarray [shape=(n_samples,), float32 in [-1, 1]]
        Speech at 16 kHz; quiet speech is made louder first.

    Returns
    -------
    np.ndarray [shape=(n_frames, 40), float32]
        Power, not its logarithm.
    """
    loudness = np.sqrt(np.mean(sound**2)) if len(sound) else 0.0
    wanted = 10 ** (_LOUDNESS_DB / 20)
    if 0 < loudness < wanted:
        sound = sound * np.float32(wanted / loudness)
    padded = np.pad(sound, _FFT // 2)
    if len(padded) < _FFT:
        return np.zeros((0, _MELS), np.float32)
    window = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    power = np.abs(np.fft.rfft(frames * window, axis=1)) ** 2
    mel: Array = (power @ _mel_filters().T).astype(np.float32)
    return mel


def _mel_filters() -> NDArray[np.float64]:
    """Return Slaney's triangular filters with equal areas, shape (40, 201)."""
    edges_hz = _from_mel(np.linspace(0.0, _to_mel(SAMPLE_RATE_HZ / 2), _MELS + 2))
    bins_hz = np.linspace(0, SAMPLE_RATE_HZ / 2, _FFT // 2 + 1)
    rising = (bins_hz - edges_hz[:-2, None]) / np.diff(edges_hz)[:-1, None]
    falling = (edges_hz[2:, None] - bins_hz) / np.diff(edges_hz)[1:, None]
    area = 2.0 / (edges_hz[2:] - edges_hz[:-2])
    filters: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling)) * area[:, None]
    return filters


# Slaney's mel scale: linear up to 1 kHz (15 mel), logarithmic above.
_LOG_STEP = np.log(6.4) / 27.0


def _to_mel(hz: float) -> float:
    return hz * 3 / 200 if hz < 1000 else 15.0 + float(np.log(hz / 1000) / _LOG_STEP)


def _from_mel(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    hz: NDArray[np.float64] = np.where(
        mel < 15, mel * 200 / 3, 1000 * np.exp(_LOG_STEP * (mel - 15))
    )
    return hz


def _sigmoid(values: Array) -> Array:
    out: Array = 0.5 * (1 + np.tanh(0.5 * values))
    return out


class _TensorUnpickler(pickle.Unpickler):
    """Reads what makes up tensors, and refuses to name anything else."""

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 -- pickle's own type.
        known: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): np.float32,
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"{module}.{name} has no place in a file of weights")
        return known[module, name]

    def persistent_load(self, pid: Any) -> Any:  # noqa: ANN401 -- pickle's own type.
        _, kind, key, _, count, _ = pid
        if kind is not np.float32:
            raise pickle.UnpicklingError(f"{kind} is not a kind of weights")
        return (key, count)


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A tensor whose numbers stand further on in the file."""

    key: str
    offset: int
    shape: tuple[int, ...]


def _tensor(
    storage: tuple[str, int], offset: int, shape: tuple[int, ...], *_rest: object
) -> _Tensor:
    return _Tensor(storage[0], offset, tuple(shape))


def read_tensors(file: BinaryIO) -> dict[str, Array]:
    """Read the tensors of a PyTorch checkpoint of the old format (before its version 1.6).

    Parameters
    ----------
    file : binary file
        Three short pickles, the pickle of the checkpoint, one of the storages' names, and the
        storages' numbers one after the other.

    Returns
    -------
    dict of str to np.ndarray
        What stands under ``model_state``.

    Raises
    ------
    pickle.UnpicklingError
        When the file names anything that is not part of a tensor.
    """
    for _ in range(3):
        _TensorUnpickler(file).load()
    checkpoint = _TensorUnpickler(file).load()
    storages: dict[str, Array] = {}
    for key in _TensorUnpickler(file).load():
        count = int(np.frombuffer(file.read(8), "<i8")[0])
        storages[key] = np.frombuffer(file.read(4 * count), "<f4")
    return {
        name: storages[tensor.key][
            tensor.offset : tensor.offset + int(np.prod(tensor.shape, dtype=np.int64))
        ].reshape(tensor.shape)
        for name, tensor in checkpoint["model_state"].items()
    }
