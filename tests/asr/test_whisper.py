"""The real model on speech made for it: what was said is heard, by whom and when."""

import numpy as np
import pytest
import soxr

from asr.audio import as_int16
from asr.metrics import cer
from asr.transcriber import Layout, TranscriptionOptions
from asr.transcript import Channel
from asr.voice_activity import find_speech
from pronunciation.synthesis import INSTALLED_MODEL, INSTALLED_VOICES, SAMPLE_RATE_HZ, Synthesiser

pytestmark = pytest.mark.slow

RATE = 16_000
DIALOGUE = (
    (Channel.AGENT, "您好，客户服务中心，很高兴为您服务，请问有什么可以帮您？"),
    (Channel.CUSTOMER, "你好，我想查询一下这个月的话费。"),
    (Channel.AGENT, "好的，请您稍等，我马上为您查询。"),
    (Channel.CUSTOMER, "好的，谢谢你。"),
    (Channel.AGENT, "感谢您的来电，祝您生活愉快，再见。"),
)
VOICES = {Channel.AGENT: "zf_xiaoxiao", Channel.CUSTOMER: "zm_yunxi"}
TURN_PAUSE_S = 0.6
LOUD = 0.01


@pytest.fixture(scope="module")
def transcriber(tmp_path_factory):
    from asr.whisper import Hardware, WhisperTranscriber  # noqa: PLC0415

    return WhisperTranscriber(
        cache=tmp_path_factory.mktemp("models"), hardware=Hardware(device="cpu", cpu_threads=1)
    )


@pytest.fixture(scope="module")
def call():
    """Return a two-channel call and the span of each turn."""
    synthesiser = Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES)
    turns, spans, at = [], [], RATE
    for side, text in DIALOGUE:
        spoken = soxr.resample(synthesiser.speak(text, VOICES[side]), SAMPLE_RATE_HZ, RATE)
        # The voice is silent before and after the sentence; the span is that of the sound.
        loud = np.flatnonzero(np.abs(spoken) > LOUD)
        spoken = spoken[loud[0] : loud[-1]]
        turns.append((side, at, spoken))
        spans.append((at / RATE, (at + len(spoken)) / RATE))
        at += len(spoken) + int(TURN_PAUSE_S * RATE)
    sound = np.zeros((2, at), np.float32)
    for side, start, spoken in turns:
        sound[0 if side is Channel.AGENT else 1, start : start + len(spoken)] = spoken
    # A little noise, as on any line: digital silence would be an easier task than a call.
    sound += np.random.default_rng(3).normal(scale=1e-4, size=sound.shape).astype(np.float32)
    return as_int16(sound), spans


def said_by(side):
    return "".join(text for who, text in DIALOGUE if who is side)


def heard_from(transcript, side):
    return "".join(u.text for u in transcript.utterances if u.channel is side)


def test_both_sides_of_a_call_are_written_down(transcriber, call):
    samples, spans = call
    fractions = []
    transcript = transcriber.transcribe(samples, TranscriptionOptions(), fractions.append)
    for side in (Channel.AGENT, Channel.CUSTOMER):
        assert cer(said_by(side), heard_from(transcript, side)) <= 0.15
    assert transcript.channel_count == 2
    assert transcript.duration_s == pytest.approx(samples.shape[1] / RATE)
    assert transcript.role_basis == "channels"
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(transcript.utterances) == len(DIALOGUE)
    for utterance, (side, _), (start_s, end_s) in zip(
        transcript.utterances, DIALOGUE, spans, strict=True
    ):
        assert utterance.channel is side
        assert utterance.start_s == pytest.approx(start_s, abs=0.5)
        assert utterance.end_s == pytest.approx(end_s, abs=0.5)
        assert utterance.text == "".join(word.text for word in utterance.words)
        edges = [edge for word in utterance.words for edge in (word.start_s, word.end_s)]
        assert edges == sorted(edges)


def test_the_agent_may_be_on_the_other_channel(transcriber, call):
    samples, _ = call
    transcript = transcriber.transcribe(samples[::-1], TranscriptionOptions(agent_channel=1))
    assert cer(said_by(Channel.AGENT), heard_from(transcript, Channel.AGENT)) <= 0.15


def test_in_one_channel_the_agent_is_known_by_voice_and_wording(transcriber, call):
    samples, _ = call
    mixed = samples.sum(axis=0, keepdims=True, dtype=np.int16)
    transcript = transcriber.transcribe(mixed, TranscriptionOptions())
    assert transcript.role_basis == "wording"
    assert transcript.role_confidence >= 0.7
    for side in (Channel.AGENT, Channel.CUSTOMER):
        assert cer(said_by(side), heard_from(transcript, side)) <= 0.2


def test_the_same_sound_on_two_channels_is_written_down_once(transcriber, call):
    samples, _ = call
    mixed = samples.sum(axis=0, keepdims=True, dtype=np.int16)
    transcript = transcriber.transcribe(np.concatenate([mixed, mixed]), TranscriptionOptions())
    said = "".join(text for _, text in DIALOGUE)
    assert cer(said, "".join(u.text for u in transcript.utterances)) <= 0.2
    assert transcript.channel_count == 2


def test_a_second_pair_of_ears_is_shown_all_speech_where_it_stands_in_the_call(transcriber, call):
    samples, spans = call
    shown = []
    transcriber.transcribe(samples, TranscriptionOptions(), witness=shown.append)
    for (side, _), (start_s, end_s) in zip(DIALOGUE, spans, strict=True):
        channel = 0 if side is Channel.AGENT else 1
        seen = [
            at
            for part in shown
            if part.channel == channel
            for at in part.starts_s
            if start_s <= at < end_s
        ]
        # One frame every 20 ms; a sound may begin or end softly.
        assert len(seen) >= 0.9 * (end_s - start_s) * 50
    assert all(part.frames.shape == (len(part.starts_s), 512) for part in shown)


def test_silence_and_noise_are_not_made_into_words(transcriber):
    rng = np.random.default_rng(5)
    noise = as_int16(rng.normal(scale=0.01, size=(1, 20 * RATE)).astype(np.float32))
    silence = np.zeros_like(noise)
    transcript = transcriber.transcribe(
        np.concatenate([noise, silence]), TranscriptionOptions(layout=Layout.SPLIT)
    )
    assert transcript.utterances == ()


@pytest.mark.parametrize("shift", [1_000, 8_191, 100_003])
def test_speech_later_in_a_call_is_cut_at_the_same_samples(call, shift):
    said = call[0][0]
    alone = find_speech(said)
    before = np.concatenate([np.resize(said[::-1], shift), np.zeros(RATE, said.dtype)])
    later = find_speech(np.concatenate([before, said]))
    assert len(alone) >= 3
    assert [
        (region.start - len(before), region.end - len(before)) for region in later[-len(alone) :]
    ] == [(region.start, region.end) for region in alone]


def test_a_call_said_twice_has_its_text_twice(transcriber, call):
    samples, _ = call
    options = TranscriptionOptions()
    once = transcriber.transcribe(samples, options)
    twice = transcriber.transcribe(np.concatenate([samples, samples], axis=1), options)
    for side in (Channel.AGENT, Channel.CUSTOMER):
        assert heard_from(twice, side) == heard_from(once, side) * 2
