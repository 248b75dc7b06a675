"""Utterances end at pauses, and their text is their words'."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.transcript import Channel, Word
from asr.utterances import COMMA_PAUSE_S, UTTERANCE_PAUSE_S, build_utterances

word_lists = st.lists(
    st.tuples(
        st.floats(0, 3), st.floats(0.05, 0.5), st.sampled_from(["您", "好，", "A", "吗？", "8"])
    ),
    max_size=40,
)


def words_of(rows):
    words, at = [], 0.0
    for pause, length, text in rows:
        words.append(Word(text, at + pause, at + pause + length, 0.5))
        at += pause + length
    return words


def row(pause_s):
    return [Word("请", 0.0, 0.2, 1.0), Word("问", 0.2 + pause_s, 0.4 + pause_s, 0.5)]


def test_a_pause_ends_an_utterance_exactly_from_the_threshold_on():
    assert len(build_utterances(row(UTTERANCE_PAUSE_S - 0.01), Channel.AGENT)) == 1
    assert len(build_utterances(row(UTTERANCE_PAUSE_S + 0.01), Channel.AGENT)) == 2


def test_a_shorter_pause_shows_as_a_comma():
    texts = [
        build_utterances(row(pause_s), Channel.AGENT)[0].text
        for pause_s in (COMMA_PAUSE_S - 0.01, COMMA_PAUSE_S + 0.01)
    ]
    assert texts == ["请问。", "请，问。"]


def test_confidence_is_the_mean_of_the_words():
    (utterance,) = build_utterances(row(0.0), Channel.CUSTOMER)
    assert utterance.confidence == pytest.approx(0.75)
    assert utterance.channel is Channel.CUSTOMER


def test_a_comma_at_the_end_becomes_a_full_stop_and_a_question_stays_one():
    assert build_utterances([Word("好，", 0, 1, 1.0)], Channel.AGENT)[0].text == "好。"
    assert build_utterances([Word("吗？", 0, 1, 1.0)], Channel.AGENT)[0].text == "吗？"


@given(word_lists)
def test_no_word_is_lost_and_none_stands_outside_its_utterance(rows):
    words = words_of(rows)
    utterances = build_utterances(words, Channel.AGENT)
    kept = [word for utterance in utterances for word in utterance.words]
    assert [(w.start_s, w.end_s) for w in kept] == [(w.start_s, w.end_s) for w in words]
    for utterance in utterances:
        assert utterance.text == "".join(word.text for word in utterance.words)
        assert (utterance.start_s, utterance.end_s) == (
            utterance.words[0].start_s,
            utterance.words[-1].end_s,
        )
    for before, after in itertools.pairwise(utterances):
        assert after.start_s - before.end_s >= UTTERANCE_PAUSE_S - 1e-9


def test_nothing_said_is_no_utterance():
    assert build_utterances([], Channel.AGENT) == []
