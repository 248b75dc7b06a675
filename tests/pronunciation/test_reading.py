"""Characters are read as the words they stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pronunciation.reading import read_words


def spoken(text: str) -> list[str]:
    return [
        f"{syllable.initial}{syllable.final}{syllable.tone}"
        for word in read_words(text)
        for syllable in word.syllables
    ]


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("银行", ["in2", "h" + "ang2"]),
        ("不行", ["bu4", "xing2"]),
        ("重庆", ["ch" + "ong2", "qing4"]),
        ("重量", ["zhong4", "liang4"]),
        ("我的", ["uo3", "de5"]),
        ("〇", ["ling2"]),
    ],
)
def test_a_character_is_read_as_its_word_has_it(text, syllables):
    assert spoken(text) == syllables


def test_what_is_not_chinese_keeps_its_place_without_a_sound():
    words = read_words("请按1，谢谢。")
    assert [word.text for word in words if not word.syllables] == ["1，", "。"]


@given(st.text(alphabet="您好请问号码，。 A1\n〇绿女", max_size=20))
def test_the_words_joined_give_the_text_back(text):
    words = read_words(text)
    assert "".join(word.text for word in words) == text
    assert all(len(word.syllables) in {0, len(word.text)} for word in words)
