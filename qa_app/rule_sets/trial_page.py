"""A trial as it is shown: by rule with past verdicts beside it, and by agent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.rule_sets.intervals import Share
from qa_app.rule_sets.models import RuleTrial
from qa_app.rule_sets.queries import RulePerformance, rule_performances
from qa_app.users.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """What became of one rule."""

    rule: str
    title: str | None
    appeared: int
    vanished: int
    kept: int
    precision: Share
    older: Share
    examples: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLine:
    """What the machine would give an agent on average."""

    name: str
    calls: int
    changed: int
    before_points: Decimal
    after_points: Decimal

    @property
    def difference_points(self) -> Decimal:
        """How much the mean moves."""
        return self.after_points - self.before_points


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialShown:
    """The whole result."""

    calls: int
    changed: list[RuleLine]
    unchanged: list[RuleLine]
    agents: list[AgentLine]


def trial_shown(session: Session, trial: RuleTrial) -> TrialShown:
    """Put names and past verdicts to what a trial found."""
    result: dict[str, Any] = trial.result or {}
    past = {one.rule: one for one in rule_performances(session, number=trial.against_number)}
    lines = [_line(line, past.get(line["rule"])) for line in result.get("rules", [])]
    rows = [row for row in result.get("agents", []) if row["changed"]]
    names = {
        user.id: user.name
        for user in session.scalars(select(User).where(User.id.in_([r["agent"] for r in rows])))
    }
    return TrialShown(
        calls=result.get("calls", 0),
        changed=[one for one in lines if one.appeared or one.vanished],
        unchanged=[one for one in lines if not one.appeared and not one.vanished],
        agents=[
            AgentLine(
                name=names.get(row["agent"], "–"),
                calls=row["calls"],
                changed=row["changed"],
                before_points=_mean(row["before"], row["calls"]),
                after_points=_mean(row["after"], row["calls"]),
            )
            for row in rows
        ],
    )


def _line(line: dict[str, Any], past: RulePerformance | None) -> RuleLine:
    return RuleLine(
        **line,
        precision=past.precision if past else Share(0, 0),
        older=past.older if past else Share(0, 0),
    )


def _mean(total: str, count: int) -> Decimal:
    return round(Decimal(total) / count, 1)
