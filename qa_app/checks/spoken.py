"""How many syllables a written text has when it is spoken."""

import re

from qa_app.checks.script import plain

# What stands behind an amount; digits before anything else are read one by one.
_MEASURES = "元块款年月日号点分秒个天次位台岁多兆米斤条张份户层楼人万千百"
_MOST_DIGITS = 4  # longer ones are read one by one
_TOKEN = re.compile(
    rf"(?P<digits>\d+)(?P<part>\.\d+)?(?:(?P<percent>[%％])|(?=(?P<measure>[{_MEASURES}])))?"
    r"|(?P<latin>[A-Za-z]+)"
)
_VOWELS = re.compile(r"[aeiouy]+")


def spoken_syllables(text: str) -> int:
    """Count Chinese characters as one each, amounts, digits and letters as they are read.

    >>> spoken_syllables("您好， 再见。")
    4
    >>> spoken_syllables("一共120元")  # 一百二十
    7
    >>> spoken_syllables("电话是13800138567")
    14
    >>> spoken_syllables("20%")  # 百分之二十
    5
    """
    read = sum(_read(match) for match in _TOKEN.finditer(text))
    return read + len(plain(_TOKEN.sub(" ", text)))


def _read(match: re.Match[str]) -> int:
    digits, latin = match["digits"], match["latin"]
    if latin:
        # Capitals are spelled; other words are read.
        return len(latin) if latin.isupper() else max(1, len(_VOWELS.findall(latin.lower())))
    measure = match["measure"]
    year = measure == "年" and len(digits) == _MOST_DIGITS
    amount = len(digits) <= _MOST_DIGITS and (match["percent"] or measure) and not year
    whole = _amount(digits) if amount else len(digits)
    return whole + len(match["part"] or "") + (3 if match["percent"] else 0)


def _amount(digits: str) -> int:
    """Count the syllables of an amount: each digit with its unit, one 零 for zeros between."""
    digits = digits.lstrip("0")
    if not digits:
        return 1
    inner = digits.rstrip("0")
    units = sum(digit != "0" for digit in digits[:-1])
    teens = len(digits) == 2 and digits[0] == "1"  # 十二, not 一十二
    return sum(d != "0" for d in digits) + units + len(re.findall("0+", inner)) - teens
