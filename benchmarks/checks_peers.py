"""What others find in the sentences that `checks_recall.py --write FILE` wrote.

    PYTHONPATH=. python benchmarks/checks_peers.py FILE

Runs in an environment of its own, with `benchmarks/peers-requirements.txt`. Sentence level: half
of what is labelled is covered by what was found, of whatever kind.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.peers import PERSONAL, Found


def main() -> int:
    """Print recall by form and false alarms for each peer."""
    sentences = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    for name, find in PERSONAL.items():
        _report(name, find, sentences)
    return 0


def _report(name: str, find: Callable[[str], list[Found]], sentences: Iterable[dict]) -> None:
    table: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences:
        found = {at for start, end, _ in find(sentence["text"]) for at in range(start, end)}
        wanted = {at for x in sentence["labels"] for at in range(x["start"], x["end"])}
        hit = 2 * len(found & wanted) >= len(wanted) if wanted else bool(found)
        for key in (sentence["form"], "all" if wanted else "negatives"):
            table[key][hit] += 1
    print(name, {key: f"{count[True] / count.total():.3f}" for key, count in table.items()})


if __name__ == "__main__":
    sys.exit(main())
