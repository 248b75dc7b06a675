"""Tables for people: CSV that Excel opens as it is, in which no cell is taken for a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: Excel takes a file without it for the machine's own encoding, and Chinese for rubbish.
BYTE_ORDER_MARK = "\ufeff"
#: What a spreadsheet begins to reckon at, in full width too.
_FORMULA_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROL_SIGNS = ("\t", "\r", "\n")


def csv_lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the rows as lines of CSV, the first with the mark that tells Excel it is UTF-8."""
    yield BYTE_ORDER_MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([safe_cell(value) for value in row])
        yield line.getvalue()


def safe_cell(value: object) -> object:
    """Return what may stand in a cell: text that looks like a formula is made text by a quote.

    >>> safe_cell("=HYPERLINK(1)"), safe_cell("李晓雯"), safe_cell(-3), safe_cell(None)
    ("'=HYPERLINK(1)", '李晓雯', -3, '')
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "")
    risky = text.startswith(_CONTROL_SIGNS) or text.lstrip().startswith(_FORMULA_SIGNS)
    return f"'{text}" if risky else text
