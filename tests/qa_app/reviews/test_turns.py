"""How an utterance is cut into words, masks and marks."""

from hypothesis import given
from hypothesis import strategies as st

from qa_app.calls.models import Utterance
from qa_app.redaction.masking import Mask
from qa_app.reviews.turns import Place, Spot, runs_of, silences_of

SPOT = Spot("d1", "leak", "pending")


def utterance(text, *, words=None, start_s=0.0, end_s=10.0):
    timed = [
        {"text": word, "start_s": i * 1.0, "end_s": i + 1.0, "probability": 0.9}
        for i, word in enumerate(words if words is not None else list(text))
    ]
    return Utterance(
        position=0, channel="agent", start_s=start_s, end_s=end_s, text=text, words=timed
    )


def shown(runs):
    return "".join(piece.text for run in runs for piece in run.pieces)


def test_words_keep_their_times_and_punctuation_is_between_them():
    runs = runs_of(utterance("好，再见", words=["好，", "再见"]))
    pieces = [(piece.text, piece.start_s) for run in runs for piece in run.pieces]
    assert pieces == [("好", 0.0), ("，", None), ("再见", 1.0)]


def test_a_mask_inside_a_word_hides_its_part_and_leaves_the_rest():
    mask = Mask(7, 1, 3, "****", "手机号")
    runs = runs_of(utterance("甲乙丙丁", words=["甲乙丙丁"]), masks=[mask])
    assert [(p.text, p.mask is mask) for run in runs for p in run.pieces] == [
        ("甲", False),
        ("****", True),
        ("丁", False),
    ]


def test_a_mark_takes_in_the_whole_of_a_mask():
    mask = Mask(7, 2, 6, "****", "手机号")
    runs = runs_of(utterance("是的一二三四好"), masks=[mask], places=[Place(4, 7, SPOT)])
    assert [(shown([run]), run.spot) for run in runs] == [("是的", None), ("****好", SPOT)]


def test_a_short_mark_inside_a_long_one_is_its_own_and_the_glyph_is_drawn_once():
    inner = Spot("d2", "profanity", "pending")
    runs = runs_of(utterance("甲乙丙丁戊"), places=[Place(0, 5, SPOT), Place(2, 3, inner)])
    assert [(shown([run]), run.spot, run.begins) for run in runs] == [
        ("甲乙", SPOT, True),
        ("丙", inner, True),
        ("丁戊", SPOT, False),
    ]


def test_a_window_never_cuts_a_mask_in_two():
    mask = Mask(7, 2, 6, "****", "手机号")
    runs = runs_of(utterance("是的一二三四好"), masks=[mask], window=(4, 5))
    assert shown(runs) == "****"


def test_words_the_recogniser_doubts_say_so():
    doubted = utterance("甲")
    doubted.words[0]["probability"] = 0.414
    assert runs_of(doubted)[0].pieces[0].unsure == 0.41


@given(
    st.text("甲乙丙，。ab ", min_size=1, max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
)
def test_no_character_is_lost_whatever_is_marked(text, spans):
    places = [Place(start, end, SPOT) for start, end in spans]
    assert shown(runs_of(utterance(text), places=places)) == text


def test_silences_are_where_nobody_speaks():
    # 0–2 speech, 2–6 silence, 6–7 speech under a longer one until 9, then silence to the end at 12.
    said = [
        utterance("a", start_s=0, end_s=2),
        utterance("b", start_s=6, end_s=9),
        utterance("c", start_s=6.5, end_s=7),
    ]
    assert silences_of(said, 12.0) == [(2, 6), (9, 12.0)]


def test_a_call_without_speech_is_one_silence():
    assert silences_of([], 30.0) == [(0.0, 30.0)]
