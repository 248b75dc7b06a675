"""Two voices in one sound: parted by voice, named by wording, left unknown in doubt."""

import io
import pickle

import numpy as np
import pytest

from asr.packing import Region
from asr.scripted import spoken
from asr.speakers import SideFinder, Voices, agent_likeness, speaks_second, two_middles
from asr.transcript import Channel
from asr.voices import VoiceEncoder, mel_frames, read_tensors


def unit(rows):
    rows = np.array(rows, np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_two_bundles_of_vectors_are_parted():
    rng = np.random.default_rng(1)
    first = unit(np.array([1, 0, 0]) + 0.1 * rng.normal(size=(30, 3)))
    second = unit(np.array([0, 1, 0]) + 0.1 * rng.normal(size=(12, 3)))
    middles = two_middles(np.concatenate([first, second]))
    own = [int(np.argmax(middles @ rows.mean(axis=0))) for rows in (first, second)]
    assert sorted(own) == [0, 1]
    assert np.allclose(np.linalg.norm(middles, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("said", "is_agent"),
    [
        ("您好，客户服务中心，很高兴为您服务。", True),
        ("请您稍等，我这边帮您查一下。感谢您的来电。", True),
        ("我想问一下这个月的话费，你们怎么多扣了？", False),
        ("我要投诉你们。", False),
    ],
)
def test_wording_tells_agents_from_customers(said, is_agent):
    assert (agent_likeness(said) > 0) is is_agent


def test_wording_that_both_use_says_nothing():
    assert agent_likeness("好的，谢谢，再见。") == 0


def test_one_word_is_weighed_up_by_the_stretch_it_stands_in():
    # One stretch without a pause; a single window leans the wrong way.
    words = spoken(Channel.UNKNOWN, 0.0, 10.0, "请您提供一下订单号码").words
    times = np.arange(0.5, 10, 1.0)
    leaning = np.where(times == 4.5, -0.05, 0.3)
    assert speaks_second(words, Voices(times, leaning, 0.6)) == [True] * 10


def test_a_change_in_the_middle_of_a_stretch_is_kept():
    words = spoken(Channel.UNKNOWN, 0.0, 10.0, "请您提供号码好的我找").words
    times = np.arange(0.5, 10, 1.0)
    leaning = np.where(times < 6, -0.3, 0.3)
    assert speaks_second(words, Voices(times, leaning, 0.6)) == [False] * 6 + [True] * 4


def test_without_a_voice_model_the_sides_stay_unknown():
    said = spoken(Channel.UNKNOWN, 0.0, 2.0, "您好，客户服务中心").words
    sides = SideFinder(None).find_sides(np.zeros(48_000, np.int16), [Region(0, 32_000)], said)
    assert [(u.channel, u.voice) for u in sides.utterances] == [(Channel.UNKNOWN, None)]
    assert (sides.confidence, sides.basis) == (0.0, "unsure")


class ToneEncoder:
    """Knows a voice by its pitch: the low half of the spectrum is one, the high half another."""

    def embed(self, windows):
        halves = windows.reshape(*windows.shape[:2], 2, -1).mean(axis=(1, 3))
        return unit(halves)


def tones(*pitches_hz, each_s=3.0):
    times = np.arange(int(each_s * 16_000)) / 16_000
    return np.concatenate([np.sin(2 * np.pi * hz * times) for hz in pitches_hz]).astype(np.float32)


def sides_of(sound, *texts):
    """What is found where each text is said in its three seconds of the sound."""
    words = [
        word
        for number, text in enumerate(texts)
        for word in spoken(Channel.UNKNOWN, 3.0 * number + 0.3, 3.0 * number + 2.7, text).words
    ]
    regions = [
        Region(48_000 * number + 4_000, 48_000 * (number + 1) - 4_000)
        for number in range(len(texts))
    ]
    return SideFinder(ToneEncoder()).find_sides(sound, regions, words)


@pytest.mark.parametrize("pitches_hz", [(300, 3000, 300), (3000, 300, 3000)])
def test_voices_are_counted_in_the_order_in_which_they_first_speak(pitches_hz):
    sides = sides_of(tones(*pitches_hz), "好的好的好的", "谢谢谢谢谢谢", "再见再见再见")
    assert [said.voice for said in sides.utterances] == [0, 1, 0]
    assert {said.channel for said in sides.utterances} == {Channel.UNKNOWN}


def test_each_side_keeps_its_voice_when_the_wording_names_the_agent():
    texts = ("我想问一下话费你们", "客户服务中心为您服务")
    sides = sides_of(tones(3000, 300), *texts)
    assert [(said.voice, said.channel.value) for said in sides.utterances] == [
        (0, "customer"),
        (1, "agent"),
    ]


def test_a_voice_that_is_alone_is_the_first():
    sides = sides_of(tones(300, 300), "好的好的好的", "谢谢谢谢谢谢")
    assert sides.basis == "one_voice"
    assert {said.voice for said in sides.utterances} == {0}


def test_mel_frames_come_a_hundred_a_second_and_show_where_a_tone_is():
    times = np.arange(16_000) / 16_000
    low, high = (
        mel_frames(np.sin(2 * np.pi * hz * times).astype(np.float32)) for hz in (300, 3000)
    )
    assert low.shape == high.shape == (101, 40)
    assert low[50].argmax() < high[50].argmax()


def test_quiet_speech_sounds_the_same_to_the_encoder():
    rng = np.random.default_rng(2)
    sound = rng.normal(scale=0.001, size=8_000).astype(np.float32)
    assert np.allclose(mel_frames(sound), mel_frames(sound * 4), rtol=1e-3)


def test_the_lstm_agrees_with_one_step_worked_by_hand():
    # All weights zero but the biases of gate "new" (10) and "output" (10): one step gives
    # cell = sigmoid(0) * tanh(10) = 0.5 and hidden = sigmoid(10) * tanh(0.5) = 0.4621.
    width = 256
    bias = np.zeros(4 * width, np.float32)
    bias[2 * width :] = 10
    weights = {
        "lstm.weight_ih_l0": np.zeros((4 * width, 40), np.float32),
        "lstm.weight_hh_l0": np.zeros((4 * width, width), np.float32),
        "lstm.bias_ih_l0": bias,
        "lstm.bias_hh_l0": np.zeros_like(bias),
    }
    out = VoiceEncoder(weights)._lstm(np.zeros((1, 2, 40), np.float32), 0)  # noqa: SLF001
    assert out.shape == (1, 2, width)
    assert np.allclose(out, 0.4621, atol=1e-3)


class _Harmful:
    def __reduce__(self):
        return (print, ("this must not run",))


def test_weights_that_would_run_code_are_refused(capsys):
    file = io.BytesIO(b"".join(pickle.dumps(part) for part in (1, 2, 3, _Harmful())))
    with pytest.raises(pickle.UnpicklingError, match="has no place"):
        read_tensors(file)
    assert capsys.readouterr().out == ""
