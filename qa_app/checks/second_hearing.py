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
from qa_app.checks.finding import Span, Tier
from qa_app.checks.numbers import DIGIT_OF, Symbol, chains_in, symbols_in
from qa_app.checks.sighting import Sighting

_LEAST_DIGITS = 3
#: Of a number that is said in parts, one part may be cut short in so many ways.
_MOST_CUTS_IN_PARTS = 8
_INSIDE_NUMBERS = " -－"
_MOST_BEFORE, _MOST_BEHIND = 6, 3
_CONFIDENCE = 0.6
_BASIS = "文字没有写清，这是按录音复听出的数字"
#: A pause between digits after which a new group begins.
_PAUSE_S = 0.6
#: A digit is clear when hardly any other sound fits better; of a number most have to be.
_CLEAR_NATS = -1.5
_CLEAR_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Patch:
    """Characters of an utterance, and the digits that are put in their place."""

    span: Span
    written: str
    whole: str | None  # the digits, where they are all that was heard and each is clear


def reheard_numbers(conversation: Conversation) -> list[Sighting]:
    """Return numbers that only the sounds tell, with the characters that stand for them."""
    ways = [
        patches for heard in conversation.heard.digits if (patches := _ways(conversation, heard))
    ]
    first = [patches[0] for patches in ways]
    alone = ([patch] for patch in first)
    together = [_apart(first)]
    one_cut_short = (
        _apart([*first[:i], patch, *first[i + 1 :]])
        for i, patches in enumerate(ways)
        for patch in patches[1:_MOST_CUTS_IN_PARTS]
    )
    cut_short = ([patch] for patches in ways for patch in patches[1:])
    found: list[Sighting] = []
    for patches in itertools.chain(alone, together, one_cut_short, cut_short):
        found += [
            sighting
            for sighting in _read(conversation, patches)
            if not any(_overlap(a, b) for old in found for a in old.spans for b in sighting.spans)
        ]
    return found


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
        for left_out in (frozenset[int](), unclear)
    }

    def cost(way: tuple[int, ...]) -> tuple[int, int, int]:
        out = set(range(count)) - set(way)
        # A digit too many comes of a word before the number sooner than of one behind it.
        return len(out - unclear), len(unclear - out), count - way[-1]

    patches = (
        _patch(conversation, heard, way)
        for way in sorted((way for way in ways if len(way) >= _LEAST_DIGITS), key=cost)
    )
    return [patch for patch in patches if patch is not None]


def _patch(conversation: Conversation, heard: HeardDigits, way: tuple[int, ...]) -> _Patch | None:
    if sum(heard.evidence[i] >= _CLEAR_NATS for i in way) < _CLEAR_SHARE * len(way):
        return None
    span = Span(heard.utterance, min(heard.starts[i] for i in way), max(heard.ends[i] for i in way))
    text = conversation.utterances[heard.utterance].text
    span = _with_digits_beside(text, span)
    text = text[span.start : span.end]
    digits = "".join(heard.digits[i] for i in way)
    if _digits_in(text) == digits:
        return None
    written = digits[0]
    for before, i in itertools.pairwise(way):
        pause = heard.starts_s[i] - heard.starts_s[before] > _PAUSE_S
        written += ("，" if pause else "") + heard.digits[i]
    all_clear = len(way) == len(heard.digits) and min(heard.evidence) >= _CLEAR_NATS
    return _Patch(span, written, digits if all_clear else None)


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
    patched = _with(conversation, patches)
    put_in = [place for place, _ in _places(patches)]
    chains = [
        chain
        for chain in chains_in(patched)
        if any(
            _overlap(Span(symbol.utterance, symbol.start, symbol.end), place)
            for symbol in chain.symbols
            for place in put_in
        )
    ]
    for sighting in digit_data(patched, chains):
        if sighting.tier is not Tier.CERTAIN or not _in_patches(sighting.spans, patches):
            continue
        first = sighting.spans[0]
        kinds = kinds_before(patched, Symbol("", first.utterance, first.start, first.end))
        whole = len(patches) == 1 and patches[0].whole == sighting.value
        if sighting.data_type in kinds or whole:
            yield replace(
                sighting,
                spans=_merged([_back(span, patches) for span in sighting.spans]),
                tier=Tier.PROBABLE,
                confidence=min(sighting.confidence, _CONFIDENCE),
                basis=_BASIS,
            )


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
