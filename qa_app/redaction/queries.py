"""Reads of what is to be taken out of a call's sound, and whether it has been."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.models import Call, DroppedUtterance, Utterance
from qa_app.calls.queries import dropped_of, utterances_of
from qa_app.calls.recordings import redacted_prefix
from qa_app.checks.models import PersonalDatum, StoredFinding
from qa_app.checks.numbers import symbols_in
from qa_app.checks.queries import findings_of, personal_data_of
from qa_app.jobs.models import JobStatus
from qa_app.jobs.queries import latest_job_of
from qa_app.redaction.beeping import Beep
from qa_app.redaction.errors import RedactionPending
from qa_app.redaction.hidden_sound import Hidden, Stretch, stretches_of
from qa_app.redaction.masking import long_numbers, with_adjoining_digits
from qa_app.redaction.wordless import Span

REDACT_CALL = "redact_call"
#: Fewer digits than this in what the recogniser made up are no number.
_SHORTEST_NUMBER = 4


@dataclass(frozen=True)
class Redaction:
    """What is to be taken out of a call, and the key of the copy without it."""

    key: str
    playback_key: str
    beeps: tuple[Beep, ...]
    #: When words were said, by the lane they are on.
    words: Mapping[int | None, tuple[Span, ...]]


def redaction_of(session: Session, call: Call) -> Redaction | None:
    """Return what has to be taken out of a call as it stands now; None before it has a sound."""
    if call.playback_key is None:
        return None
    utterances = utterances_of(session, call.id)
    hidden = [
        *_of_data(utterances, personal_data_of(session, call.id)),
        *_of_findings(findings_of(session, call.id)),
        *_of_long_numbers(utterances),
    ]
    stretches = [*stretches_of(utterances, hidden), *_dropped(dropped_of(session, call.id))]
    beeps = tuple(
        Beep(one.start_s, one.end_s, _lane(call, one.channel))
        for one in sorted(set(stretches), key=lambda one: (one.start_s, one.end_s, one.channel))
    )
    words = _words(call, utterances)
    made_of = json.dumps(
        [call.playback_key, *map(astuple, beeps), *(map(astuple, one) for one in words.values())],
        default=list,
    )
    digest = hashlib.sha256(made_of.encode()).hexdigest()
    return Redaction(
        key=f"{redacted_prefix(call.file_key)}.{digest[:16]}.flac",
        playback_key=call.playback_key,
        beeps=beeps,
        words=words,
    )


def _words(call: Call, utterances: Sequence[Utterance]) -> dict[int | None, tuple[Span, ...]]:
    said: dict[int | None, list[Span]] = {}
    for utterance in utterances:
        here = said.setdefault(_lane(call, utterance.channel), [])
        here += [Span(float(one["start_s"]), float(one["end_s"])) for one in utterance.words] or [
            Span(utterance.start_s, utterance.end_s)
        ]
    return {lane: tuple(spans) for lane, spans in said.items()}


def redacted_sound(call: Call) -> str:
    """Return the key of the copy with beeps.

    Raises
    ------
    RedactionPending
        It is not made yet.
    """
    if call.redacted_key is None:
        raise RedactionPending(_("遮音录音还在制作，过一会儿再听。"))
    return call.redacted_key


def redaction_failed(session: Session, call: Call) -> bool:
    """Tell whether the copy with beeps could not be made, after every try."""
    job = latest_job_of(session, call.id, kind=REDACT_CALL)
    return call.redacted_key is None and job is not None and job.status is JobStatus.FAILED


def _of_data(utterances: Sequence[Utterance], data: Sequence[PersonalDatum]) -> Iterator[Hidden]:
    texts = {said.position: said.text for said in utterances}
    read: Counter[tuple[str, str | None]] = Counter()
    for datum in data:
        spoken = texts.get(datum.utterance, "")[datum.start : datum.end]
        read[datum.kind, datum.value] += _digits(spoken)
    for datum in data:
        text = texts.get(datum.utterance, "")
        start, end = with_adjoining_digits(text, datum.start, datum.end)
        yield Hidden(
            datum.utterance,
            start,
            end,
            sounds=_digits(text[start:end]),
            is_whole=read[datum.kind, datum.value] >= _digits(datum.value or ""),
        )


def _of_findings(findings: Sequence[StoredFinding]) -> Iterator[Hidden]:
    for finding in findings:
        if finding.value is not None:
            for position, start, end in finding.spans:
                yield Hidden(int(position), int(start), int(end), sounds=0)


def _of_long_numbers(utterances: Sequence[Utterance]) -> Iterator[Hidden]:
    for said in utterances:
        for start, end in long_numbers(said.text):
            yield Hidden(said.position, start, end, sounds=_digits(said.text[start:end]))


def _dropped(dropped: Sequence[DroppedUtterance]) -> Iterator[Stretch]:
    """Yield what the recogniser stumbled over while it heard digits."""
    for one in dropped:
        if _digits(one.text) >= _SHORTEST_NUMBER:
            yield Stretch(one.channel, one.start_s, one.end_s)


def _digits(text: str) -> int:
    return len(symbols_in(text))


def _lane(call: Call, channel: Channel) -> int | None:
    """Return the lane of the recording that a side is on; None where both are in one sound."""
    if call.channel_count != 2 or call.agent_channel is None or channel is Channel.UNKNOWN:
        return None
    return call.agent_channel if channel is Channel.AGENT else 1 - call.agent_channel
