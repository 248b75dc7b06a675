"""What Whisper wrote for a voice it does not follow, from one of the sample calls."""

import pytest

from pronunciation.similarity import best_likeness, similarity
from pronunciation.syllable import Syllable
from qa_app.checks.finding import Tier
from qa_app.checks.personal import personal_data
from qa_app.checks.registry import run_checks


def test_a_number_written_as_other_characters_is_suspected(talk):
    call = talk(
        ("c", "我想查一下我同事李伟的登记电话我联系不上他。"),
        ("a", "查刀列离卫的数据号码，次要散把，零零要散宝物流起。"),
    )
    (finding,) = run_checks(call, rules=["leak_mobile"])
    assert (finding.value, finding.tier) == ("13800138567", Tier.SUSPECTED)
    assert finding.quote == "要散把，零零要散宝物流起"


@pytest.mark.parametrize(
    "said",
    [
        "要散把，零零要散宝物流",  # ten digits
        "要二把，零零要散宝物流起",  # no mobile begins with 12
        "要散把，零零要散宝物流起吧",  # goes on with one more sound of a digit
        "订单要散把，零零要散宝物流起",
    ],
)
def test_sounds_alone_count_only_in_a_strict_shape(talk, said):
    assert run_checks(talk(("a", said)), rules=["leak_mobile"]) == ()


def test_a_house_number_that_answers_a_question_for_an_address_is_suspected(talk):
    answer = "他的滴滞，自长傻死月露取，露闪南露十二号散动物零二十。"
    call = talk(("c", "好的那他家地址是什么？"), ("a", answer))
    (finding,) = run_checks(call, rules=["leak_address"])
    assert finding.tier is Tier.SUSPECTED
    assert "十二号" in finding.quote


def test_without_the_question_the_same_words_are_no_address(talk):
    call = talk(("c", "好的那他家电费是什么？"), ("a", "长傻死月露取，露闪南露十二号散动物"))
    assert run_checks(call, rules=["leak_address"]) == ()


def test_a_misheard_greeting_is_one(talk):
    call = talk(("a", "您好可忽忽中心，请问有什么可以绑黏？"), ("c", "我想查话费"))
    assert run_checks(call, rules=["missing_greeting"]) == ()


def test_sounds_that_people_merge_are_nearly_alike():
    # The initials are a merged pair (0.75), the finals the same (1): (0.75 + 1) / 2.
    assert similarity(Syllable("z", "i", 1), Syllable("zh", "i", 4)) == 0.875
    assert similarity(Syllable("b", "a", 1), Syllable("b", "a", 3)) == 1.0
    assert similarity(Syllable("b", "a", 1), Syllable("l", "iou", 4)) == 0.0


def test_likeness_is_that_of_the_best_stretch():
    assert best_likeness("查到了手机号码是", "手机号码") == 1.0
    assert best_likeness("手", "手机") == 0.5  # one of two characters is missing
    assert best_likeness("查到了手你机号码", "手机号码") == 0.75  # one too many: 1 - 1 / 4
    assert best_likeness("手机", "") == 0.0
    assert best_likeness("", "手机") == 0.0


def test_a_gap_in_a_wording_stands_for_so_many_characters_and_no_more():
    assert best_likeness("您好青云物业请将", "您好…请讲", gap=4) == 1.0
    assert best_likeness("您好青云物业请将", "您好…请讲", gap=3) == 0.75


def test_a_masked_number_of_any_tier_is_personal_data(talk):
    call = talk(("c", "要散把，零零要散宝物流起"))
    assert [d.value for d in personal_data(call)] == ["13800138567"]
