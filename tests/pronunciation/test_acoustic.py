"""What is read from the posteriors, on posteriors made by hand and on a voice never trained on."""

import itertools
import time

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from asr.encoder import SAMPLE_RATE_HZ, Encoder
from pronunciation.acoustic import (
    AcousticHead,
    align,
    greedy,
    log_likelihood,
    read_digits,
    spot,
    spot_all,
    written,
)
from pronunciation.inventory import INDEX, SYMBOLS, indices_of, symbols_of
from pronunciation.syllable import Syllable
from pronunciation.synthesis import INSTALLED_MODEL, INSTALLED_VOICES, Synthesiser
from tools.site import data_dir

NAMES = {
    "0": ["ling2"],
    "1": ["yi1", "yao1"],
    "2": ["er4"],
    "3": ["san1"],
    "4": ["si4"],
    "5": ["wu3"],
    "6": ["liu4"],
    "7": ["qi1"],
    "8": ["ba1"],
    "9": ["jiu3"],
}
DIGITS = st.text(st.sampled_from("0123456789"), min_size=1, max_size=18)


def said(*pinyin):
    return [Syllable.parse(syllable) for syllable in pinyin]


def spoken(digits, choose=lambda names: names[0]):
    symbols = [symbols_of(*said(choose(NAMES[digit]))) for digit in digits]
    return " _ ".join(" ".join(pair) for pair in symbols)


def noise(frames, seed):
    scores = np.random.default_rng(seed).normal(size=(frames, len(SYMBOLS))) * 3
    return (scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)).astype(np.float32)


def test_the_likelihood_is_the_sum_over_every_way_to_say_it():
    posteriors = noise(5, seed=1)
    symbols = [INDEX["b"], INDEX["a"]]

    def collapsed(path):
        return [symbol for symbol, _ in itertools.groupby(path) if symbol]

    ways = itertools.product([0, *symbols], repeat=5)
    total = np.logaddexp.reduce(
        [
            sum(posteriors[frame, symbol] for frame, symbol in enumerate(way))
            for way in ways
            if collapsed(way) == symbols
        ]
    )
    assert log_likelihood(posteriors, symbols) == pytest.approx(float(total), abs=1e-4)


def test_a_sound_said_twice_takes_two_spikes():
    # The general rule of such models, though no two symbols of ours are alike side by side.
    twice = [INDEX["a"], INDEX["a"]]
    assert log_likelihood(written("a _ a"), twice) > -1
    assert log_likelihood(written("a a a"), twice) < -4


def test_what_does_not_fit_is_not_aligned():
    assert align(written("b a"), indices_of(said("ba1", "ba1"))) == []
    assert log_likelihood(written("b a"), indices_of(said("ba1", "ba1"))) < -1e6


def test_spans_stand_in_order_and_know_how_well_they_fit():
    posteriors = written("_ zh zh iii _ _ d ao")
    spans = align(posteriors, indices_of(said("zi1", "dao4")))
    assert [(span.first, span.last) for span in spans][2:] == [(6, 7), (7, 8)]
    assert all(one.last <= other.first for one, other in itertools.pairwise(spans))
    # z was expected where zh is heard: at least ln(.99 / (.01 / 60)) = 8.7 is missing.
    assert spans[0].evidence < -8
    assert spans[3].evidence == 0
    assert (spans[3].start_s, spans[3].end_s) == (pytest.approx(0.14), pytest.approx(0.16))


@given(DIGITS, st.randoms())
@settings(deadline=None)
def test_any_number_is_read_as_it_was_said(digits, dice):
    heard = read_digits(written(spoken(digits, dice.choice)))
    assert "".join(item.digit for item in heard) == digits
    assert all(item.evidence == pytest.approx(0, abs=1e-3) for item in heard)
    assert all(one.last <= other.first for one, other in itertools.pairwise(heard))


@given(DIGITS)
@settings(deadline=None)
def test_digits_that_touch_are_still_two(digits):
    heard = read_digits(written(spoken(digits).replace(" _", "")))
    assert "".join(item.digit for item in heard) == digits


@pytest.mark.parametrize(
    ("symbols", "digits"),
    [
        ("d ian h ua sh iii", ""),
        ("l i sh iii", ""),
        ("sh uang l ing _ s an g e b a", "00888"),
        ("h ao m a sh iii 0 iao s an b a x ie x ie", "138"),
        ("zh e g e _ q i", "7"),
    ],
)
def test_other_words_are_no_digits(symbols, digits):
    assert "".join(item.digit for item in read_digits(written(symbols))) == digits


def test_a_digit_is_heard_when_another_sound_is_a_little_likelier():
    # Of 三 the speaker's s is a little nearer to sh: ln(.55 / .4) = 0.3 is missing, less than
    # another sound costs.
    posteriors = written("_ s _ an _ b a")
    posteriors[1] = np.log(0.05 / 59)
    posteriors[1, [INDEX["s"], INDEX["sh"]]] = np.log([0.4, 0.55])
    heard = read_digits(posteriors)
    assert [item.digit for item in heard] == ["3", "8"]
    assert heard[0].evidence == pytest.approx(-0.318, abs=0.01)


def test_a_word_is_found_where_it_was_said_and_nowhere_else():
    posteriors = written("n i _ t a _ m a _ 0 iou _ 0 uan")
    there, not_there = spot_all(posteriors, [said("ta1", "ma1"), said("sha3", "bi1", "de5")])
    assert (there.first, there.last, there.evidence) == (3, 8, 0)
    assert not_there.evidence < -30
    assert spot(posteriors, said("ta1", "ma1")) == there


def test_no_sound_has_no_words():
    empty = np.zeros((0, len(SYMBOLS)), np.float32)
    assert greedy(empty) == []
    assert read_digits(empty) == []


def test_ten_seconds_are_read_in_a_moment():
    posteriors = noise(500, seed=2)
    best_s = min(_seconds(read_digits, posteriors) for _ in range(5))
    assert best_s < 0.1  # about 0.011 s of one core


def _seconds(function, *arguments):
    began = time.process_time()
    function(*arguments)
    return time.process_time() - began


@pytest.mark.slow
@pytest.mark.parametrize("voice", ["zf_xiaoyi", "zm_yunyang"])
def test_a_voice_never_heard_before_reads_out_a_number(voice):
    synthesiser = Synthesiser(INSTALLED_MODEL, INSTALLED_VOICES)
    encoder = Encoder.load(data_dir() / "models")
    sound = synthesiser.speak("他的电话是幺三七，零零四四，二五九六八。", voice)
    samples = soxr.resample(sound, 24_000, SAMPLE_RATE_HZ)
    posteriors = AcousticHead.load().posteriors(encoder.frames(samples))
    heard = read_digits(posteriors)
    assert Levenshtein.distance("".join(item.digit for item in heard), "137004425968") <= 1
    assert 0.5 < heard[0].start_s < heard[-1].end_s < len(samples) / SAMPLE_RATE_HZ
    phone, insult = spot_all(posteriors, [said("dian4", "hua4"), said("sha3", "bi1")])
    assert phone.evidence > insult.evidence + 5
