import pytest

from qa_app.checks.finding import Tier
from qa_app.checks.registry import run_checks

GREETING = ("a", "您好，客户服务中心，请问有什么可以帮您？")
CLOSING = ("a", "感谢您的来电，再见。")
QUESTION = ("c", "我想查一下话费。")


def rules(call, name):
    return run_checks(call, rules=[name])


@pytest.mark.parametrize(
    "said",
    [
        "您好，很高兴为您服务",
        "你好，工号三零二六",
        "您好，请问有什么可以帮到你",
        "您好，请问有什么可以帮您马",  # the last character misheard
        "您好，很高新为您服务",
        "喂您好这里是维修部",
        "您好请问什么可以帮您",  # 有 was lost
        "您好宽带报账台请将",  # 请讲
        "你好公号二零三五",  # 工号
        "您好飘悟中心请问您要去哪里",
    ],
)
def test_a_greeting_in_many_wordings_is_heard(talk, said):
    assert rules(talk(("a", said), QUESTION), "missing_greeting") == ()


@pytest.mark.parametrize(
    "said",
    ["喂，你好，什么事？", "说吧", "你好", "我这里是查不到的，找别的部门", "这里是不能停车的"],
)
def test_a_bare_hello_is_no_greeting(talk, said):
    (finding,) = rules(talk(("a", said), QUESTION), "missing_greeting")
    assert (finding.channel, finding.utterance, finding.quote) == ("agent", 0, said)


def test_a_greeting_counts_in_the_third_utterance_and_not_in_the_fourth(talk):
    talk_before = [("a", "喂"), ("a", "听得到吗"), ("a", "喂喂")]
    assert rules(talk(*talk_before[:2], GREETING), "missing_greeting") == ()
    assert len(rules(talk(*talk_before, GREETING), "missing_greeting")) == 1


def test_the_customers_greeting_is_not_the_agents(talk):
    call = talk(("c", GREETING[1]), ("a", "说吧"))
    assert len(rules(call, "missing_greeting")) == 1


@pytest.mark.parametrize(
    "said",
    [
        "好的，再见。",
        "祝您生活愉快",
        "感谢您的来电",
        "谢谢您的来殿",
        "好的，那就这样，在建。",
        "祝您和家人身题健康",
        "感谢您配合",  # 的 was lost
        "请您对我的服务做出评价",
    ],
)
def test_a_closing_in_many_wordings_is_heard(talk, said):
    assert rules(talk(GREETING, QUESTION, ("a", said)), "missing_closing") == ()


def test_no_closing_is_found_at_the_last_utterance(talk):
    (finding,) = rules(talk(GREETING, QUESTION, ("a", "随便你投诉")), "missing_closing")
    assert (finding.channel, finding.utterance) == ("agent", 2)


@pytest.mark.parametrize(
    "said", ["他们那个小区还在建。", "再检查一下电源", "祝什么祝", "欢迎你去告我"]
)
def test_what_merely_sounds_a_little_like_a_closing_is_none(talk, said):
    assert len(rules(talk(GREETING, QUESTION, ("a", said)), "missing_closing")) == 1


def test_no_closing_is_needed_when_the_customer_leaves(talk):
    call = talk(("a", "我查一下"), ("c", "不用了，再见"))
    assert rules(call, "missing_closing") == ()


def test_a_customers_closing_before_the_agents_last_words_does_not_count(talk):
    call = talk(("c", "再见"), ("a", "你等等"))
    assert len(rules(call, "missing_closing")) == 1


@pytest.mark.parametrize("rule", ["missing_greeting", "missing_closing"])
def test_on_one_channel_the_voice_is_unknown_and_the_finding_not_certain(talk, rule):
    (finding,) = rules(talk(("u", "喂"), ("u", "没事了"), channels=1), rule)
    assert (finding.channel, finding.tier) == ("unknown", Tier.PROBABLE)
    assert rules(talk(("u", GREETING[1]), ("u", CLOSING[1]), channels=1), rule) == ()


@pytest.mark.parametrize("rule", ["missing_greeting", "missing_closing"])
def test_an_empty_call_misses_nothing(talk, rule):
    assert rules(talk(), rule) == ()
