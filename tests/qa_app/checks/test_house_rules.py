"""What a site's settings change in what the rules find."""

from dataclasses import replace

import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import run_checks
from qa_app.checks.rule_set import (
    SHIPPED,
    InternalPhone,
    Phrase,
    Policy,
    Thresholds,
    Word,
    Wordings,
    WordTier,
)
from qa_app.checks.services import examine


def found(call, rule, **changes):
    findings = run_checks(call, rule_set=replace(SHIPPED, **changes))
    return [(one.quote, one.tier) for one in findings if one.rule == rule]


def test_an_added_word_is_found_by_its_tier(talk):
    call = talk(("a", "你买的就是个坑货"))
    assert found(call, "rude_language") == []
    for tier, rule, sure in (
        (WordTier.SWEAR, "profanity", Tier.CERTAIN),
        (WordTier.INSULT, "rude_language", Tier.CERTAIN),
        (WordTier.MILD, "profanity", Tier.PROBABLE),
    ):
        assert found(call, rule, words_added=(Word("坑货", tier),)) == [("坑货", sure)]


def test_an_added_word_stands_on_word_borders(talk):
    assert found(talk(("a", "第二货架")), "profanity", words_added=(Word("二货"),)) == []


def test_a_removed_word_is_found_no_more_and_others_are(talk):
    call = talk(("c", "他妈的什么破网"), ("c", "傻逼"))
    assert [quote for quote, _ in found(call, "profanity")] == ["他妈的", "傻逼"]
    kept = found(call, "profanity", words_removed=("傻逼",))
    assert [quote for quote, _ in kept] == ["他妈的"]


def test_what_stands_inside_a_white_listed_span_is_not_found(talk):
    call = talk(("a", "您说的是笨蛋餐厅吗"), ("a", "笨蛋"))
    assert len(found(call, "rude_language")) == 2
    assert found(call, "rude_language", allowed=("笨蛋餐厅",)) == [("笨蛋", Tier.CERTAIN)]


def test_a_forbidden_phrase_is_the_agent_s_alone_however_politely(talk):
    phrases = (Phrase("推诿", "[你/您]去…柜台"),)
    call = talk(("a", "抱歉，您去营业厅柜台问"), ("c", "你去柜台"))
    assert found(call, "rude_language", phrases=phrases) == [("您去营业厅柜台", Tier.PROBABLE)]
    assert found(call, "rude_language") == []


@pytest.mark.parametrize(("seconds", "count"), [(7.9, 1), (8.0, 0)])
def test_silence_is_found_beyond_the_site_s_bound(talk, seconds, count):
    call = talk(("a", "您好", 0.0, 1.0), ("a", "在吗", 9.0, 10.0))
    assert len(found(call, "long_silence", thresholds=Thresholds(silence_s=seconds))) == count


def test_a_slow_agent_is_found_only_where_a_site_says_so(talk):
    # 60 characters in 60 s.
    call = talk(("a", "好的我帮您看一下" * 7 + "好的您请", 0.0, 60.0))
    assert found(call, "speech_rate") == []
    (one,) = run_checks(
        call,
        rules=["speech_rate"],
        rule_set=replace(SHIPPED, thresholds=Thresholds(rate_low_cpm=61)),
    )
    assert "标准是 61 字以上" in one.why


def test_a_site_s_own_greeting_is_one(talk):
    call = talk(("a", "听正竭诚伴您左右"), ("c", "喂"))
    assert len(found(call, "missing_greeting")) == 1
    greetings = Wordings(added=("听正竭诚伴您左右",))
    assert found(call, "missing_greeting", greetings=greetings) == []


def test_a_public_number_is_neither_leaked_nor_masked(talk):
    call = talk(("a", "您邻居的电话是零二零，八八八八，六六六六"))
    assert len(found(call, "leak_landline")) == 1
    rules = replace(SHIPPED, public_numbers=("0208888xxxx",))
    examination = examine(call, rules)
    assert [f for f in examination.findings if f.rule.startswith("leak")] == []
    assert examination.personal_data == ()


def test_a_number_of_the_directory_is_internal_whatever_is_said_round_it(talk):
    call = talk(("a", "您打13900001111吧"), ("a", "分机拨六零零八"))
    assert found(call, "leak_internal_phone") == []
    directory = (InternalPhone("王", "", "13900001111"), InternalPhone("", "机房", "6008"))
    assert found(call, "leak_internal_phone", directory=directory) == [
        ("13900001111", Tier.CERTAIN),
        ("六零零八", Tier.CERTAIN),
    ]
    assert found(call, "leak_mobile", directory=directory) == []


def test_what_a_customer_says_of_the_directory_is_masked_and_no_leak(talk):
    call = talk(("c", "我打过13900001111"), ("a", "好"))
    examination = examine(
        call, replace(SHIPPED, directory=(InternalPhone("王", "", "13900001111"),))
    )
    assert [one.value for one in examination.personal_data] == ["13900001111"]
    assert [f for f in examination.findings if f.rule.startswith("leak")] == []


def test_reading_back_is_found_where_a_site_forbids_it(talk):
    call = talk(("c", "我的手机13800138567"), ("a", "跟您核对，您的手机13800138567"))
    assert found(call, "leak_mobile") == []
    assert found(call, "leak_mobile", readback=Policy.FINDING) == [("13800138567", Tier.PROBABLE)]


def test_an_agent_s_own_mobile_is_found_where_a_site_forbids_it(talk):
    call = talk(("a", "我的手机号是13800138567，有事找我"))
    assert found(call, "leak_mobile") == []
    assert found(call, "leak_mobile", own_mobile=Policy.FINDING) == [("13800138567", Tier.PROBABLE)]


def test_a_rule_set_is_no_secret_to_the_next_call(talk):
    """Two rule sets run side by side, as in a trial."""
    call = talk(("a", "你买的就是个坑货"))
    assert found(call, "profanity", words_added=(Word("坑货"),))
    assert found(call, "profanity") == []
