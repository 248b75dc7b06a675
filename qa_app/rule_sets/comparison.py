"""What two rule sets find in the same calls: plain values, added up call by call."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from qa_app.checks.finding import Finding

MOST_EXAMPLES = 12  # of each rule and direction: enough to see why, few enough to read
CHANGES = ("appeared", "vanished")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one call has only under the new rules, only under the old, and under both."""

    appeared: tuple[Finding, ...]
    vanished: tuple[Finding, ...]
    kept: tuple[Finding, ...]


def difference(before: Iterable[Finding], after: Iterable[Finding]) -> Difference:
    """Pair the findings that stand on the same spot; a rule may be told of them differently."""
    old = {_spot(one): one for one in before}
    new = {_spot(one): one for one in after}
    return Difference(
        appeared=tuple(one for spot, one in new.items() if spot not in old),
        vanished=tuple(one for spot, one in old.items() if spot not in new),
        kept=tuple(one for spot, one in new.items() if spot in old),
    )


def _spot(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.utterance, round(finding.start_s, 2), round(finding.end_s, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOutcome:
    """One call under both rule sets, with its machine scores and what may be shown of it."""

    agent_id: str | None
    before_points: Decimal | None
    after_points: Decimal | None
    counts: Mapping[str, Counter[str]]
    examples: Mapping[str, Sequence[tuple[str, dict[str, Any]]]]


@dataclass
class Tally:
    """Adds up calls as they are tried."""

    calls: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    examples: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    scores: dict[str, list[Decimal | int]] = field(default_factory=dict)

    def add(self, outcome: CallOutcome) -> None:
        """Count one call."""
        self.calls += 1
        for change, rules in outcome.counts.items():
            for rule, count in rules.items():
                self.counts[rule][change] += count
        for change, examples in outcome.examples.items():
            for rule, example in examples:
                kept = self.examples.setdefault(rule, {one: [] for one in CHANGES})[change]
                if len(kept) < MOST_EXAMPLES:
                    kept.append(example)
        if outcome.agent_id and outcome.before_points is not None:
            line = self.scores.setdefault(outcome.agent_id, [0, Decimal(0), Decimal(0), 0])
            after = outcome.after_points or Decimal(0)
            line[0] += 1
            line[1] += outcome.before_points
            line[2] += after
            line[3] += after != outcome.before_points

    def document(self, titles: Mapping[str, str]) -> dict[str, Any]:
        """Return the result as it is kept; `titles` are those of the site's own rules."""
        return {
            "calls": self.calls,
            "rules": [
                {
                    "rule": rule,
                    "title": titles.get(rule),
                    **{change: counts[change] for change in (*CHANGES, "kept")},
                    "examples": self.examples.get(rule, {one: [] for one in CHANGES}),
                }
                for rule, counts in sorted(self.counts.items(), key=_by_change)
            ],
            "agents": [
                {
                    "agent": agent_id,
                    "calls": int(calls),
                    "changed": int(changed),
                    "before": str(before),
                    "after": str(after),
                }
                for agent_id, (calls, before, after, changed) in sorted(
                    self.scores.items(), key=lambda line: (-int(line[1][3]), line[0])
                )
            ],
        }


def _by_change(line: tuple[str, Counter[str]]) -> tuple[int, str]:
    rule, counts = line
    return -(counts["appeared"] + counts["vanished"]), rule
