"""Text as the database searches it and as people may see it."""

import re
import unicodedata

from flask_babel import gettext as _

from qa_app.core.errors import Invalid

_DIGIT_WORDS = str.maketrans("〇零一二三四五六七八九幺两", "00123456789" + "12")
#: What people know a file by: 20260312, 20260312094100.
_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{6})?")
_LONG_NUMBER = re.compile(r"\d{7,}")
_SEARCHED = re.compile(r"[^\W_]")


def search_form(text: str) -> str:
    """Space out every character that counts, so that a phrase query is exact for Chinese.

    Width and case fold, and the digits people say and write become one. A database's own word
    splitter finds nothing for two-character words (trigrams) or wrong ones (a segmenter).

    >>> search_form("退款，ＰＯＳ机")
    '退 款 p o s 机'
    """
    folded = unicodedata.normalize("NFKC", text).lower().translate(_DIGIT_WORDS)
    return " ".join(_SEARCHED.findall(folded))


def decoded_text(content: bytes) -> str:
    """Read a table's text: UTF-8, or what Chinese Excel saves as CSV.

    Raises
    ------
    Invalid
        It is no text.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(_("这不是 CSV 文字文件。在 Excel 里另存为 CSV 再上传。"))


def mask_value(value: str, kind: str) -> str:
    """Show enough of a value to recognise it and too little to use it.

    >>> mask_value("13800138567", "MOBILE")
    '138****8567'
    >>> mask_value("430104198503074528", "ID_CARD")
    '**************4528'
    """
    if kind == "MOBILE" and len(value) >= 8:
        return f"{value[:3]}****{value[-4:]}"
    if kind in {"ID_CARD", "BANK_CARD", "LANDLINE"} and len(value) > 6:
        return "*" * (len(value) - 4) + value[-4:]
    return "*" * max(4, len(value))


def masked_number(value: str) -> str:
    """Show the end of a number of which only the digits are known.

    >>> masked_number("1380013856")
    '******3856'
    """
    return "*" * max(4, len(value) - 4) + value[-4:] if len(value) > 6 else "*" * len(value)


def mask_phone(number: str | None) -> str:
    """Mask a caller's number, whatever its length.

    >>> mask_phone("13912342046")
    '139****2046'
    >>> mask_phone("6001")
    '****'
    """
    if not number:
        return ""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 10 else "****"


def shown_file_name(file_name: str, customer_number: str | None) -> str:
    """Return a recording's name without anybody's number; dates stay.

    >>> shown_file_name("13912342046_20260312_0941.wav", "13912342046")
    '139****2046_20260312_0941.wav'
    >>> shown_file_name("20260312094100-073188123456.wav", None)
    '20260312094100-****3456.wav'
    """
    if customer_number:
        file_name = file_name.replace(customer_number, mask_phone(customer_number))
    return _LONG_NUMBER.sub(
        lambda found: found[0] if _DATE.fullmatch(found[0]) else f"****{found[0][-4:]}", file_name
    )
