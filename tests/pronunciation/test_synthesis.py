"""Text becomes phonetic symbols, and the symbols speech that a listener understands."""

import json
import re

import numpy as np
import pytest
import soxr
from faster_whisper import WhisperModel

from asr.metrics import cer
from asr.models import find_model
from pronunciation import synthesis
from pronunciation.errors import TextUnsayable, VoiceUnavailable
from pronunciation.synthesis import (
    INSTALLED_MODEL,
    INSTALLED_VOICES,
    SAMPLE_RATE_HZ,
    Synthesiser,
    phonemes,
)
from tools.site import data_dir

WHISPER_RATE_HZ = 16_000
SAID = "我想取消上个月订购的流量包，谢谢你。"


@pytest.fixture(scope="module")
def synthesiser() -> Synthesiser:
    return Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES)


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        # The vowel of zhi, chi, shi, ri, zi, ci, si is a buzz of its own.
        ("知", "ꭧɨ→"),
        ("次", "ʦʰɨ↘"),
        ("你", "ni↓"),
        # Aspiration, a medial, and the coda after the tone.
        ("天", "tʰjɛ→n"),
        ("拼", "pʰi→n"),
        ("光", "kwa→ŋ"),
        # ü in all places.
        ("绿", "ly↘"),
        ("月", "ɥe↘"),
        ("全", "ʨʰɥɛ↗n"),
        # A neutral tone has no arrow.
        ("的", "tɤ"),
        ("二", "ɚ↘"),
    ],
)
def test_a_syllable_is_written_in_the_models_symbols(text, symbols):
    assert phonemes(text) == symbols


def test_words_are_parted_by_spaces_and_clauses_by_their_marks():
    assert phonemes("电话，多少？") == "tjɛ↘nxwa↘, two→ʂau↓?"


@pytest.mark.parametrize("text", ["A", "手机13800", "你好%"])
def test_a_character_without_a_mandarin_sound_is_refused(text):
    with pytest.raises(TextUnsayable, match="write it in characters"):
        phonemes(text)


def test_every_symbol_is_one_that_the_model_knows():
    vocabulary = json.loads((INSTALLED_MODEL / "vocab.json").read_text("utf-8"))["vocab"]
    written = [
        *synthesis._INITIALS.values(),  # noqa: SLF001
        *(before + after for before, after in synthesis._FINALS.values()),  # noqa: SLF001
        *synthesis._TONES.values(),  # noqa: SLF001
        *synthesis._PAUSES.values(),  # noqa: SLF001
        "ɨ",
    ]
    assert set("".join(written)) <= vocabulary.keys()


def test_nothing_cannot_be_said(synthesiser):
    with pytest.raises(TextUnsayable, match="nothing to say"):
        synthesiser.speak(" ", "zf_xiaobei")


def test_a_text_that_is_too_long_is_refused_before_it_is_cut(synthesiser):
    # 信 is four tokens, and 200 of them are more than 509.
    with pytest.raises(TextUnsayable, match="the model takes 509"):
        synthesiser.speak("信" * 200, "zf_xiaobei")


def test_an_unknown_voice_is_refused_with_those_there_are(synthesiser):
    with pytest.raises(VoiceUnavailable, match=r"No voice nobody; there are: .*zf_xiaobei"):
        synthesiser.speak("你好。", "nobody")


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(VoiceUnavailable, match=re.escape(str(tmp_path))):
        Synthesiser(tmp_path, tmp_path)


def test_the_same_words_give_the_same_samples(synthesiser):
    first, second = (synthesiser.speak("你好。", "zm_yunjian") for _ in range(2))
    assert first.dtype == np.float32
    assert np.array_equal(first, second)


def test_speed_shortens_speech(synthesiser):
    slow, fast = (synthesiser.speak("请稍等一下。", "zf_xiaobei", s) for s in (0.8, 1.3))
    assert len(fast) < 0.8 * len(slow)


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["zf_xiaoxiao", "zf_xiaobei", "zm_yunjian", "zm_yunxia"])
def test_a_listener_understands_the_demos_voices(synthesiser, voice):
    listener = WhisperModel(
        str(find_model("base", data_dir() / "models")), device="cpu", compute_type="int8"
    )
    said = synthesiser.speak(SAID, voice)
    heard, _ = listener.transcribe(
        soxr.resample(said, SAMPLE_RATE_HZ, WHISPER_RATE_HZ),
        language="zh",
        initial_prompt="以下是普通话的句子。",
    )
    text = "".join(segment.text for segment in heard)
    # Of 16 characters the smallest listener may take three for others that sound alike.
    assert cer(SAID, text) <= 3 / 16
