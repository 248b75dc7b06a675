"""The dictionaries of the checks, read once from data files."""

from functools import cache
from importlib import resources


@cache
def lines_of(name: str) -> tuple[str, ...]:
    """Return the entries of one dictionary, without comments."""
    text = (resources.files("qa_app.checks") / "data" / name).read_text("utf-8")
    return tuple(
        line for raw in text.splitlines() if (line := raw.rstrip()) and not line.startswith("#")
    )


@cache
def rows_of(name: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a dictionary with two columns."""
    return tuple((left, right) for left, _, right in (x.partition("\t") for x in lines_of(name)))


@cache
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a dictionary that has several a line."""
    return tuple(word for line in lines_of(name) for word in line.split())
