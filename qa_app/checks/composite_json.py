"""Composite rules as JSON, and read back with errors in the words of whoever wrote them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from qa_app.checks.composite import CompositeRule, Condition, Severity
from qa_app.checks.condition_json import kind_of, read_condition
from qa_app.checks.expressions import ExpressionUnreadable, named_in, parse
from qa_app.checks.problems import RowUnreadable
from qa_app.checks.row_fields import read_word

MOST_CONDITIONS = 12
LONGEST_TITLE = 30  # characters
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,29}")
_ID = re.compile(r"[a-z][0-9]?")


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
        "kind": kind_of(condition.sought),
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
        raise RowUnreadable(
            _("代号要以小写字母开头，只用小写字母、数字和下划线，最多 30 个。"), field="slug"
        )
    title = str(row.get("title", "")).strip()
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise RowUnreadable(_("名称要写 1 到 %(count)d 个字。", count=LONGEST_TITLE), field="title")
    conditions = _conditions(row.get("conditions"))
    severity = read_word(Severity, row, "severity", _("检出后怎么办"), usual=Severity.PROMPT)
    clause = str(row.get("clause", "") or "").strip()[:20]
    if severity is not Severity.PROMPT and not clause:
        raise RowUnreadable(_("要扣分，就选一条评分表的条款；不扣分请选“只提示”。"), field="clause")
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
            ),
            field="expression",
        ) from None
    known = {one.id for one in conditions}
    for name, _negated in named_in(expression):
        if name not in known:
            raise RowUnreadable(
                _("组合方式里的 %(id)s 不是上面的条件。", id=name), field="expression"
            )
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
            found.append(read_condition(name, row))
        except RowUnreadable as refused:
            message = _("条件 %(id)s：%(why)s", id=name, why=refused.message)
            raise RowUnreadable(message, field=f"{name}.{refused.field}") from None
    return tuple(found)


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
                    ),
                    field=f"{condition.id}.anchor",
                )
            if other.id in seen:
                raise RowUnreadable(
                    _("条件 %(id)s 参照了自己。", id=condition.id), field=f"{condition.id}.anchor"
                )
            if other.is_absence:
                raise RowUnreadable(
                    _(
                        "条件 %(id)s 参照的 %(other)s 是“都没有”，没有位置可参照。",
                        id=condition.id,
                        other=other.id,
                    ),
                    field=f"{condition.id}.anchor",
                )
            seen.add(other.id)
            anchor = other.anchor
