"""Text without the spaces that some models write between Chinese words, with the way back."""

import re
from collections.abc import Sequence
from dataclasses import replace

from qa_app.checks.conversation import Conversation, Heard
from qa_app.checks.finding import Span
from qa_app.checks.numbers import DIGIT_OF

_HAN = "一-鿿"
_DIGITS = "".join(DIGIT_OF)
# Between digits a space parts groups and stays; 〇 and letters are no such characters.
_SPACE = re.compile(
    rf"(?<=[{_HAN}])(?<![{_DIGITS}])\s+(?=[{_HAN}])|(?<=[{_HAN}])\s+(?=[{_HAN}])(?![{_DIGITS}])"
)


def without_spaces(text: str) -> tuple[str, Sequence[int]]:
    """Return the text without spaces between Han characters, and each character's old place.

    >>> without_spaces("他 妈的 in USB 一 二")[0]
    '他妈的 in USB 一 二'
    """
    if not _SPACE.search(text):
        return text, range(len(text))
    dropped = {at for gap in _SPACE.finditer(text) for at in range(*gap.span())}
    places = [at for at in range(len(text)) if at not in dropped]
    return "".join(text[at] for at in places), places


class Unspaced:
    """A conversation without such spaces."""

    def __init__(self, conversation: Conversation) -> None:
        texts = [without_spaces(said.text) for said in conversation.utterances]
        self._places = [places for _, places in texts]
        self.conversation = replace(
            conversation,
            utterances=tuple(
                said if said.text == text else replace(said, text=text)
                for said, (text, _) in zip(conversation.utterances, texts, strict=True)
            ),
            # What was heard points at characters of the text as it was.
            heard=Heard(
                digits=tuple(
                    heard
                    for heard in conversation.heard.digits
                    if texts[heard.utterance][0] == conversation.utterances[heard.utterance].text
                )
            ),
        )

    def spans_of(self, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return the spans as they lie in the texts with their spaces."""
        return tuple(
            Span(at, self._places[at][start], self._places[at][end - 1] + 1)
            for at, start, end in spans
        )
