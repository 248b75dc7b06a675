"""The ways in which people say a number, and what a speech model makes of it."""

from collections.abc import Callable
from random import Random

from benchmarks.checks_values import in_words

_HANZI, _PHONE = "零一二三四五六七八九", "零幺二三四五六七八九"
_FILLERS = ("嗯", "呃", "那个", "然后", "后面是", "接着是", "啊")
# What a model writes for a digit that it did not recognise: characters of the same sound.
_SAME_SOUND = {
    "0": "灵林另", "1": "要腰", "2": "儿而", "3": "散山", "4": "是死事", "5": "无午舞",
    "6": "流柳留", "7": "其起期", "8": "把吧爸", "9": "就久酒",
}  # fmt: skip
_CORRECTIONS = ("不对，是", "，哦不对，", "，说错了，", "，不是，是")


def _say(number: str, sounds: str) -> str:
    return "".join(sounds[int(d)] if d.isdigit() else d for d in number)


def _groups(random: Random, number: str) -> list[str]:
    if len(number) == 11 and number[0] == "1":
        cuts = random.choice(([3, 7], [3, 6, 9], [3, 5, 8], [4, 8]))
    elif len(number) >= 17:
        cuts = random.choice(([6, 14], [4, 8, 12, 16], [3, 6, 10, 14], [6, 10, 14]))
    elif len(number) > 7 and number[0] == "0":
        cuts = [3 if number[:2] in ("01", "02") else 4, len(number) - 4]
    else:
        cuts = [len(number) // 2] if len(number) > 4 else []
    return [number[a:b] for a, b in zip([0, *cuts], [*cuts, len(number)], strict=True)]


def _spoken(random: Random, number: str) -> str:
    return _say(number, random.choice((_HANZI, _PHONE)))


def _repeats(random: Random, number: str) -> str:
    said, place = [], 0
    while place < len(number):
        run = 1
        while place + run < len(number) and number[place + run] == number[place]:
            run += 1
        digit = _PHONE[int(number[place])] if number[place].isdigit() else number[place]
        said.append(
            digit
            if run == 1
            else f"{'零一两三四五六七八九'[run]}个{digit}"
            if run < 10
            else digit * run
        )
        if run == 2 and random.random() < 0.5:
            said[-1] = "双" + digit
        place += run
    return "".join(said)


def _mixed(random: Random, number: str) -> str:
    cut = random.randint(2, len(number) - 2)
    return number[:cut] + _spoken(random, number[cut:])


def _fillers(random: Random, number: str) -> str:
    groups = [_spoken(random, group) for group in _groups(random, number)]
    return "".join(
        g + (f"，{random.choice(_FILLERS)}，" if i < len(groups) - 1 else "")
        for i, g in enumerate(groups)
    )


def _said_again(random: Random, number: str) -> str:
    groups = [_spoken(random, group) for group in _groups(random, number)]
    place = random.randrange(len(groups))
    return "，".join(groups[: place + 1] + groups[place:])


def _corrected(random: Random, number: str) -> str:
    groups = [_spoken(random, group) for group in _groups(random, number)]
    place = random.randrange(len(groups))
    wrong = groups[place][:-1] + _HANZI[(max(0, _HANZI.find(groups[place][-1])) + 3) % 10]
    return (
        "，".join([*groups[:place], wrong])
        + random.choice(_CORRECTIONS)
        + "，".join(groups[place:])
    )


def _began_anew(random: Random, number: str) -> str:
    groups = _groups(random, number)
    started = _spoken(random, "".join(groups[:2])[:-1])
    return started + random.choice(("，呃，", "，嗯，", "，")) + _spoken(random, number)


def _cardinal(random: Random, number: str) -> str:
    tail = number[-4:]
    if not tail.isdigit() or tail[0] == "0" or tail[1:] == "000":
        return _spoken(random, number)
    return _spoken(random, number[:-4]) + random.choice(("", "，")) + in_words(int(tail))


def _split(random: Random, number: str) -> str:
    groups = [_spoken(random, group) for group in _groups(random, number)]
    return f"⏎{random.choice(('嗯', '好的', '您继续', '对'))}⏎".join(groups)


def _same_sound(random: Random, number: str) -> str:
    wrong = random.sample(range(len(number)), max(1, min(4, len(number) // 4)))
    return "".join(
        random.choice(_SAME_SOUND[d]) if place in wrong and d.isdigit() else _say(d, _PHONE)
        for place, d in enumerate(number)
    )


def _dropped(random: Random, number: str) -> str:
    place = random.randrange(2, len(number))
    return _plain_or_spoken(random, number[:place] + number[place + 1 :])


def _added(random: Random, number: str) -> str:
    place = random.randrange(2, len(number))
    return _plain_or_spoken(random, number[:place] + random.choice("0123456789") + number[place:])


def _changed(random: Random, number: str) -> str:
    place = random.randrange(2, len(number))
    return _plain_or_spoken(
        random, number[:place] + random.choice("0123456789") + number[place + 1 :]
    )


def _plain_or_spoken(random: Random, number: str) -> str:
    return random.choice((number, _spoken(random, number), " ".join(_groups(random, number))))


FORMS: dict[str, Callable[[Random, str], str]] = {
    "plain": lambda _, n: n,
    "spaces": lambda r, n: " ".join(_groups(r, n)),
    "dashes": lambda r, n: "-".join(_groups(r, n)),
    "commas": lambda r, n: "，".join(_groups(r, n)),
    "digit by digit": lambda r, n: r.choice((" ", "、", "，", ", ")).join(n),
    "full width": lambda _, n: n.translate({48 + i: 0xFF10 + i for i in range(10)}),
    "hanzi 一": lambda _, n: _say(n, _HANZI),
    "hanzi 幺": lambda _, n: _say(n, _PHONE),
    "hanzi groups": lambda r, n: r.choice(("，", " ", "。")).join(
        _say(g, _PHONE) for g in _groups(r, n)
    ),
    "mixed": _mixed,
    "fillers": _fillers,
    "三个8": _repeats,
    "said again": _said_again,
    "corrected": _corrected,
    "began anew": _began_anew,
    "百 千": _cardinal,
    "split": _split,
}
DAMAGED: dict[str, Callable[[Random, str], str]] = {
    "same sound": _same_sound,
    "dropped": _dropped,
    "added": _added,
    "changed": _changed,
}
