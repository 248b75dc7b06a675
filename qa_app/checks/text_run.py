"""The checks over plain text: for tuning, and for other systems that have no sound."""

from collections.abc import Mapping
from typing import Any

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Owner
from qa_app.checks.personal import personal_data
from qa_app.checks.registry import RULES, run_checks

_RULE_OF = {rule.data_type: rule.name for rule in RULES.values() if rule.data_type}
_TYPE_OF = {"profanity": "PROFANITY", "rude_language": "RUDE"}
_PHONES = (DataType.MOBILE, DataType.LANDLINE)


class RecordUnreadable(ValueError):
    """One line of a batch is not what the contract says."""

    code = "record_unreadable"


def check_line(record: object) -> dict[str, Any]:
    """Check one record of a batch; a bad one is answered with its error."""
    if not isinstance(record, Mapping):
        return _refused(None, RecordUnreadable("这一行不是 JSON 对象。"))
    try:
        return check_text(record)
    except RecordUnreadable as error:
        return _refused(record.get("id"), error)


def _refused(record_id: object, error: RecordUnreadable) -> dict[str, Any]:
    return {"id": record_id, "error": {"code": error.code, "message": str(error)}}


def check_text(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the personal data and the abuse in one text, as spans of it.

    Raises
    ------
    RecordUnreadable
        The text is missing, or a turn lies outside it.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise RecordUnreadable("缺少 text，或它不是文字。")
    turns = _turns(record.get("turns"), text)
    conversation = Conversation(
        channels=2 if any(channel is not Channel.UNKNOWN for channel, _, _ in turns) else 1,
        duration_s=0.0,
        utterances=tuple(
            Utterance(channel, 0.0, 0.0, text[start:end], 1.0) for channel, start, end in turns
        ),
        timed=False,
    )
    offsets = [start for _, start, _ in turns]
    spans = [*_personal_spans(conversation, offsets), *_abuse_spans(conversation, offsets)]
    return {
        "id": record.get("id"),
        "spans": sorted(spans, key=lambda span: (span["start"], span["end"])),
    }


def _turns(given: object, text: str) -> list[tuple[Channel, int, int]]:
    if not given:
        return [(Channel.UNKNOWN, 0, len(text))]
    if not isinstance(given, list):
        raise RecordUnreadable("turns 不是列表。")
    turns = []
    for turn in given:
        try:
            channel, start, end = Channel(turn["speaker"]), int(turn["start"]), int(turn["end"])
        except (KeyError, TypeError, ValueError):
            raise RecordUnreadable("turns 里有一项缺少 speaker、start 或 end。") from None
        if not 0 <= start <= end <= len(text):
            raise RecordUnreadable(f"turns 里的 {start} 到 {end} 不在 text 之内。")
        turns.append((channel, start, end))
    return turns


def _personal_spans(conversation: Conversation, offsets: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "start": offsets[span.utterance] + span.start,
            "end": offsets[span.utterance] + span.end,
            "type": data.data_type.value,
            "rule": "leak_internal_phone"
            if data.owner is Owner.INTERNAL and data.data_type in _PHONES
            else _RULE_OF[data.data_type],
            "confidence": data.confidence,
            "tier": data.tier.value,
            "leak": data.leak,
            "why": f"{data.basis}；{data.verdict}",
        }
        for data in personal_data(conversation)
        for span in data.spans
    ]


def _abuse_spans(conversation: Conversation, offsets: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "start": offsets[span.utterance] + span.start,
            "end": offsets[span.utterance] + span.end,
            "type": _TYPE_OF[finding.rule],
            "rule": finding.rule,
            "confidence": finding.confidence,
            "tier": finding.tier.value,
            "leak": False,
            "why": finding.why,
        }
        for finding in run_checks(conversation, rules=_TYPE_OF)
        for span in finding.spans
    ]
