"""Numbers that the sounds say where the text does not: the call read once more with them in place.

A model of words writes 次要散板 for 幺三八 in a voice that it does not follow; a model of sounds
hears the digits all the same. Where it heard some, the words of that moment are set aside, the
digits put in their place, and the call is read again by the same rules: context, shape, checksum
and owner decide as ever. What is found only so is never more than probable: a person listens.

The ear for digits also hears some in ordinary words (是 for 四), so a number is sought without the
first or last few of them, too.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qa_app.checks.contexts import kinds_before
from qa_app.checks.conversation import Conversation, Heard, HeardDigits
from qa_app.checks.digit_data import digit_data
from qa_app.checks.finding import DataType, Span, Tier
from qa_app.checks.lettered_data import lettered_data
from qa_app.checks.numbers import DIGIT_OF, Symbol, chains_in, holds_correction, symbols_in
from qa_app.checks.sighting import Sighting
from qa_app.checks.validators import is_hotline

_LEAST_DIGITS = 3
#: Of a number that is said in parts, one part may be cut short in so many ways.
_MOST_CUTS_IN_PARTS = 8
_INSIDE_NUMBERS = " -－"
_MOST_BEFORE, _MOST_BEHIND = 6, 3
_CONFIDENCE = 0.6
_BY_SHAPE = 0.95  # the least that the reader of digits gives a number of strict shape
_SHAPELESS = (DataType.VERIF_CODE, DataType.PASSWORD)
_BASIS = "文字没有写清，这是按录音复听出的数字"
#: A pause between digits after which a new group begins.
_PAUSE_S = 0.6
_TAKEN_BACK = "，不对，是"
_USUAL_CARDS = (16, 19)  # digits
_MOST_SINGLY_UNCLEAR = 3
_NEAR_TURNS = 6  # those around a number in which its parts and its question stand
#: A digit is clear when hardly any other sound fits better; of a number most have to be.
_CLEAR_NATS = -1.5
_CLEAR_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Patch:
    """Characters of an utterance, and the digits that are put in their place."""

    span: Span
    written: str
    whole: str | None  # the digits, where they are all that was heard and each is clear
    instead: bool  # whether they were heard where the text has digits, each of them clear


def reheard_numbers(conversation: Conversation) -> list[Sighting]:
    """Return numbers that only the sounds tell, with the characters that stand for them."""
    ways = [
        patches for heard in conversation.heard.digits if (patches := _ways(conversation, heard))
    ]
    first = [patches[0] for patches in ways]
    alone = ([patch] for patch in first)
    together = [_apart(first)]
    one_cut_short = (
        _apart([*(p for p in first if p is not first[i] and _is_near(p, patch)), patch])
        for i, patches in enumerate(ways)
        for patch in patches[1:_MOST_CUTS_IN_PARTS]
    )
    cut_short = ([patch] for patches in ways for patch in patches[1:])
    found: list[Sighting] = []
    unusual: list[Sighting] = []
    for patches in itertools.chain(alone, together, one_cut_short, cut_short):
        for sighting in _read(conversation, patches):
            (found if _has_usual_length(sighting) else unusual).append(sighting)
    return _first_of_each_place([*found, *unusual])


def _has_usual_length(sighting: Sighting) -> bool:
    """Whether a card is as long as most are: one with a digit lost may pass by chance."""
    return sighting.data_type is not DataType.BANK_CARD or len(sighting.value) in _USUAL_CARDS


def _first_of_each_place(found: list[Sighting]) -> list[Sighting]:
    first: list[Sighting] = []
    for sighting in found:
        if not any(_overlap(a, b) for old in first for a in old.spans for b in sighting.spans):
            first.append(sighting)
    return first


def _ways(conversation: Conversation, heard: HeardDigits) -> list[_Patch]:
    """Return the ways to put heard digits in, those first that leave out the fewest clear ones.

    There are none where the text says the same already.
    """
    text = conversation.utterances[heard.utterance].text[min(heard.starts) : max(heard.ends)]
    if _digits_in(text) == heard.digits:
        return []
    count = len(heard.digits)
    unclear = {i for i in range(count) if heard.evidence[i] < _CLEAR_NATS}
    ways = {
        tuple(i for i in range(first, last) if i not in left_out)
        for first in range(min(_MOST_BEFORE, count) + 1)
        for last in range(max(0, count - _MOST_BEHIND), count + 1)
        for left_out in _left_out(unclear)
    }
    written = tuple(i for i in range(count) if _digits_in(_said_at(conversation, heard, i)))
    ways |= {written}

    def cost(way: tuple[int, ...]) -> tuple[int, int, int]:
        out = set(range(count)) - set(way)
        # A digit too many comes of a word before the number sooner than of one behind it.
        return len(out - unclear), len(unclear - out), count - way[-1]

    patches = (
        _patch(conversation, heard, way, instead=way == written)
        for way in sorted((way for way in ways if len(way) >= _LEAST_DIGITS), key=cost)
    )
    return [patch for patch in patches if patch is not None]


def _left_out(unclear: set[int]) -> Iterator[frozenset[int]]:
    """Yield which of the unclear digits may have been none: all together, or any of a few."""
    most = len(unclear) if len(unclear) <= _MOST_SINGLY_UNCLEAR else 0
    for count in range(most + 1):
        yield from map(frozenset, itertools.combinations(sorted(unclear), count))
    yield frozenset(unclear)


def _said_at(conversation: Conversation, heard: HeardDigits, i: int) -> str:
    return conversation.utterances[heard.utterance].text[heard.starts[i] : heard.ends[i]]


def _patch(
    conversation: Conversation, heard: HeardDigits, way: tuple[int, ...], *, instead: bool
) -> _Patch | None:
    if sum(heard.evidence[i] >= _CLEAR_NATS for i in way) < _CLEAR_SHARE * len(way):
        return None
    span = Span(heard.utterance, min(heard.starts[i] for i in way), max(heard.ends[i] for i in way))
    text = conversation.utterances[heard.utterance].text
    span = _with_digits_beside(text, span)
    digits = "".join(heard.digits[i] for i in way)
    if _digits_in(text[span.start : span.end]) == digits:
        return None
    written = digits[0]
    for before, i in itertools.pairwise(way):
        if holds_correction(text[heard.ends[before] : heard.starts[i]]):
            written += _TAKEN_BACK
        elif heard.starts_s[i] - heard.starts_s[before] > _PAUSE_S:
            written += "，"
        written += heard.digits[i]
    clear = all(heard.evidence[i] >= _CLEAR_NATS for i in way)
    whole = clear and len(way) == len(heard.digits)
    return _Patch(span, written, digits if whole else None, instead and clear)


def _digits_in(text: str) -> str:
    return "".join(symbol.value for symbol in symbols_in(text))


def _with_digits_beside(text: str, span: Span) -> Span:
    """Take in written digits right beside the span: they are another writing of the same ones."""
    start, end = span.start, span.end
    while start and (text[start - 1] in DIGIT_OF or text[start - 1] in _INSIDE_NUMBERS):
        start -= 1
    while end < len(text) and (text[end] in DIGIT_OF or text[end] in _INSIDE_NUMBERS):
        end += 1
    return span._replace(start=start, end=end)


def _is_near(one: _Patch, other: _Patch) -> bool:
    return abs(one.span.utterance - other.span.utterance) <= _NEAR_TURNS


def _apart(patches: list[_Patch]) -> list[_Patch]:
    apart: list[_Patch] = []
    for patch in sorted(patches, key=lambda patch: patch.span):
        if not apart or not _overlap(apart[-1].span, patch.span):
            apart.append(patch)
    return apart


def _read(conversation: Conversation, patches: list[_Patch]) -> Iterator[Sighting]:
    """Yield the numbers of a kind that was spoken of, or of every clear digit in a run.

    Among so many readings others would fit a shape by chance.
    """
    if not patches:
        return
    first = max(0, min(patch.span.utterance for patch in patches) - _NEAR_TURNS)
    last = max(patch.span.utterance for patch in patches) + _NEAR_TURNS + 1
    near = replace(conversation, utterances=conversation.utterances[first:last])
    moved = [replace(patch, span=_moved(patch.span, -first)) for patch in patches]
    for sighting in _read_near(near, moved):
        spans = tuple(_moved(span, first) for span in sighting.spans)
        yield replace(sighting, spans=spans)


def _moved(span: Span, by: int) -> Span:
    return span._replace(utterance=span.utterance + by)


def _read_near(conversation: Conversation, patches: list[_Patch]) -> Iterator[Sighting]:
    patched = _with(conversation, patches)
    put_in: dict[int, list[Span]] = {}
    for place, _ in _places(patches):
        put_in.setdefault(place.utterance, []).append(place)
    chains = [
        chain
        for chain in chains_in(patched)
        if any(
            _overlap(Span(symbol.utterance, symbol.start, symbol.end), place)
            for symbol in chain.symbols
            for place in put_in.get(symbol.utterance, ())
        )
    ]
    passwords = (
        sighting
        for sighting in lettered_data(patched)
        if sighting.data_type is DataType.PASSWORD and sighting.value.isdigit()
    )
    for sighting in itertools.chain(digit_data(patched, chains), passwords):
        if _in_patches(sighting.spans, patches) and _counts(patched, sighting, patches):
            yield replace(
                sighting,
                spans=_merged([_back(span, patches) for span in sighting.spans]),
                tier=Tier.PROBABLE,
                confidence=min(sighting.confidence, _CONFIDENCE),
                basis=_BASIS,
            )


def _counts(patched: Conversation, sighting: Sighting, patches: list[_Patch]) -> bool:
    """Whether a reading is more than chance: its kind was spoken of, or all that was heard is it.

    Codes and passwords have no shape, so each digit must be clear. An identity card has so much
    of one that no other number passes for it.
    """
    first = sighting.spans[0]
    named = kinds_before(patched, Symbol("", first.utterance, first.start, first.end))
    if sighting.data_type in _SHAPELESS:
        wanted = len(patches) == 1 and (patches[0].instead or patches[0].whole is not None)
        return wanted and sighting.data_type in named
    if sighting.confidence < _BY_SHAPE or is_hotline(sighting.value[1:]):
        return False  # The word before 400… (拨) may sound like a digit.
    whole = len(patches) == 1 and patches[0].whole == sighting.value
    return sighting.data_type in (*named, DataType.ID_CARD) or whole


def _with(conversation: Conversation, patches: list[_Patch]) -> Conversation:
    utterances = list(conversation.utterances)
    for patch in reversed(patches):
        said = utterances[patch.span.utterance]
        text = said.text[: patch.span.start] + patch.written + said.text[patch.span.end :]
        utterances[patch.span.utterance] = replace(said, text=text)
    return replace(conversation, utterances=tuple(utterances), heard=Heard())


def _places(patches: list[_Patch]) -> Iterator[tuple[Span, Span]]:
    """Yield where each patch stands in the patched text, and what it stands for."""
    utterance, shift = -1, 0
    for patch in patches:
        if patch.span.utterance != utterance:
            utterance, shift = patch.span.utterance, 0
        start = patch.span.start + shift
        yield Span(utterance, start, start + len(patch.written)), patch.span
        shift += len(patch.written) - (patch.span.end - patch.span.start)


def _in_patches(spans: tuple[Span, ...], patches: list[_Patch]) -> bool:
    return any(_overlap(span, put_in) for span in spans for put_in, _ in _places(patches))


def _back(span: Span, patches: list[_Patch]) -> Span:
    """Return the characters of the text as it is that a span of the patched text stands for."""
    start, end = span.start, span.end
    shift_of_start = shift_of_end = 0
    for put_in, stood in _places(patches):
        if put_in.utterance != span.utterance:
            continue
        shift = stood.end - put_in.end
        if put_in.start <= span.start < put_in.end:
            start, shift_of_start = stood.start, 0
        elif put_in.end <= span.start:
            shift_of_start = shift
        if put_in.start < span.end <= put_in.end:
            end, shift_of_end = stood.end, 0
        elif put_in.end < span.end:
            shift_of_end = shift
    return Span(span.utterance, start + shift_of_start, end + shift_of_end)


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and merged[-1].utterance == span.utterance and span.start <= merged[-1].end:
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)


def _overlap(a: Span, b: Span) -> bool:
    return a.utterance == b.utterance and a.start < b.end and b.start < a.end
