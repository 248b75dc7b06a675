import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import RULES, run_checks

LEAKS = {
    "leak_mobile": ("他的手机是15973102246", "15973102246"),
    "leak_landline": ("邻居的座机是0731-88662233", "073188662233"),
    "leak_id_card": ("原机主身份证11010519491231002X", "11010519491231002X"),
    "leak_bank_card": ("他绑的是4111111111111111这个账号", "4111111111111111"),
    "leak_email": ("他的邮箱是li@163.com", "li@163.com"),
    "leak_address": (
        "那个客户在泰安市岱岳区滨河北路104号28幢604",
        "泰安市岱岳区滨河北路104号28幢604",
    ),
    "leak_name": ("合同上签的是曹振佑谢谢", "曹振佑"),
    "leak_verification_code": ("他的验证码是478829", "478829"),
    "leak_password": ("他的密码是Li@6172", "Li@6172"),
    "leak_plate": ("邻居的车是皖E69774", "皖E69774"),
    "leak_internal_phone": ("营销部那边的座机0731-88662233", "073188662233"),
}


def test_every_leak_rule_is_tried_here():
    assert {name for name in RULES if name.startswith("leak_")} == set(LEAKS)


@pytest.mark.parametrize("rule", LEAKS)
def test_what_an_agent_gives_away_is_found_by_its_rule_alone(talk, rule):
    said, value = LEAKS[rule]
    found = [f for f in run_checks(talk(("a", said))) if f.rule.startswith("leak_")]
    assert [(f.rule, f.value, f.channel, f.leak) for f in found] == [(rule, value, "agent", True)]
    assert found[0].why


@pytest.mark.parametrize("rule", LEAKS)
def test_the_same_words_of_a_customer_are_no_leak(talk, rule):
    assert run_checks(talk(("c", LEAKS[rule][0])), rules=[rule]) == ()


@pytest.mark.parametrize("rule", LEAKS)
def test_an_empty_call_leaks_nothing(talk, rule):
    assert run_checks(talk(), rules=[rule]) == ()


@pytest.mark.parametrize("rule", LEAKS)
def test_a_leak_of_an_unknown_voice_is_never_certain(talk, rule):
    said = "系统显示" + LEAKS[rule][0]
    assert all(f.tier is not Tier.CERTAIN for f in run_checks(talk(("u", said), channels=1)))


@pytest.mark.parametrize("rule", LEAKS)
def test_the_spans_cover_the_quote(talk, rule):
    said, _ = LEAKS[rule]
    (found,) = run_checks(talk(("a", said)), rules=[rule])
    assert "…".join(said[s.start : s.end] for s in found.spans) == found.quote


def test_a_leaders_mobile_is_not_counted_twice(talk):
    call = talk(("a", "我们王经理的电话是一三七，二零四五，六六八九"))
    assert [f.rule for f in run_checks(call) if f.rule.startswith("leak_")] == [
        "leak_internal_phone"
    ]
