"""Findings and deductions as they are shown: a card each, and the sum line by line."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from qa_app.calls.models import Utterance
from qa_app.checks.finding import Tier
from qa_app.checks.models import StoredFinding
from qa_app.checks.registry import RULES, Kind
from qa_app.checks.wording import rule_title
from qa_app.core.language import length
from qa_app.core.text import masked_number
from qa_app.redaction.masking import Mask, scrubbed
from qa_app.reviews.models import Deduction, DeductionStatus, Evaluation, Origin
from qa_app.reviews.sums import Sums
from qa_app.reviews.turns import Piece, Run, runs_of
from qa_app.scorecards.models import Criterion
from qa_app.scorecards.queries import criteria_of
from qa_app.scorecards.wording import cost_in_words, minus, plain

#: How much of the sentence round a finding is quoted, in characters on each side.
_AROUND = 14
_STATUS = {
    DeductionStatus.MACHINE: "pending",
    DeductionStatus.CONFIRMED: "confirmed",
    DeductionStatus.DISMISSED: "dismissed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of one voice."""

    channel: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One deduction, proposed or decided, with all that a decision needs."""

    id: str
    kind: str
    title: str
    short_title: str
    status: str
    by_person: bool
    start_s: float
    end_s: float
    quotes: tuple[Quote, ...]
    #: What else the sounds may have said, masked.
    readings: tuple[str, ...]
    why: str
    clause: str
    clause_title: str
    clause_text: str
    cost: str
    rule_set_version: int | None
    #: What it takes from the score now; empty for a finding that no clause punishes.
    points: Decimal | None
    confidence: float
    tier: Tier
    dismiss_reason: str
    decided_by: str
    decided_at: datetime | None

    @property
    def clock(self) -> str:
        """When it is: one time, or from and to when it lasts."""
        first, last = length(int(self.start_s)), length(int(self.end_s))
        return first if first == last else f"{first}–{last}"

    @property
    def verdict(self) -> str:
        """How it stands, in a word or two."""
        words: str
        if self.status == "confirmed":
            words = _("补扣") if self.by_person else _("已确认")
        elif self.status == "dismissed":
            words = _("不计")
        elif self.tier is not Tier.CERTAIN:
            words = _("疑似 %(confidence)s", confidence=f"{self.confidence:.2f}")
        else:
            words = _("待判定")
        return words

    @property
    def minus(self) -> str:
        """The points with their sign."""
        return minus(self.points) if self.points is not None else ""

    @property
    def plain_points(self) -> str:
        """The points without a sign, for a sentence."""
        return plain(self.points) if self.points is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case under a line of the sum."""

    number: int
    deduction: str
    title: str
    start_s: float
    status: str
    minus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One criterion of the sum with its cases."""

    clause: str
    title: str
    cost: str
    minus: str
    capped: bool
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """The whole sum, as it is shown."""

    start: str
    lines: tuple[Line, ...]
    total: str
    score: str
    if_all: str
    machine: str
    max_points: str
    pass_points: str
    floor: str
    ceiling: str
    clamped: bool
    fatal: bool


def cards_of(
    evaluation: Evaluation,
    *,
    sums: Sums,
    utterances: Sequence[Utterance],
    masks: Mapping[int, Sequence[Mask]],
    hidden: Mapping[str, str],
) -> list[Card]:
    """Return a card for each deduction, in time order."""
    by_position = {utterance.position: utterance for utterance in utterances}
    return [
        _card(deduction, sums=sums, said=by_position, masks=masks, hidden=hidden)
        for deduction in sorted(evaluation.deductions, key=lambda d: (d.start_s, d.id))
    ]


def working_of(evaluation: Evaluation, *, sums: Sums) -> Working:
    """Return the sum in the order of the scorecard, with what is pending and dismissed."""
    version, confirmed = evaluation.version, sums.confirmed
    by_criterion: dict[str, list[Deduction]] = defaultdict(list)
    for deduction in evaluation.deductions:
        if deduction.criterion_id is not None:
            by_criterion[deduction.criterion_id].append(deduction)
    counted = {line.criterion.id: line for part in confirmed.sections for line in part.lines}
    lines = []
    for criterion in criteria_of(version):
        if criterion.id not in by_criterion:
            continue
        line = counted.get(criterion.id)
        lines.append(
            Line(
                clause=criterion.clause,
                title=criterion.title,
                cost=cost_in_words(criterion),
                minus=minus(line.points) if line else "0",
                capped=line.capped if line else False,
                cases=tuple(_cases(criterion, by_criterion[criterion.id], sums)),
            )
        )
    score = plain(confirmed.score_points)
    parts = [plain(version.start_points), *(plain(one.points) for one in counted.values())]
    return Working(
        start=plain(version.start_points),
        lines=tuple(lines),
        total=f"{' − '.join(parts)} = {score}" if len(parts) > 1 else score,
        score=score,
        if_all=plain(sums.if_all_confirmed.score_points),
        machine="" if evaluation.machine_points is None else plain(evaluation.machine_points),
        max_points=plain(evaluation.max_points),
        pass_points=plain(version.pass_points),
        floor=plain(version.floor_points),
        ceiling=plain(version.ceiling_points),
        clamped=confirmed.clamped,
        fatal=confirmed.fatal,
    )


def status_of(deduction: Deduction) -> str:
    """Return how a deduction stands, as style sheets and scripts name it."""
    return _STATUS[deduction.status]


def kind_of(deduction: Deduction) -> str:
    """Return how a deduction is drawn; a person's own by what its clause is about."""
    rules = [deduction.finding.rule] if deduction.finding else []
    if deduction.criterion is not None:
        rules += deduction.criterion.rules
    return next((RULES[name].kind for name in rules if name in RULES), Kind.SERVICE).value


def titles_of(deduction: Deduction) -> tuple[str, str]:
    """Return what a deduction is called, and the short form for a flag."""
    finding, criterion = deduction.finding, deduction.criterion
    if finding is not None:
        title = rule_title(finding.rule, finding.title)
        return title.replace("·", " · "), title.rsplit("·", 1)[-1]
    return (criterion.title if criterion else ""), _("补扣")


def _card(
    deduction: Deduction,
    *,
    sums: Sums,
    said: Mapping[int, Utterance],
    masks: Mapping[int, Sequence[Mask]],
    hidden: Mapping[str, str],
) -> Card:
    finding, criterion = deduction.finding, deduction.criterion
    title, short_title = titles_of(deduction)
    return Card(
        id=deduction.id,
        kind=kind_of(deduction),
        title=title,
        short_title=short_title,
        status=status_of(deduction),
        by_person=deduction.origin is Origin.PERSON,
        start_s=deduction.start_s,
        end_s=deduction.end_s,
        quotes=_quotes(finding, said, masks, hidden) if finding else (),
        readings=tuple(masked_number(one) for one in (finding and finding.candidates) or ()),
        why=scrubbed(deduction.reason, hidden),
        clause=criterion.clause if criterion else "",
        clause_title=criterion.title if criterion else "",
        clause_text=criterion.text if criterion else "",
        cost=cost_in_words(criterion) if criterion else "",
        rule_set_version=finding.rule_set_version if finding else None,
        points=_points(deduction, sums),
        confidence=finding.confidence if finding else 1.0,
        tier=finding.tier if finding else Tier.CERTAIN,
        dismiss_reason=scrubbed(deduction.dismiss_reason, hidden),
        decided_by=deduction.decided_by.name if deduction.decided_by else "",
        decided_at=deduction.decided_at,
    )


def _points(deduction: Deduction, sums: Sums) -> Decimal | None:
    if deduction.criterion is None:
        return None
    return sums.points.get(deduction.id, deduction.criterion.first_points)


def _quotes(
    finding: StoredFinding,
    said: Mapping[int, Utterance],
    masks: Mapping[int, Sequence[Mask]],
    hidden: Mapping[str, str],
) -> tuple[Quote, ...]:
    """Quote the words with some of what stands round them, cut from the masked transcript."""
    quotes: list[Quote] = []
    spans = [(int(at), int(start), int(end)) for at, start, end in finding.spans]
    if (
        finding.utterance is not None
        and finding.quote
        and finding.utterance not in {span[0] for span in spans}
    ):
        # The fault stands in another sentence than the data, as a question before its answer.
        spans.insert(0, (finding.utterance, 0, _AROUND * 3))
    for position in dict.fromkeys(span[0] for span in spans):
        utterance = said.get(position)
        if utterance is None:
            continue
        start = min(span[1] for span in spans if span[0] == position) - _AROUND
        end = max(span[2] for span in spans if span[0] == position) + _AROUND
        runs = runs_of(utterance, masks=masks.get(position, ()), window=(start, end))
        before = (Run((Piece("…"),)),) if start > 0 else ()
        after = (Run((Piece("…"),)),) if end < len(utterance.text) else ()
        quotes.append(Quote(channel=utterance.channel.value, runs=(*before, *runs, *after)))
    if not quotes and finding.quote:
        words = scrubbed(finding.quote, hidden)
        quotes.append(Quote(channel=finding.channel.value, runs=(Run((Piece(words),)),)))
    return tuple(quotes)


def _cases(criterion: Criterion, deductions: Iterable[Deduction], sums: Sums) -> Iterable[Case]:
    """Yield confirmed cases as the arithmetic counts them, then what waits, then the rest."""
    order = (DeductionStatus.CONFIRMED, DeductionStatus.MACHINE, DeductionStatus.DISMISSED)
    ordered = sorted(deductions, key=lambda d: (order.index(d.status), d.start_s, d.id))
    for number, deduction in enumerate(ordered, 1):
        points = sums.points.get(deduction.id, criterion.first_points)
        yield Case(
            number=number,
            deduction=deduction.id,
            title=titles_of(deduction)[1],
            start_s=deduction.start_s,
            status=status_of(deduction),
            minus=minus(points),
        )
