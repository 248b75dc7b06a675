"""Personal data judged once more by what a site knows: its public and internal numbers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Owner, PersonalData, Span, Tier
from qa_app.checks.house import HousePolicy
from qa_app.checks.numbers import Symbol, symbols_in
from qa_app.checks.personal import personal_data

_PHONES = frozenset({DataType.MOBILE, DataType.LANDLINE})
_SHORTEST = 4  # digits; a shorter extension is like any other number
_GAP = 3  # characters between two digits of one number
_NOT_DIGIT = re.compile(r"\D")
_SHIPPED = HousePolicy()


@lru_cache(maxsize=8)
def judged_data(conversation: Conversation, policy: HousePolicy) -> tuple[PersonalData, ...]:
    """Return a call's personal data as the site sees it, in time order."""
    data = personal_data(conversation)
    if policy == _SHIPPED:
        return data
    judged = [one for known in data for one in (_judged(known, policy),) if one is not None]
    judged += [
        one
        for one in _directory_numbers(conversation, policy)
        if not any(_overlap(one, other) for other in data)
    ]
    return tuple(sorted(judged, key=lambda one: one.spans[0]))


def _judged(data: PersonalData, policy: HousePolicy) -> PersonalData | None:
    if data.data_type in _PHONES:
        digits = _NOT_DIGIT.sub("", data.value)
        if any(_fits(digits, pattern) for pattern in policy.public):
            return None
        if digits in policy.internal:
            return _internal(data)
    if data.channel is not Channel.AGENT or data.leak:
        return data
    if policy.readback_is_leak and data.owner is Owner.SELF and data.data_type is not DataType.NAME:
        return replace(data, leak=True, tier=_unsure(data.tier), verdict="坐席复述了客户的号码")
    if policy.own_mobile_is_leak and data.owner is Owner.AGENT and data.data_type in _PHONES:
        return replace(data, leak=True, tier=_unsure(data.tier), verdict="坐席给出了自己的号码")
    return data


def _internal(data: PersonalData) -> PersonalData:
    leak = data.channel is not Channel.CUSTOMER
    verdict = "坐席把内部电话本里的号码告诉了客户" if leak else "内部电话本里的号码，只作遮盖"
    # Digit for digit a number of the directory: nothing else could make it surer.
    exact = data.channel is Channel.AGENT and data.tier is not Tier.SUSPECTED
    tier = Tier.CERTAIN if exact else _unsure(data.tier)
    return replace(data, owner=Owner.INTERNAL, leak=leak, tier=tier, verdict=verdict)


def _unsure(tier: Tier) -> Tier:
    return Tier.PROBABLE if tier is Tier.CERTAIN else tier


def _fits(digits: str, pattern: str) -> bool:
    return len(digits) == len(pattern) and all(
        wanted in {"x", digit} for digit, wanted in zip(digits, pattern, strict=True)
    )


def _directory_numbers(conversation: Conversation, policy: HousePolicy) -> Iterator[PersonalData]:
    """Find numbers of the directory that are no telephone numbers by themselves, as extensions."""
    wanted = tuple(number for number in policy.internal if len(number) >= _SHORTEST)
    if not wanted:
        return
    for position, said in enumerate(conversation.utterances):
        if said.channel is Channel.CUSTOMER:
            continue
        for run in _runs(symbols_in(said.text, position)):
            if "".join(symbol.value for symbol in run) in wanted:
                yield _sighted(conversation, run)


def _runs(symbols: tuple[Symbol, ...]) -> Iterator[list[Symbol]]:
    run: list[Symbol] = []
    for symbol in symbols:
        if run and symbol.start - run[-1].end > _GAP:
            yield run
            run = []
        run.append(symbol)
    if run:
        yield run


def _sighted(conversation: Conversation, run: list[Symbol]) -> PersonalData:
    spans = (Span(run[0].utterance, run[0].start, run[-1].end),)
    start_s, end_s = conversation.times_of(spans)
    channel = conversation.utterances[run[0].utterance].channel
    return _internal(
        PersonalData(
            data_type=DataType.LANDLINE,
            channel=channel,
            start_s=start_s,
            end_s=end_s,
            utterance=run[0].utterance,
            quote=conversation.quote(spans),
            spans=spans,
            value="".join(symbol.value for symbol in run),
            confidence=0.9,
            tier=Tier.CERTAIN,
            basis="与内部电话本一致",
            owner=Owner.INTERNAL,
            leak=True,
            verdict="",
        )
    )


def _overlap(one: PersonalData, other: PersonalData) -> bool:
    return any(
        mine.utterance == theirs.utterance and mine.start < theirs.end and theirs.start < mine.end
        for mine in one.spans
        for theirs in other.spans
    )
