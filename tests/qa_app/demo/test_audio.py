"""The demo's calls sound like telephone calls, and hold what they are there to show."""

import re
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from faster_whisper import WhisperModel, decode_audio

from asr.metrics import cer
from asr.models import find_model
from asr.normalise import for_scoring
from asr.transcript import Channel
from pronunciation.synthesis import phonemes
from qa_app.demo import audio
from qa_app.demo.audio import CHANNELS, TELEPHONE_RATE_HZ, make_demo_audio
from qa_app.demo.scripts import LEAK, PROFANITY, SCRIPTS, Script
from tools.site import data_dir

pytestmark = pytest.mark.slow
BY_NAME = {script.name: script for script in SCRIPTS}


@pytest.fixture(scope="module")
def recordings() -> dict[str, Path]:
    """The recordings of the site that set-up made, or of its data folder to be."""
    return {path.stem: path for path in make_demo_audio(data_dir() / "demo")}


@pytest.fixture(scope="module")
def listener() -> WhisperModel:
    model = find_model("base", data_dir() / "models")
    return WhisperModel(str(model), device="cpu", compute_type="int8")


def samples(path: Path) -> np.ndarray:
    with wave.open(str(path)) as wav:
        assert wav.getparams()[:3] == (2, 2, TELEPHONE_RATE_HZ)
        frames = np.frombuffer(wav.readframes(wav.getnframes()), "<i2")
    return frames.reshape(-1, 2).T / 32768


def heard(listener: WhisperModel, path: Path, channel: Channel) -> str:
    sound = decode_audio(str(path), split_stereo=True)[CHANNELS.index(channel)]
    segments, _ = listener.transcribe(
        sound, language="zh", vad_filter=True, initial_prompt="以下是普通话的句子。"
    )
    return "".join(segment.text for segment in segments)


def said(script: Script, channel: Channel) -> str:
    return "".join(line.text for line in script.lines if line.channel is channel)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_call_lasts_as_long_as_a_newcomer_listens(recordings, name):
    assert 25 <= samples(recordings[name]).shape[1] / TELEPHONE_RATE_HZ <= 45


@pytest.mark.parametrize("name", BY_NAME)
def test_a_call_has_the_band_of_a_telephone(recordings, name):
    sound = samples(recordings[name])
    power = np.abs(np.fft.rfft(sound, axis=1)) ** 2
    hz = np.fft.rfftfreq(sound.shape[1], 1 / TELEPHONE_RATE_HZ)
    outside = power[:, (hz < 250) | (hz > 3450)].sum()
    assert outside < 1e-4 * power.sum()


@pytest.mark.parametrize("name", BY_NAME)
def test_the_two_never_speak_at_once_and_the_line_is_never_dead(recordings, name):
    frames = samples(recordings[name])
    frames = frames[:, : frames.shape[1] // 800 * 800].reshape(2, -1, 800)
    loud = np.sqrt((frames**2).mean(axis=2)) > 10 ** (-40 / 20)
    assert not loud.all(axis=0).any()
    # Hiss fills the pauses: a silent file would be taken for a broken recording.
    assert (frames.std(axis=2) > 10 ** (-75 / 20)).all()


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_listener_understands_what_is_said(recordings, listener, name, channel):
    text = heard(listener, recordings[name], channel)
    assert cer(said(BY_NAME[name], channel), text) <= 0.25


def test_a_listener_hears_the_number_that_is_leaked(recordings, listener):
    text = heard(listener, recordings[LEAK.name], Channel.AGENT)
    assert "13690245873" in re.sub(r"[\s,.，。-]", "", text)


def test_a_listener_hears_the_swear_word(recordings, listener):
    text = heard(listener, recordings[PROFANITY.name], Channel.AGENT)
    assert "你他妈" in for_scoring(text)


def test_what_was_spoken_is_not_spoken_again(recordings):
    before = {path: path.stat().st_mtime_ns for path in recordings.values()}
    make_demo_audio(data_dir() / "demo")
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_speech_of_other_readings_is_never_taken_for_this(tmp_path, monkeypatch):
    line = SCRIPTS[0].lines[:1]
    monkeypatch.setattr(audio, "SCRIPTS", (replace(SCRIPTS[0], lines=line),))
    (kept,) = make_demo_audio(tmp_path)
    monkeypatch.setattr(audio, "phonemes", lambda text: f"{phonemes(text)}↗")
    (made,) = make_demo_audio(tmp_path)
    assert made.parent != kept.parent
