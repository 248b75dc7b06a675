"""What masking hides, and that nothing under a mask is left in sight."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.checks.models import PersonalDatum
from qa_app.core.text import shown_file_name
from qa_app.redaction.masking import (
    hidden_words,
    long_numbers,
    masked,
    masks_in,
    named_masks_in,
    said_or_read,
    scrubbed,
)


def datum(start, end, *, kind="MOBILE", value="13800138567", number=1, utterance=0):
    return PersonalDatum(
        id=number, kind=kind, utterance=utterance, start=start, end=end, value=value
    )


def test_a_number_said_whole_keeps_its_ends():
    text = "号码是幺三八零零幺三八五六七。"
    masks = masks_in(text, [datum(3, 14)])
    assert masked(text, masks) == "号码是138****8567。"
    assert masks[0].label == "手机号"


def test_a_part_of_a_split_number_shows_none_of_it():
    # Only "幺三八" of eleven digits stands here, so the mask of the whole would say too much.
    text = "前面是幺三八，"
    assert masked(text, masks_in(text, [datum(3, 6)])) == "前面是****，"


def test_an_address_shows_nothing():
    text = "住在五一路九号"
    hidden = datum(2, 7, kind="ADDRESS", value="五一路九号")
    assert masked(text, masks_in(text, [hidden])) == "住在*****"


def test_masks_that_overlap_become_one():
    text = "幺三八零零幺三八五六七八"
    masks = masks_in(text, [datum(0, 11), datum(8, 12, number=2)])
    assert [(mask.start, mask.end) for mask in masks] == [(0, 12)]
    assert masked(text, masks) == "*" * 8


def test_a_mask_over_nothing_is_no_mask():
    assert masks_in("你好", [datum(5, 9), datum(1, 1)]) == []


def test_a_sentence_loses_the_number_however_it_is_spelled():
    hidden = hidden_words({0: "是幺三八零零幺三八五六七"}, [datum(1, 12)])
    said = "说了幺三八零零幺三八五六七，即 13800138567"
    assert scrubbed(said, hidden) == "说了138****8567，即 138****8567"


@pytest.mark.parametrize(
    "written",
    [
        "13800138567",
        "138-0013-8567",
        "138 0013 8567",
        "１３８００１３８５６７",
        "幺三八，零零幺三，八五六七",
        "幺三八，嗯，零零幺三，八五六七",
        "一三八双零一三八五六七",
        "壹叁捌零零壹叁捌伍陆柒",
        "138后面是0013再8567",
    ],
)
def test_no_way_of_writing_a_known_number_gets_past(written):
    left = scrubbed(f"客户说{written}，请核对", {"13800138567": "138****8567"})
    assert left == "客户说138****8567，请核对"


def test_a_number_that_the_checks_missed_shows_its_end_at_most():
    assert scrubbed("单号九九八八七七六", {}) == "单号****8776"
    assert (
        scrubbed("扣 2 分，在 01:38–01:43，三个工作日", {}) == "扣 2 分，在 01:38–01:43，三个工作日"
    )


@given(st.text("0123456789幺三五七零，。 、-abc单号", max_size=60))
def test_no_seven_digits_in_a_row_are_left_in_a_sentence(sentence):
    assert long_numbers(scrubbed(sentence, {})) == []


@given(st.text("0123456789幺三五七零，。 、-abc单号", max_size=60))
def test_no_seven_digits_in_a_row_are_left_in_a_transcript(text):
    assert long_numbers(masked(text, masks_in(text, []))) == []


def test_a_long_number_that_no_check_named_is_masked_beside_the_one_that_one_did():
    text = "手机13800138567；订单九零二七一四四"
    masks = masks_in(text, [datum(2, 13)])
    assert masked(text, masks) == "手机138****8567；订单****7144"
    assert [(mask.datum, mask.label) for mask in masks] == [(1, "手机号"), (None, "号码")]


def test_digits_that_go_on_beside_a_mask_are_under_it_too():
    text = "验证码是83、5207。"
    hidden = datum(7, 11, kind="VERIF_CODE", value="5207")
    assert masked(text, masks_in(text, [hidden])) == "验证码是****。"
    assert said_or_read(text, hidden) == "83、5207"


def test_a_value_that_was_repaired_is_shown_as_it_was_read():
    hidden = datum(0, 3, value="13800138567")
    assert said_or_read("要散把", hidden) == "13800138567"


def test_what_leaves_the_site_names_what_it_hides_and_shows_no_digit_of_it():
    text = "手机幺三八零零幺三八五六七，订单20011345678。"
    named = masked(text, named_masks_in(text, [datum(2, 13)]))
    assert named == "手机[手机号]，订单[号码]。"
    assert set(hidden_words({0: text}, [datum(2, 13)], named=True).values()) == {"[手机号]"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("call.wav", "call.wav"),
        ("13912342046-呼入.wav", "139****2046-呼入.wav"),
        ("坐席3026_20260312_094100.wav", "坐席3026_20260312_094100.wav"),
        ("13600001111.wav", "****1111.wav"),  # somebody else's number
    ],
)
def test_a_recording_is_known_by_its_name_without_anybodys_number(name, shown):
    assert shown_file_name(name, "13912342046") == shown


@given(
    st.text("住在路口号，abc", min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 12)), max_size=5),
)
def test_nothing_under_a_mask_and_everything_beside_it_is_shown(text, spans):
    data = [
        datum(start, start + length, kind="ADDRESS", value=None, number=i)
        for i, (start, length) in enumerate(spans)
    ]
    masks = masks_in(text, data)
    covered = {i for start, length in spans for i in range(start, start + length)}
    beside = "".join(c for i, c in enumerate(text) if i not in covered)
    assert masked(text, masks).replace("*", "") == beside
