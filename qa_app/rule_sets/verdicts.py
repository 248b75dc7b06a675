"""Keeps what people make of findings, masked for good, for rules to be judged by."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.calls.models import Utterance
from qa_app.calls.queries import utterances_of
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.checks.queries import personal_data_of
from qa_app.core.ids import new_id
from qa_app.redaction.masking import hidden_words, masked, masks_in, scrubbed
from qa_app.rule_sets.models import Outcome, Verdict
from qa_app.users.models import User


def keep_verdict(
    session: Session,
    *,
    finding: StoredFinding,
    outcome: Outcome,
    reason: str,
    by: User,
    now: datetime,
) -> Verdict:
    """Write a person's word down, in place of an earlier one on the same spot."""
    verdict = _known(session, finding)
    if verdict is None:
        verdict = Verdict(id=new_id(), call_id=finding.call_id, rule=finding.rule)
    said = utterances_of(session, finding.call_id)
    data = personal_data_of(session, finding.call_id)
    hidden = hidden_words({one.position: one.text for one in said}, data)
    verdict.title = finding.title
    verdict.rule_version = finding.rule_version
    verdict.rule_set_version = finding.rule_set_version
    verdict.channel = finding.channel
    verdict.start_s, verdict.end_s = finding.start_s, finding.end_s
    verdict.quote = scrubbed(finding.quote, hidden)
    verdict.context = _sentence(finding.utterance, said, data)
    verdict.outcome = outcome
    verdict.reason = scrubbed(reason.strip(), hidden)
    verdict.decided_by_id = by.id
    verdict.decided_at = now
    session.add(verdict)
    session.flush()
    return verdict


def forget_verdict(session: Session, *, finding: StoredFinding) -> None:
    """Take a person's word back, as they did."""
    verdict = _known(session, finding)
    if verdict is not None:
        session.delete(verdict)
        session.flush()


def _known(session: Session, finding: StoredFinding) -> Verdict | None:
    """Return the word on this spot: a call that is checked anew has new findings there."""
    return session.scalar(
        select(Verdict).where(
            Verdict.call_id == finding.call_id,
            Verdict.rule == finding.rule,
            Verdict.start_s == finding.start_s,
            Verdict.end_s == finding.end_s,
        )
    )


def _sentence(
    position: int | None, said: Iterable[Utterance], data: Iterable[PersonalDatum]
) -> str:
    for one in said:
        if one.position == position:
            hidden = [datum for datum in data if datum.utterance == position]
            return scrubbed(masked(one.text, masks_in(one.text, hidden)), {})
    return ""
