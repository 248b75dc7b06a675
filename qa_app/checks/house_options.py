"""What a site's rule set tells each rule that takes options."""

from collections.abc import Mapping
from dataclasses import replace

from qa_app.checks.house import HousePolicy, HouseWords
from qa_app.checks.rule_set import Policy, RuleSet
from qa_app.checks.rules import (
    interruption,
    long_silence,
    missing_closing,
    missing_greeting,
    speech_rate,
)
from qa_app.checks.rules.options import LeakOptions, WordOptions

_LEAKS = tuple(
    f"leak_{kind}"
    for kind in (
        "mobile", "landline", "id_card", "bank_card", "email", "address", "name",
        "verification_code", "password", "plate", "internal_phone",
    )
)  # fmt: skip


def options_of(rules: RuleSet) -> Mapping[str, object]:
    """Return the options of the rules that a site may set; what it left alone is as shipped."""
    set_to = rules.thresholds
    silence, overlap = long_silence.Options(), interruption.Options()
    rate = speech_rate.Options()
    greeting, closing = missing_greeting.Options(), missing_closing.Options()
    words, leaks = WordOptions(_words(rules)), LeakOptions(policy_of(rules))
    return {
        "profanity": words,
        "rude_language": words,
        **dict.fromkeys(_LEAKS, leaks),
        "no_identity_check": leaks,
        "long_silence": replace(
            silence,
            limit_s=_or(set_to.silence_s, silence.limit_s),
            announced_limit_s=_or(set_to.announced_silence_s, silence.announced_limit_s),
            agent_announcements=rules.agent_holds.of(silence.agent_announcements),
            customer_announcements=rules.customer_holds.of(silence.customer_announcements),
        ),
        "interruption": replace(overlap, overlap_s=_or(set_to.overlap_s, overlap.overlap_s)),
        "speech_rate": replace(
            rate,
            limit_cpm=_or(set_to.rate_high_cpm, rate.limit_cpm),
            lowest_cpm=_or(set_to.rate_low_cpm, rate.lowest_cpm),
        ),
        "missing_greeting": replace(greeting, wordings=rules.greetings.of(greeting.wordings)),
        "missing_closing": replace(closing, wordings=rules.closings.of(closing.wordings)),
    }


def policy_of(rules: RuleSet) -> HousePolicy:
    """Return what a site knows and allows of numbers."""
    return HousePolicy(
        public=rules.public_numbers,
        internal=tuple(one.number for one in rules.directory),
        readback_is_leak=rules.readback is Policy.FINDING,
        own_mobile_is_leak=rules.own_mobile is Policy.FINDING,
    )


def _words(rules: RuleSet) -> HouseWords:
    return HouseWords(
        added=tuple((one.text, one.tier.value) for one in rules.words_added),
        removed=rules.words_removed,
        allowed=rules.allowed,
        phrases=tuple((one.category, one.text) for one in rules.phrases),
    )


def _or(set_to: float | None, shipped: float) -> float:
    return shipped if set_to is None else set_to
