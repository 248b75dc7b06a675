"""What a file's own bytes say, before a decoder sees them."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.heads import format_name, holds_amr_frames, length_is_promised, wav_share

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
# A frame's first byte is its type times 8, and 4 more where it came through whole.
FASTEST = bytes([7 * 8 + 4]) + bytes(31)  # 12.2 kbit/s
FASTEST_LOST = bytes([7 * 8]) + bytes(31)
SLOWEST = bytes([0 * 8 + 4]) + bytes(12)  # 4.75 kbit/s
COMFORT_NOISE = bytes([8 * 8 + 4]) + bytes(5)
NOTHING = bytes([15 * 8])
RESERVED = bytes([12 * 8 + 4])


def amr(*frames: bytes, mark: bytes = NARROW) -> BytesIO:
    return BytesIO(mark + b"".join(frames))


def test_speech_comfort_noise_and_nothing_are_frames_of_a_call():
    assert holds_amr_frames(amr(FASTEST, SLOWEST, COMFORT_NOISE, NOTHING, NOTHING, FASTEST))


def test_a_quarter_of_the_frames_may_be_lost_and_no_more():
    assert holds_amr_frames(amr(*3 * [FASTEST], FASTEST_LOST))
    assert not holds_amr_frames(amr(*5 * [FASTEST], *2 * [FASTEST_LOST]))


def test_a_type_that_no_standard_names_is_a_lost_frame():
    assert not holds_amr_frames(amr(FASTEST, RESERVED, RESERVED))
    assert holds_amr_frames(amr(*3 * [FASTEST], RESERVED))


def test_a_last_frame_that_broke_off_is_still_a_frame():
    assert holds_amr_frames(amr(FASTEST, FASTEST[:5]))


def test_a_mark_without_frames_is_left_to_the_length_check():
    assert holds_amr_frames(amr())


def test_wide_band_has_frames_of_its_own_lengths():
    fastest = bytes([8 * 8 + 4]) + bytes(60)  # 23.85 kbit/s
    lost = bytes([14 * 8])
    assert holds_amr_frames(amr(fastest, lost, fastest, mark=WIDE))
    assert not holds_amr_frames(amr(bytes([10 * 8 + 4]), mark=WIDE))


@given(st.binary(min_size=1000, max_size=4000).filter(lambda said: len(set(said)) > 200))
def test_bytes_of_anything_else_are_no_frames(said):
    # 200 different bytes in a row stand for what was compressed or encrypted, not for a pattern.
    assert not holds_amr_frames(amr(said))


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"OggS" + bytes(70), NARROW + FASTEST, b"ID3" + bytes(100)]
)
def test_a_look_leaves_the_file_at_its_beginning(content):
    file = BytesIO(content)
    for look in (wav_share, holds_amr_frames, lambda file: length_is_promised("mp3", file)):
        look(file)
        assert file.tell() == 0


def test_a_web_page_or_a_playlist_is_no_format():
    assert format_name(b"<!doctype html>" + bytes(49)) is None
    assert format_name(b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n") is None
