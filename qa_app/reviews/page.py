"""All that the review page and the result page show of one call, masked and ready to draw."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from asr.transcript import Channel
from qa_app.calls.models import Call, Utterance
from qa_app.calls.queries import utterances_of
from qa_app.checks.models import PersonalDatum
from qa_app.checks.queries import personal_data_of
from qa_app.checks.registry import Kind
from qa_app.redaction.masking import Mask, hidden_words, masks_in, scrubbed
from qa_app.reviews.cards import Card, Working, cards_of, kind_of, status_of, working_of
from qa_app.reviews.models import Deduction, Evaluation, EvaluationStatus
from qa_app.reviews.sums import Sums, sums_of
from qa_app.reviews.turns import Place, Spot, Turn, silences_of, turn_of
from qa_app.reviews.voices import Voice, voices_of
from qa_app.reviews.wave import Lane, Region, Tick, lanes_of, rows_of, span_of, ticks_of


@dataclass(frozen=True, slots=True)
class Pause:
    """A long silence, shown between the turns round it."""

    at_s: float
    words: str
    deduction: str
    status: str


class CallPage:
    """A call's pages, worked out part by part: an answer to a decision needs no waveform."""

    def __init__(
        self,
        call: Call,
        evaluation: Evaluation,
        utterances: Sequence[Utterance],
        data: Sequence[PersonalDatum],
    ) -> None:
        self.call = call
        self.evaluation = evaluation
        self.utterances = utterances
        texts = {utterance.position: utterance.text for utterance in utterances}
        self.hidden = hidden_words(texts, data)
        self.masks = _masks(texts, data)
        self.duration_s = call.duration_s or 0.0

    @cached_property
    def sums(self) -> Sums:
        """The three figures with their working."""
        return sums_of(self.evaluation)

    @cached_property
    def cards(self) -> list[Card]:
        """Findings and deductions."""
        return cards_of(
            self.evaluation,
            sums=self.sums,
            utterances=self.utterances,
            masks=self.masks,
            hidden=self.hidden,
        )

    @cached_property
    def working(self) -> Working:
        """The sum."""
        return working_of(self.evaluation, sums=self.sums)

    @property
    def judged(self) -> bool:
        """Whether there was anything to judge: full points for silence would be no score."""
        draft = self.evaluation.status is EvaluationStatus.DRAFT
        return bool(self.utterances or self.cards) or not draft

    @property
    def pending(self) -> int:
        """How many proposals wait for a decision."""
        return sum(card.status == "pending" for card in self.cards)

    @cached_property
    def lanes(self) -> list[Lane]:
        """The sound."""
        return lanes_of(self.call)

    @property
    def ticks(self) -> list[Tick]:
        """The ruler."""
        return ticks_of(self.duration_s)

    @property
    def silences(self) -> list[tuple[float, float]]:
        """Where nobody speaks."""
        return silences_of(self.utterances, self.duration_s)

    @property
    def roles_known(self) -> bool:
        """Whether the voices are told apart."""
        return any(one.channel is not Channel.UNKNOWN for one in self.utterances)

    @cached_property
    def voices(self) -> list[Voice]:
        """The voices in one sound; none where the sides are recorded apart."""
        return voices_of(self.utterances)

    @cached_property
    def regions(self) -> list[Region]:
        """The findings on the sound."""
        channels = {
            deduction.id: deduction.finding.channel if deduction.finding else Channel.AGENT
            for deduction in self.evaluation.deductions
        }
        return [self._region(card, channels[card.id]) for card in self.cards]

    def _region(self, card: Card, channel: Channel) -> Region:
        left, width = span_of(card.start_s, card.end_s, self.duration_s)
        both = card.kind == Kind.TIMING
        top, height = rows_of(channel, self.lanes, both=both)
        return Region(
            deduction=card.id,
            kind=card.kind,
            status=card.status,
            label=card.short_title,
            name=card.title,
            start_s=card.start_s,
            left=left,
            width=width,
            top=top,
            height=height,
        )

    @cached_property
    def lines(self) -> list[Turn | Pause]:
        """The transcript, with long silences between the turns."""
        places = _places(self.evaluation.deductions, self.utterances)
        pauses = _pauses(self.evaluation.deductions, self.hidden)
        lines: list[Turn | Pause] = []
        for utterance in self.utterances:
            while pauses and pauses[0].at_s <= utterance.start_s + 0.01:
                lines.append(pauses.pop(0))
            position = utterance.position
            lines.append(
                turn_of(
                    utterance,
                    masks=self.masks.get(position, ()),
                    places=places.get(position, ()),
                )
            )
        return [*lines, *pauses]

    def masked(self, sentence: str) -> str:
        """Return a sentence about this call without its personal data."""
        return scrubbed(sentence, self.hidden)


def page_of(session: Session, *, call: Call, evaluation: Evaluation) -> CallPage:
    """Read what the pages of a call need."""
    return CallPage(
        call,
        evaluation,
        utterances_of(session, call.id),
        personal_data_of(session, call.id),
    )


def _masks(texts: Mapping[int, str], data: Iterable[PersonalDatum]) -> dict[int, list[Mask]]:
    by_position: dict[int, list[PersonalDatum]] = defaultdict(list)
    for datum in data:
        by_position[datum.utterance].append(datum)
    return {
        position: [
            replace(mask, utterance=position)
            for mask in masks_in(text, by_position.get(position, ()))
        ]
        for position, text in texts.items()
    }


def _places(
    deductions: Iterable[Deduction], utterances: Sequence[Utterance]
) -> dict[int, list[Place]]:
    lengths = {utterance.position: len(utterance.text) for utterance in utterances}
    places: dict[int, list[Place]] = defaultdict(list)
    whole: dict[int, Place] = {}
    for deduction in deductions:
        finding = deduction.finding
        if finding is None:
            continue
        spot = Spot(deduction.id, kind_of(deduction), status_of(deduction))
        for position, start, end in finding.spans:
            places[position].append(Place(start, end, spot))
        at = finding.utterance
        if not finding.spans and finding.quote and at is not None and at in lengths:
            whole[at] = Place(0, lengths[at], spot)
    # What a whole sentence lacks is marked on it only where no words of it are marked already.
    return {position: [place] for position, place in whole.items()} | places


def _pauses(deductions: Iterable[Deduction], hidden: Mapping[str, str]) -> list[Pause]:
    pauses = [
        Pause(d.end_s, scrubbed(d.reason, hidden), d.id, status_of(d))
        for d in deductions
        if d.finding is not None and d.finding.rule == "long_silence"
    ]
    return sorted(pauses, key=lambda pause: pause.at_s)
