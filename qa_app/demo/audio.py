"""The demo's recordings: its scripts spoken, made to sound like two ends of a telephone line."""

import hashlib
import os
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soxr

from asr.transcript import Channel
from pronunciation.synthesis import (
    INSTALLED_MODEL,
    INSTALLED_VOICES,
    SAMPLE_RATE_HZ,
    Synthesiser,
    phonemes,
)
from qa_app.demo.scripts import SCRIPTS, Script

TELEPHONE_RATE_HZ = 8000
#: What a telephone line lets through (ITU-T G.712), and how softly it ends.
LOWEST_HZ, HIGHEST_HZ, EDGE_HZ = 300.0, 3400.0, 50.0
SPEECH_DB, NOISE_DB, SILENCE_DB = -20.0, -58.0, -45.0
MARGIN_S = 0.06
END_S = 0.8
SOUND = (LOWEST_HZ, HIGHEST_HZ, EDGE_HZ, SPEECH_DB, NOISE_DB, SILENCE_DB, MARGIN_S, END_S)
CHANNELS = (Channel.AGENT, Channel.CUSTOMER)


def make_demo_audio(
    folder: Path, *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> list[Path]:
    """Speak the demo's calls as stereo WAV, the agent on the left, somewhere under a folder.

    What was spoken from the same scripts and readings before is left as it is; made again, it has
    the same bytes.

    Raises
    ------
    VoiceUnavailable
        The synthesis model is not installed.
    """
    said = [phonemes(line.text) for script in SCRIPTS for line in script.lines]
    folder /= hashlib.sha256(repr((SCRIPTS, SOUND, said)).encode()).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{script.name}.wav" for script in SCRIPTS]
    missing = [pair for pair in zip(SCRIPTS, files, strict=True) if not pair[1].exists()]
    if missing:
        voice = Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES, threads=os.cpu_count() or 1)
        for number, (script, file) in enumerate(missing):
            progress(number, len(missing))
            _write_wav(file, _over_the_line(_speak(script, voice)))
        progress(len(missing), len(missing))
    return files


def _speak(script: Script, synthesiser: Synthesiser) -> np.ndarray:
    """Say a script's lines one after the other, each on its channel."""
    pieces: list[np.ndarray] = []
    for line in script.lines:
        said = _trimmed(synthesiser.speak(line.text, script.voice(line.channel), line.speed))
        said = said * (10 ** (SPEECH_DB / 20) / float(np.sqrt(np.mean(said**2))))
        both = np.zeros((len(CHANNELS), round(line.pause_s * SAMPLE_RATE_HZ) + len(said)))
        both[CHANNELS.index(line.channel), -len(said) :] = said
        pieces.append(both)
    pieces.append(np.zeros((len(CHANNELS), round(END_S * SAMPLE_RATE_HZ))))
    return np.concatenate(pieces, axis=1)


def _trimmed(said: np.ndarray) -> np.ndarray:
    """Cut the silence that the model puts before and after; the script says how long pauses are."""
    loud = np.flatnonzero(np.abs(said) > 10 ** (SILENCE_DB / 20))
    margin = round(MARGIN_S * SAMPLE_RATE_HZ)
    return said[max(0, loud[0] - margin) : loud[-1] + margin]


def _over_the_line(sound: np.ndarray) -> np.ndarray:
    """Give sound the band and the hiss of a telephone line."""
    slow = soxr.resample(sound.T, SAMPLE_RATE_HZ, TELEPHONE_RATE_HZ).T
    # A fixed seed: the same call twice would otherwise be two calls.
    noise = np.random.default_rng(seed=1).normal(0.0, 10 ** (NOISE_DB / 20), slow.shape)
    spectrum = np.fft.rfft(slow + noise, axis=1)
    hz = np.fft.rfftfreq(slow.shape[1], 1 / TELEPHONE_RATE_HZ)
    gain = _rise(hz - LOWEST_HZ) * _rise(HIGHEST_HZ - hz)
    return np.fft.irfft(spectrum * gain, slow.shape[1], axis=1)


def _rise(hz: np.ndarray) -> np.ndarray:
    """Let through from half an edge above 0 on, with a cosine slope."""
    return 0.5 - 0.5 * np.cos(np.pi * np.clip(hz / EDGE_HZ + 0.5, 0.0, 1.0))


def _write_wav(file: Path, sound: np.ndarray) -> None:
    """Write 16-bit PCM under a temporary name: half a recording must never look like one."""
    samples = np.round(np.clip(sound, -1.0, 1.0) * 32767).astype("<i2")
    partial = file.with_suffix(".part")
    with wave.open(str(partial), "wb") as wav:
        wav.setnchannels(len(CHANNELS))
        wav.setsampwidth(2)
        wav.setframerate(TELEPHONE_RATE_HZ)
        wav.writeframes(samples.T.tobytes())
    partial.replace(file)
