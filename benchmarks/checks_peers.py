"""What others find in the sentences that `checks_recall.py --write FILE` wrote.

    python benchmarks/checks_peers.py FILE

Runs in an environment of its own: `pip install argus-redact==0.8.22`. Sentence level: half of what
is labelled is covered by what was found, of whatever kind.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

Span = tuple[int, int]
_NAIVE = re.compile(
    r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx]|(?<!\d)\d{15,19}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)"
    r"|[\w.]+@[\w.]+|[\u4e00-\u9fff][A-Z][A-Z0-9]{5,6}|(?:验证码|密码)\D{0,4}(?:[0-9A-Za-z]{4,})"
)


def naive(text: str) -> list[Span]:
    """Find what plain regular expressions find."""
    return [match.span() for match in _NAIVE.finditer(text)]


def argus(text: str) -> list[Span]:
    """Find what argus-redact takes out in its fast mode."""
    from argus_redact import redact  # noqa: PLC0415 - installed where the peers are measured

    _, taken = redact(text, mode="fast", lang="zh")
    return [(text.find(value), text.find(value) + len(value)) for value in taken.values()]


def main() -> int:
    """Print recall by form and false alarms for each peer."""
    sentences = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    for name, find in (("naive regex", naive), ("argus-redact fast", argus)):
        _report(name, find, sentences)
    return 0


def _report(name: str, find: Callable[[str], list[Span]], sentences: Iterable[dict]) -> None:
    table: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences:
        found = {at for start, end in find(sentence["text"]) for at in range(start, end)}
        wanted = {at for x in sentence["labels"] for at in range(x["start"], x["end"])}
        hit = 2 * len(found & wanted) >= len(wanted) if wanted else bool(found)
        for key in (sentence["form"], "all" if wanted else "negatives"):
            table[key][hit] += 1
    print(name, {key: f"{count[True] / count.total():.3f}" for key, count in table.items()})


if __name__ == "__main__":
    sys.exit(main())
