"""Runs a customer's rule over a call.

The rule is tried at each place where its first wanted condition is met: what is anchored to that
condition must be near that very place. Where something is anchored to the first or the last of its
places, that one alone is tried. A rule of absences only, or one whose first condition is never met,
is tried once for the whole call.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from asr.transcript import Channel
from qa_app.checks.composite import Anchor, CompositeRule, Condition, Severity, Side, Which
from qa_app.checks.conversation import Conversation
from qa_app.checks.expressions import holds, named_in
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.occurrences import Heard, Occurrence, places_in

MOST_FINDINGS = 50  # of one rule in one call; what fires more often is a mistake in the rule
_TIERS = {
    Severity.PROMPT: (Tier.SUSPECTED, 0.6),
    Severity.PROPOSE: (Tier.PROBABLE, 0.8),
    Severity.DEDUCT: (Tier.CERTAIN, 0.9),
}
_SIDES = {Channel.AGENT: "坐席", Channel.CUSTOMER: "客户"}

Places = Mapping[str, Sequence[Occurrence]]


def run_composite(
    rule: CompositeRule, conversation: Conversation, findings: Iterable[Finding] = ()
) -> Iterator[Finding]:
    """Yield what the rule finds, given what the other rules found."""
    if not conversation.utterances:
        return
    heard = Heard(conversation, tuple(findings))
    places = {one.id: places_in(heard, one.sought, one.range) for one in rule.conditions}
    head = _head(rule)
    tried: Sequence[Occurrence | None] = _tried(rule, head, places) if head else ()
    for number, focus in enumerate(tried or (None,)):
        if number == MOST_FINDINGS:
            return
        met = _met_at(rule, places, head, focus)
        if holds(rule.expression, lambda name, met=met: _holds(rule.condition(name), met)):  # type: ignore[misc]
            yield _finding(rule, conversation, met, focus)


def _head(rule: CompositeRule) -> Condition | None:
    """Return the first condition that is wanted to be there."""
    for name, negated in named_in(rule.expression):
        condition = rule.condition(name)
        if not negated and not condition.is_absence:
            return condition
    return None


def _tried(rule: CompositeRule, head: Condition, places: Places) -> Sequence[Occurrence]:
    anchored = (one.anchor for one in rule.conditions if one.anchor is not None)
    singled = (one.which for one in anchored if one.condition == head.id)
    which = next((one for one in singled if one is not Which.ANY), Which.ANY)
    return _chosen(_near_anchors(rule, head, places), which)


def _chosen(found: Sequence[Occurrence], which: Which) -> Sequence[Occurrence]:
    match which:
        case Which.FIRST:
            return found[:1]
        case Which.LAST:
            return found[-1:]
        case Which.ANY:
            return found


def _near_anchors(
    rule: CompositeRule, condition: Condition, places: Places
) -> Sequence[Occurrence]:
    """Return the places of a condition that lie near those of its anchor, and so on upwards."""
    if condition.anchor is None:
        return places[condition.id]
    anchor = rule.condition(condition.anchor.condition)
    anchors = _chosen(_near_anchors(rule, anchor, places), condition.anchor.which)
    return _near(places[condition.id], condition.anchor, anchors)


def _met_at(
    rule: CompositeRule, places: Places, head: Condition | None, focus: Occurrence | None
) -> dict[str, Sequence[Occurrence]]:
    met: dict[str, Sequence[Occurrence]] = {}

    def places_of(condition: Condition) -> Sequence[Occurrence]:
        if head is not None and condition.id == head.id:
            return () if focus is None else (focus,)
        if condition.id not in met:
            found = places[condition.id]
            if condition.anchor is not None:
                anchor = rule.condition(condition.anchor.condition)
                which = condition.anchor.which
                # The first and the last are those of the call, whichever place is tried.
                anchors = (
                    places_of(anchor) if which is Which.ANY else _near_anchors(rule, anchor, places)
                )
                found = _near(found, condition.anchor, _chosen(anchors, which))
            met[condition.id] = found
        return met[condition.id]

    return {one.id: places_of(one) for one in rule.conditions}


def _holds(condition: Condition, met: Mapping[str, Sequence[Occurrence]]) -> bool:
    return bool(met[condition.id]) != condition.is_absence


def _near(
    found: Sequence[Occurrence], anchor: Anchor, anchors: Sequence[Occurrence]
) -> list[Occurrence]:
    return [one for one in found if any(_is_near(one, other, anchor) for other in anchors)]


def _is_near(one: Occurrence, other: Occurrence, anchor: Anchor) -> bool:
    if one == other:
        return False
    before = one.place <= other.place and one.start_s <= other.start_s
    if anchor.side is Side.BEFORE and not before:
        return False
    if anchor.side is Side.AFTER and (before and one.place != other.place):
        return False
    if anchor.utterances is not None:
        apart = other.utterance - one.last if before else one.utterance - other.last
        if apart > anchor.utterances:
            return False
    if anchor.seconds is not None:
        apart_s = other.start_s - one.end_s if before else one.start_s - other.end_s
        return apart_s <= anchor.seconds
    return True


def _finding(
    rule: CompositeRule,
    conversation: Conversation,
    met: Mapping[str, Sequence[Occurrence]],
    focus: Occurrence | None,
) -> Finding:
    shown = focus or next((one[0] for one in met.values() if one), None)
    tier, confidence = _TIERS[rule.severity]
    said = conversation.utterances[shown.utterance if shown else 0]
    return Finding(
        rule=rule.name,
        channel=_accused(rule, conversation, said.channel),
        start_s=shown.start_s if shown else said.start_s,
        end_s=shown.end_s if shown else said.end_s,
        utterance=shown.utterance if shown else None,
        quote=conversation.quote(shown.spans) if shown and shown.spans else "",
        spans=shown.spans if shown else (),
        confidence=confidence,
        tier=tier,
        why="；".join(_evidence(rule, conversation, met)),
    )


def _accused(rule: CompositeRule, conversation: Conversation, spoke: Channel) -> Channel:
    """Blame the agent for what costs points, whoever's words showed it."""
    if rule.clause and conversation.knows_roles:
        return Channel.AGENT
    return spoke


def _evidence(
    rule: CompositeRule, conversation: Conversation, met: Mapping[str, Sequence[Occurrence]]
) -> Iterator[str]:
    """Yield for each condition what met it, or that nothing did."""
    for condition in rule.conditions:
        found = met[condition.id]
        if not found:
            yield f"条件 {condition.id}：没有"
            continue
        first = found[0]
        side = _SIDES.get(conversation.utterances[first.utterance].channel, "")
        minutes, seconds = divmod(int(first.start_s), 60)
        yield f"条件 {condition.id}：{side}{first.why}（{minutes:02d}:{seconds:02d}）"
