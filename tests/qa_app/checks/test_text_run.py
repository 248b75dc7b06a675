import pytest

from qa_app.checks.text_run import RecordUnreadable, check_line, check_text


def test_spans_point_into_the_whole_text():
    text = "留个手机号\n行，190 3937 0450"
    turns = [
        {"speaker": "agent", "start": 0, "end": 5},
        {"speaker": "customer", "start": 6, "end": len(text)},
    ]
    (span,) = check_text({"id": "x", "text": text, "turns": turns})["spans"]
    assert text[span["start"] : span["end"]] == "190 3937 0450"
    assert (span["type"], span["rule"], span["leak"]) == ("MOBILE", "leak_mobile", False)
    assert set(span) == {"start", "end", "type", "rule", "confidence", "tier", "leak", "why"}


def test_text_without_turns_has_an_unknown_speaker():
    answer = check_text({"id": 7, "text": "你他妈，真是个弱智"})
    assert answer["id"] == 7
    assert [s["type"] for s in answer["spans"]] == ["PROFANITY", "RUDE"]


def test_a_leaders_number_names_its_rule():
    text = "处长的电话我给您，19768086179"
    turns = [{"speaker": "agent", "start": 0, "end": len(text)}]
    (span,) = check_text({"id": 1, "text": text, "turns": turns})["spans"]
    assert (span["type"], span["rule"], span["leak"]) == ("MOBILE", "leak_internal_phone", True)


@pytest.mark.parametrize(
    "record",
    [
        {"id": 1},
        {"id": 1, "text": None},
        {"id": 1, "text": "好", "turns": "agent"},
        {"id": 1, "text": "好", "turns": [{"speaker": "robot", "start": 0, "end": 1}]},
        {"id": 1, "text": "好", "turns": [{"speaker": "agent", "start": 0}]},
        {"id": 1, "text": "好", "turns": [{"speaker": "agent", "start": 0, "end": 2}]},
        {"id": 1, "text": "好", "turns": ["agent"]},
    ],
)
def test_a_bad_record_is_answered_with_its_error(record):
    answer = check_line(record)
    assert answer["id"] == 1
    assert answer["error"]["code"] == "record_unreadable"
    assert answer["error"]["message"].endswith("。")
    with pytest.raises(RecordUnreadable):
        check_text(record)


def test_what_is_no_record_has_no_id():
    assert check_line(["text"])["id"] is None


def test_an_empty_text_has_no_spans():
    assert check_line({"id": 1, "text": ""}) == {"id": 1, "spans": []}
