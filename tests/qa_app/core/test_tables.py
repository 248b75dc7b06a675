"""Tables that a spreadsheet opens: readable Chinese, and no cell that reckons."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa_app.core.tables import BYTE_ORDER_MARK, csv_lines, safe_cell


def table(rows) -> list[list[str]]:
    text = "".join(csv_lines(rows))
    assert text.startswith(BYTE_ORDER_MARK)
    return list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK), newline="")))


def test_the_bytes_begin_with_the_mark_by_which_excel_knows_utf_8():
    assert "".join(csv_lines([["坐席"]])).encode() == b"\xef\xbb\xbf" + "坐席\r\n".encode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+8613800138567",
        "-2+3",
        "@SUM(A1)",
        "＝1",
        "\t=1",
        "\r=1",
        "  =1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_text_that_looks_like_a_formula_stays_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", [-3, Decimal("-0.5"), 97, "李晓雯", "1-2", "a=b", "'x"])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert safe_cell(value) == value


@given(
    st.lists(st.lists(st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=2))
)
def test_every_cell_comes_back_as_it_was_or_quoted(rows):
    assert table(rows) == [[str(safe_cell(text)) for text in row] for row in rows]
    for row in table(rows):
        assert not any(text.lstrip().startswith(("=", "+", "-", "@")) for text in row)
