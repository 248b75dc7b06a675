"""Rule sets as JSON, and read back with errors that name the row a person has to mend."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from flask_babel import gettext as _

from qa_app.checks.composite_json import composite_document, read_composite
from qa_app.checks.problems import Problems, RowUnreadable
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import (
    SHIPPED,
    InternalPhone,
    Phrase,
    Policy,
    RuleSet,
    Thresholds,
    Word,
    Wordings,
    WordTier,
)
from qa_app.checks.safe_pattern import PatternRefused, phrase

T = TypeVar("T")

SCHEMA = 1
MOST_ROWS = 5000
LONGEST_ROW = 60  # characters
MOST_COMPOSITES = 100


@dataclass(frozen=True)
class Bound:
    """The least and the most that a threshold may be."""

    least: float
    most: float


BOUNDS: Mapping[str, Bound] = {
    "silence_s": Bound(1, 600),
    "announced_silence_s": Bound(1, 3600),
    "overlap_s": Bound(0.2, 30),
    "rate_high_cpm": Bound(100, 900),
    "rate_low_cpm": Bound(20, 600),
}
_NUMBER = re.compile(r"[0-9x]{3,20}")
_PHONE = re.compile(r"[0-9]{3,20}")
_LISTS = ("agent_holds", "customer_holds", "greetings", "closings")


def document_of(rules: RuleSet) -> dict[str, Any]:
    """Return a rule set as JSON keeps it."""
    return {
        "schema": SCHEMA,
        "off": sorted(rules.off),
        "words": {
            "added": [[word.text, word.tier.value] for word in rules.words_added],
            "removed": list(rules.words_removed),
        },
        "allowed": list(rules.allowed),
        "phrases": [[one.category, one.text] for one in rules.phrases],
        "thresholds": {k: v for k, v in asdict(rules.thresholds).items() if v is not None},
        "wordings": {
            name: {"added": list(one.added), "removed": list(one.removed)}
            for name in _LISTS
            for one in (getattr(rules, name),)
            if one != Wordings()
        },
        "public_numbers": list(rules.public_numbers),
        "directory": [[one.name, one.department, one.number] for one in rules.directory],
        "switches": {"readback": rules.readback.value, "own_mobile": rules.own_mobile.value},
        "composites": [composite_document(one) for one in rules.composites],
    }


def read_rule_set(document: object) -> RuleSet:
    """Read a rule set from JSON.

    Raises
    ------
    RuleSetInvalid
        With every problem found, each with its section and row.
    """
    rules, problems = _read(document)
    problems.raise_any()
    return rules


def kept_rule_set(document: object) -> RuleSet:
    """Read a rule set that was valid when it was kept; what is unknown by now is left out."""
    return _read(document)[0]


def _read(document: object) -> tuple[RuleSet, Problems]:
    problems = Problems()
    if not isinstance(document, Mapping):
        problems.add("", 0, _("这不是规则文件。"))
        return SHIPPED, problems
    if document.get("schema") != SCHEMA:
        said = _(
            "规则文件的格式版本是 %(found)s，这里只认 %(known)d。",
            found=document.get("schema"),
            known=SCHEMA,
        )
        problems.add("", 0, said)
        return SHIPPED, problems
    words = _mapping(document.get("words"))
    wordings = _mapping(document.get("wordings"))
    switches = _mapping(document.get("switches"))
    rules = RuleSet(
        off=frozenset(_texts(document.get("off"))),
        words_added=tuple(_rows(words.get("added"), read_word, "words", problems)),
        words_removed=tuple(_rows(words.get("removed"), read_line, "words", problems)),
        allowed=tuple(_rows(document.get("allowed"), read_line, "allowed", problems)),
        phrases=tuple(_rows(document.get("phrases"), read_phrase, "phrases", problems)),
        thresholds=_thresholds(_mapping(document.get("thresholds")), problems),
        public_numbers=tuple(
            _rows(document.get("public_numbers"), read_number_pattern, "public_numbers", problems)
        ),
        directory=tuple(_rows(document.get("directory"), read_phone, "directory", problems)),
        readback=_policy(switches.get("readback"), problems),
        own_mobile=_policy(switches.get("own_mobile"), problems),
        **{
            name: Wordings(
                added=tuple(_rows(one.get("added"), read_line, name, problems)),
                removed=tuple(_rows(one.get("removed"), read_line, name, problems)),
            )
            for name in _LISTS
            for one in (_mapping(wordings.get(name)),)
        },
        composites=tuple(_rows(document.get("composites"), read_composite, "composites", problems)),
    )
    _check_whole(rules, problems)
    return rules, problems


def _check_whole(rules: RuleSet, problems: Problems) -> None:
    """Find what is wrong between rows: unknown rules, the same name twice, bounds crossed."""
    custom = [rule.name for rule in rules.composites]
    for name in sorted(rules.off - set(RULES) - set(custom)):
        problems.add("off", 0, _("没有“%(name)s”这条规则。", name=name))
    for row, name in enumerate(custom, 1):
        if name in custom[: row - 1]:
            problems.add("composites", row, _("代号“%(name)s”用了两次。", name=name))
    if len(custom) > MOST_COMPOSITES:
        problems.add("composites", 0, _("最多 %(count)d 条。", count=MOST_COMPOSITES))
    low, high = rules.thresholds.rate_low_cpm, rules.thresholds.rate_high_cpm
    if low is not None and high is not None and low >= high:
        problems.add("rate_low_cpm", 0, _("语速的下限要小于上限。"))


def _rows(rows: object, read: Callable[[Any], T], section: str, problems: Problems) -> Iterable[T]:
    if not isinstance(rows, list | tuple):
        return
    if len(rows) > MOST_ROWS:
        problems.add(section, 0, _("最多 %(count)d 行。", count=MOST_ROWS))
        return
    seen = set()
    for number, row in enumerate(rows, 1):
        try:
            value = read(row)
        except RowUnreadable as refused:
            problems.add(section, number, refused.message)
            continue
        # A rule written twice is a mistake to be told; a word written twice is just a word.
        if value not in seen or section == "composites":
            seen.add(value)
            yield value


def read_line(text: object) -> str:
    """Read a plain row.

    Raises
    ------
    RowUnreadable
        It is empty or too long.
    """
    line = str(text).strip() if isinstance(text, str) else ""
    if not line:
        raise RowUnreadable(_("这一行是空的。"))
    if len(line) > LONGEST_ROW:
        raise RowUnreadable(_("每行最多 %(count)d 个字。", count=LONGEST_ROW))
    return line


def read_word(row: object) -> Word:
    """Read a word with its tier.

    Raises
    ------
    RowUnreadable
        There is no word, or no such tier.
    """
    text, tier = _cells(row, 2)
    word = read_line(text)
    if len(word) > 20:
        raise RowUnreadable(_("“%(word)s”太长，词最多 20 个字。", word=word))
    try:
        return Word(word, WordTier(tier or WordTier.SWEAR.value))
    except ValueError:
        raise RowUnreadable(_("“%(tier)s”不是级别。请写粗口、辱骂或轻微。", tier=tier)) from None


def read_phrase(row: object) -> Phrase:
    """Read a service-forbidden phrase with its category.

    Raises
    ------
    RowUnreadable
        A part is missing, or the slots are not written as they should be.
    """
    category, text = _cells(row, 2)
    if not category or not text:
        raise RowUnreadable(_("要写类别和说法两样，例如：推诿，你找别人去。"))
    try:
        phrase(text)
    except PatternRefused:
        raise RowUnreadable(
            _("“%(text)s”的写法不完整：… 是空档，[你/您] 选一个，(了) 可有可无。", text=text)
        ) from None
    return Phrase(read_line(category)[:10], read_line(text))


def read_number_pattern(row: object) -> str:
    """Read a public number; x stands for any digit.

    Raises
    ------
    RowUnreadable
        It is no number.
    """
    number = _without_marks(str(row)).lower()
    if not _NUMBER.fullmatch(number) or set(number) == {"x"}:
        raise RowUnreadable(
            _("“%(text)s”不是号码。只写数字，x 代表任意一位。", text=str(row).strip())
        )
    return number


def read_phone(row: object) -> InternalPhone:
    """Read one entry of the directory.

    Raises
    ------
    RowUnreadable
        Nobody is named, or the number is none.
    """
    name, department, written = _cells(row, 3)
    number = _without_marks(written)
    if not name and not department:
        raise RowUnreadable(_("要写姓名或部门。"))
    if not _PHONE.fullmatch(number):
        raise RowUnreadable(_("号码只写数字，3 到 20 位。"))
    return InternalPhone(name[:40], department[:40], number)


def _cells(row: object, count: int) -> list[str]:
    if not isinstance(row, list | tuple) or not all(isinstance(one, str) for one in row):
        raise RowUnreadable(_("这一行读不出来。"))
    return [one.strip() for one in (*row, *[""] * count)][:count]


def _without_marks(text: str) -> str:
    return re.sub(r"[\s\-－—()（）+]", "", text)


def _thresholds(given: Mapping[str, Any], problems: Problems) -> Thresholds:
    values: dict[str, float] = {}
    for name, bound in BOUNDS.items():
        value = given.get(name)
        if value is None or value == "":
            continue
        try:
            number = float(str(value))
        except ValueError:
            problems.add(name, 0, _("请写数字，不是“%(value)s”。", value=value))
            continue
        if not bound.least <= number <= bound.most:
            said = _("要在 %(least)g 到 %(most)g 之间。", least=bound.least, most=bound.most)
            problems.add(name, 0, said)
            continue
        values[name] = number
    return Thresholds(**values)


def _policy(value: object, problems: Problems) -> Policy:
    try:
        return Policy(str(value or Policy.ALLOWED.value))
    except ValueError:
        problems.add("switches", 0, _("开关没有选对。"))
        return Policy.ALLOWED


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
