"""未核身: the agent disclosed something of an account, and nothing before it looks like a check.

A prompt for a person alone: it is never more than suspected, and no clause deducts for it. What
looks like a check is taken widely, so that a prompt is worth a listen.
"""

import re
from collections.abc import Iterable, Iterator

from asr.transcript import Channel
from qa_app.checks.conversation import Conversation
from qa_app.checks.finding import DataType, Finding, Owner, Span, Tier
from qa_app.checks.house_judgement import judged_data
from qa_app.checks.rules.options import LeakOptions

_TYPES = frozenset(
    {DataType.MOBILE, DataType.ID_CARD, DataType.BANK_CARD, DataType.ADDRESS, DataType.EMAIL}
)
_NUMBER = r"[0-9零一二两三四五六七八九十百千]"
_ACCOUNT = re.compile(
    rf"您?(?:的|这个|账户|账号|卡里|手机|卡上|现在|目前)*(?:余额|欠费|积分|可用额度|欠款)"
    rf"(?:一共|还有|还剩|还是|现在|目前|是|为|有)+{_NUMBER}"
    r"|您(?:的|这个)?(?:预留|登记|绑定|收货|开户)的?(?:手机号?码?|电话|地址|姓名|邮箱|证件号?)(?:是|为)(?!不是|什么|哪|多少)"
)
#: Words of either side that ask for or confirm who is speaking, also in likely mishearings.
_CHECK = re.compile(
    r"核[实对]|核身|验证|身份|证件|姓名|名字|贵姓|您?怎么称呼|机主|户主|本人|户名|后[三四六]位|尾号"
    r"|(?:卡|手机|电话|订|单|工|户|账|学|会员|客户|保单|受理|编)号|号码|密码|生日"
    r"|报一?下|报给|提供一?下|说一?下您的|登记的是|您是.{1,8}(?:吗|嘛|吧|先生|女士|小姐)"
    r"|我叫|我姓|我是.{1,4}$|我的是"
)


def find(conversation: Conversation, options: LeakOptions) -> Iterable[Finding]:
    """Return the first disclosure, if nobody asked or said before who the customer is."""
    if not conversation.timed or not conversation.knows_roles:
        return
    span = min(_disclosures(conversation, options), default=None)
    if span is None or _looks_checked(conversation, span, options):
        return
    start_s, end_s = conversation.times_of([span])
    yield Finding(
        rule="no_identity_check",
        channel=Channel.AGENT,
        start_s=start_s,
        end_s=end_s,
        utterance=span.utterance,
        quote=conversation.quote([span]),
        spans=(span,),
        confidence=0.5,
        tier=Tier.SUSPECTED,
        why="告知客户资料之前，没有听到核对身份，请人工听一听",
    )


def _disclosures(conversation: Conversation, options: LeakOptions) -> Iterator[Span]:
    for position in conversation.spoken_by(Channel.AGENT):
        for match in _ACCOUNT.finditer(conversation.utterances[position].text):
            yield Span(position, *match.span())
    for data in judged_data(conversation, options.policy):
        if (
            data.channel is Channel.AGENT
            and data.data_type in _TYPES
            and data.owner is Owner.SELF
            and data.leak
        ):
            yield data.spans[0]


def _looks_checked(conversation: Conversation, span: Span, options: LeakOptions) -> bool:
    before = [said.text for said in conversation.utterances[: span.utterance]]
    before.append(conversation.utterances[span.utterance].text[: span.start])
    return any(_CHECK.search(text) for text in before) or any(
        data.channel is Channel.CUSTOMER and data.spans[0] < span
        for data in judged_data(conversation, options.policy)
    )
