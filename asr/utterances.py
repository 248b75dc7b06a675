"""Utterances built from the model's words: where they end, how their text is put together."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from asr.transcript import Channel, Utterance, Word

# A pause of one side from which on what follows is a new utterance. People pause for up to half
# a second between the groups of a number; `benchmarks/asr_speed.py` prints how well the
# utterances' edges agree with those of calls whose truth is known.
UTTERANCE_PAUSE_S = 0.8

# A pause from which on the text shows a comma where the model wrote nothing.
COMMA_PAUSE_S = 0.35


def build_utterances(words: Sequence[Word], channel: Channel) -> list[Utterance]:
    """Put words together into utterances that end at a pause.

    Parameters
    ----------
    words : sequence of Word
        Words of one channel in time order.
    channel : Channel
        Whose they are.

    Returns
    -------
    list of Utterance
        In time order; their words' texts joined give their text.

    Examples
    --------
    >>> words = [Word("您", 0.0, 0.2, 0.9), Word("好", 0.2, 0.4, 0.7), Word("请", 0.9, 1.0, 0.8)]
    >>> [u.text for u in build_utterances(words, Channel.AGENT)]
    ['您好，请。']
    """
    utterances: list[Utterance] = []
    held: list[Word] = []
    for word in words:
        if held:
            pause_s = word.start_s - held[-1].end_s
            if pause_s >= UTTERANCE_PAUSE_S:
                utterances.append(make_utterance(held, channel))
                held = []
            elif pause_s >= COMMA_PAUSE_S:
                held[-1] = _closed_with(held[-1], "，")
        held.append(word)
    if held:
        utterances.append(make_utterance(held, channel))
    return utterances


def make_utterance(words: Sequence[Word], channel: Channel) -> Utterance:
    """Return the utterance that some words make, closed with a full stop if need be.

    Parameters
    ----------
    words : sequence of Word
        At least one, in time order.
    channel : Channel
        Whose they are.
    """
    first = replace(words[0], text=words[0].text.lstrip())
    closed = [first, *words[1:]]
    last = closed[-1]
    if last.text.endswith(("，", "、")):
        last = replace(last, text=last.text[:-1])
    closed[-1] = _closed_with(last, "。")
    return Utterance(
        channel=channel,
        start_s=closed[0].start_s,
        end_s=closed[-1].end_s,
        text="".join(word.text for word in closed),
        confidence=sum(word.probability for word in closed) / len(closed),
        words=tuple(closed),
    )


def is_punctuation(text: str) -> bool:
    """Tell whether a text has nothing in it that can be heard.

    Examples
    --------
    >>> is_punctuation("，"), is_punctuation("OK.")
    (True, False)
    """
    return all(unicodedata.category(character)[0] in "PZSC" for character in text)


def _closed_with(word: Word, mark: str) -> Word:
    if not word.text or is_punctuation(word.text[-1]):
        return word
    return replace(word, text=word.text + mark)
