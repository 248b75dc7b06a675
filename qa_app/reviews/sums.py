"""The three figures of a review: machine, confirmed, and all that is pending confirmed too."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation
from qa_app.scorecards.queries import criterion_rule, scorecard_rule
from qa_app.scorecards.scoring import Sum, points_of_each, score


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Each with its working, and what each deduction bears while it is not dismissed."""

    machine: Sum
    confirmed: Sum
    if_all_confirmed: Sum
    points: dict[str, Decimal]


def sums_of(evaluation: Evaluation) -> Sums:
    """Work out the figures from the deductions as they stand."""
    standing = [d for d in evaluation.deductions if d.status is not DeductionStatus.DISMISSED]
    rule = scorecard_rule(evaluation.version)
    return Sums(
        machine=score(rule, _cases(d for d in evaluation.deductions if d.counts_for_machine)),
        confirmed=score(rule, _cases(d for d in standing if d.status is DeductionStatus.CONFIRMED)),
        if_all_confirmed=score(rule, _cases(standing)),
        points=_shares(standing),
    )


def frozen_form(total: Sum) -> dict[str, object]:
    """Write a sum down as it is shown, to be kept with a submitted evaluation."""
    return {
        "start_points": str(total.start_points),
        "score_points": str(total.score_points),
        "deducted_points": str(total.deducted_points),
        "fatal": total.fatal,
        "clamped": total.clamped,
        "sections": [
            {
                "title": section.title,
                "points": str(section.points),
                "capped": section.capped,
                "lines": [
                    {
                        "criterion": line.criterion.id,
                        "clause": line.criterion.clause,
                        "title": line.criterion.title,
                        "cases": line.cases,
                        "case_points": [str(points) for points in line.case_points],
                        "points": str(line.points),
                        "capped": line.capped,
                    }
                    for line in section.lines
                ],
            }
            for section in total.sections
        ],
    }


def _cases(deductions: Iterable[Deduction]) -> Counter[str]:
    return Counter(d.criterion.id for d in deductions if d.criterion is not None)


def _shares(standing: Iterable[Deduction]) -> dict[str, Decimal]:
    by_criterion: dict[str, list[Deduction]] = defaultdict(list)
    for deduction in standing:
        if deduction.criterion is not None:
            by_criterion[deduction.criterion.id].append(deduction)
    shares: dict[str, Decimal] = {}
    for deductions in by_criterion.values():
        criterion = deductions[0].criterion
        if criterion is not None:
            # Confirmed cases come first, so that confirming one never changes another's points.
            ordered = sorted(
                deductions, key=lambda d: (d.status is DeductionStatus.MACHINE, d.start_s, d.id)
            )
            shares |= points_of_each(criterion_rule(criterion), [d.id for d in ordered])
    return shares
