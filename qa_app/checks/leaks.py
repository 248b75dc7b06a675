"""From personal data that was spoken to findings against the one who leaked it."""

from collections.abc import Collection, Iterable

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding, Owner, PersonalData
from qa_app.checks.house import HousePolicy
from qa_app.checks.house_judgement import judged_data


def leaks_of(
    conversation: Conversation, rule: str, types: Collection[DataType], policy: HousePolicy
) -> Iterable[Finding]:
    """Return the leaks of the given kinds that are not internal numbers."""
    return [
        _finding(conversation, rule, data)
        for data in judged_data(conversation, policy)
        if data.leak and data.data_type in types and data.owner is not Owner.INTERNAL
    ]


def internal_leaks_of(
    conversation: Conversation, rule: str, types: Collection[DataType], policy: HousePolicy
) -> Iterable[Finding]:
    """Return the leaks of leaders' and departments' numbers."""
    return [
        _finding(conversation, rule, data)
        for data in judged_data(conversation, policy)
        if data.leak and data.data_type in types and data.owner is Owner.INTERNAL
    ]


def _finding(conversation: Conversation, rule: str, data: PersonalData) -> Finding:
    why = f"{data.basis}；{data.verdict}"
    if data.asked_in is None:
        return Finding(
            rule=rule,
            channel=data.channel,
            start_s=data.start_s,
            end_s=data.end_s,
            utterance=data.utterance,
            quote=data.quote,
            spans=data.spans,
            value=data.value,
            candidates=data.candidates,
            confidence=data.confidence,
            tier=data.tier,
            why=why,
            leak=True,
            data_type=data.data_type,
        )
    # The fault is the question: it is what one has to hear, up to the answer.
    question = conversation.utterances[data.asked_in]
    return Finding(
        rule=rule,
        channel=Channel.AGENT,
        start_s=question.start_s,
        end_s=data.end_s,
        utterance=data.asked_in,
        quote=question.text,
        spans=data.spans,
        value=data.value,
        candidates=data.candidates,
        confidence=data.confidence,
        tier=data.tier,
        why=why,
        leak=True,
        data_type=data.data_type,
    )
