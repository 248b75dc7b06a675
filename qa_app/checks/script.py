"""Whether somebody said a sentence of the script, in its words or in ones close to them."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

_NOT_SOUND = re.compile(r"[\W_]+")
_SHORT = 4  # words this short must be said as they are: anything is close to them
# Below it, ordinary sentences of the sample calls come close to a wording; above it, wordings
# with one misheard character in six are lost.
_CLOSE = 80.0
# Misheard greetings of the sample calls sound 0.73 alike and more, other sentences 0.42 at most.
_LIKE = 0.7


def plain(text: str) -> str:
    """Return the text without punctuation and spaces."""
    return _NOT_SOUND.sub("", text).lower()


def said_wording(text: str, wordings: Sequence[str]) -> str | None:
    """Return the first wording that the text holds, in its characters or in its sounds."""
    heard = plain(text).replace("你", "您")
    wanted = {plain(wording).replace("你", "您"): wording for wording in wordings}
    for characters, wording in wanted.items():
        if characters in heard:
            return wording
    for characters, wording in wanted.items():
        if len(characters) > _SHORT and (
            (len(heard) >= len(characters) and fuzz.partial_ratio(characters, heard) >= _CLOSE)
            or _likeness(heard, characters) >= _LIKE
        ):
            return wording
    return None


def _likeness(heard: str, wanted: str) -> float:
    # Its dictionary of readings takes half a second to load, and only misheard wordings need it.
    from pronunciation.similarity import best_likeness  # noqa: PLC0415

    return best_likeness(heard, wanted)
