"""One past call under two rule sets: what would appear, what would vanish, what it would score."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.queries import call_by_id
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.models import PersonalDatum
from qa_app.checks.queries import personal_data_of
from qa_app.checks.rule_set import RuleSet
from qa_app.checks.services import conversation_of, examine
from qa_app.redaction.masking import hidden_words, masked, masks_in, scrubbed
from qa_app.rule_sets.clauses import criterion_of_finding
from qa_app.rule_sets.comparison import CallOutcome, difference
from qa_app.scorecards.models import ScorecardVersion
from qa_app.scorecards.queries import scorecard_rule
from qa_app.scorecards.scoring import ScorecardRule, score


@dataclass(frozen=True)
class Yardstick:
    """How findings become points under one rule set."""

    scorecard: ScorecardRule
    criteria: Mapping[str, str]

    @classmethod
    def of(cls, version: ScorecardVersion, rules: RuleSet, names: Iterable[str]) -> "Yardstick":
        """Look up the criterion of each rule, shipped or the site's own."""
        own = [one.name for one in rules.composites]
        found = {name: criterion_of_finding(version, name, rules) for name in (*names, *own)}
        return cls(
            scorecard=scorecard_rule(version),
            criteria={name: one.id for name, one in found.items() if one is not None},
        )

    def points(self, findings: Iterable[Finding]) -> Decimal:
        """Return what the machine would give: certain findings against the agent alone count."""
        cases = Counter(
            self.criteria[one.rule]
            for one in findings
            if one.rule in self.criteria
            and one.tier is Tier.CERTAIN
            and one.channel is Channel.AGENT
        )
        return score(self.scorecard, cases).score_points


@dataclass(frozen=True)
class PastCall:
    """A stored call, read once so that no transaction waits for the rules."""

    call_id: str
    agent_id: str | None
    conversation: Conversation
    data: Sequence[PersonalDatum]


def past_call(session: Session, call_id: str) -> PastCall:
    """Read a call with its words and what of them is masked."""
    call = call_by_id(session, call_id)
    data = personal_data_of(session, call_id)
    return PastCall(
        call_id=call_id,
        agent_id=call.agent_id,
        conversation=conversation_of(call),
        data=data,
    )


def outcome_of(
    past: PastCall, before: tuple[RuleSet, Yardstick], after: tuple[RuleSet, Yardstick]
) -> CallOutcome:
    """Run both rule sets over the same words and compare."""
    found = [examine(past.conversation, rules).findings for rules, _yardstick in (before, after)]
    changed = difference(*found)
    scored = past.conversation.knows_roles
    return CallOutcome(
        agent_id=past.agent_id,
        before_points=before[1].points(found[0]) if scored else None,
        after_points=after[1].points(found[1]) if scored else None,
        counts={
            name: Counter(one.rule for one in getattr(changed, name))
            for name in ("appeared", "vanished", "kept")
        },
        examples={
            name: [(one.rule, _example(past, one)) for one in getattr(changed, name)]
            for name in ("appeared", "vanished")
        },
    )


def _example(past: PastCall, finding: Finding) -> dict[str, Any]:
    """Show where and what, with everything masked that the call has masked."""
    said = past.conversation.utterances
    texts = {position: one.text for position, one in enumerate(said)}
    hidden = hidden_words(texts, past.data)
    context = ""
    if finding.utterance is not None:
        here = [one for one in past.data if one.utterance == finding.utterance]
        text = texts[finding.utterance]
        context = scrubbed(masked(text, masks_in(text, here)), {})
    # What only the draft takes for personal data has no mask yet.
    quote = "****" if finding.leak else scrubbed(finding.quote, hidden)
    return {
        "call": past.call_id,
        "start_s": round(finding.start_s, 2),
        "quote": quote,
        "context": context,
        "why": scrubbed(finding.why, hidden),
    }
