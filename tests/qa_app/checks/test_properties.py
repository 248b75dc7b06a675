"""What holds for any text: nothing is lost by how it is written, and nothing raises."""

import sys

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Tier
from qa_app.checks.personal import personal_data
from qa_app.checks.registry import run_checks
from qa_app.checks.text_run import check_text

TRADITIONAL = opencc.OpenCC("s2t")
CERTAIN = [
    "他的手机是15973102246",
    "邻居的座机是073188662233",
    "原机主身份证11010519491231002X",
    "他的银行卡号是4111111111111111",
    "我们王经理的电话是15973102246",
    "您的初始密码是887766",
    "你他妈有完没完",
]
INNOCENT = ["您好", "我想查一下话费", "好的，请您稍等", "嗯", "套餐是五十八块", "谢谢您"]


def said_by(channel, *texts):
    said = (Utterance(channel, i * 20.0, i * 20.0 + 2, text, 0.9) for i, text in enumerate(texts))
    return Conversation(2, 1000.0, tuple(said))


def certain_in(*texts):
    found = run_checks(said_by(Channel.AGENT, *texts))
    return sorted(
        (f.rule, f.value)
        for f in found
        if f.tier is Tier.CERTAIN and (f.leak or f.rule in ("profanity", "rude_language"))
    )


def in_full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" < c < "~" else c for c in text)


@pytest.mark.parametrize("said", CERTAIN)
def test_how_a_text_is_written_loses_no_certain_finding(said):
    expected = certain_in(said)
    assert expected
    assert certain_in(TRADITIONAL.convert(said)) == expected
    assert certain_in(in_full_width(said)) == expected
    assert certain_in(f"嗯，那个，{said}，啊") == expected
    assert certain_in(said + "。") == expected
    assert certain_in(" ".join(said)) == expected


@settings(max_examples=50)
@given(st.sampled_from(CERTAIN[:5]), st.data())
def test_pauses_inside_a_number_lose_no_certain_finding(said, data):
    first = next(i for i, c in enumerate(said) if c.isdigit())
    places = data.draw(st.sets(st.integers(first + 1, len(said) - 1), max_size=5))
    gaps = {p: data.draw(st.sampled_from([" ", "，", "、", "，嗯，", "-", "。"])) for p in places}
    spoken = "".join(gaps.get(i, "") + c for i, c in enumerate(said))
    assert certain_in(spoken) == certain_in(said)


ANYTHING = st.one_of(
    st.text(max_size=200),
    st.text(
        alphabet="零一幺二三个八双0129千百不对是嗯，后面"
        "aX@.点com他妈的密码号手机京A\n \u3000\U0001f600é",
        max_size=200,
    ),
)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["agent", "customer"]), ANYTHING), max_size=6))
def test_no_text_raises_and_every_span_lies_inside_one_turn(said):
    text, turns = "", []
    for speaker, part in said:
        turns.append({"speaker": speaker, "start": len(text), "end": len(text) + len(part)})
        text += part + "\n"
    for span in check_text({"id": 1, "text": text, "turns": turns})["spans"]:
        assert span["start"] < span["end"]
        assert not turns or any(
            t["start"] <= span["start"] and span["end"] <= t["end"] for t in turns
        )


@settings(max_examples=40)
@given(st.lists(ANYTHING, max_size=5))
def test_a_quote_is_what_its_spans_cover(texts):
    call = said_by(Channel.AGENT, *texts)
    for found in (*run_checks(call), *personal_data(call)):
        if found.spans:
            assert found.quote in (call.quote(found.spans), texts[found.utterance])


@settings(max_examples=40)
@given(st.permutations(INNOCENT), st.sampled_from(CERTAIN))
def test_innocent_turns_in_any_order_change_nothing(turns, said):
    assert certain_in(*turns, said) == certain_in(said)


@pytest.mark.parametrize(
    "unit",
    [
        "1，",
        "零",
        "1嗯",
        "散，",
        "三个八",
        "他妈",
        "密码1234",
        "京A1",
        "a@",
        "13800138567，",
        "市",
        "不对1",
        "一千",
    ],
)
def test_work_grows_with_the_text_and_not_with_its_square(unit):
    def work(times):
        calls = 0

        def count(_frame, _event, _argument):
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            check_text({"id": 1, "text": unit * times})
        finally:
            sys.setprofile(None)
        return calls

    work(1)  # dictionaries are read once
    assert work(400) <= 2.5 * work(200)  # function calls, not seconds
