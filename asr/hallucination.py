"""Text that the model wrote and nobody said: boilerplate and loops.

Whisper learnt from subtitles, so in silence and noise it writes what stands at the end of videos;
and like every such decoder it can get caught in a loop. Both are found in the text alone.
"""

import re
from dataclasses import dataclass

from asr.normalise import for_scoring

# Closing lines of Chinese subtitles, seen in Whisper's output for silence, hold music and noise.
# Nobody says them in a call to a service desk. In scoring form: no punctuation, Simplified.
_BOILERPLATE = re.compile(
    r"""
      请不吝点赞
    | 点赞订阅转发打赏
    | (?:订阅|点赞|转发).{0,6}(?:频道|栏目)
    | 支持明镜与点点
    | 明镜需要您的支持
    | 字幕(?:by|由|制作|提供|志愿者|组)
    | 中文字幕
    | 索兰娅
    | amara ?org
    | (?:谢谢|感谢)(?:大家|您|你)?(?:的)?(?:观看|收看|收听)
    | (?:下期|下次|下集)(?:视频|节目)?再?见
    | 优优独播剧场
    | yoyotelevisionseriesexclusive
    | 本(?:视频|期节目|节目)由
    | 词曲.{0,8}编曲
    | 作词.{0,8}作曲
    """,
    re.VERBOSE,
)

# A unit of so many characters is a loop from so many repeats on. People do say 对对对对 and read
# out 8888, so short units need many.
_REPEATS_OF = {1: 10, 2: 7}
_REPEATS_OF_LONGER = 4
_LONGEST_UNIT = 30


@dataclass(frozen=True, slots=True)
class Loop:
    """Where a text repeats itself: what follows the first time, offsets into the text."""

    start: int
    end: int


def is_boilerplate(text: str) -> bool:
    """Tell whether a text is one of the lines that the model writes when nobody speaks.

    Parameters
    ----------
    text : str
        One utterance.

    Examples
    --------
    >>> is_boilerplate("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目")
    True
    >>> is_boilerplate("谢谢，感谢您的来电")
    False
    """
    return _BOILERPLATE.search(for_scoring(text)) is not None


def is_echo(text: str, prompt: str) -> bool:
    """Tell whether a text only gives back the words the model was prompted with.

    Parameters
    ----------
    text : str
        One utterance.
    prompt : str
        What the model was given: hotwords.

    Examples
    --------
    >>> is_echo("天翼高清，翼支付，爱家", "天翼高清 翼支付 爱家")
    True
    >>> is_echo("我想办翼支付", "天翼高清 翼支付 爱家")
    False
    """
    heard, given = for_scoring(text), for_scoring(prompt)
    # A single hotword can be a whole answer, so only most of a list is an echo.
    return len(heard) >= 6 and heard in given and len(heard) > len(given) // 2


def find_loop(text: str) -> Loop | None:
    """Find the first place where a text is caught in a loop.

    Parameters
    ----------
    text : str
        One window's text.

    Returns
    -------
    Loop or None
        The repeats without the first time, which may have been said.

    Examples
    --------
    >>> find_loop("好的" + "请" * 50)
    Loop(start=3, end=52)
    >>> find_loop("对对对对，我的电话是八八八八八八八八") is None
    True
    """
    for unit in range(1, _LONGEST_UNIT + 1):
        repeats = _REPEATS_OF.get(unit, _REPEATS_OF_LONGER)
        match = re.search(rf"(.{{{unit}}}?)\1{{{repeats - 1},}}", text, re.DOTALL)
        if match and for_scoring(match[1]):
            # The model may stop in the middle of the unit.
            end = match.end()
            while end < len(text) and text[end] == text[end - unit]:
                end += 1
            return Loop(match.start() + unit, end)
    return None
