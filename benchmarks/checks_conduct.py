"""How well greetings and closings, as a speech model writes them, are told from other sentences.

    PYTHONPATH=. python benchmarks/checks_conduct.py [--tune] [--errors]

Lines of `checks_conduct.tsv` are tuned on by turns; without `--tune` the others are measured.
"""

import argparse
import collections
import sys
from pathlib import Path

from qa_app.checks.dictionaries import lines_of
from qa_app.checks.script import said_wording

_WORDINGS = {"开头": "greetings.txt", "结束": "closings.txt"}


def main() -> int:
    """Print how many of each kind are known, how many others are taken for it, and F1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--errors", action="store_true")
    asked = parser.parse_args()
    if asked.errors and not asked.tune:
        parser.error("--errors: nobody looks into the other half; name --tune")
    seen: collections.Counter[tuple[str, str]] = collections.Counter()
    hits: collections.Counter[tuple[str, str]] = collections.Counter()
    counts: collections.Counter[tuple[str, str]] = collections.Counter()
    for line in Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, wanted, text = line.split("\t")
        seen[kind, wanted] += 1
        if (seen[kind, wanted] % 2 == 1) is not asked.tune:
            continue
        hit = said_wording(text, lines_of(_WORDINGS[kind]))
        counts[kind, wanted] += 1
        hits[kind, wanted] += hit is not None
        if asked.errors and (hit is None) == (wanted == "1"):
            print(kind, wanted, text, hit, file=sys.stderr)
    for kind in _WORDINGS:
        right, wrong = hits[kind, "1"], hits[kind, "0"]
        print(
            f"{kind}  known {right} of {counts[kind, '1']}, others taken for one {wrong} of "
            f"{counts[kind, '0']}, F1 {2 * right / (right + wrong + counts[kind, '1']):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
