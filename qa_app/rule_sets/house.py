"""The bounds that every site begins with, to stand beside the fields that change them."""

from collections.abc import Mapping

from qa_app.checks.house_options import options_of
from qa_app.checks.rule_set import SHIPPED

_FIELDS = {
    "silence_s": ("long_silence", "limit_s"),
    "announced_silence_s": ("long_silence", "announced_limit_s"),
    "overlap_s": ("interruption", "overlap_s"),
    "rate_high_cpm": ("speech_rate", "limit_cpm"),
}


def shipped_options() -> Mapping[str, float]:
    """Return each shipped bound by the name of its threshold; what is not bounded has none."""
    options = options_of(SHIPPED)
    return {name: getattr(options[rule], field) for name, (rule, field) in _FIELDS.items()}
