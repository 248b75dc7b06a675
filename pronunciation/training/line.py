"""What lies between a mouth and the encoder: another voice, a telephone, a room."""

from fractions import Fraction

import numpy as np
import soxr
from av.audio.frame import AudioFrame
from av.filter import Graph
from numpy.typing import NDArray

Sound = NDArray[np.float32]

_RATE_HZ = 16_000
_TELEPHONE_HZ = 8_000
_MU = 255.0
_BASE = Fraction(1, _RATE_HZ)


def resized(sound: Sound, factor: float) -> Sound:
    """Raise pitch and formants and speed by a factor, as a smaller speaker in a hurry would."""
    resampled: Sound = soxr.resample(sound, _RATE_HZ * factor, _RATE_HZ)
    return resampled


def hurried(sound: Sound, factor: float) -> Sound:
    """Speak faster by a factor, at the same pitch; 0.5 to 4."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=_RATE_HZ, format="flt", layout="mono", time_base=_BASE)
    tempo, sink = graph.add("atempo", f"{factor:.3f}"), graph.add("abuffersink")
    source.link_to(tempo)
    tempo.link_to(sink)
    graph.configure()
    frame = AudioFrame.from_ndarray(sound[None].astype(np.float32), format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _RATE_HZ, 0, _BASE
    graph.push(frame)
    graph.push(None)
    parts = []
    while True:
        try:
            parts.append(graph.pull().to_ndarray()[0])
        except (EOFError, BlockingIOError):
            return np.concatenate(parts)


def telephoned(sound: Sound) -> Sound:
    """Send sound through a telephone: 8 kHz, 300 to 3,400 Hz, µ-law."""
    narrow = _banded(soxr.resample(sound, _RATE_HZ, _TELEPHONE_HZ))
    loudest = max(float(np.abs(narrow).max()), 1e-6)
    scaled = narrow / loudest
    coded = np.sign(scaled) * np.log1p(_MU * np.abs(scaled)) / np.log1p(_MU)
    rounded = np.round(coded * 127) / 127
    decoded = np.sign(rounded) * np.expm1(np.abs(rounded) * np.log1p(_MU)) / _MU * loudest
    heard: Sound = soxr.resample(decoded.astype(np.float32), _TELEPHONE_HZ, _RATE_HZ)
    return heard


def _banded(sound: Sound) -> Sound:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / _TELEPHONE_HZ)
    gain = np.clip((hertz - 150) / 150, 0, 1) * np.clip((3_700 - hertz) / 300, 0, 1)
    return np.fft.irfft(spectrum * gain, len(sound)).astype(np.float32)


def noisy(sound: Sound, snr_db: float, rng: np.random.Generator) -> Sound:
    """Add noise, from hiss to hum, at a ratio to the loud half of the sound."""
    white = np.fft.rfft(rng.standard_normal(len(sound)))
    slope = rng.uniform(0, 1)
    noise = np.fft.irfft(white / np.arange(1, len(white) + 1) ** slope, len(sound))
    level = np.sqrt(np.mean(np.square(sound[np.abs(sound) >= np.median(np.abs(sound))])))
    noise *= level * 10 ** (-snr_db / 20) / max(float(np.sqrt(np.mean(noise**2))), 1e-9)
    return (sound + noise).astype(np.float32)


def coloured(sound: Sound, rng: np.random.Generator) -> Sound:
    """Change the balance of low and high, as another microphone would, by up to about 8 dB."""
    spectrum = np.fft.rfft(sound)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(sound), 1 / _RATE_HZ), 50.0) / 50)
    decibels = sum(
        rng.normal(0, 3) * np.cos(np.pi * wave * octaves / octaves[-1] + rng.uniform(0, np.pi))
        for wave in (1, 2, 3, 4)
    )
    return np.fft.irfft(spectrum * 10 ** (decibels / 20), len(sound)).astype(np.float32)


def echoing(sound: Sound, rng: np.random.Generator) -> Sound:
    """Put the speaker into a room: an echo that fades within 0.1 to 0.5 s."""
    fade_s = rng.uniform(0.1, 0.5)
    times = np.arange(round(fade_s * _RATE_HZ)) / _RATE_HZ
    echo = rng.standard_normal(len(times)) * np.exp(-6.9 * times / fade_s)
    echo *= 10 ** (rng.uniform(-16, -4) / 20) / np.sqrt(np.sum(echo**2))
    echo[0] = 1.0
    length = len(sound) + len(echo)
    heard = np.fft.irfft(np.fft.rfft(sound, length) * np.fft.rfft(echo, length), length)
    return heard[: len(sound)].astype(np.float32)


def anywhere(sound: Sound, rng: np.random.Generator) -> Sound:
    """Change sound as chance has it: another mouth, another pace, a room, noise, a telephone.

    Parameters
    ----------
    sound : np.ndarray [shape=(n_samples,), float32]
        At 16 kHz.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray [shape=(n_samples,), float32]
    """
    heard = sound
    if rng.random() < 0.75:
        size = float(np.exp(rng.uniform(np.log(0.78), np.log(1.2))))
        # Another size of mouth is another pace too, unless that is taken back.
        heard = hurried(resized(heard, size), float(rng.uniform(0.85, 1.25)) / size)
    if rng.random() < 0.6:
        heard = coloured(heard, rng)
    if rng.random() < 0.3:
        heard = echoing(heard, rng)
    if rng.random() < 0.5:
        heard = noisy(heard, rng.uniform(5, 35), rng)
    if rng.random() < 0.3:
        heard = telephoned(heard)
    loudest = max(float(np.abs(heard).max()), 1e-6)
    return (heard * (rng.uniform(0.05, 0.9) / loudest)).astype(np.float32)
