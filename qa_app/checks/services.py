"""Runs the rules over a call and keeps what they found."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from asr.transcript import Utterance, Word
from qa_app.calls.models import Call
from qa_app.calls.models import Utterance as StoredUtterance
from qa_app.checks.conversation import Conversation, Heard
from qa_app.checks.finding import Finding, PersonalData
from qa_app.checks.house_judgement import judged_data
from qa_app.checks.house_options import policy_of
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.checks.registry import run_checks
from qa_app.checks.rule_set import SHIPPED, RuleSet
from qa_app.core.ids import new_id


@dataclass(frozen=True)
class Examination:
    """What the rules say of a call."""

    findings: tuple[Finding, ...]
    personal_data: tuple[PersonalData, ...]
    rules: RuleSet = SHIPPED
    rule_set_version: int = 1


def examine(
    conversation: Conversation, rules: RuleSet = SHIPPED, rule_set_version: int = 1
) -> Examination:
    """Run every rule; touches no database, so no transaction waits for it."""
    return Examination(
        findings=run_checks(conversation, rule_set=rules),
        personal_data=judged_data(conversation, policy_of(rules)),
        rules=rules,
        rule_set_version=rule_set_version,
    )


def conversation_of(call: Call) -> Conversation:
    """Return a stored call as the rules see it."""
    return Conversation(
        channels=call.channel_count or 1,
        duration_s=call.duration_s or 0.0,
        utterances=tuple(_as_said(utterance) for utterance in call.utterances),
        heard=Heard.from_dict(call.heard),
    )


def store_examination(
    session: Session, *, call: Call, examination: Examination, now: datetime
) -> list[StoredFinding]:
    """Keep the findings in place of those of an earlier run."""
    session.execute(delete(StoredFinding).where(StoredFinding.call_id == call.id))
    session.execute(delete(PersonalDatum).where(PersonalDatum.call_id == call.id))
    stored = [_stored(call.id, finding, examination, now) for finding in examination.findings]
    session.add_all(stored)
    session.add_all(
        PersonalDatum(
            call_id=call.id,
            kind=datum.data_type.value,
            utterance=span.utterance,
            start=span.start,
            end=span.end,
            value=datum.value,
        )
        for datum in examination.personal_data
        for span in datum.spans
    )
    session.flush()
    return stored


def _as_said(utterance: StoredUtterance) -> Utterance:
    return Utterance(
        channel=utterance.channel,
        start_s=utterance.start_s,
        end_s=utterance.end_s,
        text=utterance.text,
        confidence=utterance.confidence,
        words=tuple(Word(**word) for word in utterance.words),
        voice=utterance.voice,
    )


def _stored(
    call_id: str, finding: Finding, examination: Examination, now: datetime
) -> StoredFinding:
    own = examination.rules.composite(finding.rule)
    return StoredFinding(
        id=new_id(),
        call_id=call_id,
        rule=finding.rule,
        rule_version=finding.version,
        rule_set_version=examination.rule_set_version,
        title=own.title if own else None,
        channel=finding.channel,
        start_s=finding.start_s,
        end_s=finding.end_s,
        utterance=finding.utterance,
        quote=finding.quote,
        spans=[list(span) for span in finding.spans],
        value=finding.value,
        candidates=list(finding.candidates),
        confidence=finding.confidence,
        tier=finding.tier,
        why=finding.why,
        created_at=now,
    )
