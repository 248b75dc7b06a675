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
from qa_app.checks.finding import DataType
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.checks.queries import findings_of, personal_data_of
from qa_app.core.text import mask_phone, shown_file_name
from qa_app.redaction.masking import (
    Mask,
    hidden_words,
    masked,
    masks_in,
    named_masks_in,
    scrubbed,
)
from qa_app.reviews.models import Deduction, Evaluation, EvaluationStatus
from qa_app.reviews.queries import evaluation_of_call
from qa_app.reviews.sums import sums_of

Document = dict[str, Any]


class Veil:
    """Hides the personal data of one call from its documents, or hides nothing.

    A document that leaves the site names what was there, `[手机号]`, and shows no digit of it.
    """

    def __init__(
        self,
        utterances: Sequence[Utterance] = (),
        data: Sequence[PersonalDatum] = (),
        *,
        hides: bool = True,
        leaving: bool = False,
    ) -> None:
        self._masks_in = named_masks_in if leaving else masks_in
        self._data: dict[int, list[PersonalDatum]] = {}
        for datum in data:
            self._data.setdefault(datum.utterance, []).append(datum)
        self._hides = hides
        texts = {said.position: said.text for said in utterances}
        self._hidden = hidden_words(texts, data, named=leaving)

    def sentence(self, text: str) -> str:
        """Hide what was spoken wherever it is quoted."""
        return scrubbed(text, self._hidden) if self._hides else text

    def utterance(self, said: Utterance) -> Document:
        """Return an utterance; the words of what is hidden become one."""
        data = self._data.get(said.position, ())
        masks = self._masks_in(said.text, data) if self._hides else []
        return {
            "channel": said.channel.value,
            "voice": said.voice,
            "start_s": said.start_s,
            "end_s": said.end_s,
            "text": masked(said.text, masks),
            "confidence": said.confidence,
            "words": _masked_words(said, masks),
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
            "quote": self.sentence(finding.quote),
            "value": None if finding.value is None else self._value(finding.value),
            "candidates": [self._value(value) for value in finding.candidates or ()],
            "confidence": round(finding.confidence, 3),
            "tier": finding.tier.value,
            "why": self.sentence(finding.why),
            "status": finding.status.value,
        }

    def _value(self, value: str) -> str:
        return self._hidden.get(value, "****") if self._hides else value


def call_document(session: Session, call: Call, *, reveal: bool, leaving: bool = False) -> Document:
    """Return the whole record of a call; `leaving` when it goes where nobody asks who reads it."""
    utterances = utterances_of(session, call.id)
    veil = _veil(session, call, utterances, reveal=reveal, leaving=leaving)
    evaluation = evaluation_of_call(session, call.id)
    return {
        **call_summary(call, reveal=reveal),
        **(_without_numbers(call) if leaving else {}),
        "utterances": [veil.utterance(said) for said in utterances],
        "dropped": [
            {
                "channel": dropped.channel.value,
                "start_s": dropped.start_s,
                "end_s": dropped.end_s,
                "text": veil.sentence(dropped.text),
                "reason": dropped.reason,
            }
            for dropped in dropped_of(session, call.id)
        ],
        "findings": [veil.finding(finding) for finding in findings_of(session, call.id)],
        "evaluation": _evaluation(evaluation, veil) if evaluation else None,
    }


def _without_numbers(call: Call) -> Document:
    """Return what takes the place of the ends of numbers that readers on the site see."""
    number = f"[{DataType.MOBILE.label}]" if call.customer_number else None
    return {"file": f"{call.id}.flac", "customer_number": number}


def call_summary(call: Call, *, reveal: bool) -> Document:
    """Return what lists show of a call."""
    number = call.customer_number
    return {
        "id": call.id,
        "file": call.file_name if reveal else shown_file_name(call.file_name, number),
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
        "roles_unsure": call.roles_unsure,
        "model": call.model,
        "status": call.status.value,
        "failure": {"code": call.failure_code, "message": call.failure_message}
        if call.failure_code
        else None,
        "processing_s": None if call.processing_s is None else round(call.processing_s, 2),
    }


def findings_document(session: Session, call: Call, *, reveal: bool) -> list[Document]:
    """Return a call's findings alone."""
    veil = _veil(session, call, utterances_of(session, call.id), reveal=reveal)
    return [veil.finding(finding) for finding in findings_of(session, call.id)]


def evaluation_document(session: Session, evaluation: Evaluation, *, reveal: bool) -> Document:
    """Return an evaluation with its deductions."""
    call = evaluation.call
    veil = _veil(session, call, utterances_of(session, call.id), reveal=reveal)
    return _evaluation(evaluation, veil)


def found_document(utterance: Utterance, call: Call, *, text: str | None = None) -> Document:
    """Return an utterance that a search found; `text` stands in for it when it is masked."""
    shown = shown_file_name(call.file_name, call.customer_number)
    return {
        "id": call.id,
        "file": call.file_name if text is None else shown,
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


def _veil(
    session: Session,
    call: Call,
    utterances: Sequence[Utterance],
    *,
    reveal: bool,
    leaving: bool = False,
) -> Veil:
    if reveal:
        return Veil(hides=False)
    return Veil(utterances, personal_data_of(session, call.id), leaving=leaving)


def _evaluation(evaluation: Evaluation, veil: Veil) -> Document:
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
        "score_points": points_text(shown),
        "machine_points": points_text(evaluation.machine_points),
        "confirmed_points": points_text(evaluation.confirmed_points),
        "max_points": points_text(evaluation.max_points),
        "not_scored_reason": evaluation.not_scored_reason,
        "note": veil.sentence(evaluation.note),
        "inspector": evaluation.inspector.login if evaluation.inspector else None,
        "submitted_at": timestamp(evaluation.submitted_at) if evaluation.submitted_at else None,
        "submitted_by": by.login if by else None,
        "deductions": [_deduction(one, veil, points) for one in evaluation.deductions],
    }


def _deduction(deduction: Deduction, veil: Veil, points: Mapping[str, Decimal]) -> Document:
    criterion = deduction.criterion
    frozen = deduction.frozen_points
    borne = points.get(deduction.id, Decimal(0)) if frozen is None else frozen
    return {
        "id": deduction.id,
        "criterion": criterion.title if criterion else None,
        "criterion_id": criterion.id if criterion else None,
        "clause": criterion.clause if criterion else None,
        "points": points_text(borne),
        "origin": deduction.origin.value,
        "status": deduction.status.value,
        "finding": deduction.finding_id,
        "start_s": round(deduction.start_s, 2),
        "end_s": round(deduction.end_s, 2),
        "reason": veil.sentence(deduction.reason),
        "dismiss_reason": veil.sentence(deduction.dismiss_reason),
    }


def points_text(points: Decimal | None) -> str | None:
    """Write points as people do: 98, 0.5; never 1E+2."""
    return None if points is None else f"{points:f}"


def _masked_words(said: Utterance, masks: Sequence[Mask]) -> list[Document]:
    words: list[Document] = []
    covered: Mask | None = None
    position = 0
    for word in said.words:
        start = max(said.text.find(word["text"], position), position)
        position = start + len(word["text"])
        over = next((one for one in masks if one.start < position and start < one.end), None)
        if over is None:
            words.append(word)
        elif over is covered:
            words[-1] = {**words[-1], "end_s": word["end_s"]}
        else:
            words.append({**word, "text": over.shown})
        covered = over
    return words
