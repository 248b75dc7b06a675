"""How well what an agent must not say is told from polite sentences, by category.

    PYTHONPATH=. python benchmarks/checks_phrases.py [--errors]

First the sentences of `checks_phrases_test.tsv`, which nobody looks at while building, then the
development sentences beneath. With --errors the misses and false alarms of development follow.
"""

import argparse
import collections
import math
import sys
from pathlib import Path

from qa_app.checks.text_run import check_text

_HERE = Path(__file__).parent
_POLITE = "礼貌"
_Z = 1.96  # 95 %

Table = dict[str, collections.Counter[bool]]


def main() -> int:
    """Print recall by category, false alarms on polite sentences, and F1, for both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    for title, name, errors in (
        ("test", "checks_phrases_test.tsv", False),
        ("development", "checks_phrases.tsv", asked.errors),
    ):
        path = _HERE / name
        if path.exists():
            print(f"{title}: {name}")
            _print(_counted(path, errors=errors))
    return 0


def _counted(path: Path, *, errors: bool) -> Table:
    table: Table = collections.defaultdict(collections.Counter)
    for line in path.read_text("utf-8").splitlines():
        category, _, text = line.partition("\t")
        if line.startswith("#") or not text:
            continue
        turns = [{"speaker": "agent", "start": 0, "end": len(text)}]
        spans = check_text({"id": 0, "text": text, "turns": turns})["spans"]
        hit = any(span["type"] in ("RUDE", "PROFANITY") for span in spans)
        table[category][hit] += 1
        if errors and hit == (category == _POLITE):
            print(category, text, [text[s["start"] : s["end"]] for s in spans], file=sys.stderr)
    return table


def _print(table: Table) -> None:
    for category, count in table.items():
        print(f"  {category}  {_share(count[True], count.total())}")
    rude = [count for category, count in table.items() if category != _POLITE]
    right, wanted = sum(count[True] for count in rude), sum(count.total() for count in rude)
    wrong = table[_POLITE][True]
    print(f"  recall {_share(right, wanted)}")
    print(f"  precision {_share(right, right + wrong)}")
    print(f"  F1 {2 * right / (right + wrong + wanted):.3f}")


def _share(part: int, whole: int) -> str:
    """Return a share with its Wilson interval."""
    if not whole:
        return "none"
    share, spread = part / whole, _Z * _Z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / whole + spread / whole / 4) / (1 + spread)
    return f"{part} of {whole} = {share:.3f} [{middle - half:.3f}, {middle + half:.3f}]"


if __name__ == "__main__":
    sys.exit(main())
