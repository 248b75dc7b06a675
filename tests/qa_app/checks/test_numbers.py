import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType
from qa_app.checks.numbers import chains_in, symbols_in
from qa_app.checks.personal import personal_data

SPOKEN = ["零一二三四五六七八九", "〇幺二三四五六七八九", "0123456789", "洞幺两叁肆伍陆拐八勾"]
SEPARATORS = ["", " ", "，", "、", "-", "，嗯，", "，后面是", "·", "。"]


def digits_of(text):
    return "".join(symbol.value for symbol in symbols_in(text))


def customer(*texts):
    return Conversation(
        2, 0.0, tuple(Utterance(Channel.CUSTOMER, 0.0, 0.0, t, 1.0) for t in texts), timed=False
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("幺三八零零幺三八五六七", "13800138567"),
        ("１３８", "138"),
        ("三个八", "888"),
        ("三個8", "888"),
        ("双0", "00"),
        ("俩五九", "559"),
        ("仨六", "666"),
        ("131两个259两个824", "13122598824"),
        ("九六六三个幺二三个八五", "966111288 85".replace(" ", "")),
        ("洞拐勾", "079"),
        ("十二个五", "25"),  # twelve fives, not two of them
        ("765叉", "765X"),
        ("765艾克斯", "765X"),
    ],
)
def test_digits_are_read_as_people_say_them(said, meant):
    assert digits_of(said) == meant


def test_a_repeated_digit_points_to_all_its_characters():
    symbols = symbols_in("是三个八吗")
    assert [(s.value, s.start, s.end) for s in symbols] == [("8", 1, 4)] * 3


def test_a_pause_with_an_acknowledgement_leaves_one_number(talk):
    call = talk(("c", "行，幺三零"), ("a", "好的"), ("c", "七幺七幺零九五六，好吧"))
    assert "13071710956" in [chain.value for chain in chains_in(call)]


def test_a_longer_answer_between_ends_the_number(talk):
    # 请您稍等哦 has five characters, one more than an acknowledgement.
    call = talk(("c", "幺三零"), ("a", "请您稍等哦"), ("c", "七幺七幺零九五六"))
    assert [chain.value for chain in chains_in(call)] == ["130", "71710956"]


@pytest.mark.parametrize(("pause_s", "numbers"), [(10.0, 1), (10.1, 2)])
def test_a_number_goes_on_within_ten_seconds(talk, pause_s, numbers):
    call = talk(("c", "幺三零", 0.0, 2.0), ("c", "七幺七幺零九五六", 2.0 + pause_s, 6.0 + pause_s))
    assert len(chains_in(call)) == numbers


def test_digits_of_the_two_sides_are_never_joined(talk):
    call = talk(("c", "幺三零"), ("a", "七幺七幺零九五六"))
    assert [chain.value for chain in chains_in(call)] == ["130", "71710956"]


@st.composite
def spoken_mobiles(draw):
    number = (
        "1" + draw(st.sampled_from("3456789")) + draw(st.text("0123456789", min_size=9, max_size=9))
    )
    sounds, separator = draw(st.sampled_from(SPOKEN)), draw(st.sampled_from(SEPARATORS))
    cuts = sorted(draw(st.sets(st.integers(1, 10), max_size=3)))
    groups = [number[a:b] for a, b in zip([0, *cuts], [*cuts, 11], strict=True)]
    return number, separator.join("".join(sounds[int(d)] for d in group) for group in groups)


@given(spoken_mobiles())
def test_any_mobile_spoken_any_way_reads_back(mobile):
    number, said = mobile
    if number == "13800138000":  # everybody's example
        return
    found = personal_data(customer(f"我的手机号是{said}谢谢"))
    assert [(d.data_type, d.value) for d in found] == [(DataType.MOBILE, number)]
    assert found[0].quote == said


@given(st.text(alphabet="零幺二三个八双0129 ，嗯后面是叉aX好電話號碼\n𠮷１２", max_size=40))
def test_every_symbol_points_to_the_characters_it_was_read_from(text):
    last = 0
    for symbol in symbols_in(text):
        source = text[symbol.start : symbol.end]
        assert source
        assert symbol.start >= last or symbol.end == last
        last = symbol.end
        if re.fullmatch("[0-9]", source):
            assert source == symbol.value
