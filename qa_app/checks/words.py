"""Words in running Chinese text: listed terms, and whether they stand on word borders."""

import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import ahocorasick
import jieba

from qa_app.checks.dictionaries import lines_of, rows_of

# The splitter reports its loading as a warning to whoever listens at debug level.
jieba.setLogLevel(logging.ERROR)

_LISTED_FREQUENCY = 2000  # that of a common word, so that the splitter keeps listed terms whole


def _cache_folder() -> str:
    """Return a folder of this user alone: the splitter unpacks whatever lies in its cache."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = base / "tingzheng"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return ""  # Without a home the splitter reads its dictionary at every start.
    return str(folder)


@lru_cache(maxsize=1)
def _splitter() -> jieba.Tokenizer:
    splitter = jieba.Tokenizer()
    folder = _cache_folder()
    if folder:
        splitter.tmp_dir = folder
    for term, _ in rows_of("abuse.tsv"):
        if len(term) > 1 and not splitter.FREQ.get(term):
            splitter.add_word(term, _LISTED_FREQUENCY)
    for term in lines_of("abuse_allowed.txt"):
        splitter.add_word(term, _LISTED_FREQUENCY)
    return splitter


def split_words(text: str) -> list[str]:
    """Cut text into dictionary words; what is in no dictionary stays single characters."""
    return list(_splitter().cut(text, HMM=False))


def word_borders(text: str, affixes: str = "") -> frozenset[int]:
    """Return the offsets at which a word starts or ends, with or without such affixes."""
    borders, position = {0}, 0
    for word in split_words(text):
        end = position + len(word)
        borders |= {position + len(word) - len(word.lstrip(affixes)), end}
        borders.add(position + len(word.rstrip(affixes)))
        position = end
    return frozenset(borders)


def is_word(text: str) -> bool:
    """Whether the general dictionary has it as a word."""
    return bool(_splitter().FREQ.get(text))


class TermFinder:
    """Finds every listed term in one pass, whatever the length of the list."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._automaton = ahocorasick.Automaton()
        for term in terms:
            self._automaton.add_word(term.lower(), len(term))
        self._empty = len(self._automaton) == 0
        self._automaton.make_automaton()

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each term, those inside others too."""
        if self._empty:
            return
        for last, length in self._automaton.iter(text.lower()):
            yield last + 1 - length, last + 1


def longest(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep of overlapping spans the longest, the first where equal."""
    kept: list[tuple[int, int]] = []
    taken: set[int] = set()
    for start, end in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if taken.isdisjoint(range(start, end)):
            kept.append((start, end))
            taken.update(range(start, end))
    return sorted(kept)
