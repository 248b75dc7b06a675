"""What the synthetic voices say: numbers as people read them out, sentences with slips, strings.

Each line is made from a seed alone, so line 17 is the same on every machine.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pronunciation.contrasts import rivals
from pronunciation.inventory import NO_INITIAL, SYLLABLES
from pronunciation.reading import read_words
from pronunciation.syllable import Syllable
from pronunciation.synthesis import write_syllable

#: How many symbols one line may have: eight seconds of speech, which is one window.
MOST_SYLLABLES = 24

_SLIP_SHARE = 0.2
_MOBILE = "357899875346"
_HAN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))

_LEAD_INS = (
    *(
        "电话是",
        "手机号码是",
        "我的电话",
        "他的手机号是",
        "号码是",
        "您记一下",
        "联系电话",
        "身份证号",
    ),
    *(
        "身份证号码是",
        "证件号",
        "卡号是",
        "银行卡号",
        "尾号",
        "验证码是",
        "座机",
        "固定电话是",
        "工号",
    ),
    *(
        "订单号是",
        "请拨打",
        "密码是",
        "你打这个",
        "区号",
        "那个号码是",
        "打他电话",
        "查到了",
        "",
        "",
        "",
    ),
)
_TAILS = ("", "", "", "", "对吧", "你记一下", "好的", "没错", "是吧", "这个号码", "谢谢")
_PHRASES = (
    *("您好很高兴为您服务", "请问有什么可以帮您", "请您稍等我帮您查一下", "非常抱歉给您带来不便"),
    *(
        "感谢您的来电祝您生活愉快",
        "这个月的话费怎么多了",
        "我想查一下上个月的账单",
        "您的套餐已经到期了",
    ),
    *(
        "请您提供一下身份证号码",
        "我们会在三个工作日内处理",
        "师傅明天上午上门维修",
        "宽带一直连不上网络",
    ),
    *("这件事情我要投诉你们", "麻烦您再说一遍好吗", "我已经帮您登记好了", "请您不要挂机稍等片刻"),
    *(
        "您的地址是长沙市岳麓区",
        "他住在雨花区韶山路",
        "请输入四位数的密码",
        "退款会原路返回您的账户",
    ),
    *(
        "你到底能不能解决问题",
        "我们经理今天不在办公室",
        "快递三天之内就会送到",
        "售后服务中心的电话",
    ),
    *(
        "南方人分不清前后鼻音",
        "四是四十是十十四是十四",
        "刘奶奶喝牛奶",
        "红凤凰粉凤凰",
        "知识就是力量",
    ),
    *(
        "这种事情很正常",
        "身份证上的名字",
        "早上吃了早餐再上山",
        "声音有点小听不清",
        "商场三楼的柜台",
    ),
    *(
        "农历新年放假安排",
        "飞机延误要怎么赔付",
        "花费比以前高很多",
        "那里的天气很冷",
        "认真听老师讲",
    ),
)
_RUDE = (
    *(
        "他妈的",
        "妈的",
        "操你妈",
        "滚蛋",
        "滚",
        "神经病",
        "傻逼",
        "白痴",
        "废物",
        "混蛋",
        "王八蛋",
        "去死",
    ),
    *(
        "有病",
        "脑子有病",
        "你有毛病",
        "放屁",
        "闭嘴",
        "烦死了",
        "笨蛋",
        "蠢货",
        "变态",
        "不要脸",
        "贱人",
    ),
    *(
        "去你妈的",
        "狗屁",
        "吃饱了撑的",
        "关我屁事",
        "他妈",
        "你妈",
        "傻子",
        "垃圾",
        "畜生",
        "疯子",
        "死开",
    ),
)
_AROUND = (
    "你",
    "你这个",
    "真是",
    "什么",
    "你们",
    "我",
    "这个人",
    "简直是",
    "就是",
    "",
    "",
    "说什么",
    "给我",
)
_AFTER = (
    "",
    "",
    "吧",
    "啊",
    "你说什么",
    "听不懂吗",
    "有完没完",
    "等着",
    "还打电话来",
    "怎么又是你",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to say.

    Attributes
    ----------
    syllables : tuple of Syllable
        What is said: slips are already in it.
    breaks : tuple of str
        What follows each syllable: nothing, a space between words, or a mark for a pause.
    """

    syllables: tuple[Syllable, ...]
    breaks: tuple[str, ...]

    @property
    def symbols(self) -> str:
        """The line in the synthesis model's symbols."""
        parts = zip(self.syllables, self.breaks, strict=True)
        return "".join(write_syllable(syllable) + after for syllable, after in parts).strip()


def write_line(seed: int, words: Sequence[str] = ()) -> Line:
    """Write the line of a seed.

    Parameters
    ----------
    seed : int
    words : sequence of str
        A vocabulary for sentences without sense; none for the phrases alone.

    Examples
    --------
    >>> write_line(3) == write_line(3)
    True
    >>> all(len(write_line(seed).syllables) <= MOST_SYLLABLES for seed in range(50))
    True
    """
    dice = random.Random(seed)  # noqa: S311 — for training data, not for secrets
    kind = dice.choices(("number", "string", "words", "phrase", "rude"), (30, 25, 25, 12, 8))[0]
    if kind == "string":
        line = _string(dice)
    elif kind == "number":
        line = _of_text(_number(dice), dice)
    elif kind == "rude":
        around = dice.choice(_AROUND), dice.choice(_RUDE), dice.choice(_AFTER)
        line = _of_text("".join(around) + dice.choice(("", "，")) + dice.choice(_RUDE), dice)
    elif kind == "words" and words:
        line = _slipped(_of_text("，".join(dice.choices(words, k=dice.randint(3, 6))), dice), dice)
    else:
        line = _slipped(_of_text(dice.choice(_PHRASES), dice), dice)
    return _as_spoken(Line(line.syllables[:MOST_SYLLABLES], line.breaks[:MOST_SYLLABLES]))


def write_number(seed: int) -> tuple[str, Line]:
    """Write a number alone, as it is read out, with its digits."""
    dice = random.Random(seed)  # noqa: S311
    digits = _digits(dice)
    return digits, _as_spoken(_of_text(_read_out(digits, dice), dice))


def _digits(dice: random.Random) -> str:
    def some(count: int) -> str:
        return "".join(dice.choices("0123456789", k=count))

    kind = dice.choices(
        ("mobile", "card", "bank", "landline", "code", "free"), (30, 15, 10, 10, 10, 25)
    )
    match kind[0]:
        case "mobile":
            return "1" + dice.choice(_MOBILE) + some(9)
        case "card":
            born = f"{dice.randint(1950, 2009)}{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
            return dice.choice("123456") + some(5) + born + some(4)
        case "bank":
            return "62" + some(dice.choice((6, 14, 17)))
        case "landline":
            return dice.choice(("010", "020", "021", "0731", "0755", "0730", "")) + some(8)
        case "code":
            return some(dice.choice((4, 6)))
        case _:
            # Few different digits, so that many stand beside themselves.
            few = dice.choices("0123456789", k=3)
            return "".join(dice.choices(few, k=dice.randint(3, 12)))


def _read_out(digits: str, dice: random.Random) -> str:
    """Read digits as people do: 幺 or 一, in groups, now and then 三个八."""
    one = dice.choice("幺幺幺一")
    counted = dice.random() < 0.15
    group = dice.choice((2, 3, 3, 4, 4, 5, 99))
    pause = dice.choice(("，", "，", " ", ""))
    spoken, at, since = "", 0, 0
    while at < len(digits):
        digit = digits[at]
        run = len(digits[at:]) - len(digits[at:].lstrip(digit))
        name = one if digit == "1" else _HAN[digit]
        if counted and run in (2, 3, 4):
            spoken += ("双" if run == 2 else _HAN[str(run)] + "个") + name
        else:
            run = 1
            spoken += name
        at, since = at + run, since + run
        if since >= group and at < len(digits):
            spoken, since = spoken + pause, 0
    return spoken


def _number(dice: random.Random) -> str:
    lead_in, tail = dice.choice(_LEAD_INS), dice.choice(_TAILS)
    gap = dice.choice(("", "", "，"))
    return lead_in + gap * bool(lead_in) + _read_out(_digits(dice), dice) + "，" * bool(tail) + tail


def _string(dice: random.Random) -> Line:
    """Write lawful syllables in any order: nothing can be guessed from what stands before."""
    pairs = sorted(SYLLABLES)
    syllables = tuple(
        Syllable(
            "" if initial == NO_INITIAL else initial,
            final.replace("iii", "i").replace("ii", "i"),
            tone,
        )
        for initial, final in dice.choices(pairs, k=dice.randint(6, 16))
        for tone in dice.choices((1, 2, 3, 4))
    )
    breaks = tuple(dice.choices(("", " ", ", "), (50, 35, 15), k=len(syllables)))
    return Line(syllables, breaks)


def _of_text(text: str, dice: random.Random) -> Line:
    syllables: list[Syllable] = []
    breaks: list[str] = []
    # Digits are names in a row and no words; how tightly they are joined is chance.
    between_digits = dice.choice(("", "", " "))
    for word in read_words(text):
        if not word.syllables:
            if breaks:
                breaks[-1] = ", " if "，" in word.text else " "
            continue
        joint = between_digits if set(word.text) <= set("零幺一二三四五六七八九") else ""
        syllables += word.syllables
        breaks += [joint] * (len(word.syllables) - 1) + [joint or dice.choice(("", " "))]
    return Line(tuple(syllables), tuple(breaks))


def _as_spoken(line: Line) -> Line:
    """Ask for the second tone where one third tone follows another without a pause."""
    followed = zip(line.syllables, line.breaks, (*line.syllables[1:], None), strict=True)
    return replace(
        line,
        syllables=tuple(
            replace(syllable, tone=2)
            if syllable.tone == 3 and after and after.tone == 3 and "," not in pause
            else syllable
            for syllable, pause, after in followed
        ),
    )


def _slipped(line: Line, dice: random.Random) -> Line:
    """Say some sounds as those that people mistake for them."""
    return replace(
        line,
        syllables=tuple(
            dice.choice(others).said
            if (others := rivals(syllable)) and dice.random() < _SLIP_SHARE
            else syllable
            for syllable in line.syllables
        ),
    )
