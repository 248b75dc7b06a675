"""Single fields of a row that somebody wrote: each is read, or refused with its name and a cure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from qa_app.checks.problems import RowUnreadable
from qa_app.checks.safe_pattern import MOST_REPEATS, PatternRefused, compiled

E = TypeVar("E", bound=StrEnum)
Row = Mapping[str, Any]

MOST_LINES = 200
_LONGEST_LINE = 100  # characters


def read_lines(row: Row, name: str, what: str) -> tuple[str, ...]:
    """Read words or sentences, one a line or a list of them; at least one.

    Raises
    ------
    RowUnreadable
        There is none, or too much.
    """
    value = row.get(name)
    given = value if isinstance(value, list | tuple) else str(value or "").splitlines()
    lines = tuple(dict.fromkeys(line for one in given if (line := str(one).strip())))
    if not lines:
        raise RowUnreadable(_("请写%(what)s，一行一个。", what=what), field=name)
    if len(lines) > MOST_LINES:
        raise RowUnreadable(_("最多 %(count)d 行。", count=MOST_LINES), field=name)
    if any(len(line) > _LONGEST_LINE for line in lines):
        raise RowUnreadable(_("每行最多 %(count)d 个字。", count=_LONGEST_LINE), field=name)
    return lines


def read_number(row: Row, name: str, least: float, most: float, what: str) -> float | None:
    """Read a number within its bounds; None where nothing is written.

    Raises
    ------
    RowUnreadable
        It is no number, or outside.
    """
    value = row.get(name)
    if value is None or value == "":
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise RowUnreadable(
            _("%(what)s要写数字，不是“%(value)s”。", what=what, value=value), field=name
        ) from None
    if not least <= number <= most:
        raise RowUnreadable(
            _("%(what)s要在 %(least)g 到 %(most)g 之间。", what=what, least=least, most=most),
            field=name,
        )
    return number


def read_word(kind: type[E], row: Row, name: str, what: str, *, usual: E) -> E:
    """Read one of an enumeration's words; the usual one where nothing is written.

    Raises
    ------
    RowUnreadable
        It is none of them.
    """
    try:
        return kind(str(row.get(name, usual)))
    except ValueError:
        raise RowUnreadable(_("%(what)s没有选对。", what=what), field=name) from None


def read_pattern(row: Row, name: str, what: str) -> str:
    """Read a pattern that cannot take for ever; nothing may be written.

    Raises
    ------
    RowUnreadable
        It is not written as it should be, saying where.
    """
    pattern = str(row.get(name) or "").strip()
    if pattern:
        try:
            compiled(pattern)
        except PatternRefused as refused:
            raise RowUnreadable(f"{what}{_pattern_advice(refused)}", field=name) from None
    return pattern


def _pattern_advice(refused: PatternRefused) -> str:
    at = refused.at + 1
    match refused.reason:
        case "unbounded":
            words = _(
                "在第 %(at)d 个字符处没有上限。请把 * 和 + 写成 {0,20}，最多 %(most)d。",
                at=at,
                most=MOST_REPEATS,
            )
        case "too_many_ways":
            words = _("的可选部分太多，会很慢。请减少括号和 {0,20} 的个数。")
        case "too_long":
            words = _("太长了，最多 200 个字符。")
        case "unknown":
            words = _("第 %(at)d 个字符处的写法这里不支持。", at=at)
        case _:
            words = _("第 %(at)d 个字符处写得不完整。", at=at)
    return str(words)
