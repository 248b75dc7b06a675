"""How much personal data the text checks find in made sentences, and what they take for it.

    PYTHONPATH=. python benchmarks/checks_recall.py [--tune] [--errors N] [--write FILE]

Sentence level: any span against any label. Without `--tune` only templates are used that no rule
was tuned on.
"""

import argparse
import collections
import dataclasses
import json
import sys
from pathlib import Path

from benchmarks.checks_sentences import TYPE_OF, Sentence, sentences
from qa_app.checks.text_run import check_text

_SEED = 20240607
_PHONES = {"MOBILE": "PHONE", "LANDLINE": "PHONE"}
_ABUSE = ("PROFANITY", "RUDE")
Spans = list[dict[str, object]]


def found_by_us(sentence: Sentence) -> Spans:
    """Return the spans of personal data that the product finds."""
    spans = check_text(sentence.record(0))["spans"]
    return [span for span in spans if span["type"] not in _ABUSE]


def covers(sentence: Sentence, spans: Spans) -> bool:
    """Whether half of all that was labelled is covered by spans of its kind."""
    kind = _group(sentence.labels[0])
    wanted = {p for label in sentence.labels for p in range(label["start"], label["end"])}
    covered = {p for s in spans if _group(s) == kind for p in range(s["start"], s["end"])}
    return 2 * len(wanted & covered) >= len(wanted)


def _group(span: dict[str, object]) -> object:
    return _PHONES.get(str(span["type"]), span["type"])


def false_in(sentence: Sentence, spans: Spans) -> Spans:
    """Return the spans of which less than half is labelled with their kind."""
    wanted = collections.defaultdict(set)
    for label in sentence.labels:
        wanted[_group(label)] |= set(range(label["start"], label["end"]))
    return [
        s for s in spans
        if 2 * len(wanted[_group(s)] & set(range(s["start"], s["end"]))) < s["end"] - s["start"]
    ]  # fmt: skip


def main() -> int:
    """Print recall by kind and form, and false alarms by kind of look-alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", help="write the sentences for checks_peers.py and stop")
    asked = parser.parse_args()
    if asked.write:
        made = sentences(_SEED, rounds=asked.rounds, tune=asked.tune)
        lines = (json.dumps(dataclasses.asdict(s), ensure_ascii=False) + "\n" for s in made)
        Path(asked.write).write_text("".join(lines), "utf-8")
        return 0
    table = collections.defaultdict(collections.Counter)
    leaks = collections.Counter()
    for sentence in sentences(_SEED, rounds=asked.rounds, tune=asked.tune):
        spans = found_by_us(sentence)
        false = false_in(sentence, spans)
        found = bool(sentence.labels) and covers(sentence, spans)
        for key in (sentence.kind, f"  {sentence.form}", "all" if sentence.labels else "negatives"):
            table[key]["n"] += 1
            table[key]["found"] += found
            table[key]["false"] += bool(false)
        if sentence.leak and sentence.labels and found:
            leaks[sentence.leak == "yes", any(s["leak"] for s in spans)] += 1
        missed = bool(sentence.labels) and not found
        wrong_leak = (
            found and sentence.leak and (sentence.leak == "yes") != any(s["leak"] for s in spans)
        )
        if (missed or false or wrong_leak) and asked.errors > 0:
            asked.errors -= 1
            said = [(s["type"], sentence.text[s["start"] : s["end"]]) for s in spans]
            what = "missed" if missed else "false" if false else "leak"
            print(what, sentence.kind, sentence.form, repr(sentence.text), said, file=sys.stderr)
    for key in sorted(table, key=lambda k: (k.startswith("  "), k not in TYPE_OF, k)):
        count = table[key]
        recall = f"{count['found'] / count['n']:.3f}" if count["found"] else "     "
        print(f"{key:20}{count['n']:6}  found {recall}  false {count['false'] / count['n']:.4f}")
    right, missed, wrong = leaks[True, True], leaks[True, False], leaks[False, True]
    print(f"leak: P {right / (right + wrong):.3f} R {right / (right + missed):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
