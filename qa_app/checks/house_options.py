"""What a site's rule set tells each rule that takes options."""

from collections.abc import Mapping
from dataclasses import replace

from qa_app.checks.rule_set import RuleSet
from qa_app.checks.rules import (
    interruption,
    long_silence,
    missing_closing,
    missing_greeting,
    speech_rate,
)


def options_of(rules: RuleSet) -> Mapping[str, object]:
    """Return the options of the rules that a site may set; what it left alone is as shipped."""
    set_to = rules.thresholds
    silence, overlap = long_silence.Options(), interruption.Options()
    rate = speech_rate.Options()
    greeting, closing = missing_greeting.Options(), missing_closing.Options()
    return {
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


def _or(set_to: float | None, shipped: float) -> float:
    return shipped if set_to is None else set_to
