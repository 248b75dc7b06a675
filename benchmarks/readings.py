"""How many syllables are read right: pypinyin alone, pypinyin by jieba's words, and ours.

    PYTHONPATH=. python benchmarks/readings.py [--tune]

The phrases are those of `readings.tsv`, written with their readings before any correction was
made. Its odd rows were looked at while corrections were written; without `--tune` only the even
rows count. The tones of 一 and 不 are left out, as pypinyin gives them as they are spoken, and so
is 儿 where it is no syllable of its own.
"""

import argparse
import math
from collections.abc import Callable
from pathlib import Path

import jieba
from pypinyin import Style, lazy_pinyin

from pronunciation.reading import read_words
from pronunciation.syllable import Syllable

_PHRASES = Path(__file__).parent / "readings.tsv"
_WANTED = 0.98


def main() -> int:
    """Print the accuracy of each reader; fall short where ours is below what is wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="the half that was looked at")
    tune = parser.parse_args().tune
    lines = _PHRASES.read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    chosen = rows[0 if tune else 1 :: 2]
    readers: dict[str, Callable[[str], list[Syllable]]] = {
        "pypinyin": _plain,
        "pypinyin by jieba's words": lambda text: [
            s for word in jieba.lcut(text) for s in _plain(word)
        ],
        "ours": lambda text: [s for word in read_words(text) for s in word.syllables],
    }
    print(f"{len(chosen)} phrases")
    share = 0.0
    for name, reader in readers.items():
        wrong, total, tones_aside = _count(chosen, reader, shown=name == "ours")
        share = 1 - wrong / total
        low, high = _wilson(total - wrong, total)
        print(
            f"{name}: {total - wrong} of {total} right, {share:.1%} ({low:.1%} to {high:.1%}); "
            f"without the tone {1 - tones_aside / total:.1%}"
        )
    return int(share < _WANTED)


def _count(
    rows: list[list[str]], reader: Callable[[str], list[Syllable]], *, shown: bool
) -> tuple[int, int, int]:
    wrong = total = sounds_wrong = 0
    for text, pinyin in rows:
        given = reader(text)
        for character, right, read in zip(text, pinyin.split(), given, strict=True):
            if character == "儿":
                continue
            syllable = Syllable.parse(right.removesuffix("/5"))
            tones = {syllable.tone, 5} if right.endswith("/5") else {syllable.tone}
            if character in "一不":
                tones = {1, 2, 3, 4, 5}
            sounds = (syllable.initial, syllable.final) == (read.initial, read.final)
            total += 1
            sounds_wrong += not sounds
            wrong += not (sounds and read.tone in tones)
            if shown and not (sounds and read.tone in tones):
                print(f"  {text}: {character} is {right}, read {read}")
    return wrong, total, sounds_wrong


def _plain(text: str) -> list[Syllable]:
    spellings = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=True)
    return [Syllable.parse(spelling) for spelling in spellings]


def _wilson(right: int, total: int) -> tuple[float, float]:
    z, share = 1.96, right / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - reach) / (1 + z * z / total), (middle + reach) / (1 + z * z / total)


if __name__ == "__main__":
    raise SystemExit(main())
