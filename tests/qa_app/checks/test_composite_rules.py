"""A customer's own rules: what they find, in worked examples and for any conversation."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.transcript import Channel, Utterance
from qa_app.checks.composite import Severity, Which
from qa_app.checks.composite_json import composite_document, read_composite
from qa_app.checks.composite_run import MOST_FINDINGS, run_composite
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Tier
from qa_app.checks.problems import RowUnreadable
from qa_app.checks.registry import run_checks


def rule(*conditions, expression="a", **more):
    return read_composite(
        {
            "slug": "ours",
            "title": "自己的规则",
            "expression": expression,
            "conditions": [
                {"id": name, **condition}
                for name, condition in zip("abcdef", conditions, strict=False)
            ],
            **more,
        }
    )


def words(*said, role="any", match="any", **more):
    return {"kind": "keywords", "words": list(said), "match": match, "role": role, **more}


def near(condition, side, **distance):
    return {"condition": condition, "side": side, **distance}


def quotes(one, call):
    return [finding.quote for finding in run_composite(one, call, run_checks(call))]


def test_a_keyword_is_found_once_in_each_utterance_of_that_side(talk):
    call = talk(("a", "可以退款"), ("c", "退款慢"), ("a", "退款到账"))
    assert quotes(rule(words("退款", role="agent")), call) == ["退款", "退款"]


def test_all_words_in_one_utterance_or_anywhere_in_the_range(talk):
    call = talk(("a", "先退款"), ("a", "再赔偿"))
    assert quotes(rule(words("退款", "赔偿", match="all")), call) == []
    assert quotes(rule(words("退款", "赔偿", match="all", spread=True)), call) == ["退款", "赔偿"]


def test_so_many_different_words_are_counted_not_one_word_so_often(talk):
    call = talk(("a", "投诉投诉投诉"), ("a", "投诉和退款"))
    wanted = words("投诉", "退款", "赔偿", match="at_least", count=2)
    assert quotes(rule(wanted), call) == ["投诉…退款"]


def test_a_word_of_another_width_or_script_is_the_same_word(talk):
    assert quotes(rule(words("ETC", "电话")), talk(("c", "辦ＥＴＣ的電話"))) == ["ＥＴＣ…電話"]


def test_nothing_of_the_kind_in_the_first_utterances(talk):
    one = rule(words("工号", role="agent", match="none", first=1, last=2))
    assert len(quotes(one, talk(("a", "您好"), ("a", "请讲"), ("a", "工号八号")))) == 1
    assert quotes(one, talk(("a", "您好"), ("a", "工号八号"))) == []


def test_the_last_seconds_are_counted_from_the_end(talk):
    # Each turn takes two seconds and a half: of 5.5 s the second begins at 3.0 and ends at 5.0.
    call = talk(("a", "再见"), ("a", "再见"))
    (finding,) = run_composite(rule(words("再见", last_s=2.0)), call)
    assert finding.start_s == pytest.approx(3.0)
    (finding,) = run_composite(rule(words("再见", first_s=2.0)), call)
    assert finding.start_s == pytest.approx(0.5)


def test_disclosure_without_identity_check_before_it(talk):
    """未核身: a number is told, and in the ten utterances before it nobody asked for a proof."""
    one = rule(
        {"kind": "entity", "kinds": ["MOBILE"], "role": "agent"},
        words("核对身份", "报一下身份证", role="agent", anchor=near("a", "before", utterances=10)),
        expression="a 且 非 b",
    )
    told = ("a", "他的手机号是13800138567")
    asked = ("a", "先跟您核对身份")
    assert quotes(one, talk(told)) == ["13800138567"]
    assert quotes(one, talk(asked, ("c", "好"), told)) == []
    assert quotes(one, talk(told, asked)) == ["13800138567"], "asked too late"


def test_each_place_of_the_first_condition_is_judged_by_itself(talk):
    one = rule(
        words("稍等", role="agent"),
        words("久等", role="agent", anchor=near("a", "after", utterances=2)),
        expression="a 且 非 b",
    )
    call = talk(
        ("a", "请稍等"), ("a", "让您久等了"), ("c", "没事"), ("a", "再稍等"), ("c", "怎么没人了")
    )
    (finding,) = run_composite(one, call)
    assert finding.utterance == 3


@pytest.mark.parametrize(("seconds", "found"), [(0.4, 0), (0.5, 1)])
def test_the_distance_in_seconds_is_from_end_to_start(talk, seconds, found):
    # Half a second lies between two turns.
    one = rule(
        words("投诉", role="customer"),
        words("随便", role="agent", anchor=near("a", "after", seconds=seconds)),
        expression="a 且 b",
    )
    assert len(quotes(one, talk(("c", "我要投诉"), ("a", "随便你")))) == found


def test_either_condition_is_enough_and_absent_ones_cost_nothing(talk):
    one = rule(words("投诉"), words("曝光"), expression="a 或 b")
    assert quotes(one, talk(("c", "我要曝光你们"))) == ["曝光"]
    assert quotes(one, talk(("c", "谢谢"))) == []


def test_close_sentences_are_found_by_their_likeness(talk):
    one = rule({"kind": "similar", "examples": ["这个事情我们没办法处理"], "score": 80})
    assert len(quotes(one, talk(("a", "哎呀这个事我们没办法处理的")))) == 1
    assert quotes(one, talk(("a", "没办法"))) == [], "a part of the example is not the example"


def test_an_excluding_pattern_takes_the_utterance_out(talk):
    one = rule({"kind": "pattern", "pattern": "不(能|可以)退", "excluding": "不是不"})
    call = talk(("a", "这个不能退"), ("a", "不是不可以退"))
    assert quotes(one, call) == ["不能退"]


def test_the_third_time_of_the_same_words_is_a_repetition(talk):
    same = ("a", "您的问题我已经记录")
    one = rule({"kind": "repetition", "times": 3, "within": 3, "score": 80, "role": "agent"})
    assert quotes(one, talk(same, ("c", "嗯"), same)) == []
    (finding,) = run_composite(one, talk(same, ("c", "嗯"), same, same))
    assert finding.utterance == 3
    assert quotes(one, talk(*[("a", "好的")] * 4)) == [], "too short to count"


def test_silence_after_the_agent_and_speech_rate_and_overlap(talk):
    call = talk(("a", "我查查", 0.0, 1.0), ("c", "喂", 8.0, 9.0), ("a", "查到了" * 10, 8.4, 11.4))
    quiet = rule({"kind": "silence", "longer_than_s": 6.9, "role": "agent"})
    assert [f.start_s for f in run_composite(quiet, call)] == [1.0]
    assert list(run_composite(rule({"kind": "silence", "longer_than_s": 7.0}), call)) == []
    # 30 characters in 3 s are 600 a minute.
    assert len(quotes(rule({"kind": "rate", "above_cpm": 599}), call)) == 1
    assert quotes(rule({"kind": "rate", "above_cpm": 600}), call) == []
    # The customer speaks on for 0.6 s.
    assert len(quotes(rule({"kind": "overlap", "longer_than_s": 0.5, "role": "agent"}), call)) == 1
    assert quotes(rule({"kind": "overlap", "longer_than_s": 0.7}), call) == []


def test_what_another_rule_found_may_be_a_condition(talk):
    one = rule(
        {"kind": "found", "rule": "profanity", "role": "customer"},
        words("理解", "抱歉", role="agent", anchor=near("a", "after", utterances=2)),
        expression="a 且 非 b",
    )
    assert quotes(one, talk(("c", "他妈的什么破网"), ("a", "哦"))) == ["他妈的"]
    assert quotes(one, talk(("c", "他妈的什么破网"), ("a", "非常抱歉"))) == []


#: A complaint, an apology to it, a second complaint with no apology after it.
TWICE = (("c", "我要投诉"), ("a", "非常抱歉"), ("c", "我要投诉"), ("a", "哦"), ("a", "好"))


@pytest.mark.parametrize(
    ("which", "unanswered"),
    [("any", [2]), ("first", []), ("last", [2])],
)
def test_the_first_the_last_or_any_place_of_a_condition_may_be_meant(talk, which, unanswered):
    one = rule(
        words("投诉", role="customer"),
        words("抱歉", role="agent", anchor=near("a", "after", utterances=2, which=which)),
        expression="a 且 非 b",
    )
    assert [finding.utterance for finding in run_composite(one, talk(*TWICE))] == unanswered


def test_the_first_place_is_the_calls_whichever_place_is_tried(talk):
    # b is near the first complaint only; c, which is tried, stands behind the second.
    one = rule(
        words("投诉", role="customer"),
        words("抱歉", role="agent", anchor=near("a", "after", utterances=1, which="first")),
        words("好", role="agent"),
        expression="c 且 b",
    )
    assert [finding.utterance for finding in run_composite(one, talk(*TWICE))] == [4]
    last = near("a", "after", utterances=1, which="last")
    assert (
        quotes(rule(words("投诉"), words("抱歉", anchor=last), expression="b"), talk(*TWICE)) == []
    )


def test_a_rule_written_before_places_could_be_chosen_means_any_of_them():
    condition = words("抱歉", anchor=near("a", "after", utterances=2))
    one = rule(words("投诉"), condition, expression="a 且 b")
    assert one.condition("b").anchor.which is Which.ANY
    assert composite_document(one)["conditions"][1]["anchor"]["which"] == "any"
    with pytest.raises(RowUnreadable, match="第几次没有选对") as refused:
        rule(words("投诉"), words("抱歉", anchor=near("a", "after", which="second")))
    assert refused.value.field == "b.which"


def test_a_finding_shows_what_met_each_condition_and_when(talk):
    one = rule(
        words("投诉", role="customer"),
        words("理解", role="agent", anchor=near("a", "after", utterances=1)),
        expression="a 且 非 b",
    )
    (finding,) = run_composite(one, talk(("c", "我要投诉")))
    assert finding.rule == "custom_ours"
    assert finding.why == "条件 a：客户说了“投诉”（00:01）；条件 b：没有"
    assert finding.tier is Tier.SUSPECTED
    assert finding.channel is Channel.CUSTOMER


def test_only_a_rule_that_may_deduct_is_certain_and_blames_the_agent(talk):
    found = [
        next(
            run_composite(
                rule(words("投诉"), severity=one, clause="一.1"), talk(("c", "投诉"), ("a", "哦"))
            )
        )
        for one in Severity
    ]
    assert [f.tier for f in found] == [Tier.SUSPECTED, Tier.PROBABLE, Tier.CERTAIN]
    assert [f.channel.value for f in found] == ["customer", "agent", "agent"]


def test_a_rule_that_fires_everywhere_is_cut(talk):
    assert len(quotes(rule(words("好")), talk(*[("a", "好")] * 80))) == MOST_FINDINGS


def test_an_empty_call_has_no_finding(talk):
    assert quotes(rule(words("好", match="none")), talk()) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slug": "我们"}, "代号"),
        ({"title": ""}, "名称"),
        ({"conditions": []}, "至少写一个条件"),
        ({"expression": "a 且"}, "第 4 个字"),
        ({"expression": "a 且 z"}, "z 不是上面的条件"),
        ({"severity": "deduct"}, "条款"),
        ({"conditions": [{"id": "a", **words()}]}, "条件 a：请写关键词"),
        ({"conditions": [{"id": "a", **words("x")}, {"id": "a", **words("x")}]}, "用了两次"),
        ({"conditions": [{"id": "a", **words("x", first=0)}]}, "从 1 数起"),
        ({"conditions": [{"id": "a", "kind": "pattern", "pattern": "(a+)+b"}]}, "{0,20}"),
        ({"conditions": [{"id": "a", "kind": "entity", "kinds": ["SOUL"]}]}, "请选要找的信息"),
        ({"conditions": [{"id": "a", **words("x", anchor=near("b", "after"))}]}, "b 不存在"),
        ({"conditions": [{"id": "a", **words("x", anchor=near("a", "after"))}]}, "参照了自己"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(change, said):
    row = {"slug": "ours", "title": "规则", "conditions": [{"id": "a", **words("x")}]}
    with pytest.raises(RowUnreadable, match=said.replace("{", r"\{")):
        read_composite({**row, **change})


def test_nothing_can_stand_near_what_must_not_be_there():
    absent = {"id": "a", **words("x", match="none")}
    with pytest.raises(RowUnreadable, match="都没有"):
        read_composite(
            {
                "slug": "ours",
                "title": "规则",
                "conditions": [absent, {"id": "b", **words("y", anchor=near("a", "after"))}],
            }
        )


_SAID = st.lists(
    st.tuples(
        st.sampled_from(list(Channel)), st.text(alphabet="退款投诉好的138 ，。Ａ", max_size=12)
    ),
    max_size=8,
)
_WORDS = st.lists(st.sampled_from(["退款", "投诉", "好"]), min_size=1, max_size=3, unique=True)
_CONDITION = st.one_of(
    st.builds(
        lambda said, match: words(*said, match=match),
        _WORDS,
        st.sampled_from(["any", "all", "none"]),
    ),
    st.just({"kind": "pattern", "pattern": "退.{0,3}好"}),
    st.just({"kind": "repetition", "times": 2, "within": 4, "minimum_characters": 1}),
    st.just({"kind": "silence", "longer_than_s": 1}),
    st.just({"kind": "similar", "examples": ["好的退款"], "score": 60}),
)


def _conversation(said):
    return Conversation(
        channels=2,
        duration_s=3.0 * len(said),
        utterances=tuple(
            Utterance(channel, 3.0 * at, 3.0 * at + 1.5, text, 0.9)
            for at, (channel, text) in enumerate(said)
        ),
    )


@given(said=_SAID, first=_CONDITION, second=_CONDITION)
def test_quotes_stand_where_the_finding_says_whatever_is_said(said, first, second):
    call = _conversation(said)
    for finding in run_composite(rule(first, second, expression="a 或 b"), call):
        assert finding.quote == (call.quote(finding.spans) if finding.spans else "")
        assert 0 <= finding.start_s <= finding.end_s


@given(said=_SAID, condition=_CONDITION)
def test_a_condition_or_its_opposite_is_met_in_every_call_that_has_words(said, condition):
    call = _conversation(said)
    met = list(run_composite(rule(condition, expression="a"), call))
    unmet = list(run_composite(rule(condition, expression="非 a"), call))
    assert bool(met) != bool(unmet) or not said


@given(first=_CONDITION, second=_CONDITION)
def test_a_rule_written_down_and_read_again_is_the_same(first, second):
    one = replace(rule(first, second, expression="a 且 非 b"), severity=Severity.PROMPT)
    assert read_composite(composite_document(one)) == one
