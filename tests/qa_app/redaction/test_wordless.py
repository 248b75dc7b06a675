"""Speech without a word beside a covered number is covered; speech with words never is."""

from qa_app.redaction.beeping import Beep
from qa_app.redaction.wordless import Span, with_wordless_speech


def covered(beeps, words, speech):
    found = with_wordless_speech(
        [Beep(*one) for one in beeps], [Span(*one) for one in words], [Span(*one) for one in speech]
    )
    return [(one.start_s, one.end_s) for one in found]


def test_speech_that_goes_on_within_half_a_second_is_covered_up_to_where_it_ends():
    assert covered([(2, 3)], [(2, 3)], [(2, 3), (3.5, 4.2)]) == [(2, 4.2)]
    assert covered([(2, 3)], [(2, 3)], [(2, 3), (3.51, 4.2)]) == [(2, 3)]


def test_speech_before_a_number_is_covered_as_well():
    assert covered([(2, 3)], [(2, 3)], [(1, 1.6), (2, 3)]) == [(1, 3)]


def test_groups_that_follow_one_another_are_all_covered():
    assert covered([(2, 3)], [(2, 3)], [(2, 3), (3.4, 4), (4.4, 5)]) == [(2, 5)]


def test_a_word_ends_what_is_covered():
    # The next word begins at 3.6: of the speech from 3.0 on the .6 s before it have no word.
    assert covered([(2, 3)], [(2, 3), (3.6, 4)], [(2, 5)]) == [(2, 3.6)]
    assert covered([(2, 3)], [(1, 1.4), (2, 3)], [(0, 3)]) == [(1.4, 3)]


def test_the_end_of_a_word_is_no_speech_of_its_own():
    assert covered([(2, 3)], [(2, 3), (3.29, 4)], [(2, 5)]) == [(2, 3)]


def test_all_speech_between_two_parts_of_a_number_is_covered_however_far_from_either():
    parts = [(2, 3), (6, 7)]
    assert covered(parts, parts, [(2, 3), (4, 5), (6, 7)]) == [(2, 5), (6, 7)]
    # 好的 is said between them: that is no hole.
    words = [*parts, (4.2, 4.6)]
    assert covered(parts, words, [(2, 3), (4, 5), (6, 7)]) == [(2, 3), (6, 7)]


def test_silence_beside_a_number_is_left_as_it_is():
    assert covered([(2, 3), (6, 7)], [(2, 3), (6, 7)], [(2, 3), (6, 7)]) == [(2, 3), (6, 7)]
