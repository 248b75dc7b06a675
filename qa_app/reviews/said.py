"""What was said where a search hit, with personal data masked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from qa_app.calls.models import Utterance
from qa_app.checks.models import PersonalDatum
from qa_app.core.text import search_form
from qa_app.redaction.masking import masked, masks_in

#: A line of the list has room for about this many characters round the first hit.
_AROUND = 24


@dataclass(frozen=True, kw_only=True)
class Said:
    """A short quotation of the first utterance that holds the words."""

    quote: str
    start_s: float


def said_in(session: Session, call_ids: Sequence[str], words: str) -> Mapping[str, Said]:
    """Return where each call first holds the words; calls found by name have no entry."""
    phrase = search_form(words)
    if not phrase or not call_ids:
        return {}
    first: dict[str, Utterance] = {}
    for utterance in session.scalars(
        select(Utterance)
        .where(Utterance.call_id.in_(call_ids), Utterance.search_text.contains(phrase))
        .order_by(Utterance.call_id, Utterance.position)
    ):
        first.setdefault(utterance.call_id, utterance)
    data = _personal_data(session, list(first))
    return {
        call_id: Said(
            quote=_shortened(
                masked(one.text, masks_in(one.text, data[call_id, one.position])), words
            ),
            start_s=one.start_s,
        )
        for call_id, one in first.items()
    }


def _personal_data(
    session: Session, call_ids: Sequence[str]
) -> Mapping[tuple[str, int], list[PersonalDatum]]:
    found: dict[tuple[str, int], list[PersonalDatum]] = defaultdict(list)
    for datum in session.scalars(select(PersonalDatum).where(PersonalDatum.call_id.in_(call_ids))):
        found[datum.call_id, datum.utterance].append(datum)
    return found


def _shortened(text: str, words: str) -> str:
    at = max(0, text.lower().find(words.lower()))
    start, end = max(0, at - _AROUND // 2), at + len(words) + _AROUND
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
