"""How calls are scored against their truth: what is right, of another kind, false, masked."""

import pytest

from asr.transcript import Channel, Utterance
from benchmarks.calls_peers import found_by_peers, placed
from benchmarks.calls_recall import main
from benchmarks.calls_score import (
    Fault,
    Found,
    Place,
    digit_runs,
    false_numbers,
    faults,
    has_right_digits,
    is_found,
    outcome,
    personal_places,
    right,
    wilson,
)
from benchmarks.peers import digits_written, helped, naive, oaths
from qa_app.checks.conversation import Conversation

MOBILE = "13912345678"


def call(*turns, expected=()):
    """Return a call whose turns last two seconds each, with one second between them."""
    return {
        "duration_s": 3.0 * len(turns),
        "utterances": [
            {"channel": side, "text": text, "start_s": 3.0 * i, "end_s": 3.0 * i + 2}
            for i, (side, text) in enumerate(turns)
        ],
        "expected": list(expected),
    }


def found(rule, start_s, end_s, side="agent", **more):
    return Found(rule, side, start_s, end_s, **more)


RUDE = Fault("rude_language", "agent", 3.0, 5.0)


def test_a_finding_of_the_rule_at_the_time_and_side_of_the_fault_is_right():
    assert outcome(found("rude_language", 3.5, 4.0), [RUDE]) == "right"


@pytest.mark.parametrize(
    ("start_s", "end_s", "judged"),
    [(1.0, 2.4, "false"), (1.0, 2.6, "right"), (5.4, 6.0, "right"), (5.6, 6.0, "false")],
)
def test_half_a_second_beside_the_fault_is_still_at_it(start_s, end_s, judged):
    assert outcome(found("rude_language", start_s, end_s), [RUDE]) == judged


def test_what_the_other_side_says_is_not_the_fault_and_an_unknown_side_may_be():
    assert outcome(found("rude_language", 3.5, 4.0, side="customer"), [RUDE]) == "false"
    assert outcome(found("rude_language", 3.5, 4.0, side="unknown"), [RUDE]) == "right"


def test_another_rule_of_the_family_at_the_place_is_of_another_kind():
    assert outcome(found("profanity", 3.5, 4.0), [RUDE]) == "other kind"
    assert outcome(found("leak_mobile", 3.5, 4.0), [RUDE]) == "false"


def test_anything_found_in_a_call_without_faults_is_false():
    assert outcome(found("missing_closing", 0.0, 9.0), []) == "false"


def test_a_missing_closing_is_right_wherever_the_product_puts_it():
    wanted = faults(
        call(("agent", "喂"), expected=[{"type": "missing_closing", "channel": "agent"}])
    )
    assert right(found("missing_closing", 90.0, 90.0), wanted[0])


def test_silence_lies_between_two_utterances_and_lasts_long_enough():
    silent = call(
        ("agent", "稍等"),
        ("agent", "好了"),
        expected=[{"type": "long_silence", "start_s_after_utterance": 0, "seconds_at_least": 0.75}],
    )
    (silence,) = faults(silent)
    assert (silence.start_s, silence.end_s) == (2.0, 3.0)
    assert right(found("long_silence", 2.0, 2.75, side="unknown"), silence)
    assert not right(found("long_silence", 2.0, 2.5), silence)


def leaking(*turns, value=MOBILE, rule="leak_mobile"):
    return call(
        *turns, expected=[{"type": rule, "channel": "agent", "utterance": 0, "value": value}]
    )


def test_a_number_said_in_parts_ends_in_its_last_utterance():
    (leak,) = faults(
        leaking(
            ("agent", "他是幺三九"),
            ("customer", "嗯"),
            ("agent", "幺二三四"),
            ("agent", "五六七八"),
            ("agent", "还有三件事"),
        )
    )
    assert (leak.start_s, leak.end_s) == (0.0, 11.0)


def test_a_code_that_the_agent_asks_for_ends_where_the_customer_says_it():
    (leak,) = faults(
        leaking(
            ("agent", "验证码念给我"),
            ("customer", "四五六七八九"),
            value="456789",
            rule="leak_verification_code",
        )
    )
    assert (leak.side, leak.end_s) == (None, 5.0)


def test_digits_are_right_only_all_of_them_of_a_leak_at_the_place():
    (leak,) = faults(leaking(("agent", "幺三九幺二三四五六七八")))
    at = {"start_s": 0.5, "end_s": 2.0}
    assert has_right_digits([found("leak_landline", **at, value="139 1234 5678")], leak)
    assert not has_right_digits([found("leak_mobile", **at, value=MOBILE[:-1])], leak)
    assert not has_right_digits([found("leak_mobile", 9.0, 10.0, value=MOBILE)], leak)
    assert not has_right_digits([found("leak_mobile", **at)], leak)


def test_spoken_digits_are_read_with_their_repetitions():
    assert digit_runs("拨三个八，双五，二百") == ["888", "55", "2"]


def test_the_customers_own_number_and_its_reading_back_are_places_to_mask():
    own = call(
        ("customer", "我是幺三九，幺二三四，五六七八。"), ("agent", "一三九一二三四五六七八")
    )
    assert personal_places(own) == [Place("number", 3.0, 5.0), Place("number", 0.0, 2.0)]


def test_a_ticket_and_numbers_of_different_minutes_are_no_place():
    assert personal_places(call(("agent", "单号七七零一五六二九三四八"))) == []
    far = ("customer", "嗯")
    assert personal_places(call(("agent", "幺三九幺"), far, far, ("agent", "二三四五六七八"))) == []


def test_a_published_landline_is_excused_and_a_leaked_one_is_wanted():
    said = ("agent", "零七三幺，八八五六，二零九四")
    assert [place.wanted for place in personal_places(call(said))] == [False]
    leaked = leaking(said, value="073188562094", rule="leak_landline")
    assert Place("number", 0.0, 2.0) in personal_places(leaked)


def test_who_repeats_a_part_of_a_leaked_number_is_excused():
    places = personal_places(
        leaking(("agent", "幺三九幺二三四五六七八"), ("customer", "尾号五六七八？"))
    )
    assert Place("number", 3.0, 5.0, wanted=False) in places


def test_a_place_is_found_by_a_finding_of_its_group_alone():
    place = Place("number", 3.0, 5.0)
    assert is_found(place, [found("number", 4.0, 4.5)])
    assert not is_found(place, [found("name", 4.0, 4.5), found("number", 6.0, 7.0)])


def test_numbers_are_false_where_nobody_says_one():
    places = [Place("number", 3.0, 5.0, wanted=False), Place("email", 9.0, 11.0)]
    heard = [found("number", 4.0, 4.5), found("number", 9.0, 10.0), found("address", 20.0, 21.0)]
    assert false_numbers(heard, places) == 1


def test_the_interval_is_wilsons():
    # 8 of 10, z = 1.96: middle (0.8 + 0.19207) / 1.38415 = 0.7167, half 0.2266.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
    # Nothing found of 13 still leaves z²/(13 + z²) = 3.8415/16.8415 possible.
    assert wilson(0, 13) == pytest.approx((0.0, 0.2281), abs=1e-4)


def test_digits_are_written_as_figures_and_keep_their_places():
    text = "打幺三九，幺二三四，五六七八。等一下"
    figures, places = digits_written(text)
    assert figures == "打13912345678。等一下"
    assert [text[place] for place in places[-4:]] == list("。等一下")
    assert helped(naive)(text) == [(1, 14, "number")]
    assert naive(text) == []


def heard(*turns):
    return Conversation(
        channels=2,
        duration_s=3.0 * len(turns),
        utterances=tuple(
            Utterance(Channel(side), 3.0 * i, 3.0 * i + 2, text, 1.0)
            for i, (side, text) in enumerate(turns)
        ),
    )


def test_what_a_peer_finds_in_joined_utterances_has_the_time_of_its_characters():
    conversation = heard(("agent", "幺三九幺"), ("customer", "嗯"), ("agent", "二三四五"))
    # "幺三九幺\n二三四五": characters 2 to 7 are the second half of the first utterance, which
    # lasts until 2 s, and the first half of the third, which begins at 6 s and lasts two.
    assert placed(conversation, [0, 2], (2, 7, "number")) == found("number", 1.0, 7.0)
    assert placed(conversation, [1], (0, 1, "oath")) == found("oath", 3.0, 5.0, side="customer")


def test_without_packages_of_others_the_plain_expressions_read_each_side_alone():
    (answer,) = found_by_peers(
        [heard(("agent", "1391234"), ("customer", "13912345678"), ("agent", "5678"))], None
    )
    assert answer["naive regex"] == [found("number", 3.0, 5.0, side="customer")]
    # The agent's two parts are one number only for who joins what is said over two turns.
    assert sorted(one.start_s for one in answer["naive regex, digits written"]) == [0.0, 3.0]
    assert answer["list of oaths"] == []


def test_the_list_knows_common_oaths_only():
    assert oaths("他妈的，烦死了") == [(0, 3, "oath")]


def test_single_findings_of_the_test_half_which_is_the_default_are_refused(
    monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr("sys.argv", ["calls_recall.py", str(tmp_path), "--errors"])
    with pytest.raises(SystemExit) as refused:
        main()
    assert refused.value.code == 2
    assert "nobody looks into the test half" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
