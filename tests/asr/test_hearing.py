"""What is listened to again, what is cut, and where the words go."""

from asr.hearing import Take, hear
from asr.packing import Region, Window
from asr.transcriber import no_progress
from asr.words import Piece, place_words

RATE = 16_000


def window(*spans_s, channel=0, gap_s=0.5):
    regions = tuple(Region(int(a * RATE), int(b * RATE)) for a, b in spans_s)
    return Window(channel, regions, int(gap_s * RATE))


def pieces(text, start_s, end_s):
    step = (end_s - start_s) / len(text)
    return tuple(
        Piece(c, int((start_s + i * step) * RATE), int((start_s + (i + 1) * step) * RATE), 0.9)
        for i, c in enumerate(text)
    )


def texts(heard):
    return ["".join(word.text for word in one.words) for one in heard]


def test_speech_that_was_passed_over_is_heard_a_second_time():
    # Two seconds of speech, a pause, three more seconds that the model gave no word for.
    whole = window((10, 12), (20, 23))
    asked = []

    def listen(windows, _penalty):
        asked.append(windows)
        if len(asked) == 1:
            return [Take(pieces("您好", 0.2, 1.8))]
        return [Take(pieces("再见", 0.2, 2.8))]

    heard = hear([whole], listen, no_progress)
    assert texts(heard) == ["您好再见"]
    assert asked[1] == [window((20, 23))]
    assert [20 < word.start_s < 23 for word in heard[0].words] == [False, False, True, True]


def test_a_short_sound_without_a_word_is_let_be():
    asked = []

    def listen(windows, _penalty):
        asked.append(windows)
        return [Take(pieces("您好", 0.2, 1.8))]

    hear([window((10, 12), (20, 20.9))], listen, no_progress)
    assert len(asked) == 1


def test_a_loop_is_heard_again_with_repetition_made_costly():
    penalties = []

    def listen(_windows, penalty):
        penalties.append(penalty)
        return [Take(pieces("请" * 40 if penalty == 1.0 else "请稍等", 0.1, 1.9))]

    assert texts(hear([window((0, 2))], listen, no_progress)) == ["请稍等"]
    assert penalties[0] == 1.0
    assert penalties[1] > 1.0


def test_a_loop_that_stays_is_cut_and_kept_as_dropped():
    def listen(_windows, _penalty):
        return [Take(pieces("好的" + "请" * 40, 0.1, 1.9))]

    (heard,) = hear([window((0, 2))], listen, no_progress)
    assert texts([heard]) == ["好的请"]
    assert [(cut.reason, len(cut.words)) for cut in heard.cuts] == [("loop", 39)]


def test_what_the_model_doubts_is_dropped_with_the_reason():
    def listen(_windows, _penalty):
        return [Take(pieces("谢谢", 0.1, 1.9), silent=True)]

    (heard,) = hear([window((0, 2))], listen, no_progress)
    assert heard.words == ()
    assert heard.cuts[0].reason == "no_speech"


def test_windows_come_back_in_their_order_whatever_their_length():
    def listen(windows, _penalty):
        # Each window is told by the second at which it begins.
        return [
            Take(pieces(str(w.regions[0].start // RATE), 0.1, w.length / RATE - 0.6))
            for w in windows
        ]

    windows = [window((i * 10, i * 10 + 1 + (7 * i) % 5)) for i in range(1, 30)]
    fractions = []
    heard = hear(windows, listen, fractions.append)
    assert texts(heard) == [str(i * 10) for i in range(1, 30)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


def test_a_word_that_the_model_starts_in_the_pause_goes_to_the_speech_behind_it():
    # 钱 ends the first region; the model stretches 快 over the gap, as it does with silences.
    both = window((4, 7), (12, 13), gap_s=0.8)
    heard = [
        Piece("钱", int(2.5 * RATE), int(2.8 * RATE), 0.9),
        Piece("快", int(2.8 * RATE), int(4.3 * RATE), 0.9),
        Piece("点", int(4.3 * RATE), int(4.6 * RATE), 0.9),
    ]
    words = place_words(heard, both, margin=RATE // 10, rate_hz=RATE)
    assert [word.text for word in words] == ["钱", "快", "点"]
    assert 4 < words[0].end_s < 7
    assert 12 < words[1].start_s < words[1].end_s <= words[2].start_s < words[2].end_s < 13


def test_times_never_run_backwards():
    muddled = [Piece("一", 5000, 9000, 0.9), Piece("二", 3000, 4000, 0.9), Piece("三", 0, 0, 0.9)]
    words = place_words(muddled, window((1, 3)), margin=0, rate_hz=RATE)
    edges = [edge for word in words for edge in (word.start_s, word.end_s)]
    assert edges == sorted(edges)


def test_pieces_of_several_characters_share_their_time():
    words = place_words([Piece("138", 0, 4800, 0.7)], window((1, 2)), margin=0, rate_hz=RATE)
    assert [(word.text, round(word.start_s, 3)) for word in words] == [
        ("1", 1.0),
        ("3", 1.1),
        ("8", 1.2),
    ]


def test_latin_words_stay_whole_and_apart():
    said = [Piece(" WiFi", 0, 100, 0.7), Piece(" router", 100, 200, 0.7), Piece("壞", 200, 300, 1)]
    words = place_words(said, window((0, 2)), margin=0, rate_hz=RATE)
    assert "".join(word.text for word in words) == "WiFi router坏"
