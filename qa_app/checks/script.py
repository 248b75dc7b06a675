"""Whether somebody said a sentence of the script, in its words or in ones close to them."""

import re
from collections.abc import Sequence

from rapidfuzz import fuzz

_NOT_SOUND = re.compile(r"[\W_]+")
_SHORT = 4  # words this short must be said as they are: anything is close to them
# Below it, ordinary sentences of the sample calls come close to a wording; above it, wordings
# with one misheard character in six are lost.
_CLOSE = 80.0


def plain(text: str) -> str:
    """Return the text without punctuation and spaces."""
    return _NOT_SOUND.sub("", text).lower()


def said_wording(text: str, wordings: Sequence[str]) -> str | None:
    """Return the first wording that the text holds, nearly or exactly."""
    heard = plain(text).replace("你", "您")
    for wording in wordings:
        wanted = plain(wording).replace("你", "您")
        if wanted in heard:
            return wording
        if (
            len(wanted) > _SHORT
            and len(heard) >= len(wanted) - 1
            and (fuzz.partial_ratio(wanted, heard) >= _CLOSE)
        ):
            return wording
    return None
