from collections.abc import Callable

import pytest

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation

_CHANNELS = {"a": Channel.AGENT, "c": Channel.CUSTOMER, "u": Channel.UNKNOWN}


@pytest.fixture
def talk() -> Callable[..., Conversation]:
    """Turns `("a", "您好")` said one after the other, two seconds each, half a second between.

    A turn may also bring its own start and end: `("c", "好", 3.0, 4.0)`.
    """

    def build(*turns: tuple, channels: int = 2) -> Conversation:
        said, clock_s = [], 0.5
        for side, text, *times in turns:
            start_s, end_s = times or (clock_s, clock_s + 2.0)
            said.append(Utterance(_CHANNELS[side], start_s, end_s, text, 0.9))
            clock_s = end_s + 0.5
        return Conversation(channels=channels, duration_s=clock_s, utterances=tuple(said))

    return build
