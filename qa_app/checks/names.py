"""People's full names where a sentence says that one follows: a surname alone is none."""

import re
from collections.abc import Iterator, Sequence

from qa_app.checks.conversation import Conversation
from qa_app.checks.dictionaries import lines_of
from qa_app.checks.finding import DataType, Span, Tier
from qa_app.checks.normal_form import normal_form
from qa_app.checks.sighting import Sighting

_single, _compound = (line.split() for line in lines_of("surnames.txt"))
_SURNAME = rf"(?:{'|'.join(_compound)}|[{''.join(_single)}])"
# Characters that no given name in a call is made of: particles, pronouns, titles, punctuation.
_GIVEN = (
    r"(?:(?!先生|女士|小姐|师傅|经理|老师|总|谢谢|麻烦|就这|好吧|好的|你记|您记|对吗|没错|办理|记一)"
    r"[^\W\da-zA-Z对的了吗呢吧啊是在有和与没不这那您你我他她们请什么怎哪号码电话方式名姓零〇一二两三四五六七八九幺])"
)
_AFTER = (
    r"(?=$|[\W_]|先生|女士|小姐|谢谢|麻烦|对|好|吧|吗|你|您|就|的|是|在|没|我|这|[0-9]"
    r"|[啊呀嘛哦哈呢了那]|名下|身份证|手机|电话|本人|他|她)"
)
_FULL = rf"(?P<name>{_SURNAME}(?:{_GIVEN}{{2}}|{_GIVEN}){_AFTER})"
_FULL_LOOSE = rf"(?P<name>{_SURNAME}{_GIVEN}{{1,2}})"
# A name before a number is this near to it, with what parts them.
_NAME_REACH = 12
_LEADS = (
    r"户名|户主|机主|联系人|收件人|收货人|姓名|名字|签字人?|签名|合同上签的|登记人|办理人|开户人|持卡人|投保人|申请人|被保人"
    r"|(?:我|他|她|客户|用户|业主|先生|女士|师傅|那人|这人)(?:的?名字)?叫|名叫|叫做"
)
_LED = re.compile(rf"(?:{_LEADS})(?:[是叫为写填用留报：:，,\s]|的是|名字)*{_FULL}")
_UNDER = re.compile(
    rf"(?:登记在|挂在|办在|记在|转到|过户到|过户给|开在|放在){_FULL_LOOSE}(?:的)?名下"
    rf"|(?:用|以){_FULL_LOOSE.replace('name', 'user')}的?(?:名字|名义|身份证|身份)"
)
_ADDRESSED = re.compile(
    rf"(?:您|你|请问|请问您|那您|找|这里)是(?:不是)?(?P<name>{_SURNAME}{_GIVEN}{{1,2}}?)(?=先生|女士|小姐|本人)"
)
_OWNED = re.compile(
    rf"(?:^|[\W_]|同事|朋友|邻居|客户|用户|业主|爱人|找|查到|就是){_FULL_LOOSE}"
    r"(?=的(?:登记|预留)?(?:手机|电话|联系|号码|身份证|住址|地址|银行卡|卡号|邮箱))"
)
_ASKED_NAME = re.compile(
    r"怎么称呼|贵姓|叫什么|(?:您|你)的?(?:全名|姓名|名字)|(?:报|说)一?下(?:您的)?(?:姓名|名字)"
)
_ANSWER = re.compile(
    rf"^(?:嗯|啊|哦|好的|那个|[，,\s])*(?:我是|我叫|我姓名是|是|叫|免贵)?(?P<name>{_SURNAME}{_GIVEN}{{1,2}})"
    r"(?=$|[\W_啊呀])"
)
_BEFORE_NUMBER = re.compile(
    rf"(?:^|[\W_啊嗯哦好对行喂呃吧]|你好|那个|好的)(?P<name>{_SURNAME}{_GIVEN}{{1,2}})[，,、\s]*$"
)


def names(conversation: Conversation, found: Sequence[Sighting]) -> Iterator[Sighting]:
    """Yield names that follow a lead-in, or stand right before a telephone number."""
    numbers: dict[int, list[int]] = {}
    for sighting in found:
        if sighting.data_type in (DataType.MOBILE, DataType.LANDLINE):
            numbers.setdefault(sighting.spans[0].utterance, []).append(sighting.spans[0].start)
    for position, said in enumerate(conversation.utterances):
        text = normal_form(said.text)
        taken: set[int] = set()
        answered = _ANSWER.match(text) if _was_asked(conversation, position) else None
        if answered is not None:
            taken.add(answered.start("name"))
            yield _sighting(position, answered, "name", "回答姓名的提问")
        for pattern in (_LED, _ADDRESSED, _OWNED, _UNDER):
            for match in pattern.finditer(text):
                group = "user" if match.groupdict().get("user") else "name"
                if match.start(group) not in taken:
                    taken.add(match.start(group))
                    yield _sighting(position, match, group, "前后的话说明这是姓名")
        for start in numbers.get(position, ()):
            match_before = _BEFORE_NUMBER.search(text, max(0, start - _NAME_REACH), start)
            if match_before and match_before.start("name") not in taken:
                yield _sighting(position, match_before, "name", "号码前的姓名")


def _was_asked(conversation: Conversation, position: int) -> bool:
    if position == 0:
        return False
    before, said = conversation.utterances[position - 1 : position + 1]
    asked = _ASKED_NAME.search(normal_form(before.text)) is not None
    return asked and (before.channel is not said.channel)


def _sighting(position: int, match: re.Match[str], group: str, basis: str) -> Sighting:
    start, end = match.span(group)
    return Sighting(
        DataType.NAME, (Span(position, start, end),), match[group], 0.85, Tier.PROBABLE, basis
    )
