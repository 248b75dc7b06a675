"""The normal forms of Chinese text: what people read, and what is scored.

What people read (`readable`) keeps every character in its place, so that word times stay true:
Traditional becomes Simplified, half-width punctuation beside Han characters becomes full-width.
What is scored (`for_scoring`) drops what cannot be heard: punctuation, spaces, letter case and
the way a digit is written.
"""

import re
from functools import cache

import opencc

_HAN = re.compile(r"[一-鿿]")
_FULL_WIDTH = str.maketrans(",?!;:()", "，？！；：（）")
_NARROW = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B))}
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF41, 0xFF5B)}
)
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两", "0012345678912")
# Traditional script writes the particle 着 as 著 too; these are the words that keep 著.
_PARTICLE = re.compile(r"(?<![显名原专巨论合遗编卓土译拙昭])著(?![名作称者述书])")
_UNHEARD = re.compile(r"[\W_]+")


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def to_simplified(text: str) -> str:
    """Turn Traditional characters into Simplified ones, one for one.

    Phrases decide between readings (乾隆 stays, 乾淨 becomes 干净). Where a phrase would change
    the length, each character is converted alone, so that offsets stay true.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        As long as ``text``.

    Examples
    --------
    >>> to_simplified("請問您要辦理什麼業務")
    '请问您要办理什么业务'
    >>> to_simplified("您別著急，等著就行，效果顯著")
    '您别着急，等着就行，效果显著'
    """
    converter = _converter()
    whole: str = converter.convert(text)
    if len(whole) == len(text):
        return _PARTICLE.sub("着", whole)
    single = [converter.convert(character) for character in text]
    return "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))


def readable(text: str) -> str:
    """Give text the form in which people read it, character for character.

    Parameters
    ----------
    text : str
        As the model wrote it.

    Returns
    -------
    str
        As long as ``text``: Simplified, digits and letters half-width, punctuation full-width
        (unless there is no Han character at all).

    Examples
    --------
    >>> readable("您好,請問是１３８嗎?")
    '您好，请问是138吗？'
    >>> readable("OK, fine.")
    'OK, fine.'
    """
    text = to_simplified(text).translate(_NARROW)
    if not _HAN.search(text):
        return text
    text = text.translate(_FULL_WIDTH)
    # A full stop between digits or letters is a decimal point or part of an address.
    return re.sub(r"(?<![0-9A-Za-z])\.|\.(?![0-9A-Za-z])", "。", text)


def for_scoring(text: str) -> str:
    """Reduce text to what is scored: characters that can be heard, digits in one form.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Simplified, lower case, without punctuation and spaces.

    Examples
    --------
    >>> for_scoring("工號 三零二六,OK!")
    '工号3026ok'
    >>> for_scoring("幺三八，两个") == for_scoring("138 二个")
    True
    """
    return _UNHEARD.sub("", to_simplified(text).translate(_NARROW).translate(_DIGITS)).lower()
