"""Every rule by its name: the function, how it is drawn, and what it may be told."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from asr.transcript import Channel
from qa_app.checks.composite_run import run_composite
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding, Tier
from qa_app.checks.house_options import options_of
from qa_app.checks.rule_set import SHIPPED, RuleSet
from qa_app.checks.rules import (
    interruption,
    leak_address,
    leak_bank_card,
    leak_email,
    leak_id_card,
    leak_internal_phone,
    leak_landline,
    leak_mobile,
    leak_name,
    leak_password,
    leak_plate,
    leak_verification_code,
    long_silence,
    missing_closing,
    missing_greeting,
    no_identity_check,
    profanity,
    rude_language,
    speech_rate,
)
from qa_app.checks.rules.options import LeakOptions, NoOptions, WordOptions


class Kind(StrEnum):
    """How a finding is drawn: glyph, underline and colour hang on it."""

    PROFANITY = "profanity"
    LEAK = "leak"
    SERVICE = "service"
    TIMING = "timing"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its version rises when the same call may give other findings."""

    name: str
    kind: Kind
    find: Callable[[Conversation, Any], Iterable[Finding]]
    options: object = field(default_factory=NoOptions)
    version: int = 1
    data_type: DataType | None = None


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("profanity", Kind.PROFANITY, profanity.find, WordOptions(), version=2),
        Rule("rude_language", Kind.SERVICE, rude_language.find, WordOptions(), version=3),
        Rule(
            "leak_mobile",
            Kind.LEAK,
            leak_mobile.find,
            LeakOptions(),
            data_type=DataType.MOBILE,
            version=3,
        ),
        Rule(
            "leak_landline",
            Kind.LEAK,
            leak_landline.find,
            LeakOptions(),
            data_type=DataType.LANDLINE,
            version=3,
        ),
        Rule(
            "leak_id_card",
            Kind.LEAK,
            leak_id_card.find,
            LeakOptions(),
            data_type=DataType.ID_CARD,
            version=3,
        ),
        Rule(
            "leak_bank_card",
            Kind.LEAK,
            leak_bank_card.find,
            LeakOptions(),
            data_type=DataType.BANK_CARD,
            version=3,
        ),
        Rule(
            "leak_email",
            Kind.LEAK,
            leak_email.find,
            LeakOptions(),
            data_type=DataType.EMAIL,
            version=2,
        ),
        Rule(
            "leak_address",
            Kind.LEAK,
            leak_address.find,
            LeakOptions(),
            data_type=DataType.ADDRESS,
            version=2,
        ),
        Rule(
            "leak_name",
            Kind.LEAK,
            leak_name.find,
            LeakOptions(),
            data_type=DataType.NAME,
            version=2,
        ),
        Rule(
            "leak_verification_code",
            Kind.LEAK,
            leak_verification_code.find,
            LeakOptions(),
            data_type=DataType.VERIF_CODE,
            version=3,
        ),
        Rule(
            "leak_password",
            Kind.LEAK,
            leak_password.find,
            LeakOptions(),
            data_type=DataType.PASSWORD,
            version=3,
        ),
        Rule(
            "leak_plate",
            Kind.LEAK,
            leak_plate.find,
            LeakOptions(),
            data_type=DataType.PLATE,
            version=2,
        ),
        Rule("leak_internal_phone", Kind.LEAK, leak_internal_phone.find, LeakOptions(), version=3),
        Rule(
            "missing_greeting",
            Kind.SERVICE,
            missing_greeting.find,
            missing_greeting.Options(),
            version=2,
        ),
        Rule(
            "missing_closing",
            Kind.SERVICE,
            missing_closing.find,
            missing_closing.Options(),
            version=2,
        ),
        Rule("no_identity_check", Kind.SERVICE, no_identity_check.find, LeakOptions()),
        Rule("long_silence", Kind.TIMING, long_silence.find, long_silence.Options(), version=2),
        Rule("interruption", Kind.TIMING, interruption.find, interruption.Options(), version=2),
        Rule("speech_rate", Kind.TIMING, speech_rate.find, speech_rate.Options(), version=2),
    )
}


def kind_of_rule(name: str) -> Kind:
    """Return how a rule's findings are drawn; a site's own, and what is gone, as service."""
    return RULES[name].kind if name in RULES else Kind.SERVICE


def version_of_rule(name: str) -> int:
    """Return a rule's version in this program; a site's own changes with its rule set alone."""
    return RULES[name].version if name in RULES else 1


def run_checks(
    conversation: Conversation,
    *,
    rules: Collection[str] | None = None,
    options: Mapping[str, object] | None = None,
    rule_set: RuleSet = SHIPPED,
) -> tuple[Finding, ...]:
    """Run the named rules, or all that the site has on, and return what they found in time order.

    The site's own rules come last: they may build on what the others found.
    """
    told = {**options_of(rule_set), **(options or {})}
    found = [
        _signed(rule, finding)
        for rule in RULES.values()
        if (rule_set.is_on(rule.name) if rules is None else rule.name in rules)
        for finding in rule.find(conversation, told.get(rule.name, rule.options))
    ]
    if rules is None:
        found += _composite_findings(conversation, rule_set, found)
    return tuple(sorted(found, key=lambda finding: (finding.start_s, finding.rule)))


def _composite_findings(
    conversation: Conversation, rule_set: RuleSet, found: Collection[Finding]
) -> list[Finding]:
    return [
        _unaccused(finding)
        for composite in rule_set.composites
        if composite.on and rule_set.is_on(composite.name)
        for finding in run_composite(composite, conversation, found)
    ]


def _signed(rule: Rule, finding: Finding) -> Finding:
    """Add the rule's version."""
    return replace(_unaccused(finding), version=rule.version)


def _unaccused(finding: Finding) -> Finding:
    """Lower the tier where nobody knows who spoke: they cannot be accused with certainty."""
    unsure = finding.channel is Channel.UNKNOWN and finding.tier is Tier.CERTAIN
    return replace(finding, tier=Tier.PROBABLE) if unsure else finding
