"""Where in time hidden words were said, and when their own times are not believed."""

from dataclasses import replace

from asr.transcript import Channel, Word
from qa_app.calls.models import Utterance
from qa_app.redaction.hidden_sound import Hidden, Stretch, stretches_of
from tests.makers import said

#: 是 at 2.0–2.4, then eleven digits of .2 s each: 2.4–4.6, then 对吗 up to 5.4.
TEXT = "号码我跟您说是13690245873对吗"


def row(utterance, position=0):
    return Utterance(
        position=position,
        channel=utterance.channel,
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        text=utterance.text,
        words=[word.to_dict() for word in utterance.words],
    )


def spoken(digit_s=0.2, probability=0.9, pause_s=0.0):
    """Say it: each character .4 s, the digits as fast as asked for, a pause before them."""
    words, at_s = [], 0.0
    for c in TEXT:
        step = digit_s if c.isdigit() else 0.4
        at_s += pause_s if c == "1" and not any(w.text == "1" for w in words) else 0.0
        words.append(Word(c, at_s, at_s + step, probability if c.isdigit() else 0.9))
        at_s += step
    return row(replace(said("agent", 0.0, at_s, TEXT), words=tuple(words)))


NUMBER = Hidden(0, 7, 18, sounds=11)


def times(utterance, hidden=NUMBER):
    (stretch,) = stretches_of([utterance], [hidden])
    return round(stretch.start_s, 2), round(stretch.end_s, 2)


def test_a_number_lies_where_its_words_do():
    # Seven characters of .4 s before it: 2.8; eleven digits of .2 s: 5.0.
    assert times(spoken()) == (2.8, 5.0)


def test_a_number_squeezed_into_too_little_time_is_covered_up_to_the_pauses():
    # Eleven digits in 1.1 s are faster than anybody speaks; no pause stands in the utterance.
    whole = spoken(digit_s=0.1)
    assert times(whole) == (0.0, round(whole.end_s, 2))
    # With .3 s of silence before the number it begins after them, at 2.8 + .3.
    assert times(spoken(digit_s=0.1, pause_s=0.3))[0] == 3.1


def test_an_unsure_number_is_covered_up_to_the_pauses():
    assert times(spoken(probability=0.5)) == (2.8, 5.0)
    assert times(spoken(probability=0.49))[0] == 0.0


def test_a_number_whose_digits_were_lost_is_covered_up_to_the_pauses():
    assert times(spoken(), replace_whole(NUMBER))[0] == 0.0


def replace_whole(hidden):
    return replace(hidden, is_whole=False)


def test_without_word_times_the_whole_utterance_is_covered():
    bare = row(replace(said("customer", 3.0, 6.0, TEXT), words=()))
    assert stretches_of([bare], [NUMBER]) == [Stretch(Channel.CUSTOMER, 3.0, 6.0)]


def test_what_is_hidden_in_no_utterance_hides_nothing():
    assert stretches_of([spoken()], [Hidden(7, 0, 3, sounds=3), Hidden(0, 4, 4, sounds=0)]) == []
