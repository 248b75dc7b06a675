"""A text's normal form with the same length, so that every offset still points to its source."""

import unicodedata
from functools import lru_cache

from asr.normalise import to_simplified


@lru_cache(maxsize=4096)
def normal_form(text: str) -> str:
    """Return half-width, Simplified text, character for character.

    >>> normal_form("電話１３８")
    '电话138'
    """
    return to_simplified("".join(map(_half_width, text)))


@lru_cache(maxsize=65536)
def _half_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
