"""Whose data was spoken, and whether the one who said it may."""

import re
from dataclasses import dataclass, replace
from functools import cache

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import rows_of
from qa_app.checks.finding import DataType, Owner, Tier
from qa_app.checks.first_said import FirstSaid
from qa_app.checks.normal_form import normal_form
from qa_app.checks.script import plain
from qa_app.checks.sighting import Sighting

_CUSTOMERS_OWN = re.compile(r"您|你|本人|念一遍|读一遍|核对|没变|上门地址|代扣账户|回访电话")
_RECORD = re.compile(r"系统|登记的是|登记的|显示|查到|查询到|记录|预留的|留的是|资料|档案|后台")
_OUR_PEOPLE = re.compile(r"(?:我们|我这边|咱们).{0,6}(?:经理|领导|主任|主管|科长|处长|部)")
_READ_BACK = re.compile(r"[您你](?:刚刚?|刚才|方才)(?:才)?(?:说|报|念|提供|讲)的[^，,。]{0,8}$")
_ADDRESSED = re.compile(r"(?:您|你|请问)是?$|您好[，,]?(?:请问)?是?$")
_REQUEST = (
    r"多少|告诉|[报说念读讲](?:一)?下|提供|发给我|是什么|是几|给我|告知"
    r"|[报说念读讲](?:给|出来|过来|一遍|来听)|跟我[说讲]|发我|发过来"
)
_SENTENCE_END = re.compile(r"[。！？；!?;]")
_SECRETS = {
    DataType.VERIF_CODE: (
        r"(?:验证|校验|动态|短信|确认|激活|授权)(?:码|吗|嘛|马|密码)|短信.{0,6}数字"
    ),
    DataType.PASSWORD: r"密码|口令",
}
_ASKED = {
    data_type: re.compile(rf"(?:{words}).{{0,10}}(?:{_REQUEST})|(?:{_REQUEST}).{{0,10}}(?:{words})")
    for data_type, words in _SECRETS.items()
}
_NOT_ASKED = re.compile(
    r"不要|别|切勿|请勿|勿|不能|不得|不可以|不用|无需|不需要|不会|任何人|他人|千万|保护好|保管好"
)
_SAYS_WHOSE = re.compile(r"[，,。\s]*(?:这个?|那个?|它)?(?:就)?是[^，,。；;！？!?]{1,12}")
_REACH = 60  # characters before the data in which a cue is looked for
_OWNERS = {
    "internal": Owner.INTERNAL,
    "third_party": Owner.THIRD_PARTY,
    "agent": Owner.AGENT,
    "business": Owner.BUSINESS,
    "customer": Owner.SELF,
}
_PHONES = frozenset({DataType.MOBILE, DataType.LANDLINE})
_PUBLISHED = _PHONES | {DataType.ADDRESS, DataType.EMAIL}
_MAY_BE_OF = {Owner.INTERNAL: _PHONES, Owner.AGENT: _PHONES, Owner.BUSINESS: _PUBLISHED}
_TURNS_BACK = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether speaking the data was a leak, and how sure that can be."""

    owner: Owner
    why: str
    leak: bool = False
    tier: Tier = Tier.CERTAIN  # the best tier that a finding may have
    asked_in: int | None = None


# Clauses of the regulation: 五.1 for customers' data, 一.9 for internal numbers.
_AGENT_SAID = {
    owner: Verdict(owner, why, leak=leak, tier=tier)
    for owner, leak, tier, why in (
        (Owner.THIRD_PARTY, True, Tier.CERTAIN, "坐席把他人的资料告诉了客户"),
        (Owner.INTERNAL, True, Tier.CERTAIN, "坐席把领导或部门的电话告诉了客户"),
        (Owner.SELF, True, Tier.PROBABLE, "坐席念出了客户的资料，客户此前没有说过"),
        (Owner.UNKNOWN, True, Tier.PROBABLE, "坐席说出了这项资料，没有听到是谁的"),
        (Owner.AGENT, False, Tier.PROBABLE, "坐席自己的号码，按单位规定处理"),
        (Owner.BUSINESS, False, Tier.PROBABLE, "对外公开的资料"),
    )
}


def judge(conversation: Conversation, sighting: Sighting, first_said: FirstSaid) -> Verdict:
    """Decide whose the data is and whether it was leaked."""
    first = sighting.spans[0]
    channel = conversation.utterances[first.utterance].channel
    if channel is Channel.CUSTOMER:
        return _customer_said(conversation, sighting)
    if channel is Channel.UNKNOWN:
        return _somebody_said(conversation, sighting, first_said)
    return _agent_said(conversation, sighting, first_said)


def _customer_said(conversation: Conversation, sighting: Sighting) -> Verdict:
    asked = _ASKED.get(sighting.data_type)
    position = sighting.spans[0].utterance
    if asked is not None:
        for before in range(position - 1, max(-1, position - 1 - _TURNS_BACK), -1):
            said = conversation.utterances[before]
            if said.channel is Channel.AGENT and _asks(asked, normal_form(said.text)):
                label = sighting.data_type.label
                return Verdict(Owner.SELF, f"坐席向客户索要{label}", leak=True, asked_in=before)
    return Verdict(Owner.SELF, "客户自己说的，只需遮盖")


def _asks(asked: re.Pattern[str], text: str) -> bool:
    """Whether a sentence asks for the secret; one that warns against telling it does not."""
    return any(
        asked.search(sentence) and not _NOT_ASKED.search(sentence)
        for sentence in _SENTENCE_END.split(text)
    )


def _agent_said(conversation: Conversation, sighting: Sighting, first_said: FirstSaid) -> Verdict:
    if sighting.data_type in _SECRETS:
        label = sighting.data_type.label
        return Verdict(Owner.UNKNOWN, f"坐席说出了{label}", leak=True)
    if _customer_said_it(sighting, first_said) or _READ_BACK.search(
        _words_before(conversation, sighting)
    ):
        return Verdict(Owner.SELF, "复述客户刚说过的内容")
    if sighting.data_type is DataType.NAME and _addresses_customer(conversation, sighting):
        return Verdict(Owner.SELF, "核对客户本人的姓名")
    return _AGENT_SAID[_owner(conversation, sighting)]


def _somebody_said(
    conversation: Conversation, sighting: Sighting, first_said: FirstSaid
) -> Verdict:
    own = _words_before(conversation, sighting)
    if _OUR_PEOPLE.search(own) and sighting.data_type in _PHONES:
        return replace(_AGENT_SAID[Owner.INTERNAL], tier=Tier.PROBABLE)
    # What is read from a record is read by the agent, whichever voice it is.
    if _RECORD.search(own) and not _customer_said_it(sighting, first_said):
        return replace(_agent_said(conversation, sighting, first_said), tier=Tier.PROBABLE)
    return Verdict(Owner.UNKNOWN, "分不清是谁说的，只作遮盖", tier=Tier.PROBABLE)


def _addresses_customer(conversation: Conversation, sighting: Sighting) -> bool:
    first = sighting.spans[0]
    text = normal_form(conversation.utterances[first.utterance].text)
    return _ADDRESSED.search(text[max(0, first.start - _REACH) : first.start]) is not None


def _customer_said_it(sighting: Sighting, first_said: FirstSaid) -> bool:
    return first_said.before(plain(sighting.value), sighting.spans[0].utterance)


@cache
def _cues() -> re.Pattern[str]:
    """Return one pattern whose last group names the owner."""
    by_owner: dict[str, list[str]] = {}
    for owner, pattern in rows_of("owners.tsv"):
        by_owner.setdefault(owner, []).append(pattern)
    return re.compile("|".join(f"(?P<{o}>{'|'.join(by_owner[o])})" for o in by_owner))


def _owner(conversation: Conversation, sighting: Sighting) -> Owner:
    """Return whose it is by the nearest cue: before it, right after it, then in the question.

    A leader's or an own number is a telephone number; what a company publishes is no card.
    """
    own = _words_before(conversation, sighting)
    asked = _questions_before(conversation, sighting.spans[0].utterance)
    for words, place in ((own, -1), (_words_after(conversation, sighting), 0), (asked, -1)):
        owners = [
            owner
            for cue in _cues().finditer(words)
            for owner in (_OWNERS[cue.lastgroup or ""],)
            if sighting.data_type in _MAY_BE_OF.get(owner, frozenset(DataType))
            and not (words is asked and owner in (Owner.AGENT, Owner.SELF))
        ]
        if owners:
            return owners[place]
    return Owner.SELF if _CUSTOMERS_OWN.search(own) else Owner.UNKNOWN


def _words_before(conversation: Conversation, sighting: Sighting) -> str:
    """Return what the speaker said up to the data, with their utterance before it."""
    first = sighting.spans[0]
    said = conversation.utterances[first.utterance]
    own = normal_form(said.text)[max(0, first.start - _REACH) : first.start]
    previous = first.utterance - 1
    if previous >= 0 and conversation.utterances[previous].channel is said.channel:
        own = normal_form(conversation.utterances[previous].text)[-_REACH:] + own
    return own


def _words_after(conversation: Conversation, sighting: Sighting) -> str:
    """Return what says afterwards whose it was: 这是他的号码."""
    last = sighting.spans[-1]
    text = normal_form(conversation.utterances[last.utterance].text)
    said = _SAYS_WHOSE.match(text, last.end)
    return said[0] if said else ""


def _questions_before(conversation: Conversation, position: int) -> str:
    """Return what the other side last said."""
    speaker = conversation.utterances[position].channel
    before = [
        normal_form(said.text)
        for said in conversation.utterances[max(0, position - _TURNS_BACK) : position]
        if said.channel is not speaker or speaker is Channel.UNKNOWN
    ]
    return "\n".join(before[-2:])
