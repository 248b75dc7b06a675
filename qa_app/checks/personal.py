"""All personal data that was spoken in a call: what is masked, and what of it is a leak."""

from collections.abc import Iterable
from functools import lru_cache

from asr.transcript import Channel
from qa_app.checks.addresses import addresses
from qa_app.checks.conversation import Conversation
from qa_app.checks.digit_data import digit_data
from qa_app.checks.finding import DataType, PersonalData, Tier
from qa_app.checks.lettered_data import lettered_data
from qa_app.checks.names import names
from qa_app.checks.numbers import chains_in, symbols_in
from qa_app.checks.ownership import judge
from qa_app.checks.script import plain
from qa_app.checks.sighting import Sighting
from qa_app.checks.sound_digits import sound_digits

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
_TIERS = (Tier.SUSPECTED, Tier.PROBABLE, Tier.CERTAIN)


@lru_cache(maxsize=8)
def personal_data(conversation: Conversation) -> tuple[PersonalData, ...]:
    """Return every piece of personal data in time order, whoever said it."""
    found = [*lettered_data(conversation), *digit_data(conversation, chains_in(conversation))]
    found += sound_digits(conversation)
    found += addresses(conversation)
    found += names(conversation, found)
    kept = sorted(_without_overlaps(found), key=lambda s: s.spans[0])
    said = _said_by_customer(conversation, kept)
    return tuple(_judged(conversation, sighting, said) for sighting in kept)


def _said_by_customer(
    conversation: Conversation, found: Iterable[Sighting]
) -> list[tuple[int, str]]:
    """Return what the customer said, and where: as text, as digits and as data."""
    customer = conversation.spoken_by(Channel.CUSTOMER)
    said = [(i, plain(conversation.utterances[i].text)) for i in customer]
    said += [
        (i, "".join(symbol.value for symbol in symbols_in(conversation.utterances[i].text)))
        for i in customer
    ]
    wanted = frozenset(customer)
    said += [
        (other.spans[0].utterance, plain(other.value))
        for other in found
        if other.spans[0].utterance in wanted
    ]
    return said


def _without_overlaps(found: Iterable[Sighting]) -> list[Sighting]:
    kept: list[Sighting] = []
    for sighting in sorted(found, key=_precedence):
        if not any(_overlap(sighting, other) for other in kept):
            kept.append(sighting)
    return kept


def _precedence(sighting: Sighting) -> tuple[bool, int]:
    """Put what is merely suspected behind everything else."""
    return sighting.tier is Tier.SUSPECTED, _PRECEDENCE.index(sighting.data_type)


def _overlap(one: Sighting, other: Sighting) -> bool:
    return any(
        a.utterance == b.utterance and a.start < b.end and b.start < a.end
        for a in one.spans
        for b in other.spans
    )


def _judged(
    conversation: Conversation, sighting: Sighting, said_by_customer: Iterable[tuple[int, str]]
) -> PersonalData:
    first = sighting.spans[0]
    said_before = [text for position, text in said_by_customer if position < first.utterance]
    verdict = judge(conversation, sighting, said_before)
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
        owner=verdict.owner,
        leak=verdict.leak,
        verdict=verdict.why,
        asked_in=verdict.asked_in,
    )
