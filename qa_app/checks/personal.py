"""All personal data that was spoken in a call: what is masked, and what of it is a leak."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from asr.transcript import Channel
from qa_app.checks.addresses import addresses
from qa_app.checks.conversation import Conversation
from qa_app.checks.digit_data import digit_data
from qa_app.checks.finding import DataType, PersonalData, Span, Tier
from qa_app.checks.first_said import FirstSaid
from qa_app.checks.lettered_data import lettered_data
from qa_app.checks.misheard_contexts import as_meant
from qa_app.checks.names import names
from qa_app.checks.numbers import chains_in, symbols_in
from qa_app.checks.ownership import judge
from qa_app.checks.script import plain
from qa_app.checks.second_hearing import reheard_numbers
from qa_app.checks.sighting import Sighting
from qa_app.checks.sound_digits import sound_digits
from qa_app.checks.spaces import Unspaced

# Where two readings share characters the one named first here is kept: a number inside an
# address or an e-mail address is no number of its own.
_PRECEDENCE = (
    DataType.EMAIL,
    DataType.PASSWORD,
    DataType.ID_CARD,
    DataType.BANK_CARD,
    DataType.MOBILE,
    DataType.PLATE,
    DataType.ADDRESS,
    DataType.LANDLINE,
    DataType.VERIF_CODE,
    DataType.NAME,
)
_NUMBERS = frozenset(
    (
        DataType.ID_CARD,
        DataType.BANK_CARD,
        DataType.MOBILE,
        DataType.LANDLINE,
        DataType.VERIF_CODE,
    )
)
_TIERS = (Tier.SUSPECTED, Tier.PROBABLE, Tier.CERTAIN)


@lru_cache(maxsize=8)
def personal_data(conversation: Conversation) -> tuple[PersonalData, ...]:
    """Return every piece of personal data in time order, whoever said it."""
    unspaced = Unspaced(conversation)
    return tuple(
        _placed(conversation, data, unspaced.spans_of(data.spans))
        for data in _in(unspaced.conversation)
    )


def _placed(
    conversation: Conversation, data: PersonalData, spans: tuple[Span, ...]
) -> PersonalData:
    if spans == data.spans:
        return data
    start_s, end_s = conversation.times_of(spans)
    return replace(data, spans=spans, quote=conversation.quote(spans), start_s=start_s, end_s=end_s)


def _in(conversation: Conversation) -> tuple[PersonalData, ...]:
    meant = as_meant(conversation)
    found = list(_numbers(conversation))
    if meant is not conversation:
        found = _with_meant(found, _numbers(meant))
    found += addresses(conversation)
    found += names(conversation, found)
    found = _with_reheard(found, reheard_numbers(meant))
    kept = sorted(_without_overlaps(found), key=lambda s: s.spans[0])
    said = _first_said(conversation, kept)
    return tuple(_judged(conversation, meant, sighting, said) for sighting in kept)


def _numbers(conversation: Conversation) -> Iterator[Sighting]:
    yield from lettered_data(conversation)
    yield from digit_data(conversation, chains_in(conversation))
    yield from sound_digits(conversation)


def _with_meant(found: list[Sighting], meant: Iterable[Sighting]) -> list[Sighting]:
    """Add what is only found where misheard words are taken as they were meant.

    What would not be found there is not certain: 客户便好 may be 客户编号, and that is nobody's.
    """
    added, meant = [], list(meant)
    found = [
        sighting
        if any(_overlap(sighting, other) for other in meant)
        else replace(sighting, tier=min(sighting.tier, Tier.PROBABLE, key=_TIERS.index))
        for sighting in found
    ]
    for sighting in meant:
        same_place = [other for other in found if _overlap(other, sighting)]
        if any(other.confidence >= sighting.confidence for other in same_place):
            continue
        found = [other for other in found if other not in same_place]
        basis = f"{sighting.basis}（前后的词是按读音认出的）"
        tier = min(sighting.tier, Tier.PROBABLE, key=_TIERS.index)
        added.append(replace(sighting, tier=tier, basis=basis))
    return [*found, *added]


def _with_reheard(found: list[Sighting], reheard: Iterable[Sighting]) -> list[Sighting]:
    """Let what the sounds say stand in for numbers that the text does not surely have."""
    for sighting in reheard:
        same_place = [other for other in found if _overlap(other, sighting)]
        if any(other.tier is Tier.CERTAIN for other in same_place):
            continue
        in_doubt = [other for other in same_place if other.data_type in _NUMBERS]
        candidates = tuple(other.value for other in in_doubt if other.value != sighting.value)
        found = [other for other in found if other not in in_doubt]
        found.append(replace(sighting, candidates=candidates))
    return found


def _overlap(a: Sighting, b: Sighting) -> bool:
    return any(
        one.utterance == two.utterance and one.start < two.end and two.start < one.end
        for one in a.spans
        for two in b.spans
    )


def _first_said(conversation: Conversation, found: Iterable[Sighting]) -> FirstSaid:
    """Look up what the customer said, as text, as digits and as data."""
    texts = [
        (position, written)
        for position in conversation.spoken_by(Channel.CUSTOMER)
        for text in (conversation.utterances[position].text,)
        for written in (plain(text), "".join(symbol.value for symbol in symbols_in(text)))
    ]
    texts += [
        (position, plain(other.value))
        for other in found
        for position in (other.spans[0].utterance,)
        if conversation.utterances[position].channel is Channel.CUSTOMER
    ]
    return FirstSaid(texts)


def _without_overlaps(found: Iterable[Sighting]) -> list[Sighting]:
    kept: list[Sighting] = []
    taken: set[tuple[int, int]] = set()
    for sighting in sorted(found, key=_precedence):
        places = {(s.utterance, place) for s in sighting.spans for place in range(s.start, s.end)}
        if taken.isdisjoint(places):
            kept.append(sighting)
            taken |= places
    return kept


def _precedence(sighting: Sighting) -> tuple[bool, int]:
    """Put what is merely suspected behind everything else."""
    return sighting.tier is Tier.SUSPECTED, _PRECEDENCE.index(sighting.data_type)


def _judged(
    conversation: Conversation, meant: Conversation, sighting: Sighting, first_said: FirstSaid
) -> PersonalData:
    first = sighting.spans[0]
    verdict = judge(meant, sighting, first_said)
    start_s, end_s = conversation.times_of(sighting.spans)
    channel = conversation.utterances[first.utterance].channel
    tier = min(sighting.tier, verdict.tier, key=_TIERS.index)
    if channel is Channel.UNKNOWN:
        tier = min(tier, Tier.PROBABLE, key=_TIERS.index)
    return PersonalData(
        data_type=sighting.data_type,
        channel=channel,
        start_s=start_s,
        end_s=end_s,
        utterance=first.utterance,
        quote=conversation.quote(sighting.spans),
        spans=sighting.spans,
        value=sighting.value,
        confidence=sighting.confidence,
        tier=tier,
        basis=sighting.basis,
        candidates=sighting.candidates,
        owner=verdict.owner,
        leak=verdict.leak,
        verdict=verdict.why,
        asked_in=verdict.asked_in,
    )
