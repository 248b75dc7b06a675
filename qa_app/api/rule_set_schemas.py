"""The documents of rule sets and their trials."""

from apiflask.fields import Dict, Float, Integer, List, Nested, String

from qa_app.api.fields import identifier, moment, word
from qa_app.api.schemas import Schema
from qa_app.rule_sets.models import RuleSetStatus


class RuleSetLine(Schema):
    """A version of the rules."""

    id = identifier(required=True)
    number = Integer(required=True)
    status = word(RuleSetStatus, required=True)
    note = String(required=True)
    revision = Integer(required=True)
    created_at = moment(required=True)
    published_at = moment(required=True, allow_none=True)
    published_by = String(required=True, allow_none=True)


class RuleSet(RuleSetLine):
    """A version with what it holds, in the form in which rules are exported and imported."""

    content = Dict(keys=String(), required=True)


class RuleSetPage(Schema):
    """Some versions, and the cursor of the next ones."""

    items = List(Nested(RuleSetLine), required=True)
    next = String(required=True, allow_none=True)


class TrialExample(Schema):
    """A finding that only one of the two rule sets makes, masked."""

    call = identifier(required=True)
    start_s = Float(required=True)
    quote = String(required=True)
    context = String(required=True)
    why = String(required=True)


class TrialExamples(Schema):
    """Some of what would appear, and of what would vanish."""

    appeared = List(Nested(TrialExample), required=True)
    vanished = List(Nested(TrialExample), required=True)


class TrialRule(Schema):
    """What became of one rule."""

    rule = String(required=True)
    title = String(required=True, allow_none=True)
    appeared = Integer(required=True)
    vanished = Integer(required=True)
    kept = Integer(required=True)
    examples = Nested(TrialExamples, required=True)


class TrialAgent(Schema):
    """An agent's machine points over the calls that were tried, as sums."""

    agent = identifier(required=True)
    calls = Integer(required=True)
    changed = Integer(required=True)
    before = String(required=True)
    after = String(required=True)


class TrialResult(Schema):
    """What a trial found."""

    calls = Integer(required=True)
    rules = List(Nested(TrialRule), required=True)
    agents = List(Nested(TrialAgent), required=True)


class RuleTrial(Schema):
    """A draft tried on past calls, beside the version that was in force."""

    id = identifier(required=True)
    revision = Integer(required=True)
    against = Integer(required=True)
    weeks = Integer(required=True)
    created_at = moment(required=True)
    finished_at = moment(required=True, allow_none=True)
    failure = String(required=True, allow_none=True)
    result = Nested(TrialResult, required=True, allow_none=True)


class RuleTrialPage(Schema):
    """Some trials, and the cursor of the next ones."""

    items = List(Nested(RuleTrial), required=True)
    next = String(required=True, allow_none=True)
