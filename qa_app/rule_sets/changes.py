"""What one rule set changes of another, line by line, for whoever has to agree to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from flask_babel import gettext as _

from qa_app.checks.rule_set import RuleSet
from qa_app.checks.wording import rule_title
from qa_app.core.text import mask_phone
from qa_app.rule_sets.wording import (
    POLICY_TITLES,
    THRESHOLD_TITLES,
    TIER_TITLES,
    WORDING_TITLES,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One line: added, taken away, or different."""

    section: str
    sign: str  # "+", "−" or "→"
    text: str


def changes_between(before: RuleSet, after: RuleSet) -> list[Change]:
    """Return every change in the order of the sections."""
    return [
        *_rules_on(before, after),
        *_words(before, after),
        *_listed("allowed", before.allowed, after.allowed),
        *_listed("phrases", _phrases(before), _phrases(after)),
        *_wordings(before, after),
        *_thresholds(before, after),
        *_listed("numbers", before.public_numbers, after.public_numbers),
        *_listed("directory", _directory(before), _directory(after)),
        *_switches(before, after),
        *_composites(before, after),
    ]


def _listed(section: str, before: Iterable[str], after: Iterable[str]) -> Iterator[Change]:
    old, new = tuple(before), tuple(after)
    yield from (Change(section, "+", one) for one in new if one not in old)
    yield from (Change(section, "−", one) for one in old if one not in new)


def _rules_on(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    for name in sorted(before.off ^ after.off):
        words = _("打开") if name in before.off else _("关闭")
        yield Change("rules", "→", f"{rule_title(name)}：{words}")


def _words(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    def lines(rules: RuleSet) -> list[str]:
        added = [f"{one.text}（{TIER_TITLES[one.tier]}）" for one in rules.words_added]
        return [*added, *(_("不再检出“%(word)s”", word=one) for one in rules.words_removed)]

    yield from _listed("words", lines(before), lines(after))


def _phrases(rules: RuleSet) -> list[str]:
    return [f"{one.category}：{one.text}" for one in rules.phrases]


def _directory(rules: RuleSet) -> list[str]:
    return [f"{one.name} {one.department} {mask_phone(one.number)}" for one in rules.directory]


def _wordings(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    for name, title in WORDING_TITLES.items():
        old, new = getattr(before, name), getattr(after, name)
        shipped = (*old.removed, *new.removed)
        for change in _listed("wordings", old.of(shipped), new.of(shipped)):
            yield Change("wordings", change.sign, f"{title}：{change.text}")


def _thresholds(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    for one in fields(before.thresholds):
        old, new = getattr(before.thresholds, one.name), getattr(after.thresholds, one.name)
        if old != new:
            words = f"{THRESHOLD_TITLES[one.name]}：{_bound(old)} → {_bound(new)}"
            yield Change("thresholds", "→", words)


def _bound(value: float | None) -> str:
    return str(_("默认")) if value is None else f"{value:g}"


def _switches(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    switches = (
        (_("复述客户的号码"), before.readback, after.readback),
        (_("坐席给出本人手机"), before.own_mobile, after.own_mobile),
    )
    for title, old, new in switches:
        if old != new:
            yield Change("switches", "→", f"{title}：{POLICY_TITLES[new]}")


def _composites(before: RuleSet, after: RuleSet) -> Iterator[Change]:
    old = {one.slug: one for one in before.composites}
    new = {one.slug: one for one in after.composites}
    yield from (
        Change("composites", "+", f"{one.title}：{one.written}")
        for slug, one in new.items()
        if slug not in old
    )
    yield from (
        Change("composites", "−", one.title) for slug, one in old.items() if slug not in new
    )
    for slug, one in new.items():
        if slug in old and old[slug] != one:
            yield Change("composites", "→", f"{one.title}：{one.written}")
