"""The agent ended the call without a closing sentence."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.script import said_wording

_CUSTOMER_LEAVES = re.compile(r"再见|拜拜|[我先]挂了|不说了|挂电话")


CLOSING_CHARACTERS = 300  # nobody greets or takes leave longer


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """Where a closing is looked for and which wordings are one."""

    last_utterances: int = 3
    wordings: tuple[str, ...] = lines_of("closings.txt")


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return one finding if the last utterances hold no closing and the customer did not leave."""
    known = conversation.knows_roles
    positions = (
        conversation.spoken_by(Channel.AGENT) if known else range(len(conversation.utterances))
    )
    last = list(positions)[-options.last_utterances :]
    if not conversation.timed or not last:
        return
    said = [conversation.utterances[i] for i in last]
    if said_wording("".join(u.text for u in said)[-CLOSING_CHARACTERS:], options.wordings):
        return
    if any(_CUSTOMER_LEAVES.search(u.text) for u in conversation.utterances[last[-1] + 1 :]):
        return
    yield Finding(
        rule="missing_closing",
        channel=Channel.AGENT if known else Channel.UNKNOWN,
        start_s=said[-1].start_s,
        end_s=said[-1].end_s,
        utterance=last[-1],
        quote=said[-1].text,
        confidence=0.9,
        tier=Tier.CERTAIN,
        why=f"最后 {len(last)} 句里没有结束语（致谢、祝愿或再见）",
    )
