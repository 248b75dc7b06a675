import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import run_checks


def found(talk, rule, side, said):
    return [f.quote for f in run_checks(talk((side, said)), rules=[rule])]


@pytest.mark.parametrize(
    ("said", "quote"),
    [
        ("你他妈有完没完", "你他妈"),
        ("操你妈的，扣了我两次钱", "操你妈"),
        ("滚，别烦我", "滚"),
        ("真他妈恶心", "他妈"),
        ("这人是傻逼", "傻逼"),
        ("你SB啊", "SB"),
        ("操，又来了", "操"),
        ("关我屁事", "屁事"),
    ],
)
@pytest.mark.parametrize("side", ["a", "c", "u"])
def test_an_oath_is_found_whoever_says_it(talk, side, said, quote):
    (finding,) = run_checks(talk((side, said)), rules=["profanity"])
    assert finding.quote in (quote, said[: len(finding.quote)]) or quote in finding.quote
    assert finding.channel == {"a": "agent", "c": "customer", "u": "unknown"}[side]


@pytest.mark.parametrize(
    "said",
    [
        "这个相机要怎么操作",
        "我操作了半天",
        "靠近电脑，打开开关",
        "滚筒洗衣机坏了",
        "打印机的纸滚不出来",
        "先操作，再靠边",
        "屏幕上会显示日期",
        "垃圾分类怎么分",
        "姑妈的电话",
        "第二货架",
        "他妈来接他",
        "您妈的手机号登记了",
        "我靠窗坐",
        "USB接口",
        "二百五十块",
        "十几把椅子",
        "",
    ],
)
def test_innocent_words_are_left_alone(talk, said):
    assert run_checks(talk(("a", said)), rules=["profanity", "rude_language"]) == ()


def test_his_mothers_number_may_be_an_oath_and_goes_to_a_person(talk):
    (finding,) = run_checks(talk(("c", "他妈的手机号是多少")), rules=["profanity"])
    assert finding.tier is Tier.SUSPECTED


def test_a_quoted_oath_goes_to_a_person(talk):
    (finding,) = run_checks(talk(("c", "他骂我傻逼")), rules=["profanity"])
    assert finding.tier is Tier.SUSPECTED


def test_an_insult_is_rude_and_no_oath(talk):
    assert found(talk, "rude_language", "c", "随便你，神经病") == ["神经病"]
    assert found(talk, "profanity", "a", "随便你，神经病") == []


def test_a_simple_camera_is_no_insult_but_you_fool_is(talk):
    assert found(talk, "rude_language", "c", "这个傻瓜相机") == []
    assert found(talk, "rude_language", "a", "你这个傻瓜") == ["傻瓜"]


@pytest.mark.parametrize(
    "said",
    [
        "这个不归我管",
        "刚才不是跟你说了吗",
        "爱投诉投诉去",
        "你给我闭嘴",
        "你算老几",
        "吼什么吼",
        "爱用不用",
    ],
)
def test_an_agent_must_not_say_this_and_a_customer_may(talk, said):
    (finding,) = run_checks(talk(("a", said)), rules=["rude_language"])
    assert finding.tier is Tier.PROBABLE  # words alone do not carry the tone
    assert run_checks(talk(("c", said)), rules=["rude_language"]) == ()


@pytest.mark.parametrize(
    "said",
    [
        "不好意思，这个业务不归我们部门负责，我帮您转接",
        "没有查到您的记录，非常抱歉",
        "您随便选哪一种都可以",
        "这个不能办理，建议您去营业厅",
    ],
)
def test_polite_refusals_are_no_fault(talk, said):
    assert run_checks(talk(("a", said)), rules=["rude_language"]) == ()


@pytest.mark.parametrize("said", ["你怎么到现在还没弄懂", "别跟我大呼小叫的", "你去投诉啊我又不怕"])
def test_a_rude_sentence_needs_no_punctuation(talk, said):
    assert len(run_checks(talk(("a", said)), rules=["rude_language"])) == 1


def test_what_only_the_wording_as_a_whole_betrays_goes_to_a_person(talk):
    (finding,) = run_checks(talk(("a", "你投诉一次我就拖你一个月")), rules=["rude_language"])
    assert finding.tier is Tier.SUSPECTED


@pytest.mark.parametrize(
    "said",
    [
        "您说他让您爱投诉就投诉是吗我们会核实",
        "你看你什么时候有空我安排师傅过去",
        "您好麻烦您再说一下您的姓名",
        "如果您想投诉我可以帮您登记",
    ],
)
def test_polite_turns_that_look_alike_are_no_fault(talk, said):
    assert run_checks(talk(("a", said)), rules=["rude_language"]) == ()


def test_one_utterance_is_one_case(talk):
    (finding,) = run_checks(talk(("a", "不归我管，你找别人吧，神经病")), rules=["rude_language"])
    assert len(finding.spans) == 3
    assert finding.tier is Tier.CERTAIN  # the insult is, whatever the phrases are


def test_impatience_beside_an_oath_is_no_second_fault(talk):
    call = talk(("a", "你他妈有完没完"))
    assert [f.rule for f in run_checks(call, rules=["profanity", "rude_language"])] == ["profanity"]


@pytest.mark.parametrize("rule", ["profanity", "rude_language"])
def test_an_empty_call_holds_no_abuse(talk, rule):
    assert run_checks(talk(), rules=[rule]) == ()


@pytest.mark.parametrize("said", ["踏马的烦死了", "塔码的", "王吧蛋", "臭表子"])
def test_an_oath_written_with_other_characters_of_its_sound_goes_to_a_person(talk, said):
    (finding,) = run_checks(talk(("c", said)), rules=["profanity"])
    assert finding.tier is Tier.SUSPECTED


@pytest.mark.parametrize(
    "said",
    ["他骂的是我", "踏踏实实的", "他马上的事", "你买的", "神经内科", "他麻烦的", "打码的图片"],
)
def test_ordinary_words_of_the_same_sound_are_left_alone(talk, said):
    assert run_checks(talk(("c", said)), rules=["profanity", "rude_language"]) == ()
