"""Normal forms keep places; the error rate counts what can be heard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.metrics import cer
from asr.normalise import for_scoring, readable, to_simplified

chinese = st.text(
    st.sampled_from("您好請問這裡是乾隆年間的後面著急,.?1２３ＡbOK 。，、著名"), max_size=40
)


@given(chinese | st.text(max_size=40))
def test_every_character_keeps_its_place(text):
    assert len(to_simplified(text)) == len(text)
    assert len(readable(text)) == len(text)


@given(chinese)
def test_the_forms_are_stable(text):
    assert readable(readable(text)) == readable(text)
    assert for_scoring(for_scoring(text)) == for_scoring(text)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3.5元,對嗎?", "3.5元，对吗？"),
        ("好的.", "好的。"),
        ("www.189.cn打不開", "www.189.cn打不开"),
        ("(稍等)", "（稍等）"),
    ],
)
def test_punctuation_beside_han_characters_is_full_width(written, read):
    assert readable(written) == read


def test_the_error_rate_counts_each_kind_of_error():
    # 6 characters said; 1 substituted (您 → 你), 1 left out (吗), 1 put in (呀): 3 / 6.
    assert cer("您好，在家吗喂", "你好，在家喂呀") == pytest.approx(0.5)


def test_a_number_in_words_and_in_digits_is_the_same():
    assert cer("幺三八零零", "13800") == 0


def test_silence_heard_as_speech_is_wholly_wrong():
    assert cer("", "谢谢观看") == 1
    assert cer("", "") == 0
