"""What the head learns from says what it is labelled with, and comes through as it should."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pronunciation.inventory import symbols_of
from pronunciation.syllable import Syllable
from pronunciation.training.line import anywhere, hurried, noisy, resized, telephoned
from pronunciation.training.people import find_clips
from pronunciation.training.script import write_line, write_number

RATE = 16_000
NAMES = {"0": "ling", "1": "yi yao", "2": "er", "3": "san", "4": "si", "5": "wu", "6": "liu"}
NAMES |= {"7": "qi", "8": "ba", "9": "jiu"}


def tone(hertz, duration_s=1.0):
    return (np.sin(np.arange(int(RATE * duration_s)) * 2 * np.pi * hertz / RATE) / 2).astype(
        np.float32
    )


def power(sound, low_hz, high_hz):
    spectrum = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(len(sound), 1 / RATE)
    return spectrum[(hertz >= low_hz) & (hertz < high_hz)].sum()


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_every_line_can_be_said_and_labelled(seed):
    line = write_line(seed, ("知识", "牛奶", "房间"))
    assert line.symbols
    assert len(line.syllables) == len(line.breaks)
    assert all(symbols_of(syllable) for syllable in line.syllables)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=60)
def test_a_number_is_read_out_digit_by_digit_or_counted(seed):
    digits, line = write_number(seed)
    known = [
        {symbols_of(Syllable.parse(f"{name}1")) for name in NAMES[digit].split()}
        for digit in digits
    ]
    heard = [symbols_of(syllable) for syllable in line.syllables]
    counted = {("g", "e"), ("sh", "uang")} & set(heard)
    if not counted:
        assert len(heard) == len(digits)
        assert all(symbols in names for symbols, names in zip(heard, known, strict=True))
    else:
        assert len(heard) < 2 * len(digits)


def test_a_telephone_lets_the_middle_through_and_nothing_else():
    middle, high, low = (telephoned(tone(hertz)) for hertz in (1_000, 6_000, 50))
    assert power(middle, 900, 1_100) > 0.9 * power(tone(1_000), 900, 1_100)
    assert power(high, 0, 8_000) < 0.01 * power(tone(6_000), 0, 8_000)
    assert power(low, 0, 8_000) < 0.01 * power(tone(50), 0, 8_000)


def test_size_moves_pitch_and_haste_does_not():
    bigger, hasty = resized(tone(400), 1.25), hurried(tone(400), 2.0)
    assert len(bigger) == RATE * 0.8
    assert power(bigger, 450, 550) > 0.9 * power(bigger, 0, 8_000)
    assert abs(len(hasty) - RATE / 2) < RATE / 20
    assert power(hasty, 350, 450) > 0.9 * power(hasty, 0, 8_000)


def test_noise_is_as_strong_as_asked():
    sound = tone(1_000)
    noise = noisy(sound, 10, np.random.default_rng(1)) - sound
    # The loud half of a sine has 0.82 of its peak's power; 10 dB below that.
    loud = np.mean(sound[np.abs(sound) >= np.median(np.abs(sound))] ** 2)
    assert np.isclose(np.mean(noise**2), loud / 10, rtol=0.05)


def test_the_same_chance_gives_the_same_sound():
    one, other = (anywhere(tone(500), np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(one, other)
    assert np.abs(one).max() <= 1


def test_a_clip_is_labelled_by_its_name_or_left_out(tmp_path):
    (tmp_path / "wang").mkdir()
    for name in ("cmn-lü4", "cmn-lu:3", "cmn-hm1", "cmn-ma2", "cmn-zhi5", "cmn-银行", "cmn-花儿"):
        (tmp_path / "wang" / f"{name}.mp3").touch()
    (tmp_path / "bad_wang.txt").write_text("ma2", encoding="utf-8")
    clips = {clip.path.stem: clip.syllables for clip in find_clips(tmp_path, "wang")}
    green, row = Syllable("l", "ü", 4), Syllable("h", "ang", 2)
    assert set(clips) == {"cmn-lü4", "cmn-lu:3", "cmn-银行"}
    assert clips["cmn-lü4"] == (green,)
    assert clips["cmn-银行"][1] == row
