"""Words that say what a number is, written with other characters of their sound."""

import pytest

from qa_app.checks.finding import DataType, Tier
from qa_app.checks.misheard_contexts import as_meant
from qa_app.checks.personal import personal_data


def kinds_and_values(conversation):
    return [
        (data.data_type, data.value, data.tier)
        for data in personal_data(conversation)
        if data.data_type is not DataType.NAME
    ]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("您的严正骂是三五七九二零", DataType.VERIF_CODE, "357920"),
        ("验证吗是357920", DataType.VERIF_CODE, "357920"),
        ("烟针骂，357920", DataType.VERIF_CODE, "357920"),
        ("严重码是357920", DataType.VERIF_CODE, "357920"),
        ("做机是84512345", DataType.LANDLINE, "84512345"),
        ("84512345是我的做机", DataType.LANDLINE, "84512345"),
        ("密吗是123456", DataType.PASSWORD, "123456"),
        ("出室密骂改成了123456", DataType.PASSWORD, "123456"),
    ],
)
def test_a_misheard_word_beside_its_number_names_it_and_the_finding_is_only_probable(
    talk, said, kind, value
):
    assert kinds_and_values(talk(("a", said))) == [(kind, value, Tier.PROBABLE)]


def test_the_quote_and_the_reason_are_those_of_the_text_as_it_is(talk):
    (data,) = personal_data(talk(("a", "您的严正骂是三五七九二零")))
    assert data.quote == "三五七九二零"
    assert "按读音" in data.basis


def test_a_misheard_question_is_asked_all_the_same(talk):
    (data,) = personal_data(talk(("a", "您的严正骂是多少？"), ("c", "三五七九二零")))
    assert (data.value, data.leak, data.asked_in) == ("357920", True, 0)


@pytest.mark.parametrize(
    "said",
    [
        "是不是很严重吗，六七八九",  # an ordinary word, and nothing leads to a number
        "这个情况严重吗？3579个人都在问",
        "我买了点大米吗2000多",
        "他说银杏卡通12345",  # 行 is said xing here, and 卡通 is a word
        "做机是8451",  # too short for its kind
        "密吗我忘了",
        "卡好像是坏了，我等了123456秒",
    ],
)
def test_ordinary_words_of_such_sounds_name_nothing(talk, said):
    assert kinds_and_values(talk(("a", said))) == []


def test_a_number_behind_what_may_be_a_business_number_is_no_longer_certain(talk):
    sure = kinds_and_values(talk(("c", "打18783068391")))
    assert sure == [(DataType.MOBILE, "18783068391", Tier.CERTAIN)]
    doubtful = kinds_and_values(talk(("c", "客户便好是18783068391")))
    assert doubtful == [(DataType.MOBILE, "18783068391", Tier.PROBABLE)]


def test_a_call_without_digits_is_left_as_it_is(talk):
    call = talk(("a", "请问严正骂收到了吗"), ("c", "没有"))
    assert as_meant(call) is call


def test_a_word_keeps_its_place_so_that_offsets_still_point_to_their_source(talk):
    call = talk(("a", "您的严正骂是三五七九二零"))
    assert as_meant(call).utterances[0].text == "您的验证码是三五七九二零"
