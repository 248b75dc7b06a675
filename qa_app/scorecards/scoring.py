"""Points: how deductions become a score, each line of the sum shown.

The regulation's growth clause, 每宗扣 a 分，每多一宗加扣 b 分, has two readings and both are
here. FLAT: each further case costs b, so a=3, b=2 gives 3, 5, 7 in total. RISING: the k-th case
costs a + (k − 1)·b, so the same gives 3, 8, 15. EACH: every case costs a. ONCE: a, however many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Step(StrEnum):
    """How a criterion's cost grows with the number of cases."""

    ONCE = "once"
    EACH = "each"
    FLAT = "flat"
    RISING = "rising"


@dataclass(frozen=True, kw_only=True)
class CriterionRule:
    """What one line of a scorecard costs."""

    id: str
    clause: str
    title: str
    step: Step
    first_points: Decimal
    further_points: Decimal = ZERO
    cap_points: Decimal | None = None
    fatal: bool = False


@dataclass(frozen=True, kw_only=True)
class SectionRule:
    """A section's criteria and the most they can cost together."""

    title: str
    criteria: tuple[CriterionRule, ...]
    cap_points: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class ScorecardRule:
    """A scorecard as arithmetic sees it."""

    sections: tuple[SectionRule, ...]
    start_points: Decimal = Decimal(100)
    floor_points: Decimal = ZERO
    ceiling_points: Decimal = Decimal(100)
    fatal_points: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class CriterionLine:
    """One line of the sum: the cases of one criterion and what they cost."""

    criterion: CriterionRule
    cases: int
    case_points: tuple[Decimal, ...]
    points: Decimal
    capped: bool


@dataclass(frozen=True, kw_only=True)
class SectionLine:
    """A section's lines and what it costs after its cap."""

    title: str
    lines: tuple[CriterionLine, ...]
    points: Decimal
    capped: bool


@dataclass(frozen=True, kw_only=True)
class Sum:
    """The whole working: start, each section, and where floor, ceiling or a fatal line acted."""

    start_points: Decimal
    sections: tuple[SectionLine, ...]
    deducted_points: Decimal
    score_points: Decimal
    fatal: bool
    clamped: bool


def case_points(criterion: CriterionRule, case: int) -> Decimal:
    """Return what the k-th case costs, counting from 1.

    >>> press = CriterionRule(id="a", clause="四.4", title="媒体报道", step=Step.FLAT,
    ...     first_points=Decimal(3), further_points=Decimal(2))
    >>> [str(case_points(press, k)) for k in (1, 2, 3)]
    ['3', '2', '2']
    """
    match criterion.step:
        case Step.ONCE:
            return criterion.first_points if case == 1 else ZERO
        case Step.EACH:
            return criterion.first_points
        case Step.FLAT:
            return criterion.first_points if case == 1 else criterion.further_points
        case Step.RISING:
            return criterion.first_points + (case - 1) * criterion.further_points


def criterion_line(criterion: CriterionRule, cases: int) -> CriterionLine:
    """Add up the cases of one criterion, up to its cap."""
    each = tuple(case_points(criterion, k) for k in range(1, cases + 1))
    total = sum(each, ZERO)
    points = total if criterion.cap_points is None else min(total, criterion.cap_points)
    return CriterionLine(
        criterion=criterion,
        cases=cases,
        case_points=each,
        points=points,
        capped=points < total,
    )


def score(scorecard: ScorecardRule, cases: Mapping[str, int]) -> Sum:
    """Return the score for so many cases of each criterion, with its working.

    Criteria without a case are left out of the lines. After a fatal case the sections keep their
    points, so that other skills stay visible, but the score is the fatal one.
    """
    sections = tuple(_section_line(section, cases) for section in scorecard.sections)
    deducted = sum((section.points for section in sections), ZERO)
    free = scorecard.start_points - deducted
    fatal = any(line.criterion.fatal for section in sections for line in section.lines)
    clamped = min(max(free, scorecard.floor_points), scorecard.ceiling_points)
    return Sum(
        start_points=scorecard.start_points,
        sections=tuple(section for section in sections if section.lines),
        deducted_points=deducted,
        score_points=scorecard.fatal_points if fatal else clamped,
        fatal=fatal,
        clamped=clamped != free,
    )


def points_of_each(criterion: CriterionRule, deductions: Sequence[str]) -> dict[str, Decimal]:
    """Share a criterion's points over its deductions in their order: the k-th bears its step.

    What a cap swallows is taken from the last ones.
    """
    left = criterion_line(criterion, len(deductions)).points
    shares: dict[str, Decimal] = {}
    for number, deduction in enumerate(deductions, 1):
        shares[deduction] = min(case_points(criterion, number), left)
        left -= shares[deduction]
    return shares


def _section_line(section: SectionRule, cases: Mapping[str, int]) -> SectionLine:
    lines = tuple(
        criterion_line(criterion, cases[criterion.id])
        for criterion in section.criteria
        if cases.get(criterion.id, 0) > 0
    )
    total = sum((line.points for line in lines), ZERO)
    points = total if section.cap_points is None else min(total, section.cap_points)
    return SectionLine(title=section.title, lines=lines, points=points, capped=points < total)
