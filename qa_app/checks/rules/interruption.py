"""抢话: the agent began to speak while the customer was speaking and went on."""

from collections.abc import Iterable
from dataclasses import dataclass

from asr.transcript import Channel, Utterance
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import Finding, Tier
from qa_app.checks.rules.options import NoOptions
from qa_app.checks.script import plain

_LISTENING = frozenset(
    "嗯 对 好 是 哦 啊 行 噢 唉 哎 恩 呃 您说 你说 好的 是的 对的 嗯嗯 好好 对对 是是 明白 "
    "嗯好 嗯对 哦哦 好嘞 好吧 行的 可以 没错 是吗 这样 哦好的 嗯好的 对对对 好好好 是是是 "
    "嗯嗯嗯 您请说 您继续 我知道 知道了 明白了 了解 我明白 好的好的 您请讲 请讲 请说".split()
)


@dataclass(frozen=True, slots=True)
class Options(NoOptions):
    """How long both must speak at once."""

    overlap_s: float = 1.0


def find(conversation: Conversation, options: Options) -> Iterable[Finding]:
    """Return each utterance of the agent that cut into one of the customer's."""
    if not conversation.timed or conversation.channels < 2:
        return  # On one channel the voices cannot be told apart while both speak.
    customer = [u for u in conversation.utterances if u.channel is Channel.CUSTOMER]
    for position, said in enumerate(conversation.utterances):
        if said.channel is not Channel.AGENT or plain(said.text) in _LISTENING:
            continue
        overlap_s = max((_overlap_s(said, other) for other in customer), default=0.0)
        if overlap_s < options.overlap_s:
            continue
        yield Finding(
            rule="interruption",
            channel=Channel.AGENT,
            start_s=said.start_s,
            end_s=said.end_s,
            utterance=position,
            quote=said.text,
            value=f"{overlap_s:.1f}",
            confidence=0.9,
            tier=Tier.CERTAIN,
            why=f"客户还在说话时插话，重叠 {overlap_s:.1f} 秒，标准是 {options.overlap_s:g} 秒以内",
        )


def _overlap_s(agent: Utterance, customer: Utterance) -> float:
    """How long the customer went on after the agent cut in."""
    if not customer.start_s < agent.start_s < customer.end_s:
        return 0.0
    if plain(customer.text) in _LISTENING:
        return 0.0
    return round(min(agent.end_s, customer.end_s) - agent.start_s, 2)
