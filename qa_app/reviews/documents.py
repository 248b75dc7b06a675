"""Calls as documents for other programs: one form for the command line and the API.

Personal data is masked unless the reader may see it; the mask is put where the data was spoken,
so that quotes and reasons stay readable.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from qa_app.calls.models import Call, Utterance
from qa_app.calls.queries import dropped_of, utterances_of
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.checks.queries import findings_of, personal_data_of
from qa_app.checks.registry import RULES
from qa_app.core.text import mask_phone, mask_value
from qa_app.reviews.models import Deduction, Evaluation, EvaluationStatus
from qa_app.reviews.queries import evaluation_of_call
from qa_app.reviews.sums import sums_of

Document = dict[str, Any]


class Mask:
    """Hides the personal data of one call; an empty one hides nothing."""

    def __init__(
        self, utterances: Sequence[Utterance] = (), data: Sequence[PersonalDatum] = ()
    ) -> None:
        self._data: dict[int, list[PersonalDatum]] = {}
        for datum in data:
            self._data.setdefault(datum.utterance, []).append(datum)
        texts = {said.position: said.text for said in utterances}
        spoken = {
            texts[datum.utterance][datum.start : datum.end]: _stars(datum, texts[datum.utterance])
            for datum in data
            if datum.utterance in texts
        }
        # The longest first: a name inside an address must not break the address open.
        self._spoken = sorted(spoken.items(), key=lambda pair: -len(pair[0]))

    def text(self, text: str) -> str:
        """Hide what was spoken wherever it is quoted."""
        for spoken, stars in self._spoken:
            if spoken:
                text = text.replace(spoken, stars)
        return text

    def utterance(self, said: Utterance) -> Document:
        """Return an utterance; the words of what is hidden become one."""
        hidden = sorted(self._data.get(said.position, ()), key=lambda datum: datum.start)
        return {
            "channel": said.channel.value,
            "start_s": said.start_s,
            "end_s": said.end_s,
            "text": _masked_text(said.text, hidden),
            "confidence": said.confidence,
            "words": _masked_words(said, hidden),
        }

    def finding(self, finding: StoredFinding) -> Document:
        """Return a finding with its evidence."""
        return {
            "id": finding.id,
            "rule": finding.rule,
            "channel": finding.channel.value,
            "start_s": round(finding.start_s, 2),
            "end_s": round(finding.end_s, 2),
            "utterance": finding.utterance,
            "quote": self.text(finding.quote),
            "value": self._value(finding),
            "confidence": round(finding.confidence, 3),
            "tier": finding.tier.value,
            "why": self.text(finding.why),
            "status": finding.status.value,
        }

    def _value(self, finding: StoredFinding) -> str | None:
        if finding.value is None or not self._data:
            return finding.value
        rule = RULES.get(finding.rule)
        kind = rule.data_type if rule else None
        return mask_value(finding.value, kind.value if kind else "")


def call_document(session: Session, call: Call, *, reveal: bool) -> Document:
    """Return the whole record of a call."""
    utterances = utterances_of(session, call.id)
    mask = _mask(session, call, utterances, reveal=reveal)
    evaluation = evaluation_of_call(session, call.id)
    return {
        **call_summary(call, reveal=reveal),
        "utterances": [mask.utterance(said) for said in utterances],
        "dropped": [
            {
                "channel": dropped.channel.value,
                "start_s": dropped.start_s,
                "end_s": dropped.end_s,
                "text": dropped.text,
                "reason": dropped.reason,
            }
            for dropped in dropped_of(session, call.id)
        ],
        "findings": [mask.finding(finding) for finding in findings_of(session, call.id)],
        "evaluation": _evaluation(evaluation, mask) if evaluation else None,
    }


def call_summary(call: Call, *, reveal: bool) -> Document:
    """Return what lists show of a call."""
    number = call.customer_number
    return {
        "id": call.id,
        "file": call.file_name,
        "sha256": call.sha256,
        "agent": call.agent.login if call.agent else None,
        "agent_name": call.agent.name if call.agent else None,
        "team": call.team.name if call.team else None,
        "started_at": timestamp(call.started_at),
        "started_at_known": call.started_at_known,
        "customer_number": number if reveal or not number else mask_phone(number),
        "direction": call.direction.value if call.direction else None,
        "queue": call.queue,
        "duration_s": None if call.duration_s is None else round(call.duration_s, 2),
        "channels": call.channel_count,
        "agent_channel": call.agent_channel,
        "role_confidence": call.role_confidence,
        "model": call.model,
        "status": call.status.value,
        "failure": {"code": call.failure_code, "message": call.failure_message}
        if call.failure_code
        else None,
        "processing_s": None if call.processing_s is None else round(call.processing_s, 2),
    }


def findings_document(session: Session, call: Call, *, reveal: bool) -> list[Document]:
    """Return a call's findings alone."""
    mask = _mask(session, call, utterances_of(session, call.id), reveal=reveal)
    return [mask.finding(finding) for finding in findings_of(session, call.id)]


def evaluation_document(session: Session, evaluation: Evaluation, *, reveal: bool) -> Document:
    """Return an evaluation with its deductions."""
    call = evaluation.call
    mask = _mask(session, call, utterances_of(session, call.id), reveal=reveal)
    return _evaluation(evaluation, mask)


def found_document(utterance: Utterance, call: Call, *, text: str | None = None) -> Document:
    """Return an utterance that a search found; `text` stands in for it when it is masked."""
    return {
        "id": call.id,
        "file": call.file_name,
        "started_at": timestamp(call.started_at),
        "utterance": utterance.position,
        "channel": utterance.channel.value,
        "start_s": utterance.start_s,
        "end_s": utterance.end_s,
        "text": utterance.text if text is None else text,
    }


def timestamp(at: datetime) -> str:
    """Write a moment in UTC as ISO 8601.

    >>> from datetime import UTC
    >>> timestamp(datetime(2026, 3, 12, 1, 41, tzinfo=UTC))
    '2026-03-12T01:41:00Z'
    """
    return at.isoformat().replace("+00:00", "Z")


def _mask(session: Session, call: Call, utterances: Sequence[Utterance], *, reveal: bool) -> Mask:
    return Mask() if reveal else Mask(utterances, personal_data_of(session, call.id))


def _evaluation(evaluation: Evaluation, mask: Mask) -> Document:
    submitted = evaluation.status is EvaluationStatus.SUBMITTED
    shown = evaluation.confirmed_points if submitted else evaluation.machine_points
    points = sums_of(evaluation).points
    by = evaluation.submitted_by
    return {
        "id": evaluation.id,
        "scorecard": evaluation.version.scorecard.name,
        "version": evaluation.version.version,
        "status": evaluation.status.value,
        "revision": evaluation.revision,
        "score_points": _points(shown),
        "machine_points": _points(evaluation.machine_points),
        "confirmed_points": _points(evaluation.confirmed_points),
        "max_points": _points(evaluation.max_points),
        "not_scored_reason": evaluation.not_scored_reason,
        "note": evaluation.note,
        "inspector": evaluation.inspector.login if evaluation.inspector else None,
        "submitted_at": timestamp(evaluation.submitted_at) if evaluation.submitted_at else None,
        "submitted_by": by.login if by else None,
        "deductions": [_deduction(one, mask, points) for one in evaluation.deductions],
    }


def _deduction(deduction: Deduction, mask: Mask, points: Mapping[str, Decimal]) -> Document:
    criterion = deduction.criterion
    frozen = deduction.frozen_points
    borne = points.get(deduction.id, Decimal(0)) if frozen is None else frozen
    return {
        "id": deduction.id,
        "criterion": criterion.title if criterion else None,
        "criterion_id": criterion.id if criterion else None,
        "clause": criterion.clause if criterion else None,
        "points": _points(borne),
        "origin": deduction.origin.value,
        "status": deduction.status.value,
        "finding": deduction.finding_id,
        "start_s": round(deduction.start_s, 2),
        "end_s": round(deduction.end_s, 2),
        "reason": mask.text(deduction.reason),
        "dismiss_reason": deduction.dismiss_reason,
    }


def _points(points: Decimal | None) -> str | None:
    """Write points as people do: 98, 0.5; never 1E+2."""
    return None if points is None else f"{points:f}"


def _stars(datum: PersonalDatum, text: str) -> str:
    return mask_value(datum.value or text[datum.start : datum.end], datum.kind)


def _masked_text(text: str, hidden: Sequence[PersonalDatum]) -> str:
    for datum in reversed(hidden):
        text = text[: datum.start] + _stars(datum, text) + text[datum.end :]
    return text


def _masked_words(said: Utterance, hidden: Sequence[PersonalDatum]) -> list[Document]:
    words: list[Document] = []
    covered: PersonalDatum | None = None
    position = 0
    for word in said.words:
        start = said.text.find(word["text"], position)
        if start < 0:
            start = position
        position = start + len(word["text"])
        over = next((d for d in hidden if d.start < position and start < d.end), None)
        if over is None:
            words.append(word)
        elif over is covered:
            words[-1] = {**words[-1], "end_s": word["end_s"]}
        else:
            words.append({**word, "text": _stars(over, said.text)})
        covered = over
    return words
