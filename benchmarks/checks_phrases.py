"""How well what an agent must not say is told from polite sentences, by category.

    PYTHONPATH=. python benchmarks/checks_phrases.py [--tune] [--errors]

Without `--tune` the sentences are ones that were written after the patterns.
"""

import argparse
import collections
import sys
from pathlib import Path

from qa_app.checks.text_run import check_text

_HERE = Path(__file__).parent
_POLITE = "礼貌"


def main() -> int:
    """Print recall by category, false alarms on polite sentences, and F1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    table = collections.defaultdict(collections.Counter)
    name = "checks_phrases.tsv" if asked.tune else "checks_phrases_unseen.tsv"
    for line in (_HERE / name).read_text("utf-8").splitlines():
        category, _, text = line.partition("\t")
        if line.startswith("#"):
            continue
        turns = [{"speaker": "agent", "start": 0, "end": len(text)}]
        spans = check_text({"id": 0, "text": text, "turns": turns})["spans"]
        hit = any(span["type"] in ("RUDE", "PROFANITY") for span in spans)
        table[category][hit] += 1
        if asked.errors and hit == (category == _POLITE):
            print(category, text, [text[s["start"] : s["end"]] for s in spans], file=sys.stderr)
    for category, count in table.items():
        print(f"{category}  {count[True]} of {count.total()}")
    right = sum(count[True] for category, count in table.items() if category != _POLITE)
    wanted = sum(count.total() for category, count in table.items() if category != _POLITE)
    wrong = table[_POLITE][True]
    f1 = 2 * right / (right + wrong + wanted)
    print(f"P {right / (right + wrong):.3f} R {right / wanted:.3f} F1 {f1:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
