"""Weighs the cues of rude language (`service_cues.tsv`) on the development sentences.

    PYTHONPATH=. python benchmarks/checks_cues.py [--polite FILE] [--write]

Logistic regression over runs of one to three characters. Prints what five-fold cross-validation
finds at several thresholds. FILE holds further polite turns, one a line.
"""

import argparse
import collections
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa_app.checks.cues import cues_of, plain

_HERE = Path(__file__).parent
_DATA = _HERE.parent / "qa_app" / "checks" / "data" / "service_cues.tsv"
_POLITE = "礼貌"
_LEAST_SEEN = 3
_LEAST_WEIGHT = 0.03
_FOLDS = 5
_ROUNDS, _RATE, _MOMENTUM, _SHRINK = 250, 0.004, 0.9, 1.0

Matrix = NDArray[np.float32]


def main() -> int:
    """Print what cross-validation finds; with --write, keep weights fitted on everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polite", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = (_HERE / "checks_phrases.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    rows += (
        [[_POLITE, text] for text in asked.polite.read_text().splitlines()] if asked.polite else []
    )
    rude = np.array([category != _POLITE for category, _ in rows], np.float32)
    held = [cues_of(plain(text)) for _, text in rows]
    seen = collections.Counter(cue for cues in held for cue in cues)
    known = {c: i for i, c in enumerate(c for c, n in seen.items() if n >= _LEAST_SEEN)}
    marks = np.zeros((len(rows), len(known)), np.float32)
    for row, cues in enumerate(held):
        marks[row, [known[cue] for cue in cues if cue in known]] = 1
    _cross_validate(marks, rude)
    if asked.write:
        weights, offset = _fit(marks, rude)
        kept = {cue: weights[i] for cue, i in known.items() if abs(weights[i]) >= _LEAST_WEIGHT}
        table = [f"\t{round(offset * 1000)}"]
        table += [f"{cue}\t{round(weight * 1000)}" for cue, weight in sorted(kept.items())]
        head = (
            "# run of characters (^ and $: the edges)⇥thousandths it adds; the first row: the start"
        )
        _DATA.write_text("\n".join([head, *table]) + "\n", "utf-8")
    return 0


def _fit(marks: Matrix, rude: Matrix) -> tuple[Matrix, float]:
    weights, pace = np.zeros(marks.shape[1], np.float32), np.zeros(marks.shape[1], np.float32)
    offset = offset_pace = 0.0
    for _ in range(_ROUNDS):
        score = marks @ (weights + _MOMENTUM * pace) + offset + _MOMENTUM * offset_pace
        wrong = 1 / (1 + np.exp(-score)) - rude
        pace = _MOMENTUM * pace - _RATE * (marks.T @ wrong + _SHRINK * weights)
        offset_pace = _MOMENTUM * offset_pace - _RATE * float(wrong.sum())
        weights, offset = weights + pace, offset + offset_pace
    return weights, offset


def _cross_validate(marks: Matrix, rude: Matrix) -> None:
    folds = np.random.default_rng(0).integers(0, _FOLDS, len(rude))
    scores = np.zeros(len(rude), np.float32)
    for fold in range(_FOLDS):
        weights, offset = _fit(marks[folds != fold], rude[folds != fold])
        scores[folds == fold] = marks[folds == fold] @ weights + offset
    for least in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        found = scores >= least
        recall, false = found[rude == 1].mean(), found[rude == 0].mean()
        print(f"from {least:.1f}: recall {recall:.3f}, false per 10,000 polite {false * 1e4:.0f}")


if __name__ == "__main__":
    sys.exit(main())
