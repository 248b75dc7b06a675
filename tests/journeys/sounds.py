"""Recordings that tests upload: noise of any length, and telephone calls in every format."""

import io
import struct
import wave
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

Samples = NDArray[np.int16]
RATE_HZ = 8_000


def noise(seconds: float, *, channels: int = 2, rate_hz: int = RATE_HZ, seed: int = 1) -> Samples:
    """Soft noise, different on each channel and for each seed."""
    shape = (channels, round(seconds * rate_hz))
    return np.random.default_rng(seed).normal(0, 300, shape).astype(np.int16)


def wav(samples: Samples, rate_hz: int = RATE_HZ) -> bytes:
    """The samples as a WAV file of 16 bits."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(np.ascontiguousarray(samples.T).tobytes())
    return out.getvalue()


def read_wav(path: Path) -> tuple[Samples, int]:
    """A WAV file's samples, a row a channel, and its rate."""
    with wave.open(str(path)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return frames.reshape(-1, file.getnchannels()).T.copy(), file.getframerate()


def encode(path: Path, container: str, codec: str, samples: Samples, rate_hz: int) -> Path:
    """Write samples with a codec, resampled where the codec asks for its own rate."""
    layout = "mono" if len(samples) == 1 else "stereo"
    codec_rate_hz = 48_000 if codec == "libopus" else rate_hz
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=codec_rate_hz, layout=layout)
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T).reshape(1, -1), format="s16", layout=layout
        )
        frame.sample_rate = rate_hz
        fit = av.AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=codec_rate_hz,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for source in (frame, None):
            for part in fit.resample(source):
                out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def long_silence(path: Path, seconds: int, *, rate_hz: int = RATE_HZ) -> Path:
    """A FLAC file of digital silence: a few kilobytes that unfold into very much."""
    with av.open(str(path), "w", format="flac") as out:
        stream = out.add_stream("flac", rate=rate_hz, layout="stereo")
        minute = np.zeros((1, 2 * 60 * rate_hz), np.int16)
        for number in range(seconds // 60):
            frame = AudioFrame.from_ndarray(minute, format="s16", layout="stereo")
            frame.sample_rate = rate_hz
            frame.pts = number * 60 * rate_hz
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def wav_head(
    *, data_bytes: int, channels: int = 2, rate_hz: int = RATE_HZ, bits: int = 16, kind: int = 1
) -> bytes:
    """The head of a WAV file that promises so much data, however unlikely."""
    block = channels * bits // 8
    form = struct.pack(
        "<HHIIHH",
        kind,
        channels,
        rate_hz,
        rate_hz * block & 0xFFFFFFFF,
        block & 0xFFFF,
        bits,
    )
    riff_bytes = min(data_bytes + 36, 0xFFFFFFFF)
    return b"".join(
        (
            *(b"RIFF", struct.pack("<I", riff_bytes), b"WAVE"),
            *(b"fmt ", struct.pack("<I", len(form)), form),
            *(b"data", struct.pack("<I", data_bytes)),
        )
    )
