"""What people hear and see of a call: a lossless copy for every browser, and its outline."""

import itertools
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

_BLOCK_SAMPLES = 1 << 16


def encode_flac(samples: NDArray[np.int16], rate_hz: int, path: Path) -> None:
    """Write sound as FLAC: smaller than WAV, and every browser plays it.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_channels, n_samples), int16]
        The sound; may be a memory map.
    rate_hz : int
        Samples a second.
    path : Path
        The file to write.
    """
    layout = "mono" if samples.shape[0] == 1 else "stereo"
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=rate_hz, layout=layout)
        for first in range(0, samples.shape[1], _BLOCK_SAMPLES):
            piece = samples[:, first : first + _BLOCK_SAMPLES]
            interleaved = np.ascontiguousarray(piece.T).reshape(1, -1)
            frame = AudioFrame.from_ndarray(interleaved, format="s16", layout=layout)
            frame.sample_rate = rate_hz
            frame.pts = first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def peaks(samples: NDArray[np.int16], n_points: int = 800) -> list[list[int]]:
    """Return the outline of each channel for drawing a waveform.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_channels, n_samples), int16]
        The sound; may be a memory map.
    n_points : int
        Points along the time axis; fewer where there are fewer samples.

    Returns
    -------
    list of list of int in [0, 100]
        The loudest sample of each stretch in percent of full scale, a list a channel.

    Examples
    --------
    >>> peaks(np.array([[0, 16384, 0, -32768]], np.int16), n_points=2)
    [[50, 100]]
    """
    count = samples.shape[1]
    points = min(n_points, count)
    edges = [i * count // points for i in range(points + 1)] if points else []
    return [
        [
            round(max(-int(channel[a:b].min()), int(channel[a:b].max()), 0) * 100 / 32768)
            for a, b in itertools.pairwise(edges)
        ]
        for channel in samples
    ]
