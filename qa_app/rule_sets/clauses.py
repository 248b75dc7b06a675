"""Which line of a scorecard a finding falls under, for shipped rules and a site's own."""

from qa_app.checks.rule_set import RuleSet
from qa_app.scorecards.models import Criterion, ScorecardVersion
from qa_app.scorecards.queries import criteria_of, criterion_for_rule


def criterion_of_finding(version: ScorecardVersion, rule: str, rules: RuleSet) -> Criterion | None:
    """Return the criterion that punishes what a rule found, if any does."""
    own = rules.composite(rule)
    if own is None:
        return criterion_for_rule(version, rule)
    return next((one for one in criteria_of(version) if own.clause == one.clause), None)
