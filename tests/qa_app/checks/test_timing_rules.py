from dataclasses import replace

import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import run_checks
from qa_app.checks.spoken import spoken_syllables


def rules(call, name):
    return run_checks(call, rules=[name])


@pytest.mark.parametrize(("gap_s", "findings"), [(5.0, 0), (5.1, 1)])
def test_a_silence_is_long_beyond_five_seconds(talk, gap_s, findings):
    call = talk(("c", "我没有开通啊", 0.0, 2.0), ("a", "查到了", 2.0 + gap_s, 4.0 + gap_s))
    assert len(rules(call, "long_silence")) == findings


@pytest.mark.parametrize(("gap_s", "findings"), [(30.0, 0), (30.1, 1)])
@pytest.mark.parametrize("before", [("a", "请您稍等"), ("c", "你等一下，我找找")])
def test_an_announced_pause_may_take_thirty_seconds(talk, before, gap_s, findings):
    call = talk((*before, 0.0, 2.0), ("a", "让您久等了", 2.0 + gap_s, 4.0 + gap_s))
    found = rules(call, "long_silence")
    assert len(found) == findings
    assert all("30 秒" in finding.why for finding in found)


def test_a_silence_that_the_customer_asked_for_is_not_certain(talk):
    def silence(side, said):
        call = talk((side, said, 0.0, 2.0), ("a", "让您久等了", 33.0, 34.0))
        (finding,) = rules(call, "long_silence")
        return finding.tier, finding.why

    assert silence("c", "您等一下，我找一下单子") == (
        Tier.PROBABLE,
        "双方静音 31.0 秒，客户已请坐席等待，标准是 30 秒以内",
    )
    assert silence("a", "请您稍等") == (
        Tier.CERTAIN,
        "双方静音 31.0 秒，坐席已请客户等待，标准是 30 秒以内",
    )


@pytest.mark.parametrize(
    ("side", "said", "findings"),
    [
        ("a", "帮您茶一下", 0),  # 查, by its sound
        ("a", "好的，烧等。", 0),  # 稍等
        ("c", "我去年就交过了", 1),
        ("c", "我是上个月开的", 1),
    ],
)
def test_a_pause_may_be_announced_in_misheard_words_and_not_in_others(talk, side, said, findings):
    call = talk((side, said, 0.0, 2.0), ("a", "查到了", 12.0, 14.0))
    assert len(rules(call, "long_silence")) == findings


def test_a_question_that_asks_to_look_something_up_announces_no_pause(talk):
    call = talk(("c", "帮我查一下这个月的话费", 0.0, 2.0), ("a", "查到了", 10.0, 12.0))
    assert len(rules(call, "long_silence")) == 1


def test_an_announcement_three_utterances_ago_is_used_up(talk):
    call = talk(
        ("a", "请您稍等", 0.0, 1.0),
        ("c", "好", 1.5, 2.0),
        ("a", "是这样的", 3.0, 4.0),
        ("a", "查到了", 12.0, 13.0),
    )
    assert len(rules(call, "long_silence")) == 1


def test_a_silence_says_where_it_is_and_how_long(talk):
    call = talk(("c", "没有", 12.9, 14.0), ("a", "查到了", 28.0, 30.0))
    (finding,) = rules(call, "long_silence")
    assert (finding.start_s, finding.end_s, finding.value) == (14.0, 28.0, "14.0")
    assert finding.why == "双方静音 14.0 秒，标准是 5 秒以内"


def test_while_one_side_speaks_there_is_no_silence(talk):
    call = talk(("c", "很长的话", 0.0, 12.0), ("a", "嗯", 1.0, 1.5), ("a", "好", 12.5, 13.0))
    assert rules(call, "long_silence") == ()


# The customer speaks from 4 to 11 s in each of these.
@pytest.mark.parametrize(("start_s", "findings"), [(10.0, 1), (10.1, 0)])
def test_an_interruption_overlaps_for_a_second(talk, start_s, findings):
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", "您先别说", start_s, 13.0))
    assert len(rules(call, "interruption")) == findings


def test_the_agents_overlap_counts_to_its_own_end(talk):
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", "您先别说", 5.0, 5.9))
    assert rules(call, "interruption") == ()


@pytest.mark.parametrize("said", ["嗯嗯。", "好的", "对，对", "您说", "嗯，好的，明白", "喂"])
def test_showing_that_one_listens_is_no_interruption(talk, said):
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", said, 6.0, 7.5))
    assert rules(call, "interruption") == ()


def test_listening_for_too_long_is_an_interruption(talk):
    said = "好的好的好的明白明白"  # ten characters; eight are taken for listening
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", said, 6.0, 9.5))
    assert len(rules(call, "interruption")) == 1


# The agent speaks from 2 to 6 s, the customer cuts in at 4 s and speaks to 11 s.
@pytest.mark.parametrize(("start_s", "findings"), [(6.9, 0), (7.0, 1)])
def test_an_agent_who_goes_on_after_the_customer_cut_in_does_not_interrupt(talk, start_s, findings):
    call = talk(
        ("a", "您这个套餐是上个月", 2.0, 6.0),
        ("c", "我没有开通过什么套餐啊", 4.0, 11.0),
        ("a", "五号在营业厅开通的", start_s, 9.5),
    )
    assert len(rules(call, "interruption")) == findings


@pytest.mark.parametrize(("confidence", "findings"), [(0.39, 0), (0.4, 1)])
def test_noise_that_was_taken_for_words_does_not_interrupt(talk, confidence, findings):
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", "现在五分钟五点", 6.0, 9.0))
    customer, agent = call.utterances
    heard = replace(call, utterances=(customer, replace(agent, confidence=confidence)))
    assert len(rules(heard, "interruption")) == findings


def test_a_customer_who_cuts_in_is_no_fault(talk):
    call = talk(("a", "您的话费一共是这样算的", 4.0, 11.0), ("c", "不对不对", 6.0, 9.0))
    assert rules(call, "interruption") == ()


def test_on_one_channel_interruptions_are_not_assessed(talk):
    call = talk(("c", "我想查一下这个月的话费", 4.0, 11.0), ("a", "您先别说", 6.0, 9.0), channels=1)
    assert rules(call, "interruption") == ()


# 90 characters in 15 s are 360 a minute: the limit itself.
@pytest.mark.parametrize(("seconds", "findings"), [(15.0, 0), (14.9, 1)])
def test_speech_is_too_fast_beyond_the_limit(talk, seconds, findings):
    assert len(rules(talk(("a", "说" * 90 + "。", 0.0, seconds)), "speech_rate")) == findings


@pytest.mark.parametrize(("characters", "findings"), [(59, 0), (60, 1)])
def test_too_few_characters_are_not_judged(talk, characters, findings):
    assert len(rules(talk(("a", "说" * characters, 0.0, 5.0)), "speech_rate")) == findings


# 120元 is said 一百二十元, 5 syllables; a number is read digit by digit.
@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("一共120元。", 7),
        ("105块，12号", 8),  # 一百零五块, 十二号
        ("1988年", 5),
        ("2000米", 3),
        ("电话 138-0013-8567", 13),
        ("20%", 5),  # 百分之二十
        ("1.5元", 4),
        ("VIP 客户", 5),
        ("，。 …", 0),
    ],
)
def test_what_is_written_short_counts_as_it_is_spoken(text, syllables):
    assert spoken_syllables(text) == syllables


def test_a_customer_may_speak_fast(talk):
    assert rules(talk(("c", "说" * 90, 0.0, 5.0)), "speech_rate") == ()


@pytest.mark.parametrize("rule", ["long_silence", "interruption", "speech_rate"])
def test_an_empty_call_has_no_timing(talk, rule):
    assert rules(talk(), rule) == ()
