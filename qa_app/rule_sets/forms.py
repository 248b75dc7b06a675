"""What the pages of a draft send, read into the rule set that it makes; and lists as text."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from flask_babel import gettext as _

from qa_app.checks.problems import Problems, RowUnreadable
from qa_app.checks.registry import RULES
from qa_app.checks.rule_set import InternalPhone, Phrase, RuleSet, Word, Wordings
from qa_app.checks.rule_set_json import (
    MOST_ROWS,
    document_of,
    read_line,
    read_number_pattern,
    read_phone,
    read_phrase,
    read_rule_set,
    read_word,
)
from qa_app.checks.rules import long_silence, missing_closing, missing_greeting
from qa_app.rule_sets.wording import TIER_TITLES, TIERS_WRITTEN

T = TypeVar("T")
_SEPARATOR = re.compile(r"\s*[,，\t]\s*|\s{2,}")
_WORD_SEPARATOR = re.compile(r"\s*[,，、\t ]\s*")
_PHRASE_SEPARATOR = re.compile(r"\s*[,，:：\t]\s*")


class Form(Protocol):
    """A submitted form."""

    def get(self, key: str, default: str) -> str:
        """Return one field."""

    def getlist(self, key: str) -> list[str]:
        """Return all values of a field."""


def shipped_wordings() -> dict[str, tuple[str, ...]]:
    """Return the wordings that every site begins with."""
    silence = long_silence.Options()
    return {
        "greetings": missing_greeting.Options().wordings,
        "closings": missing_closing.Options().wordings,
        "agent_holds": silence.agent_announcements,
        "customer_holds": silence.customer_announcements,
    }


def read_section(section: str, form: Form, rules: RuleSet) -> RuleSet:
    """Return the rules with one section as the form has it.

    Raises
    ------
    RuleSetInvalid
        Naming each line that cannot be used.
    """
    problems = Problems()
    changed = _SECTIONS[section](form, rules, problems)
    problems.raise_any()
    return changed


def _rules(form: Form, rules: RuleSet, _problems: Problems) -> RuleSet:
    on = set(form.getlist("on"))
    custom = {one.name for one in rules.composites}
    return replace(rules, off=frozenset((set(RULES) | (rules.off & custom)) - on))


def _words(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    return replace(
        rules,
        words_added=rows_of(form.get("words", ""), word_of, "words", problems),
        words_removed=rows_of(form.get("removed", ""), read_line, "removed", problems),
    )


def _allowed(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    return replace(rules, allowed=rows_of(form.get("allowed", ""), read_line, "allowed", problems))


def _phrases(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    return replace(rules, phrases=rows_of(form.get("phrases", ""), phrase_of, "phrases", problems))


def _wordings(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    shipped = shipped_wordings()

    def read(name: str) -> Wordings:
        lines = rows_of(form.get(name, ""), read_line, name, problems)
        if not lines:
            problems.add(name, 0, _("至少留一句；不想检查请在“启用的规则”里关闭。"))
        return Wordings.between(shipped[name], lines)

    return replace(
        rules,
        greetings=read("greetings"),
        closings=read("closings"),
        agent_holds=read("agent_holds"),
        customer_holds=read("customer_holds"),
    )


def _from_document(name: str) -> Callable[[Form, RuleSet, Problems], RuleSet]:
    def read(form: Form, rules: RuleSet, _problems: Problems) -> RuleSet:
        document = document_of(rules)
        given = {key: form.get(key, "").strip() for key in _KEYS[name]}
        return read_rule_set(document | {name: given})

    return read


_KEYS = {
    "thresholds": (
        "silence_s",
        "announced_silence_s",
        "overlap_s",
        "rate_high_cpm",
        "rate_low_cpm",
    ),
    "switches": ("readback", "own_mobile"),
}


def _numbers(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    numbers = rows_of(form.get("numbers", ""), read_number_pattern, "numbers", problems)
    return replace(rules, public_numbers=numbers)


def _directory(form: Form, rules: RuleSet, problems: Problems) -> RuleSet:
    """Add lines and take ticked entries away: what is kept never goes to the page and back."""
    gone = {int(one) for one in form.getlist("gone") if one.isdigit()}
    kept = [one for place, one in enumerate(rules.directory) if place not in gone]
    added = rows_of(form.get("directory", ""), phone_of, "directory", problems)
    return replace(rules, directory=tuple(dict.fromkeys((*kept, *added))))


_SECTIONS: Mapping[str, Callable[[Form, RuleSet, Problems], RuleSet]] = {
    "rules": _rules,
    "words": _words,
    "allowed": _allowed,
    "phrases": _phrases,
    "wordings": _wordings,
    "thresholds": _from_document("thresholds"),
    "numbers": _numbers,
    "directory": _directory,
    "switches": _from_document("switches"),
}
SECTIONS = (*_SECTIONS, "composites")


def rows_of(text: str, read: Callable[[str], T], section: str, problems: Problems) -> tuple[T, ...]:
    """Read each line that holds anything; a problem names the line as the editor counts it."""
    found: dict[T, None] = {}
    lines = text.splitlines()
    if len(lines) > MOST_ROWS:
        problems.add(section, 0, _("最多 %(count)d 行。", count=MOST_ROWS))
        return ()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found[read(line)] = None
        except RowUnreadable as refused:
            problems.add(section, number, refused.message)
    return tuple(found)


def word_of(line: str) -> Word:
    """Read 词，级别; without a level it is 粗口."""
    word, _sep, tier = _cut(_WORD_SEPARATOR, line)
    return read_word([word, TIERS_WRITTEN.get(tier, tier)])


def phrase_of(line: str) -> Phrase:
    """Read 类别，说法."""
    category, _sep, text = _cut(_PHRASE_SEPARATOR, line)
    return read_phrase([category, text])


def phone_of(line: str) -> InternalPhone:
    """Read 姓名，部门，号码; the last one is the number, whatever is left out before it."""
    cells = [cell.strip() for cell in _SEPARATOR.split(line.strip())]
    if len(cells) < 2:
        raise RowUnreadable(_("要写姓名、部门、号码，用逗号隔开。"))
    name, department = (cells[0], "") if len(cells) == 2 else (cells[0], cells[1])
    return read_phone([name, department, cells[-1]])


def _cut(separator: re.Pattern[str], line: str) -> tuple[str, str, str]:
    line = line.strip()
    match = separator.search(line)
    if match is None:
        return line, "", ""
    return line[: match.start()], match[0], line[match.end() :].strip()


class _List(Protocol):
    """A list that goes out and in as CSV."""

    def __call__(self, rules: RuleSet) -> Iterable[Sequence[str]]: ...


_EXPORTS: Mapping[str, _List] = {
    "words": lambda rules: ((one.text, str(TIER_TITLES[one.tier])) for one in rules.words_added),
    "allowed": lambda rules: ((one,) for one in rules.allowed),
    "phrases": lambda rules: ((one.category, one.text) for one in rules.phrases),
    "numbers": lambda rules: ((one,) for one in rules.public_numbers),
    "directory": lambda rules: ((one.name, one.department, one.number) for one in rules.directory),
}
LISTS = tuple(_EXPORTS)


def list_as_rows(section: str, rules: RuleSet) -> list[list[str]]:
    """Return a list's rows as they are exported."""
    return [list(row) for row in _EXPORTS[section](rules)]


def add_list(section: str, text: str, rules: RuleSet) -> RuleSet:
    """Add the rows of a text or CSV file to a list.

    Raises
    ------
    RuleSetInvalid
        Naming each row that cannot be used; then nothing is added.
    """
    problems = Problems()
    lines = "\n".join(_lines_of(text))
    match section:
        case "words":
            added = rows_of(lines, word_of, section, problems)
            changed = replace(rules, words_added=_joined(rules.words_added, added))
        case "phrases":
            phrases = rows_of(lines, phrase_of, section, problems)
            changed = replace(rules, phrases=_joined(rules.phrases, phrases))
        case "numbers":
            numbers = rows_of(lines, read_number_pattern, section, problems)
            changed = replace(rules, public_numbers=_joined(rules.public_numbers, numbers))
        case "directory":
            phones = rows_of(lines, phone_of, section, problems)
            changed = replace(rules, directory=_joined(rules.directory, phones))
        case _:
            spans = rows_of(lines, read_line, section, problems)
            changed = replace(rules, allowed=_joined(rules.allowed, spans))
    problems.raise_any()
    return changed


def _lines_of(text: str) -> Iterator[str]:
    """Take quotes off the cells, as Excel writes them, and keep each row on its line."""
    for row in csv.reader(io.StringIO(text)):
        yield "，".join(cell.strip().replace("\n", " ").lstrip("'") for cell in row)


def _joined(before: tuple[T, ...], added: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*before, *added)))


def composite_from(form: Form, conditions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a rule's own fields with its conditions, to be read as JSON is."""
    return {
        "slug": form.get("slug", "").strip(),
        "title": form.get("title", "").strip(),
        "on": form.get("on", "") == "1",
        "severity": form.get("severity", "prompt"),
        "clause": form.get("clause", ""),
        "expression": form.get("expression", "").strip(),
        "conditions": list(conditions),
    }


def condition_from(form: Form, name: str) -> dict[str, Any]:
    """Return one condition's fields, to be read as JSON is."""
    row: dict[str, Any] = {
        key: form.get(key, "").strip()
        for key in (
            "kind", "words", "match", "examples", "pattern", "excluding", "score", "times",
            "within", "minimum_characters", "longer_than_s", "above_cpm", "below_cpm", "rule",
            "role", "first", "last", "first_s", "last_s",
        )
        if form.get(key, "").strip()
    }  # fmt: skip
    row |= {"id": name, "kinds": form.getlist("kinds"), "spread": form.get("spread", "") == "1"}
    if form.get("count", "").strip():
        row["count"] = form.get("count", "").strip()
    if form.get("anchor", "").strip():
        row["anchor"] = {
            "condition": form.get("anchor", "").strip(),
            "side": form.get("side", "around"),
            "which": form.get("which", "any"),
            "utterances": form.get("utterances", "").strip() or None,
            "seconds": form.get("seconds", "").strip() or None,
        }
    return row
