"""What masking hides, and that nothing under a mask is left in sight."""

from hypothesis import given
from hypothesis import strategies as st

from qa_app.checks.models import PersonalDatum
from qa_app.redaction.masking import hidden_words, masked, masks_in, scrubbed


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


@given(
    st.text("幺三八零5六七，abc", min_size=1, max_size=40),
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
