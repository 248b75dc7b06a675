"""Whether digits can be what they seem to be: checksums, prefixes, areas."""

import re
from datetime import date
from functools import lru_cache

from qa_app.checks.dictionaries import lines_of

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
# GB/T 2260: the first two digits of a province's area codes.
_PROVINCES = frozenset(
    str(number)
    for first, last in (
        (11, 15),
        (21, 23),
        (31, 37),
        (41, 46),
        (50, 54),
        (61, 65),
        (71, 71),
        (81, 82),
    )
    for number in range(first, last + 1)
)
_FIRST_OF_LOCAL = "2345678"


def is_mobile(digits: str) -> bool:
    """Whether it is a mainland mobile number: eleven digits from 13 to 19."""
    return _MOBILE.fullmatch(digits) is not None


def is_id_card(number: str) -> bool:
    """Whether an 18-place identity number has a province, a birth date and its checksum.

    After GB 11643-1999.
    """
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number) or not has_id_shape(number):
        return False
    total = sum(int(d) * w for d, w in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECKS[total % 11] == number[17]


def has_id_shape(number: str) -> bool:
    """Whether the first fourteen digits are a province's area and a birth date."""
    if number[:2] not in _PROVINCES:
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return 1900 <= born.year < 2100


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the checksum of ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def has_card_issuer(digits: str) -> bool:
    """Whether it begins as UnionPay, Visa and Mastercard numbers do."""
    if digits.startswith(("62", "4")):
        return True
    return 51 <= int(digits[:2]) <= 55 or 2221 <= int(digits[:4]) <= 2720


@lru_cache(maxsize=1)
def _area_codes() -> frozenset[str]:
    codes: set[str] = set()
    for line in lines_of("area_codes.txt"):
        stem, *ends = line.split()
        codes.update(stem + end for end in ends or ("",))
    return frozenset(codes)


def area_code_of(digits: str) -> str | None:
    """Return the area code that a number begins with, if it exists."""
    return next((digits[:n] for n in (3, 4) if digits[:n] in _area_codes()), None)


def is_landline(digits: str) -> bool:
    """Whether it is an area code and a local number of seven or eight digits."""
    code = area_code_of(digits)
    return code is not None and is_local_number(digits[len(code) :])


def is_local_number(digits: str) -> bool:
    """Whether it can be a fixed-line number without its area code."""
    return len(digits) in (7, 8) and digits[0] in _FIRST_OF_LOCAL


@lru_cache(maxsize=1)
def _hotlines() -> re.Pattern[str]:
    return re.compile("|".join(line.replace("x", r"\d") for line in lines_of("hotlines.txt")))


def is_hotline(digits: str) -> bool:
    """Whether it is a public service number."""
    return _hotlines().fullmatch(digits) is not None
