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


def sayings(*said: tuple[Channel, str], heard: tuple[HeardDigits, ...]) -> Conversation:
    """Return a call of several turns, three seconds each."""
    turns = tuple(spoken(side, 3.0 * i, 3.0 * i + 2.5, text) for i, (side, text) in enumerate(said))
    return Conversation(
        channels=2, duration_s=3.0 * len(said), utterances=turns, heard=Heard(digits=heard)
    )


def test_a_part_that_was_taken_back_is_left_out_though_the_words_for_it_were_misheard():
    # 幺三六，幺五二六，不对，幺五二七，五八九二, heard without a fault.
    text = "车主的号码是要三秒1526部对15274892。"
    first, taken_back, again = (text.index(part) for part in ("要", "部对", "15274"))
    starts = (first, first + 1, first + 2, *range(first + 3, taken_back), *range(again, again + 8))
    sounds = HeardDigits(
        utterance=1,
        digits="136152615275892",
        starts=starts,
        ends=tuple(place + 1 for place in starts),
        starts_s=tuple(3.0 + place / 4 for place in starts),
        evidence=(0.0,) * 15,
    )
    assert ("13615275892", Tier.PROBABLE) in numbers(call(text, sounds))


def test_a_password_of_which_digits_ran_together_is_mended():
    text = "他的初始密码是3704，登录以后自己改。"
    at = text.index("3704")
    (data,) = (
        data
        for data in personal_data(call(text, heard("371904", at, at + 4)))
        if data.data_type is DataType.PASSWORD
    )
    assert (data.value, data.tier, data.candidates) == ("371904", Tier.PROBABLE, ("3704",))


@pytest.mark.parametrize("digits", ["370", "3905"])
def test_a_password_stands_where_the_sounds_do_not_say_more_of_the_same(digits):
    text = "他的初始密码是3704，登录以后自己改。"
    at = text.index("3704")
    assert numbers(call(text, heard(digits, at, at + 4))) == [("3704", Tier.CERTAIN)]


def test_an_identity_card_with_x_over_two_turns_is_one_though_its_end_looks_like_a_mobile_number():
    first, last = "我这里查得到，您拿笔记一下51010色。", "19630926007亿克服。"
    at = first.index("51010")
    sounds = HeardDigits(
        utterance=0,
        digits="510104",
        starts=tuple(range(at, at + 6)),
        ends=tuple(range(at + 1, at + 7)),
        starts_s=tuple(1.0 + i / 4 for i in range(6)),
        evidence=(0.0,) * 6,
    )
    conversation = sayings(
        (Channel.AGENT, first), (Channel.CUSTOMER, "您继续。"), (Channel.AGENT, last),
        heard=(sounds,),
    )  # fmt: skip
    # 5·7+1·9+0+1·5+0+4·4+1·2+9·1+6·6+3·3+0+9·9+2·10+6·5+0+0+7·2 = 266 = 24·11 + 2: X.
    assert numbers(conversation) == [("51010419630926007X", Tier.PROBABLE)]


def test_of_unclear_digits_any_one_may_have_been_none():
    # 6217 0057 9383 4701 749 passes Luhn; 1 was heard before 9383, and its last 3 is unclear too.
    text = "收款卡号是六二幺七零零五七就三八三然后四七零幺七四九。"
    at = text.index("六二")
    sounds = heard(
        "62170057193834701749", at, len(text) - 1,
        evidence=(0.0,) * 8 + (-2.1,) + (0.0,) * 3 + (-2.5,) + (0.0,) * 7,
    )  # fmt: skip
    assert ("6217005793834701749", Tier.PROBABLE) in numbers(call(text, sounds))


def test_a_public_number_with_a_word_before_it_that_sounds_like_a_digit_is_nobodys():
    text = "没有单独的电话，一筒一波带40820661大。"
    at = text.index("带")
    found = numbers(call(text, heard("14008209618", at, len(text) - 1)))
    assert "14008209618" not in [value for value, _ in found]
