"""Whose data was spoken, and whether the one who said it may."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Owner, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.script import plain
from qa_app.checks.sighting import Sighting

_THIRD_PARTY = re.compile(
    r"(?<!其)[他她](?!们|妈的)|人家(?:的|家)|邻居|同事|朋友|同学|亲戚|原机主|前机主|原户主|前户主|原业主|前业主|房东|租客"
    r"|(?:别的|其他|另外?一?[个位]|那[个位]|上一?[个位]|前一?[个位])(?:客户|用户|业主|住户|先生|女士)"
    r"|爱人|老公|老婆|丈夫|妻子|男朋友|女朋友|前夫|前妻|儿子|女儿|孩子的?|[爸妈]妈?的|父亲|母亲|哥哥?|弟弟|姐姐?|妹妹?"
    r"|师傅|安装工|维修工|维修员|快递员|司机|合同上签|对方的?|机主的|业主的|户主的"
)
_INTERNAL = re.compile(
    r"领导|经理|处长|科长|局长|主任|主管|班长|组长|总监|书记|部长|厂长|院长|老板|董事长|上级|负责人"
    r"|部门|科室|办公室|值班室|内线|(?<![全内外局东南西北中])部(?:那边|这边|的|那里|里)|[^\W\d]科(?:的|那边)"
)
_OWN = re.compile(r"我(?:的|自己的?|个人的?|私人的?)?(?:手机|电话|微信|个人电话|号码)|记我|打我")
_BUSINESS = re.compile(
    r"营业厅|营业网点|网点|门店|维修点|服务点|售后点|专卖店|旗舰店|公司(?:的)?地址|热线|客服电话|服务电话|报修电话"
    r"|投诉电话|咨询电话|官网|官方|酒店|餐馆|餐厅|景点|饭店|银行网点|派出所|医院|学校|政务"
)
_CUSTOMERS_OWN = re.compile(r"您|你|本人|念一遍|读一遍|核对|没变|上门地址|代扣账户|回访电话")
_RECORD = re.compile(r"系统|登记的是|登记的|显示|查到|查询到|记录|预留的|留的是|资料|档案|后台")
_OUR_PEOPLE = re.compile(r"(?:我们|我这边|咱们).{0,6}(?:经理|领导|主任|主管|科长|处长|部)")
_ADDRESSED = re.compile(r"(?:您|你|请问)是?$|您好[，,]?(?:请问)?是?$")
_REQUEST = (
    r"多少|告诉|报一?下|说一?下|念一?下|读一?下|提供|发给我|是什么|给我|告知|报给|说给|念给|读给"
)
_SECRETS = {
    DataType.VERIF_CODE: r"验证码|校验码|动态码|短信码|确认码|验证吗",
    DataType.PASSWORD: r"密码|口令",
}
_ASKED = {
    data_type: re.compile(rf"(?:{words}).{{0,10}}(?:{_REQUEST})|(?:{_REQUEST}).{{0,10}}(?:{words})")
    for data_type, words in _SECRETS.items()
}
_PHONES = frozenset({DataType.MOBILE, DataType.LANDLINE})
_PUBLISHED = _PHONES | {DataType.ADDRESS, DataType.EMAIL}
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


def judge(conversation: Conversation, sighting: Sighting, said_before: Sequence[str]) -> Verdict:
    """Decide whose the data is and whether it was leaked."""
    first = sighting.spans[0]
    channel = conversation.utterances[first.utterance].channel
    if channel is Channel.CUSTOMER:
        return _customer_said(conversation, sighting)
    if channel is Channel.UNKNOWN:
        return _somebody_said(conversation, sighting, said_before)
    return _agent_said(conversation, sighting, said_before)


def _customer_said(conversation: Conversation, sighting: Sighting) -> Verdict:
    asked = _ASKED.get(sighting.data_type)
    position = sighting.spans[0].utterance
    if asked is not None:
        for before in range(position - 1, max(-1, position - 1 - _TURNS_BACK), -1):
            said = conversation.utterances[before]
            if said.channel is Channel.AGENT and asked.search(normal_form(said.text)):
                label = sighting.data_type.label
                return Verdict(Owner.SELF, f"坐席向客户索要{label}", leak=True, asked_in=before)
    return Verdict(Owner.SELF, "客户自己说的，只需遮盖")


def _agent_said(
    conversation: Conversation, sighting: Sighting, said_before: Sequence[str]
) -> Verdict:
    if sighting.data_type in _SECRETS:
        label = sighting.data_type.label
        return Verdict(Owner.UNKNOWN, f"坐席说出了{label}", leak=True)
    if said_by_customer(sighting, said_before):
        return Verdict(Owner.SELF, "复述客户刚说过的内容")
    if sighting.data_type is DataType.NAME and _addresses_customer(conversation, sighting):
        return Verdict(Owner.SELF, "核对客户本人的姓名")
    return _AGENT_SAID[_owner(conversation, sighting)]


def _somebody_said(
    conversation: Conversation, sighting: Sighting, said_before: Sequence[str]
) -> Verdict:
    own = _words_before(conversation, sighting)
    if _OUR_PEOPLE.search(own) and sighting.data_type in _PHONES:
        return replace(_AGENT_SAID[Owner.INTERNAL], tier=Tier.PROBABLE)
    # What is read from a record is read by the agent, whichever voice it is.
    if _RECORD.search(own) and not said_by_customer(sighting, said_before):
        return replace(_agent_said(conversation, sighting, said_before), tier=Tier.PROBABLE)
    return Verdict(Owner.UNKNOWN, "分不清是谁说的，只作遮盖", tier=Tier.PROBABLE)


def said_by_customer(sighting: Sighting, said_before: Sequence[str]) -> bool:
    """Whether the customer had said the same before."""
    value = plain(sighting.value)
    return any(value in said for said in said_before)


def _addresses_customer(conversation: Conversation, sighting: Sighting) -> bool:
    first = sighting.spans[0]
    text = normal_form(conversation.utterances[first.utterance].text)
    return _ADDRESSED.search(text[: first.start]) is not None


def _owner(conversation: Conversation, sighting: Sighting) -> Owner:
    """Return the owner whose cue stands first in the table: the speaker's words, then the question.

    A leader's or an own number is a telephone number; what a company publishes is no card.
    """
    own = _words_before(conversation, sighting)
    asked = _questions_before(conversation, sighting.spans[0].utterance)
    phone = sighting.data_type in _PHONES
    published = sighting.data_type in _PUBLISHED
    cues = (
        (Owner.INTERNAL, phone, _INTERNAL, own),
        (Owner.THIRD_PARTY, True, _THIRD_PARTY, own),
        (Owner.AGENT, phone, _OWN, own),
        (Owner.BUSINESS, published, _BUSINESS, own),
        (Owner.INTERNAL, phone, _INTERNAL, asked),
        (Owner.THIRD_PARTY, True, _THIRD_PARTY, asked),
        (Owner.BUSINESS, published, _BUSINESS, asked),
        (Owner.SELF, True, _CUSTOMERS_OWN, own),
    )
    return next(
        (owner for owner, applies, cue, words in cues if applies and cue.search(words)),
        Owner.UNKNOWN,
    )


def _words_before(conversation: Conversation, sighting: Sighting) -> str:
    """Return what the speaker said up to the data, with their utterance before it."""
    first = sighting.spans[0]
    said = conversation.utterances[first.utterance]
    own = normal_form(said.text)[: first.start]
    previous = first.utterance - 1
    if previous >= 0 and conversation.utterances[previous].channel is said.channel:
        own = normal_form(conversation.utterances[previous].text) + own
    return own


def _questions_before(conversation: Conversation, position: int) -> str:
    """Return what the other side last said."""
    speaker = conversation.utterances[position].channel
    before = [
        normal_form(said.text)
        for said in conversation.utterances[max(0, position - _TURNS_BACK) : position]
        if said.channel is not speaker or speaker is Channel.UNKNOWN
    ]
    return "\n".join(before[-2:])
