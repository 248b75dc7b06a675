"""Numbers that the text lost and the sounds still say."""

import json

import pytest

from asr.scripted import spoken
from asr.transcript import Channel
from qa_app.checks.conversation import Conversation, Heard, HeardDigits, HeardTerm
from qa_app.checks.finding import DataType, Tier
from qa_app.checks.personal import personal_data
from qa_app.checks.registry import run_checks

#: What a model of words wrote for 李伟的手机号码是幺三八，零零幺三，八五六七.
LOST = "李伟的手机号码是次要散板，零零要散保务流起。"
NUMBER = "13800138567"


def call(text: str, *heard: HeardDigits) -> Conversation:
    """Return a call in which the agent says a text after having been asked for it."""
    asked = spoken(Channel.CUSTOMER, 0.0, 2.0, "我同事李伟的电话是多少？")
    said = spoken(Channel.AGENT, 3.0, 3.0 + len(text) / 4, text)
    return Conversation(
        channels=2, duration_s=30.0, utterances=(asked, said), heard=Heard(digits=heard)
    )


def heard(
    digits: str, first: int, last: int, *, evidence: tuple[float, ...] | None = None
) -> HeardDigits:
    """Return digits heard while the characters from `first` to `last` were written."""
    step = (last - first) / len(digits)
    return HeardDigits(
        utterance=1,
        digits=digits,
        starts=tuple(first + int(i * step) for i in range(len(digits))),
        ends=(*(first + int(i * step) + 1 for i in range(len(digits) - 1)), last),
        starts_s=tuple(3.0 + (first + i * step) / 4 for i in range(len(digits))),
        evidence=evidence or (0.0,) * len(digits),
    )


def numbers(conversation: Conversation) -> list[tuple[str, Tier]]:
    return [
        (data.value, data.tier)
        for data in personal_data(conversation)
        if data.data_type is not DataType.NAME
    ]


def test_a_number_that_the_text_lost_is_read_off_the_sounds_and_only_probable():
    at = LOST.index("次")
    (data,) = (
        data
        for data in personal_data(call(LOST, heard(NUMBER, at, len(LOST) - 1)))
        if data.data_type is DataType.MOBILE
    )
    assert (data.value, data.tier) == (NUMBER, Tier.PROBABLE)
    assert data.quote == LOST[at:-1]
    assert data.leak


def test_words_that_sound_like_digits_before_the_number_are_left_out():
    at = LOST.index("码")
    sounds = heard("74" + NUMBER, at, len(LOST) - 1)
    assert (NUMBER, Tier.PROBABLE) in numbers(call(LOST, sounds))


def test_what_the_text_says_surely_stands_against_the_sounds():
    text = f"李伟的手机号码是{NUMBER}。"
    at = text.index(NUMBER)
    sounds = heard("13900139567", at, at + len(NUMBER))
    assert numbers(call(text, sounds)) == [(NUMBER, Tier.CERTAIN)]


def test_a_number_with_a_digit_missing_is_mended_and_the_written_one_offered():
    text = "李伟的手机号码是1380013856。"
    at = text.index("1")
    (data,) = (
        data
        for data in personal_data(call(text, heard(NUMBER, at, at + 10)))
        if data.data_type is DataType.MOBILE
    )
    assert data.value == NUMBER
    assert data.candidates == ("1380013856",)


def test_digits_that_hardly_fit_the_sounds_make_no_number():
    at = LOST.index("次")
    sounds = heard(NUMBER, at, len(LOST) - 1, evidence=(-3.0,) * len(NUMBER))
    assert NUMBER not in [value for value, _ in numbers(call(LOST, sounds))]


def test_digits_of_no_shape_in_ordinary_speech_are_nothing():
    text = "好的没关系，我们就试一下吧，其实也就是八九不离十。"
    assert numbers(call(text, heard("941189", 4, 20))) == []


def test_an_order_number_stays_none():
    text = "您的订单号是要三爸零零要散保务流起，请记一下。"
    at = text.index("要三")
    assert numbers(call(text, heard(NUMBER, at, at + 11))) == []


def test_a_finding_offers_the_other_readings():
    text = "李伟的手机号码是1380013856。"
    at = text.index("1")
    (finding,) = (
        finding
        for finding in run_checks(call(text, heard(NUMBER, at, at + 10)))
        if finding.rule == "leak_mobile"
    )
    assert finding.value == NUMBER
    assert finding.candidates == ("1380013856",)
    assert finding.tier is not Tier.CERTAIN


@pytest.mark.parametrize("place", [0, 3])
def test_what_was_heard_survives_being_written_down(place):
    term = HeardTerm(utterance=1, term="他妈的", start=0, end=3, start_s=1.0, end_s=1.6)
    everything = Heard(digits=(heard("1380", place, place + 4),), terms=(term,))
    assert Heard.from_dict(json.loads(json.dumps(everything.to_dict()))) == everything
