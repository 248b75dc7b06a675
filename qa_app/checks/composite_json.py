"""Composite rules as JSON, and read back with errors in the words of whoever wrote them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _

from asr.transcript import Channel
from qa_app.checks.composite import (
    Anchor,
    CompositeRule,
    Condition,
    Entity,
    Found,
    Keywords,
    Match,
    Overlap,
    Pattern,
    Range,
    Rate,
    Repetition,
    Severity,
    Side,
    Silence,
    Similar,
    Sought,
)
from qa_app.checks.expressions import ExpressionUnreadable, named_in, parse
from qa_app.checks.finding import DataType
from qa_app.checks.problems import RowUnreadable
from qa_app.checks.registry import RULES
from qa_app.checks.safe_pattern import MOST_REPEATS, PatternRefused, compiled

E = TypeVar("E", bound=StrEnum)

MOST_CONDITIONS = 12
LONGEST_TITLE = 30  # characters
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,29}")
_ID = re.compile(r"[a-z][0-9]?")
_MOST_WORDS = 200
_MOST_S = 36_000.0

KINDS: Mapping[str, type[Any]] = {
    "keywords": Keywords,
    "similar": Similar,
    "pattern": Pattern,
    "repetition": Repetition,
    "entity": Entity,
    "silence": Silence,
    "rate": Rate,
    "overlap": Overlap,
    "found": Found,
}
_KIND_OF = {kind: name for name, kind in KINDS.items()}


def composite_document(rule: CompositeRule) -> dict[str, Any]:
    """Return a composite rule as JSON keeps it."""
    return {
        "slug": rule.slug,
        "title": rule.title,
        "on": rule.on,
        "severity": rule.severity.value,
        "clause": rule.clause,
        "expression": rule.written,
        "conditions": [_condition_document(one) for one in rule.conditions],
    }


def _condition_document(condition: Condition) -> dict[str, Any]:
    where = condition.range
    document: dict[str, Any] = {
        "id": condition.id,
        "kind": _KIND_OF[type(condition.sought)],
        **_plain(asdict(condition.sought)),
        "role": where.channel.value if where.channel else "any",
        "first": where.first,
        "last": where.last,
        "first_s": where.first_s,
        "last_s": where.last_s,
    }
    if condition.anchor is not None:
        document["anchor"] = _plain(asdict(condition.anchor))
    return document


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn enums and tuples into what JSON knows."""
    return {
        name: [str(one) for one in value]
        if isinstance(value, tuple)
        else str(value)
        if isinstance(value, StrEnum)
        else value
        for name, value in values.items()
    }


def read_composite(row: object) -> CompositeRule:
    """Read one composite rule.

    Raises
    ------
    RowUnreadable
        Naming the condition and what to change.
    """
    if not isinstance(row, Mapping):
        raise RowUnreadable(_("这一条读不出来。"))
    slug = str(row.get("slug", "")).strip()
    if not _SLUG.fullmatch(slug):
        raise RowUnreadable(_("代号要以小写字母开头，只用小写字母、数字和下划线，最多 30 个。"))
    title = str(row.get("title", "")).strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise RowUnreadable(_("名称要写 1 到 %(count)d 个字。", count=LONGEST_TITLE))
    conditions = _conditions(row.get("conditions"))
    severity = _word(Severity, row.get("severity", "prompt"), _("检出后怎么办"))
    clause = str(row.get("clause", "") or "").strip()[:20]
    if severity is not Severity.PROMPT and not clause:
        raise RowUnreadable(_("要扣分，就选一条评分表的条款；不扣分请选“只提示”。"))
    written = str(row.get("expression", "")).strip() or conditions[0].id
    rule = CompositeRule(
        slug=slug,
        title=title,
        conditions=conditions,
        expression=_expression(written, conditions),
        written=written,
        severity=severity,
        clause="" if severity is Severity.PROMPT else clause,
        on=bool(row.get("on", True)),
    )
    _check_anchors(rule)
    return rule


def _expression(written: str, conditions: Sequence[Condition]) -> Any:  # noqa: ANN401
    try:
        expression = parse(written)
    except ExpressionUnreadable as error:
        raise RowUnreadable(
            _(
                "组合方式从第 %(at)d 个字起看不懂。写法：a 且 (b 或 非 c)。",
                at=error.at + 1,
            )
        ) from None
    known = {one.id for one in conditions}
    for name, _negated in named_in(expression):
        if name not in known:
            raise RowUnreadable(_("组合方式里的 %(id)s 不是上面的条件。", id=name))
    return expression


def _conditions(rows: object) -> tuple[Condition, ...]:
    if not isinstance(rows, list | tuple) or not rows:
        raise RowUnreadable(_("至少写一个条件。"))
    if len(rows) > MOST_CONDITIONS:
        raise RowUnreadable(_("最多 %(count)d 个条件。", count=MOST_CONDITIONS))
    found: list[Condition] = []
    for row in rows:
        if not isinstance(row, Mapping) or not _ID.fullmatch(str(row.get("id", ""))):
            raise RowUnreadable(_("条件要用一个小写字母作编号，例如 a。"))
        name = str(row["id"])
        if any(one.id == name for one in found):
            raise RowUnreadable(_("编号 %(id)s 用了两次。", id=name))
        try:
            found.append(_condition(name, row))
        except RowUnreadable as refused:
            message = _("条件 %(id)s：%(why)s", id=name, why=refused.message)
            raise RowUnreadable(message) from None
    return tuple(found)


def _condition(name: str, row: Mapping[str, Any]) -> Condition:
    kind = str(row.get("kind", ""))
    if kind not in KINDS:
        raise RowUnreadable(_("没有“%(kind)s”这种条件。", kind=kind))
    return Condition(
        id=name, sought=_READERS[kind](row), range=_range(row), anchor=_anchor(row.get("anchor"))
    )


def _range(row: Mapping[str, Any]) -> Range:
    role = str(row.get("role", "any") or "any")
    if role not in {"any", Channel.AGENT.value, Channel.CUSTOMER.value}:
        raise RowUnreadable(_("说话人请选坐席、客户或不限。"))
    first, last = _place(row.get("first")), _place(row.get("last"))
    if first is not None and last is not None and first * last > 0 and first > last:
        raise RowUnreadable(_("句子的范围要先小后大，例如第 1 句到第 3 句。"))
    return Range(
        channel=None if role == "any" else Channel(role),
        first=first,
        last=last,
        first_s=_number(row.get("first_s"), 0.1, _MOST_S, _("开头的秒数")),
        last_s=_number(row.get("last_s"), 0.1, _MOST_S, _("结尾的秒数")),
    )


def _place(value: object) -> int | None:
    number = _number(value, -1000, 1000, _("第几句"))
    if number == 0:
        raise RowUnreadable(_("句子从 1 数起；从结尾往回数用 -1。"))
    return None if number is None else int(number)


def _anchor(row: object) -> Anchor | None:
    if not isinstance(row, Mapping) or not row.get("condition"):
        return None
    utterances = _number(row.get("utterances"), 0, 1000, _("相隔的句数"))
    return Anchor(
        condition=str(row["condition"]),
        side=_word(Side, row.get("side", "around"), _("前后")),
        utterances=None if utterances is None else int(utterances),
        seconds=_number(row.get("seconds"), 0, _MOST_S, _("相隔的秒数")),
    )


def _check_anchors(rule: CompositeRule) -> None:
    """Refuse an anchor on nothing, on itself in the end, or on what must not be there."""
    by_id = {one.id: one for one in rule.conditions}
    for condition in rule.conditions:
        seen, anchor = {condition.id}, condition.anchor
        while anchor is not None:
            other = by_id.get(anchor.condition)
            if other is None:
                raise RowUnreadable(
                    _(
                        "条件 %(id)s 参照的 %(other)s 不存在。",
                        id=condition.id,
                        other=anchor.condition,
                    )
                )
            if other.id in seen:
                raise RowUnreadable(_("条件 %(id)s 参照了自己。", id=condition.id))
            if other.is_absence:
                raise RowUnreadable(
                    _(
                        "条件 %(id)s 参照的 %(other)s 是“都没有”，没有位置可参照。",
                        id=condition.id,
                        other=other.id,
                    )
                )
            seen.add(other.id)
            anchor = other.anchor


def _keywords(row: Mapping[str, Any]) -> Sought:
    words = _lines(row.get("words"), _("关键词"))
    match = _word(Match, row.get("match", "any"), _("要几个词"))
    count = _number(row.get("count", 1), 1, _MOST_WORDS, _("词数")) or 1
    if match is Match.AT_LEAST and count > len(words):
        raise RowUnreadable(_("一共 %(count)d 个词，达不到要求的个数。", count=len(words)))
    return Keywords(words=words, match=match, count=int(count), spread=bool(row.get("spread")))


def _similar(row: Mapping[str, Any]) -> Sought:
    score = _number(row.get("score", 80), 50, 100, _("相似度"))
    return Similar(examples=_lines(row.get("examples"), _("例句")), score=int(score or 80))


def _pattern(row: Mapping[str, Any]) -> Sought:
    wanted = _regular(row.get("pattern"), _("正则"))
    if not wanted:
        raise RowUnreadable(_("请写正则表达式。"))
    return Pattern(pattern=wanted, excluding=_regular(row.get("excluding"), _("排除的正则")))


def _repetition(row: Mapping[str, Any]) -> Sought:
    times = int(_number(row.get("times", 3), 2, 20, _("遍数")) or 3)
    within = int(_number(row.get("within", 5), 2, 200, _("几句之内")) or 5)
    if times > within:
        raise RowUnreadable(_("%(within)d 句之内说不到 %(times)d 遍。", within=within, times=times))
    return Repetition(
        times=times,
        within=within,
        score=int(_number(row.get("score", 80), 50, 100, _("相似度")) or 80),
        minimum_characters=int(_number(row.get("minimum_characters", 5), 1, 100, _("字数")) or 5),
    )


def _entity(row: Mapping[str, Any]) -> Sought:
    kinds = row.get("kinds")
    given = kinds if isinstance(kinds, list | tuple) else []
    known = tuple(dict.fromkeys(kind for kind in DataType if kind.value in given))
    if not known:
        raise RowUnreadable(_("请选要找的信息。"))
    return Entity(kinds=known)


def _silence(row: Mapping[str, Any]) -> Sought:
    return Silence(longer_than_s=_number(row.get("longer_than_s", 5), 0.5, 3600, _("秒数")) or 5.0)


def _rate(row: Mapping[str, Any]) -> Sought:
    above = _number(row.get("above_cpm"), 20, 1500, _("语速"))
    below = _number(row.get("below_cpm"), 20, 1500, _("语速"))
    if above is None and below is None:
        raise RowUnreadable(_("请写语速的上限或下限。"))
    characters = _number(row.get("minimum_characters", 10), 1, 1000, _("字数")) or 10
    return Rate(above_cpm=above, below_cpm=below, minimum_characters=int(characters))


def _overlap(row: Mapping[str, Any]) -> Sought:
    return Overlap(longer_than_s=_number(row.get("longer_than_s", 1), 0.1, 60, _("秒数")) or 1.0)


def _found(row: Mapping[str, Any]) -> Sought:
    rule = str(row.get("rule", ""))
    if rule not in RULES:
        raise RowUnreadable(_("请选一条规则。"))
    return Found(rule=rule)


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Sought]] = {
    "keywords": _keywords,
    "similar": _similar,
    "pattern": _pattern,
    "repetition": _repetition,
    "entity": _entity,
    "silence": _silence,
    "rate": _rate,
    "overlap": _overlap,
    "found": _found,
}


def _lines(value: object, what: str) -> tuple[str, ...]:
    given = value if isinstance(value, list | tuple) else str(value or "").splitlines()
    lines = tuple(dict.fromkeys(line for one in given if (line := str(one).strip())))
    if not lines:
        raise RowUnreadable(_("请写%(what)s，一行一个。", what=what))
    if len(lines) > _MOST_WORDS:
        raise RowUnreadable(_("最多 %(count)d 行。", count=_MOST_WORDS))
    if any(len(line) > 100 for line in lines):
        raise RowUnreadable(_("每行最多 %(count)d 个字。", count=100))
    return lines


def _number(value: object, least: float, most: float, what: str) -> float | None:
    if value is None or value == "":
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise RowUnreadable(
            _("%(what)s要写数字，不是“%(value)s”。", what=what, value=value)
        ) from None
    if not least <= number <= most:
        raise RowUnreadable(
            _("%(what)s要在 %(least)g 到 %(most)g 之间。", what=what, least=least, most=most)
        )
    return number


def _word(kind: type[E], value: object, what: str) -> E:
    try:
        return kind(str(value))
    except ValueError:
        raise RowUnreadable(_("%(what)s没有选对。", what=what)) from None


def _regular(value: object, what: str) -> str:
    pattern = str(value or "").strip()
    if pattern:
        try:
            compiled(pattern)
        except PatternRefused as refused:
            raise RowUnreadable(f"{what}{_pattern_advice(refused)}") from None
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
