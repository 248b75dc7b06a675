"""Pinyin is taken apart as the scheme says, however it is spelt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronunciation.errors import SyllableUnlawful
from pronunciation.syllable import INITIALS, Syllable


@pytest.mark.parametrize(
    ("pinyin", "initial", "final", "tone"),
    [
        ("zhi1", "zh", "i", 1),
        ("zi3", "z", "i", 3),
        ("shuang1", "sh", "uang", 1),
        # Without an initial, y and w are spelling and no sound.
        ("yi1", "", "i", 1),
        ("yuan2", "", "üan", 2),
        ("wen4", "", "uen", 4),
        ("weng1", "", "ueng", 1),
        ("er4", "", "er", 4),
        ("ang2", "", "ang", 2),
        # iou, uei and uen are shortened after an initial.
        ("jiu3", "j", "iou", 3),
        ("gui4", "g", "uei", 4),
        ("lun2", "l", "uen", 2),
        # ü loses its dots after j, q and x only.
        ("jun1", "j", "ün", 1),
        ("xue2", "x", "üe", 2),
        ("quan2", "q", "üan", 2),
        ("nü3", "n", "ü", 3),
        ("lve4", "l", "üe", 4),
        ("lu4", "l", "u", 4),
        ("de5", "d", "e", 5),
        ("n2", "", "n", 2),
        ("NI3", "n", "i", 3),
    ],
)
def test_a_spelling_is_taken_apart(pinyin, initial, final, tone):
    assert Syllable.parse(pinyin) == Syllable(initial, final, tone)


@pytest.mark.parametrize("pinyin", ["", "ma", "ma0", "ma6", "3", "bx1", "xyz2", "hello1"])
def test_what_is_no_syllable_is_refused_by_name(pinyin):
    with pytest.raises(SyllableUnlawful, match=repr(pinyin)):
        Syllable.parse(pinyin)


@given(
    st.sampled_from(INITIALS),
    st.sampled_from(["a", "ai", "ang", "e", "en", "ong", "ou"]),
    st.integers(1, 5),
)
def test_what_is_spelt_in_full_is_read_back(initial, final, tone):
    assert Syllable.parse(f"{initial}{final}{tone}") == Syllable(initial, final, tone)
