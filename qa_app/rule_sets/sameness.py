"""Whether a rule judges alike under two rule sets, so that verdicts on one tell of the other."""

from qa_app.checks.composite import CompositeRule, Found
from qa_app.checks.house_options import options_of
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import RuleSet


def judges_alike(rule: str, one: RuleSet, other: RuleSet) -> bool:
    """Tell whether what a rule looks for is the same; what its findings cost does not count.

    >>> judges_alike("profanity", RuleSet(), RuleSet(public_numbers=("4008xxxxxx",)))
    True
    >>> judges_alike("profanity", RuleSet(), RuleSet(allowed=("垃圾分类站",)))
    False
    """
    if rule in RULES:
        return options_of(one).get(rule) == options_of(other).get(rule)
    mine, theirs = one.composite(rule), other.composite(rule)
    if mine is None or theirs is None or _looks_for(mine) != _looks_for(theirs):
        return False
    needed = [c.sought.rule for c in mine.conditions if isinstance(c.sought, Found)]
    return all(judges_alike(name, one, other) for name in needed)


def _looks_for(rule: CompositeRule) -> tuple[object, ...]:
    return rule.conditions, rule.expression
