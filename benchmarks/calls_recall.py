"""How much the product finds in made calls, what it finds falsely, and what others find.

    PYTHONPATH=. python benchmarks/calls_recall.py [FOLDER] [--half tune] [--again] [--errors]

Calls that are missing in FOLDER are made first (some 30 minutes a half), each is transcribed once
(some 5 minutes) and kept there, so that peers and reruns read the same. Without `--half tune` it is
the half that nobody looks into; `--errors` prints single findings of the tune half alone.
"""

import argparse
import collections
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asr.transcript import Transcript
from benchmarks import peers
from benchmarks.asr_speed import character_errors, said_in
from benchmarks.calls.scripts import HALVES, QUOTED
from benchmarks.calls_heard import hear, heard
from benchmarks.calls_peers import found_by_peers, python_of_peers
from benchmarks.calls_score import (
    NOT_IN_TRUTH,
    NUMBER,
    Fault,
    Found,
    Place,
    false_numbers,
    faults,
    has_right_digits,
    is_at,
    is_found,
    leaked_numbers,
    outcome,
    personal_places,
    right,
    wilson,
)
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType
from qa_app.checks.services import examine

HERE = Path(__file__).parent
_DATA = Path(os.environ.get("QA_DATA_DIR", "instance"))
_SECRETS = (DataType.PASSWORD, DataType.VERIF_CODE)
_NUMBERS = (DataType.MOBILE, DataType.LANDLINE, DataType.ID_CARD, DataType.BANK_CARD)
_OURS = "ours"


@dataclass(frozen=True)
class Measured:
    """One call: its truth, what the product heard and found, and personal data by whom found."""

    call: dict[str, Any]
    transcript: Transcript
    conversation: Conversation
    wanted: list[Fault]
    found: list[Found]
    personal: dict[str, list[Found]]

    @property
    def judged(self) -> list[Found]:
        """The findings of rules that the truth speaks of."""
        return [one for one in self.found if one.rule not in NOT_IN_TRUTH]


def main() -> int:
    """Make and hear what is missing, then print the figures."""
    given = _parser().parse_args()
    if given.errors and given.half != "tune":
        _parser().error("--errors: nobody looks into the test half; name --half tune")
    folder = given.folder.absolute()
    half = folder / given.half
    subprocess.run(
        [sys.executable, "-m", "benchmarks.calls.make", str(folder), "--half", given.half],
        check=True,
        cwd=HERE.parent,
    )
    calls = json.loads((half / "truth.json").read_text("utf-8"))
    hear(half, calls, again=given.again, processes=given.processes)
    measured = [_measured(half, call) for call in calls]
    _print_speech(given.half, measured)
    _print_rules(measured)
    _print_false(measured)
    names = _add_peers(measured, given.peers)
    _print_personal(measured, names)
    _print_language(measured)
    if given.errors:
        _print_errors(measured)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=_DATA / "bench-calls")
    parser.add_argument("--half", choices=HALVES, default="test")
    parser.add_argument("--again", action="store_true", help="hear all calls anew")
    parser.add_argument("--errors", action="store_true", help="print what is missed or false")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--peers", type=Path, default=_DATA / "bench-peers", help="environment")
    return parser


def _measured(half: Path, call: dict[str, Any]) -> Measured:
    transcript, conversation = heard(half, call)
    examination = examine(conversation)
    found = [
        Found(one.rule, one.channel.value, one.start_s, one.end_s, one.tier.value, one.value)
        for one in examination.findings
    ]
    ours = [
        Found(_group(one.data_type), one.channel.value, one.start_s, one.end_s)
        for one in examination.personal_data
    ]
    return Measured(call, transcript, conversation, faults(call), found, {_OURS: ours})


def _group(kind: DataType) -> str:
    if kind in _NUMBERS:
        return NUMBER
    return "secret" if kind in _SECRETS else kind.value.lower()


def _share(hits: int, count: int) -> str:
    low, high = wilson(hits, count)
    return f"{hits:3} of {count:3}  {hits / max(1, count):6.1%}  [{low:.1%}, {high:.1%}]"


def _print_speech(half: str, measured: Sequence[Measured]) -> None:
    wrong, count = character_errors(
        [one.call for one in measured],
        {number: said_in(one.transcript) for number, one in enumerate(measured)},
    )
    audio_s = sum(one.call["duration_s"] for one in measured)
    print(f"{half} half: {len(measured)} calls, {audio_s:.0f} s; CER {wrong / count:.1%}")


def _print_rules(measured: Sequence[Measured]) -> None:
    hits: dict[str, list[tuple[bool, bool]]] = collections.defaultdict(list)
    digits = []
    for one in measured:
        for fault in one.wanted:
            at = [found for found in one.found if right(found, fault)]
            hit = bool(at), any(found.tier == "certain" for found in at)
            hits[fault.rule].append(hit)
            hits["all"].append(hit)
        digits += [has_right_digits(one.found, fault) for fault in leaked_numbers(one.wanted)]
    print("\nrecall by rule, 95 % interval (Wilson); of those, certain")
    for rule in sorted(hits, key=lambda rule: (rule == "all", rule)):
        some = hits[rule]
        found, certain = (sum(pair[i] for pair in some) for i in (0, 1))
        print(f"  {rule:24} {_share(found, len(some))}  certain {certain}")
    print(f"  {'digits of numbers right':24} {_share(sum(digits), len(digits))}")


def _print_false(measured: Sequence[Measured]) -> None:
    innocent = [one for one in measured if not one.wanted]
    print("\nfindings per call           all calls  with nothing to find")
    for what in ("right", "other kind", "false"):
        for tiers in (("certain",), ("probable", "suspected")):
            counts = [
                sum(
                    outcome(found, one.wanted) == what and found.tier in tiers
                    for one in some
                    for found in one.judged
                )
                for some in (measured, innocent)
            ]
            _print_per_call(f"{what}, {' or '.join(tiers)}", counts, measured, innocent)
    for rule in sorted(NOT_IN_TRUTH):
        counts = [
            sum(found.rule == rule for one in some for found in one.found)
            for some in (measured, innocent)
        ]
        _print_per_call(f"not in the truth: {rule}", counts, measured, innocent)
    counts = collections.Counter(
        found.rule
        for one in measured
        for found in one.judged
        if outcome(found, one.wanted) == "false"
    )
    print(
        "  false by rule:", ", ".join(f"{rule} {n}" for rule, n in counts.most_common()) or "none"
    )


def _print_per_call(
    name: str, counts: list[int], measured: Sequence[Measured], innocent: Sequence[Measured]
) -> None:
    everywhere, nothing = (
        f"{count:3} = {count / max(1, len(some)):.3f}"
        for count, some in zip(counts, (measured, innocent), strict=True)
    )
    print(f"  {name:32} {everywhere}    {nothing}")


def _add_peers(measured: Sequence[Measured], environment: Path) -> list[str]:
    """Let the peers read what was heard; return the names of all who read."""
    python = python_of_peers(environment)
    if python is None:
        print("\nThe peers cannot be installed (no network?): they are left out.")
    found = found_by_peers([one.conversation for one in measured], python)
    for one, theirs in zip(measured, found, strict=True):
        one.personal.update(theirs)
    return [_OURS, *found[0]]


def _print_personal(measured: Sequence[Measured], names: Sequence[str]) -> None:
    places = [personal_places(one.call) for one in measured]
    print("\npersonal data that is said by anybody, whoever's it is, on the same transcripts")
    print(f"  {'':36}phone, identity, card numbers           others   false numbers per call")
    for name in names:
        if name == peers.OATHS:
            continue
        numbers, others = (
            [
                is_found(place, one.personal.get(name, []))
                for one, some in zip(measured, places, strict=True)
                for place in some
                if place.wanted and (place.group == NUMBER) == is_number
            ]
            for is_number in (True, False)
        )
        false = sum(
            false_numbers(one.personal.get(name, []), some)
            for one, some in zip(measured, places, strict=True)
        )
        print(
            f"  {name:34}{_share(sum(numbers), len(numbers))}  {sum(others):2} of {len(others):2}"
            f"   {false:3} = {false / len(measured):.3f}"
        )


def _print_language(measured: Sequence[Measured]) -> None:
    print("\nlanguage, by place and not by kind       oaths    all that is oath or rude    false")
    for name in (_OURS, peers.OATHS):
        oaths, language, false = [], [], 0
        for one in measured:
            wanted = [fault for fault in one.wanted if fault.rule in QUOTED]
            found = (
                [found for found in one.found if found.rule in QUOTED]
                if name == _OURS
                else one.personal.get(name, [])
            )
            hit = [any(is_at(found_one, fault) for found_one in found) for fault in wanted]
            language += hit
            oaths += [h for h, f in zip(hit, wanted, strict=True) if f.rule == "profanity"]
            false += sum(not any(is_at(x, fault) for fault in wanted) for x in found)
        shares = f"{_share(sum(oaths), len(oaths))}   {_share(sum(language), len(language))}"
        print(f"  {name:14}{shares}   {false} = {false / len(measured):.3f}")


def _print_errors(measured: Sequence[Measured]) -> None:
    for one in measured:
        for fault in one.wanted:
            if not any(right(found, fault) for found in one.found):
                print("missed", one.call["id"], fault, _said(one, fault), file=sys.stderr)
        for found in one.judged:
            if (what := outcome(found, one.wanted)) != "right":
                print(what, one.call["id"], found, _said(one, found), file=sys.stderr)
        for place in personal_places(one.call):
            if place.wanted and not is_found(place, one.personal[_OURS]):
                print("unmasked", one.call["id"], place, _said(one, place), file=sys.stderr)
        for number in one.personal[_OURS]:
            if false_numbers([number], personal_places(one.call)):
                print("no number", one.call["id"], number, _said(one, number), file=sys.stderr)


def _said(one: Measured, at: Fault | Found | Place) -> str:
    return " | ".join(
        said.text
        for said in one.conversation.utterances
        if said.start_s < at.end_s and at.start_s < said.end_s
    )


if __name__ == "__main__":
    sys.exit(main())
