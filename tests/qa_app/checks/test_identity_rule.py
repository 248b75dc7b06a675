import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import run_checks

GREETING = ("a", "您好，客户服务中心，请问有什么可以帮您？")
QUESTION = ("c", "我想查一下还有多少钱。")
BALANCE = ("a", "您的余额是八十六块四。")


def prompts(call):
    return run_checks(call, rules=["no_identity_check"])


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("您的余额是八十六块四。", "您的余额是八"),
        ("您现在欠费一共230元", "您现在欠费一共2"),
        ("您登记的地址是五一路三号", "您登记的地址是"),
    ],
)
def test_a_disclosure_before_any_check_prompts_a_person_and_no_more(talk, said, quote):
    (finding,) = prompts(talk(GREETING, QUESTION, ("a", said)))
    assert (finding.channel, finding.utterance, finding.quote) == ("agent", 2, quote)
    assert finding.tier is Tier.SUSPECTED
    assert not finding.leak


@pytest.mark.parametrize(
    "check",
    [
        ("a", "请问您贵姓"),
        ("a", "跟您核实一下，请问您是陈先生吗"),
        ("a", "请报一下身份证后四位"),
        ("a", "请问怎么称呼您"),
        ("c", "我叫陈立"),
        ("c", "我的手机号是13800138567"),
    ],
)
def test_whatever_looks_like_a_check_before_it_is_enough(talk, check):
    assert prompts(talk(GREETING, QUESTION, check, BALANCE)) == ()
    assert len(prompts(talk(GREETING, QUESTION, BALANCE, check))) == 1


@pytest.mark.parametrize(
    "said",
    [
        "您可以在手机上查余额",
        "您的余额是多少",
        "余额不足就会停机",
        "您预留的电话是什么",
        "您绑定的手机是不是换过",
    ],
)
def test_what_discloses_nothing_prompts_nobody(talk, said):
    assert prompts(talk(GREETING, QUESTION, ("a", said))) == ()


def test_a_customer_who_tells_a_balance_discloses_nothing(talk):
    assert prompts(talk(GREETING, ("c", BALANCE[1]))) == ()


def test_several_disclosures_are_one_prompt(talk):
    assert len(prompts(talk(GREETING, QUESTION, BALANCE, BALANCE))) == 1


def test_where_nobody_knows_who_speaks_identity_is_not_assessed(talk):
    assert prompts(talk(("u", BALANCE[1]), channels=1)) == ()
    assert prompts(talk()) == ()
