"""Where each kind of condition of a customer's rule is met in a call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

from rapidfuzz import fuzz

from asr.transcript import Channel, Utterance
from qa_app.checks.composite import (
    Entity,
    Found,
    Keywords,
    Match,
    Overlap,
    Pattern,
    Range,
    Rate,
    Repetition,
    Silence,
    Similar,
)
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Span
from qa_app.checks.normal_form import normal_form
from qa_app.checks.personal import personal_data
from qa_app.checks.safe_pattern import compiled
from qa_app.checks.script import plain


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where a condition is met."""

    utterance: int
    start_s: float
    end_s: float
    spans: tuple[Span, ...] = ()
    why: str = ""
    last_utterance: int | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where it begins: the utterance and the character."""
        return self.utterance, self.spans[0].start if self.spans else 0

    @property
    def last(self) -> int:
        """The utterance it ends in."""
        return self.utterance if self.last_utterance is None else self.last_utterance


@dataclass(frozen=True, slots=True)
class Heard:
    """A call with what the other rules found in it."""

    conversation: Conversation
    findings: tuple[Finding, ...] = ()


def places_in(heard: Heard, sought: object, where: Range) -> list[Occurrence]:
    """Return where a condition is met within its range, in order."""
    positions = _positions(heard.conversation, where)
    found = _find(sought, heard, positions)
    return sorted(
        (one for one in found if _in_time(heard.conversation, one, where)),
        key=lambda one: (one.place, one.start_s),
    )


def _positions(conversation: Conversation, where: Range) -> list[int]:
    """Return the utterances of that side, cut to those from first to last."""
    said = [
        position
        for position, one in enumerate(conversation.utterances)
        if where.channel is None or one.channel is where.channel
    ]
    first, last = where.first, where.last
    start = 0 if first is None else (first - 1 if first > 0 else len(said) + first)
    end = len(said) if last is None else (last if last > 0 else len(said) + last + 1)
    return said[max(0, start) : max(0, end)]


def _in_time(conversation: Conversation, one: Occurrence, where: Range) -> bool:
    if where.first_s is None and where.last_s is None:
        return True
    if not conversation.timed:
        return False
    early = where.first_s is None or one.start_s < where.first_s
    late = where.last_s is None or one.end_s > conversation.duration_s - where.last_s
    return early and late


@singledispatch
def _find(sought: object, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:  # noqa: ARG001
    raise TypeError(f"{sought!r} is no kind of condition")


@_find.register
def _keywords(sought: Keywords, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    held = {at: _held(heard, at, sought.words) for at in positions}
    needed = {Match.ALL: len(set(sought.words)), Match.AT_LEAST: sought.count}.get(sought.match, 1)
    if sought.spread:
        enough = len({word for words in held.values() for word in words}) >= needed
        chosen = [at for at, words in held.items() if words] if enough else []
    else:
        chosen = [at for at, words in held.items() if len(words) >= needed]
    for at in chosen:
        spans = tuple(sorted(held[at].values()))
        yield _said(heard, spans, f"说了“{'”“'.join(held[at])}”")


def _held(heard: Heard, at: int, words: Sequence[str]) -> dict[str, Span]:
    """Return the words that an utterance holds, each where it first stands."""
    text = normal_form(heard.conversation.utterances[at].text).lower()
    places = {word: text.find(normal_form(word).lower()) for word in words}
    return {
        word: Span(at, place, place + len(word)) for word, place in places.items() if place >= 0
    }


@_find.register
def _similar(sought: Similar, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    examples = [(plain(one), one) for one in sought.examples]
    for at in positions:
        text = plain(heard.conversation.utterances[at].text)
        close = [(_likeness(text, one), example) for one, example in examples]
        score, example = max(close, default=(0.0, ""))
        if score >= sought.score:
            yield _whole(heard, at, f"与“{example}”相似度 {score:.0f}")


def _likeness(said: str, example: str) -> float:
    """Compare with the example as a part of what was said, never the other way round."""
    if not said or not example:
        return 0.0
    if len(said) > len(example):
        return float(fuzz.partial_ratio(example, said))
    return float(fuzz.ratio(example, said))


@_find.register
def _pattern(sought: Pattern, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    wanted = compiled(sought.pattern)
    unwanted = compiled(sought.excluding) if sought.excluding else None
    for at in positions:
        text = normal_form(heard.conversation.utterances[at].text)
        if unwanted is not None and unwanted.search(text):
            continue
        for match in wanted.finditer(text):
            if match[0]:
                spans = (Span(at, match.start(), match.end()),)
                yield _said(heard, spans, f"说了“{match[0]}”")


@_find.register
def _repetition(sought: Repetition, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    texts = [plain(heard.conversation.utterances[at].text) for at in positions]
    for number, text in enumerate(texts):
        if len(text) < sought.minimum_characters:
            continue
        before = texts[max(0, number - sought.within + 1) : number]
        times = 1 + sum(fuzz.ratio(text, one) >= sought.score for one in before)
        if times >= sought.times:
            yield _whole(heard, positions[number], f"第 {times} 遍说同样的话")


@_find.register
def _entity(sought: Entity, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    among = set(positions)
    for data in personal_data(heard.conversation):
        if data.data_type in sought.kinds and data.utterance in among:
            yield _said(heard, data.spans, f"说到{data.data_type.label}")


@_find.register
def _silence(sought: Silence, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    if not heard.conversation.timed:
        return
    among, end_s = set(positions), 0.0
    for at, said in enumerate(heard.conversation.utterances):
        silence_s = said.start_s - end_s
        if at and at - 1 in among and silence_s > sought.longer_than_s:
            why = f"静音 {silence_s:.1f} 秒"
            yield Occurrence(at - 1, end_s, said.start_s, why=why)
        end_s = max(end_s, said.end_s)


@_find.register
def _rate(sought: Rate, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    for at in positions:
        said = heard.conversation.utterances[at]
        characters, spoken_s = len(plain(said.text)), said.end_s - said.start_s
        if spoken_s <= 0 or characters < sought.minimum_characters:
            continue
        rate_cpm = characters / spoken_s * 60
        fast = sought.above_cpm is not None and rate_cpm > sought.above_cpm
        slow = sought.below_cpm is not None and rate_cpm < sought.below_cpm
        if fast or slow:
            yield _whole(heard, at, f"每分钟 {rate_cpm:.0f} 字")


@_find.register
def _overlap(sought: Overlap, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    if not heard.conversation.timed or heard.conversation.channels < 2:
        return
    for at in positions:
        said = heard.conversation.utterances[at]
        overlap_s = max((_overlap_s(said, one) for one in _others(heard, at)), default=0.0)
        if overlap_s > sought.longer_than_s:
            yield _whole(heard, at, f"重叠 {overlap_s:.1f} 秒")


def _others(heard: Heard, at: int) -> Iterator[Utterance]:
    """Yield the other side's utterances that may still go on: those a few before."""
    utterances = heard.conversation.utterances
    for other in utterances[max(0, at - 8) : at]:
        if other.channel not in {utterances[at].channel, Channel.UNKNOWN}:
            yield other


def _overlap_s(said: Utterance, other: Utterance) -> float:
    return max(0.0, min(said.end_s, other.end_s) - max(said.start_s, other.start_s))


@_find.register
def _found(sought: Found, heard: Heard, positions: Sequence[int]) -> Iterable[Occurrence]:
    among = set(positions)
    for finding in heard.findings:
        if finding.rule == sought.rule and finding.utterance in among:
            yield Occurrence(
                finding.utterance or 0, finding.start_s, finding.end_s, finding.spans, finding.why
            )


def _said(heard: Heard, spans: tuple[Span, ...], why: str) -> Occurrence:
    start_s, end_s = heard.conversation.times_of(spans)
    return Occurrence(spans[0].utterance, start_s, end_s, spans, why, spans[-1].utterance)


def _whole(heard: Heard, at: int, why: str) -> Occurrence:
    said = heard.conversation.utterances[at]
    return Occurrence(at, said.start_s, said.end_s, (Span(at, 0, len(said.text)),), why)
