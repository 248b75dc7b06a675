"""Every format comes back as the tone that went in; every broken file says what is wrong."""

import struct

import av
import numpy as np
import pytest
from av.audio.frame import AudioFrame

from asr.audio import SAMPLE_RATE_HZ, as_int16, decode, probe
from asr.decoding import decode_guarded
from asr.errors import (
    AudioEmpty,
    AudioMissing,
    AudioTooLong,
    AudioTruncated,
    AudioUnreadable,
    AudioZeroLength,
    DecodingTimedOut,
    NotAudio,
)
from asr.playback import encode_flac, peaks

LEFT_HZ, RIGHT_HZ = 440.0, 1000.0
MEMORY_BYTES = 2 << 30


def tones(rate_hz, channels, seconds=2.0):
    times = np.arange(int(rate_hz * seconds)) / rate_hz
    sound = [0.5 * np.sin(2 * np.pi * hz * times) for hz in (LEFT_HZ, RIGHT_HZ)[:channels]]
    return as_int16(np.array(sound, np.float32))


def encode(path, container, codec, samples, rate_hz, *, muxer=None, **options):
    layout = "mono" if len(samples) == 1 else "stereo"
    with av.open(str(path), "w", format=container, container_options=muxer or {}) as out:
        stream = out.add_stream(codec, rate=rate_hz, layout=layout, options=options)
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(samples.T).reshape(1, -1), format="s16", layout=layout
        )
        frame.sample_rate = rate_hz
        fit = av.AudioResampler(
            format=stream.codec_context.format,
            layout=layout,
            rate=rate_hz,
            frame_size=stream.codec_context.frame_size or 0,
        )
        for source in (frame, None):
            for part in fit.resample(source):
                out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return path


def loudest_hz(channel):
    spectrum = np.abs(np.fft.rfft(channel * np.hanning(len(channel))))
    return np.argmax(spectrum) * SAMPLE_RATE_HZ / len(channel)


FORMATS = [
    ("wav", "pcm_s16le", 8_000, 2),
    ("wav", "pcm_s16le", 48_000, 1),
    ("wav", "pcm_alaw", 8_000, 2),
    ("wav", "pcm_mulaw", 8_000, 1),
    ("wav", "pcm_f32le", 44_100, 2),
    ("mp3", "libmp3lame", 16_000, 1),
    ("mp3", "libmp3lame", 44_100, 2),
    ("ogg", "libopus", 48_000, 2),
    ("webm", "libopus", 48_000, 2),
    ("flac", "flac", 16_000, 2),
    ("mp4", "aac", 44_100, 2),
    ("amr", "libopencore_amrnb", 8_000, 1),
]


@pytest.mark.parametrize(("container", "codec", "rate_hz", "channels"), FORMATS)
def test_each_format_gives_back_its_tones_and_its_length(
    tmp_path, container, codec, rate_hz, channels
):
    # The name lies on purpose: formats are told by their bytes.
    path = encode(tmp_path / "call.bin", container, codec, tones(rate_hz, channels), rate_hz)
    sound = decode(path)
    assert sound.shape[0] == channels
    assert sound.dtype == np.float32
    assert sound.shape[1] / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.12)
    middle = sound[:, SAMPLE_RATE_HZ // 2 : SAMPLE_RATE_HZ * 3 // 2]
    for channel, hz in zip(middle, (LEFT_HZ, RIGHT_HZ), strict=False):
        assert loudest_hz(channel) == pytest.approx(hz, abs=3)
        assert np.abs(channel).max() == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize(
    ("container", "codec", "muxer"),
    [
        # Written while it is recorded: no length in the head, clusters of unknown size.
        ("webm", "libopus", {"live": "1"}),
        ("ogg", "libopus", {"flush_packets": "1"}),
        # Safari writes fragments behind a head that knows of no sound yet.
        ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}),
    ],
)
def test_what_a_browser_records_without_knowing_how_long_it_will_be_is_read_whole(
    tmp_path, container, codec, muxer
):
    path = encode(tmp_path / "said", container, codec, tones(48_000, 1), 48_000, muxer=muxer)
    sound = decode(path)
    assert sound.shape[1] / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.12)
    assert loudest_hz(sound[0, SAMPLE_RATE_HZ // 2 :]) == pytest.approx(LEFT_HZ, abs=3)


def test_a_browser_s_recording_that_broke_off_gives_the_sound_that_came(tmp_path):
    path = encode(
        tmp_path / "said", "webm", "libopus", tones(48_000, 1), 48_000, muxer={"live": "1"}
    )
    whole = decode(path).shape[1]
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert 0.3 * whole < decode(path).shape[1] < 0.7 * whole


def test_amr_with_discontinuous_transmission_keeps_its_pauses(tmp_path):
    # One second of tone, two of silence (sent as comfort noise frames), one of tone.
    tone = tones(8_000, 1, 1.0)
    sound = np.concatenate([tone, np.zeros((1, 16_000), np.int16), tone], axis=1)
    path = encode(tmp_path / "dtx.amr", "amr", "libopencore_amrnb", sound, 8_000, dtx="1")
    # Frames for silence are shorter than those for speech, so the file shows that DTX was used.
    always_on = encode(tmp_path / "on.amr", "amr", "libopencore_amrnb", sound, 8_000)
    assert path.stat().st_size < 0.8 * always_on.stat().st_size
    heard = decode(path)[0]
    assert len(heard) / SAMPLE_RATE_HZ == pytest.approx(4.0, abs=0.1)
    assert np.abs(heard[int(1.8 * 16_000) : int(2.8 * 16_000)]).max() < 0.05
    assert loudest_hz(heard[int(3.2 * 16_000) : int(3.9 * 16_000)]) == pytest.approx(440, abs=5)


def gsm_wav(path, seconds):
    # Blocks of 65 bytes hold 320 samples; a block of zero bits decodes to near silence.
    blocks = bytes(65) * (seconds * 8_000 // 320)
    form = struct.pack("<HHIIHHHH", 0x31, 1, 8_000, 1_625, 65, 0, 2, 320)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(blocks)) + blocks
    path.write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    return path


def test_gsm_in_wav_is_read(tmp_path):
    path = gsm_wav(tmp_path / "gsm.wav", 2)
    assert probe(path).codec.startswith("gsm")
    assert decode(path).shape[1] / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.05)


def test_the_head_tells_rate_channels_and_length(tmp_path):
    path = encode(tmp_path / "a.wav", "wav", "pcm_alaw", tones(8_000, 2), 8_000)
    info = probe(path)
    assert (info.container, info.codec) == ("wav", "pcm_alaw")
    assert (info.sample_rate_hz, info.channel_count, info.duration_s) == (8_000, 2, 2.0)


def test_text_with_the_name_of_a_recording_is_not_audio(tmp_path):
    path = tmp_path / "call.wav"
    path.write_text("您好，这不是录音。" * 100, "utf-8")
    with pytest.raises(NotAudio, match=r"call\.wav is not a sound file"):
        decode(path)


def test_a_playlist_is_not_followed(tmp_path):
    path = tmp_path / "call.mp3"
    path.write_text("#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")
    with pytest.raises(NotAudio):
        decode(path)


def test_an_empty_file_is_told_from_a_missing_one(tmp_path):
    path = tmp_path / "call.wav"
    with pytest.raises(AudioMissing):
        decode(path)
    path.touch()
    with pytest.raises(AudioEmpty):
        decode(path)


@pytest.mark.parametrize(("container", "codec"), [("wav", "pcm_s16le"), ("flac", "flac")])
def test_a_file_cut_in_half_says_how_much_of_it_came(tmp_path, container, codec):
    rng = np.random.default_rng(7)
    noise = rng.integers(-9_000, 9_000, (1, 40_000), dtype=np.int16)
    path = encode(tmp_path / "call", container, codec, noise, 8_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AudioTruncated) as caught:
        decode(path)
    assert caught.value.expected_s == pytest.approx(5.0, abs=0.05)
    assert caught.value.received_s == pytest.approx(2.5, abs=0.6)


def test_an_m4a_without_its_index_is_cut_off(tmp_path):
    path = encode(tmp_path / "call.m4a", "mp4", "aac", tones(16_000, 1), 16_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"moov") - 4])
    with pytest.raises(AudioTruncated):
        decode(path)


def test_a_head_without_sound_has_zero_length(tmp_path):
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", tones(8_000, 1), 8_000)
    whole = path.read_bytes()
    at = whole.index(b"data")
    path.write_bytes(whole[:at] + b"data" + struct.pack("<I", 0))
    with pytest.raises(AudioZeroLength):
        decode(path)
    path.write_bytes(whole[: at + 8])
    with pytest.raises(AudioTruncated):
        decode(path)


def test_a_recording_may_be_as_long_as_the_limit_and_no_longer(tmp_path):
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", tones(8_000, 1), 8_000)
    assert decode(path, max_duration_s=2.0).shape == (1, 32_000)
    with pytest.raises(AudioTooLong):
        decode(path, max_duration_s=1.9)


def test_more_than_two_channels_are_no_call(tmp_path):
    path = tmp_path / "call.wav"
    form = struct.pack("<HHIIHH", 1, 6, 8_000, 96_000, 12, 16)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 1200)
    chunks += bytes(1200)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    with pytest.raises(AudioUnreadable, match="6 channels"):
        decode(path)


def test_a_head_with_samples_of_no_bits_is_not_audio(tmp_path):
    path = tmp_path / "call.wav"
    form = struct.pack("<HHIIHH", 1, 1, 8_000, 16_000, 2, 0)
    chunks = b"fmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", 1200)
    chunks += bytes(1200)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks)
    with pytest.raises(NotAudio, match="does not say how its sound is to be read"):
        probe(path)


def test_noise_behind_the_mark_of_amr_is_not_audio(tmp_path):
    path = tmp_path / "call.amr"
    path.write_bytes(b"#!AMR\n" + np.random.default_rng(3).bytes(20_000))
    with pytest.raises(NotAudio, match="begins like AMR"):
        decode(path)


def test_the_guarded_child_hands_back_both_rates(tmp_path):
    samples = tones(8_000, 2)
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", samples, 8_000)
    with decode_guarded(
        path, timeout_s=60, memory_bytes=MEMORY_BYTES, max_duration_s=10
    ) as decoded:
        assert np.array_equal(decoded.native, samples)
        assert decoded.speech.dtype == np.int16
        assert decoded.speech.shape == pytest.approx((2, 32_000), abs=2)
        assert (decoded.duration_s, decoded.channel_count) == (2.0, 2)
        assert np.allclose(decoded.speech, as_int16(decode(path)), atol=1)


def test_the_guarded_child_passes_on_what_was_wrong(tmp_path):
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", tones(8_000, 1), 8_000)
    whole = path.read_bytes()
    limits = {"timeout_s": 60, "memory_bytes": MEMORY_BYTES}
    with pytest.raises(AudioTooLong), decode_guarded(path, max_duration_s=1, **limits):
        pass
    path.write_bytes(whole[: len(whole) // 2])
    with (
        pytest.raises(AudioTruncated) as caught,
        decode_guarded(path, max_duration_s=10, **limits),
    ):
        pass
    assert caught.value.received_s == pytest.approx(1.0, abs=0.01)


def test_decoding_ends_when_its_time_is_up(tmp_path):
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", tones(8_000, 1), 8_000)
    with (
        pytest.raises(DecodingTimedOut),
        decode_guarded(path, timeout_s=0.01, memory_bytes=MEMORY_BYTES, max_duration_s=10),
    ):
        pass


def test_a_child_without_enough_memory_does_not_take_the_parent_with_it(tmp_path):
    path = encode(tmp_path / "call.wav", "wav", "pcm_s16le", tones(8_000, 1), 8_000)
    with (
        pytest.raises(AudioUnreadable),
        decode_guarded(path, timeout_s=60, memory_bytes=64 << 20, max_duration_s=10),
    ):
        pass


def test_the_playback_copy_is_the_sound_bit_for_bit(tmp_path):
    samples = tones(8_000, 2)
    path = tmp_path / "playback.flac"
    encode_flac(samples, 8_000, path)
    assert probe(path).sample_rate_hz == 8_000
    with decode_guarded(
        path, timeout_s=60, memory_bytes=MEMORY_BYTES, max_duration_s=10
    ) as decoded:
        assert np.array_equal(decoded.native, samples)


def test_peaks_draw_each_channel_by_its_loudest_samples():
    quiet_then_loud = np.zeros((2, 1000), np.int16)
    quiet_then_loud[0, 750] = -16_384
    quiet_then_loud[1, 10] = 32_767
    assert peaks(quiet_then_loud, 4) == [[0, 0, 0, 50], [100, 0, 0, 0]]
    assert [len(channel) for channel in peaks(quiet_then_loud)] == [800, 800]
    assert peaks(np.zeros((1, 0), np.int16)) == [[]]
