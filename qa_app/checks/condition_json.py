"""One condition of a composite rule, read from JSON: its kind, where it holds, and near what."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from asr.transcript import Channel
from qa_app.checks.composite import (
    Anchor,
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
    Side,
    Silence,
    Similar,
    Sought,
    Which,
)
from qa_app.checks.finding import DataType
from qa_app.checks.problems import RowUnreadable
from qa_app.checks.registry import RULES
from qa_app.checks.row_fields import (
    MOST_LINES,
    Row,
    read_lines,
    read_number,
    read_pattern,
    read_word,
)

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


def kind_of(sought: Sought) -> str:
    """Return what JSON calls a kind of condition."""
    return _KIND_OF[type(sought)]


def read_condition(name: str, row: Row) -> Condition:
    """Read one condition.

    Raises
    ------
    RowUnreadable
        Naming the field to change.
    """
    kind = str(row.get("kind", ""))
    if kind not in KINDS:
        raise RowUnreadable(_("没有“%(kind)s”这种条件。", kind=kind), field="kind")
    return Condition(
        id=name, sought=_READERS[kind](row), range=_range(row), anchor=_anchor(row.get("anchor"))
    )


def _range(row: Row) -> Range:
    role = str(row.get("role", "any") or "any")
    if role not in {"any", Channel.AGENT.value, Channel.CUSTOMER.value}:
        raise RowUnreadable(_("说话人请选坐席、客户或不限。"), field="role")
    first, last = _place(row, "first"), _place(row, "last")
    if first is not None and last is not None and first * last > 0 and first > last:
        raise RowUnreadable(_("句子的范围要先小后大，例如第 1 句到第 3 句。"), field="last")
    return Range(
        channel=None if role == "any" else Channel(role),
        first=first,
        last=last,
        first_s=read_number(row, "first_s", 0.1, _MOST_S, _("开头的秒数")),
        last_s=read_number(row, "last_s", 0.1, _MOST_S, _("结尾的秒数")),
    )


def _place(row: Row, name: str) -> int | None:
    number = read_number(row, name, -1000, 1000, _("第几句"))
    if number == 0:
        raise RowUnreadable(_("句子从 1 数起；从结尾往回数用 -1。"), field=name)
    return None if number is None else int(number)


def _anchor(row: object) -> Anchor | None:
    if not isinstance(row, Mapping) or not row.get("condition"):
        return None
    utterances = read_number(row, "utterances", 0, 1000, _("相隔的句数"))
    return Anchor(
        condition=str(row["condition"]),
        side=read_word(Side, row, "side", _("前后"), usual=Side.AROUND),
        which=read_word(Which, row, "which", _("第几次"), usual=Which.ANY),
        utterances=None if utterances is None else int(utterances),
        seconds=read_number(row, "seconds", 0, _MOST_S, _("相隔的秒数")),
    )


def _keywords(row: Row) -> Sought:
    words = read_lines(row, "words", _("关键词"))
    match = read_word(Match, row, "match", _("要几个词"), usual=Match.ANY)
    count = _whole(row, "count", 1, 1, MOST_LINES, _("词数"))
    if match is Match.AT_LEAST and count > len(words):
        raise RowUnreadable(
            _("一共 %(count)d 个词，达不到要求的个数。", count=len(words)), field="count"
        )
    return Keywords(words=words, match=match, count=count, spread=bool(row.get("spread")))


def _similar(row: Row) -> Sought:
    score = _whole(row, "score", 80, 50, 100, _("相似度"))
    return Similar(examples=read_lines(row, "examples", _("例句")), score=score)


def _pattern(row: Row) -> Sought:
    wanted = read_pattern(row, "pattern", _("正则"))
    if not wanted:
        raise RowUnreadable(_("请写正则表达式。"), field="pattern")
    return Pattern(pattern=wanted, excluding=read_pattern(row, "excluding", _("排除的正则")))


def _repetition(row: Row) -> Sought:
    times = _whole(row, "times", 3, 2, 20, _("遍数"))
    within = _whole(row, "within", 5, 2, 200, _("几句之内"))
    if times > within:
        raise RowUnreadable(
            _("%(within)d 句之内说不到 %(times)d 遍。", within=within, times=times), field="within"
        )
    return Repetition(
        times=times,
        within=within,
        score=_whole(row, "score", 80, 50, 100, _("相似度")),
        minimum_characters=_whole(row, "minimum_characters", 5, 1, 100, _("字数")),
    )


def _entity(row: Row) -> Sought:
    kinds = row.get("kinds")
    given = kinds if isinstance(kinds, list | tuple) else []
    known = tuple(dict.fromkeys(kind for kind in DataType if kind.value in given))
    if not known:
        raise RowUnreadable(_("请选要找的信息。"), field="kinds")
    return Entity(kinds=known)


def _silence(row: Row) -> Sought:
    return Silence(longer_than_s=read_number(row, "longer_than_s", 0.5, 3600, _("秒数")) or 5.0)


def _rate(row: Row) -> Sought:
    above = read_number(row, "above_cpm", 20, 1500, _("语速"))
    below = read_number(row, "below_cpm", 20, 1500, _("语速"))
    if above is None and below is None:
        raise RowUnreadable(_("请写语速的上限或下限。"), field="above_cpm")
    characters = _whole(row, "minimum_characters", 10, 1, 1000, _("字数"))
    return Rate(above_cpm=above, below_cpm=below, minimum_characters=characters)


def _overlap(row: Row) -> Sought:
    return Overlap(longer_than_s=read_number(row, "longer_than_s", 0.1, 60, _("秒数")) or 1.0)


def _found(row: Row) -> Sought:
    rule = str(row.get("rule", ""))
    if rule not in RULES:
        raise RowUnreadable(_("请选一条规则。"), field="rule")
    return Found(rule=rule)


def _whole(row: Row, name: str, usual: int, least: int, most: int, what: str) -> int:
    return int(read_number(row, name, least, most, what) or usual)


_READERS: Mapping[str, Callable[[Row], Sought]] = {
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
