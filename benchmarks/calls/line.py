"""What a telephone line does to sound: noise, the band, and the codec of the network."""

import io

import av
import numpy as np
import soxr
from av.audio.frame import AudioFrame

from pronunciation.synthesis import SAMPLE_RATE_HZ
from qa_app.demo.audio import EDGE_HZ, HIGHEST_HZ, LOWEST_HZ

TELEPHONE_RATE_HZ = 8000
CODECS = ("pcm", "mulaw", "alaw", "amr")
NOISES = ("white", "babble", "hum", "crackle")
_AMR_BITS_PER_S = 7400
#: What AMR's encoder holds back; the truth's times are those before the codec.
_AMR_DELAY = 40
_CRACKLES_PER_S, _CRACKLE_S = 6.0, 0.004


def over_the_line(
    channel: np.ndarray,
    *,
    snr_db: float,
    noise: str,
    codec: str,
    babble: np.ndarray,
    rng: np.random.Generator,
) -> np.ndarray:
    """Send one side's sound over the line; return it at the telephone's rate, equally long.

    `snr_db` is the level of what is spoken, pauses left out, over that of the noise in the band.
    """
    slow = in_band(soxr.resample(channel, SAMPLE_RATE_HZ, TELEPHONE_RATE_HZ))
    hiss = in_band(noise_of(noise, len(slow), babble, rng))
    return coded(slow + hiss * (_spoken_level(slow) * 10 ** (-snr_db / 20) / _level(hiss)), codec)


def in_band(sound: np.ndarray) -> np.ndarray:
    """Let through what a telephone lets through."""
    hz = np.fft.rfftfreq(len(sound), 1 / TELEPHONE_RATE_HZ)
    gain = _rise(hz - LOWEST_HZ) * _rise(HIGHEST_HZ - hz)
    return np.fft.irfft(np.fft.rfft(sound) * gain, len(sound))


def _rise(hz: np.ndarray) -> np.ndarray:
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(hz / EDGE_HZ + 0.5, 0.0, 1.0))


def _level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound**2)))


def _spoken_level(sound: np.ndarray) -> float:
    loud = sound[np.abs(sound) > 1e-3]
    return _level(loud) if len(loud) else 0.1


def noise_of(kind: str, samples: int, babble: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Make noise of a kind, at any level."""
    if kind == "babble":
        return np.resize(np.roll(babble, -int(rng.integers(len(babble)))), samples)
    white = rng.normal(size=samples)
    if kind == "white":
        return white
    if kind == "hum":
        times_s = np.arange(samples) / TELEPHONE_RATE_HZ
        # The mains' harmonics that the band lets through; the ground tone itself it does not.
        tones = [np.sin(2 * np.pi * hz * times_s + hz) * 350 / hz for hz in range(350, 1200, 100)]
        return np.sum(tones, axis=0) + 0.1 * white
    if kind == "crackle":
        return _crackle(samples, rng) + 0.003 * white
    raise ValueError(f"No noise {kind!r}; there are {NOISES}")


def _crackle(samples: int, rng: np.random.Generator) -> np.ndarray:
    clicks = rng.random(samples) < _CRACKLES_PER_S / TELEPHONE_RATE_HZ
    fading = np.exp(-np.arange(160) / (_CRACKLE_S * TELEPHONE_RATE_HZ))
    return np.convolve(clicks * rng.normal(size=samples), fading * rng.normal(size=160))[:samples]


def coded(sound: np.ndarray, codec: str) -> np.ndarray:
    """Send sound through a codec and back."""
    pcm = np.round(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    if codec == "pcm":
        return pcm / 32768
    if codec == "amr":
        padded = np.concatenate([pcm, np.zeros(2 * _AMR_DELAY, "<i2")])
        heard = _round_trip(padded, "libopencore_amrnb", "amr", _AMR_BITS_PER_S)
        return heard[_AMR_DELAY : _AMR_DELAY + len(pcm)]
    return _round_trip(pcm, f"pcm_{codec}", "wav", None)[: len(pcm)]


def _round_trip(pcm: np.ndarray, codec: str, container: str, bit_rate: int | None) -> np.ndarray:
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream = out.add_stream(codec, rate=TELEPHONE_RATE_HZ, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        # Whole frames of AMR: its encoder takes no less.
        whole = np.concatenate([pcm, np.zeros(-len(pcm) % 160, "<i2")])
        for start in range(0, len(whole), 160):
            frame = AudioFrame.from_ndarray(whole[None, start : start + 160], "s16", "mono")
            frame.sample_rate, frame.pts = TELEPHONE_RATE_HZ, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    file.seek(0)
    with av.open(file) as heard:
        frames = [frame.to_ndarray().reshape(-1) for frame in heard.decode(audio=0)]
    sound = np.concatenate(frames)
    return sound if sound.dtype.kind == "f" else sound / 32768
