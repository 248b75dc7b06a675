"""What is put before a person to be said: a text with its readings, frozen after review.

A wrong reference is a false accusation, so nothing that is shipped is read by machine when it is
used. The tables stand in `data/`: tab-separated, `#` begins a comment.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

from pronunciation.contexts import contexts_of
from pronunciation.syllable import Syllable
from pronunciation.word import ERHUA

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Prompt:
    """A text and how it is read.

    Attributes
    ----------
    text : str
        With its punctuation.
    syllables : tuple of Syllable
        One a character, with its citation tone, or 5 where the standard has the neutral one.
        儿 that only colours the syllable before it is er5.
    """

    text: str
    syllables: tuple[Syllable, ...]

    @classmethod
    def of(cls, text: str, pinyin: str) -> Self:
        """Read a text's syllables, apart by spaces.

        Examples
        --------
        >>> Prompt.of("稍等", "shao1 deng3").syllables[1].final
        'eng'
        """
        return cls(text, tuple(Syllable.parse(one) for one in pinyin.split()))

    @property
    def coloured(self) -> frozenset[int]:
        """The places of syllables that take 儿化.

        Examples
        --------
        >>> sorted(Prompt.of("聊天儿", "liao2 tian1 er5").coloured)
        [1]
        """
        return frozenset(at - 1 for at, one in enumerate(self.syllables) if one == ERHUA)

    @property
    def length(self) -> int:
        """How many syllables are heard: 儿化 makes no syllable of its own.

        Examples
        --------
        >>> Prompt.of("聊天儿", "liao2 tian1 er5").length
        2
        """
        return len(self.syllables) - len(self.coloured)

    @cached_property
    def contexts(self) -> Counter[str]:
        """How often each context stands in it, by key.

        A nasal before 儿 is left out: 儿化 takes its ending away.

        Examples
        --------
        >>> sorted(Prompt.of("稍等", "shao1 deng3").contexts)
        ['en_eng.tip', 'sh_s.a']
        """
        return Counter(
            context.key
            for place, syllable in enumerate(self.syllables)
            for context in contexts_of(syllable)
            if not (place in self.coloured and syllable.final in context.sounds)
        )


def rows_of(name: str) -> Iterator[list[str]]:
    """Read a table of this package's data.

    Examples
    --------
    >>> next(rows_of("characters.tsv"))
    ['ai1', '埃哀哎']
    """
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def prompts_of(name: str) -> tuple[Prompt, ...]:
    """Read a table of texts and their syllables."""
    return tuple(Prompt.of(text, pinyin) for text, pinyin in rows_of(name))
