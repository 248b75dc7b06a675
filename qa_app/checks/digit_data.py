"""Telephone, identity card and bank card numbers and codes among the digits of a call."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from qa_app.checks.contexts import VETO, kind_after, kind_told, kinds_before
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Span, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.numbers import Chain, Group, Symbol, is_gap, spans_of, symbols_from
from qa_app.checks.second_readings import cut_back, meant_readings, without_repeats
from qa_app.checks.sighting import Sighting
from qa_app.checks.validators import (
    area_code_of,
    has_card_issuer,
    has_id_shape,
    is_hotline,
    is_id_card,
    is_landline,
    is_local_number,
    is_mobile,
    passes_luhn,
)

_EXTENSION = re.compile(r"[\s，,]*转(?:接)?(?:分机)?(?:号)?(?:是)?[\s，,]*")
_LONGEST = 20  # digits: those of an identity card with two heard twice
_NEXT = 12  # characters: the next symbol after a filler or two
_SHORTEST_TWICE = 11  # digits: a whole number and part of it again are more
_MOST_GROUPS = 12  # of a number with slips; digits said one by one have none that can be told
_WRITTEN_WHOLE = 7  # digits written without a space are as good as a whole number
_CARD_DIGITS = range(15, 20)
_MISHEARD_CARD_DIGITS = range(14, 21)
_CODE_DIGITS = range(4, 7)
# How sure each check is. Measured on the sample sentences: a checksum is hardly ever met by
# chance, a number recognised by its context alone is wrong about once in ten.
_BY_CHECKSUM, _BY_SHAPE, _BY_CONTEXT, _MISHEARD = 0.98, 0.95, 0.85, 0.6


def digit_data(conversation: Conversation, chains: Sequence[Chain]) -> Iterator[Sighting]:
    """Yield what the digits are, each used once."""
    for chain in chains:
        yield from _Reader(conversation).read(chain.groups)


class _Reader:
    """Reads the groups of one chain; what is said around a place is looked up once."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._before = cache(partial(kinds_before, conversation))
        self._after = cache(partial(kind_after, conversation))
        self._told = cache(partial(kind_told, conversation))

    def read(self, groups: Sequence[Group]) -> list[Sighting]:
        """Read the groups as one number, or else as several with a breath between."""
        whole = self._one_number(groups)
        if whole is not None and whole.tier is Tier.CERTAIN:
            return [whole]
        parts = self._several(groups)
        return parts or ([whole] if whole is not None else [])

    def _several(self, groups: Sequence[Group]) -> list[Sighting]:
        found: list[Sighting] = []
        free = 0
        for start in range(len(groups)):
            if start < free or not _may_part(groups, start):
                continue
            for end in _ends(groups, start):
                if end - start == len(groups):
                    continue
                sighting = self._one_number(groups[start:end])
                if sighting is not None and sighting.confidence > _MISHEARD:
                    found.append(sighting)
                    free = end
                    break
        return found

    def _one_number(self, groups: Sequence[Group]) -> Sighting | None:
        """Read groups as they are, or without those that were repeated or taken back."""
        first = self._recognise(groups)
        if first is not None and first.tier is Tier.CERTAIN:
            return first
        if len(groups) > _MOST_GROUPS or sum(map(len, groups)) <= _SHORTEST_TWICE:
            return first
        for reading in meant_readings(groups):
            sighting = self._recognise(reading)
            if sighting is not None and sighting.tier is Tier.CERTAIN:
                return _covering(sighting, groups)
        return first or self._run_together(groups)

    def _run_together(self, groups: Sequence[Group]) -> Sighting | None:
        """Read digits without a pause in which a part was said twice, if their kind is named."""
        symbols = tuple(symbol for group in groups for symbol in group.symbols)
        if len(symbols) > 2 * _LONGEST:
            return None
        kinds = (
            *self._before(symbols[0]),
            self._after(symbols[-1]),
            self._told(symbols[-1]),
        )
        for once in (*without_repeats(symbols), *cut_back(groups)):
            value = "".join(symbol.value for symbol in once)
            sighting = self._recognise((Group(once, value, new_breath=True),))
            if (
                sighting is not None
                and sighting.tier is Tier.CERTAIN
                and sighting.data_type in kinds
            ):
                return replace(_covering(sighting, groups), tier=Tier.PROBABLE)
        return None

    def _recognise(self, groups: Sequence[Group]) -> Sighting | None:
        if len(groups) > _LONGEST:
            return None
        value = "".join([group.value for group in groups])
        if not _CODE_DIGITS[0] <= len(value) <= _LONGEST or is_hotline(value):
            return None
        named = self._before(groups[0].symbols[0])
        after = self._after(groups[-1].symbols[-1])
        told = self._told(groups[-1].symbols[-1])
        if told is not None:
            named = [*named, told]
        nearest = named[-1] if named else after
        if nearest == VETO or (after == VETO and not named):
            return None
        symbols = tuple(symbol for group in groups for symbol in group.symbols)
        return (
            _id_card(self._conversation, symbols, value, nearest)
            or _bank_card(symbols, value, nearest)
            or _mobile(symbols, value, nearest)
            or _landline(self._conversation, symbols, value, named)
            or _code(symbols, value, [*named, *([after] if after else [])])
        )


def _may_part(groups: Sequence[Group], place: int) -> bool:
    """Whether one number may end and the next begin here: not at the spaces inside one."""
    if place in (0, len(groups)) or groups[place].new_breath:
        return True
    return all(len(group) >= _WRITTEN_WHOLE for group in groups[place - 1 : place + 1])


def _ends(groups: Sequence[Group], start: int) -> list[int]:
    """Return where a number that starts here may end, the longest first."""
    ends, length = [], 0
    for end in range(start + 1, len(groups) + 1):
        length += len(groups[end - 1])
        if length > _LONGEST:
            break
        if _may_part(groups, end):
            ends.append(end)
    return ends[::-1]


def _covering(sighting: Sighting, groups: Sequence[Group]) -> Sighting:
    """Return the sighting over all the groups: all of it was spoken, so all of it is covered."""
    symbols = [symbol for group in groups for symbol in group.symbols]
    return replace(sighting, spans=_joined(sighting.spans, spans_of(symbols)))


def _joined(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    bounds: dict[int, Span] = {}
    for span in (*one, *other):
        known = bounds.get(span.utterance, span)
        bounds[span.utterance] = Span(
            span.utterance, min(known.start, span.start), max(known.end, span.end)
        )
    return tuple(bounds[utterance] for utterance in sorted(bounds))


def _id_card(
    conversation: Conversation, symbols: tuple[Symbol, ...], value: str, nearest: str | None
) -> Sighting | None:
    if not 15 <= len(value) <= 20:
        return None
    check = _check_letter(conversation, symbols[-1]) if len(value) <= 18 else None
    if check is not None:
        symbols, value = (*symbols, check), value + "X"
    if is_id_card(value):
        return _sighting(DataType.ID_CARD, symbols, value, _BY_CHECKSUM, "18 位，校验码相符")
    if nearest == DataType.ID_CARD and 16 <= len(value) <= 20:
        basis = f"前面说到证件，读出 {len(value)} 位，校验码不符，可能有字听错"
        return _sighting(DataType.ID_CARD, symbols, value, _MISHEARD, basis)
    if len(value) == 18 and has_id_shape(value) and not has_card_issuer(value):
        basis = "18 位，地区和出生日期成立，校验码不符，可能有字听错"
        return _sighting(DataType.ID_CARD, symbols, value, _MISHEARD, basis)
    return None


def _check_letter(conversation: Conversation, last: Symbol) -> Symbol | None:
    text = conversation.utterances[last.utterance].text
    following = next(iter(symbols_from(text, last.utterance, last.end, _NEXT)), None)
    if following is None or following.value != "X":
        return None
    return following if is_gap(normal_form(text)[last.end : following.start]) else None


def _bank_card(symbols: tuple[Symbol, ...], value: str, nearest: str | None) -> Sighting | None:
    is_named = nearest == DataType.BANK_CARD
    if len(value) not in _CARD_DIGITS and not (is_named and len(value) in _MISHEARD_CARD_DIGITS):
        return None
    luhn, issuer = passes_luhn(value), has_card_issuer(value)
    if len(value) in _CARD_DIGITS and luhn and (issuer or is_named):
        return _sighting(
            DataType.BANK_CARD, symbols, value, _BY_CHECKSUM, f"{len(value)} 位，校验位相符"
        )
    if is_named or (value.startswith("62") and len(value) in (16, 19) and nearest is None):
        basis = f"{len(value)} 位，校验位不符，可能有字听错"
        return _sighting(DataType.BANK_CARD, symbols, value, _MISHEARD, basis)
    return None


def _mobile(symbols: tuple[Symbol, ...], value: str, nearest: str | None) -> Sighting | None:
    number = value[2:] if len(value) == 13 and value.startswith("86") else value
    if is_mobile(number):
        return _sighting(
            DataType.MOBILE, symbols, number, _BY_SHAPE, f"11 位，{number[:2]} 开头的手机号"
        )
    phone = nearest == DataType.MOBILE
    if phone and 10 <= len(number) <= 12 and number[0] == "1" and number[1] in "3456789":
        basis = f"前面说到电话，读出 {len(number)} 位，可能多听或少听了一位"
        return _sighting(DataType.MOBILE, symbols, number, _MISHEARD, basis)
    return None


def _landline(
    conversation: Conversation, symbols: tuple[Symbol, ...], value: str, named: list[str]
) -> Sighting | None:
    if value[0] != "0" and not (named and named[-1] in (DataType.LANDLINE, DataType.MOBILE)):
        return None
    if is_landline(value):
        confidence, basis = _BY_SHAPE, f"区号 {area_code_of(value)} 的固定电话"
    elif is_local_number(value):
        confidence, basis = _BY_CONTEXT, f"前面说到电话，读出 {len(value)} 位"
    else:
        return None
    extension = _extension(conversation, symbols[-1])
    return _sighting(
        DataType.LANDLINE,
        (*symbols, *extension),
        value + ("-" + "".join(s.value for s in extension) if extension else ""),
        confidence,
        basis,
    )


def _extension(conversation: Conversation, last: Symbol) -> tuple[Symbol, ...]:
    text = normal_form(conversation.utterances[last.utterance].text)
    lead = _EXTENSION.match(text, last.end)
    if lead is None:
        return ()
    taken: list[Symbol] = []
    end = lead.end()
    for symbol in symbols_from(text, last.utterance, lead.end()):
        if not symbol.value.isdigit() or not is_gap(text[end : symbol.start]):
            break
        taken.append(symbol)
        end = symbol.end
    return tuple(taken)


def _code(symbols: tuple[Symbol, ...], value: str, named: list[str]) -> Sighting | None:
    if (
        len(value) in _CODE_DIGITS
        and DataType.VERIF_CODE in named
        and (named[-1] != DataType.PASSWORD)
    ):
        return _sighting(
            DataType.VERIF_CODE, symbols, value, _BY_CONTEXT, f"说到验证码，读出 {len(value)} 位"
        )
    return None


def _sighting(
    data_type: DataType, symbols: tuple[Symbol, ...], value: str, confidence: float, basis: str
) -> Sighting:
    tier = Tier.CERTAIN if confidence > _BY_CONTEXT else Tier.PROBABLE
    return Sighting(data_type, spans_of(symbols), value, confidence, tier, basis)
