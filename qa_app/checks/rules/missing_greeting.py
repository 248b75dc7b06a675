"""The agent opened the call without a greeting that names the service or offers help."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.script import said_wording

OPENING_CHARACTERS = 300  # nobody greets or takes leave longer


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """Where a greeting is looked for and which wordings are one."""

    first_utterances: int = 3
    wordings: tuple[str, ...] = lines_of("greetings.txt")


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return one finding if the first utterances hold no greeting."""
    known = conversation.knows_roles
    positions = (
        conversation.spoken_by(Channel.AGENT) if known else range(len(conversation.utterances))
    )
    first = list(positions)[: options.first_utterances]
    if not conversation.timed or not first:
        return
    said = [conversation.utterances[i] for i in first]
    if said_wording("".join(u.text for u in said)[:OPENING_CHARACTERS], options.wordings):
        return
    yield Finding(
        rule="missing_greeting",
        channel=Channel.AGENT if known else Channel.UNKNOWN,
        start_s=said[0].start_s,
        end_s=said[0].end_s,
        utterance=first[0],
        quote=said[0].text,
        confidence=0.9,
        tier=Tier.CERTAIN,
        why=f"开头 {len(first)} 句里没有问候语（报出单位、工号或主动询问需要什么帮助）",
    )
