"""What is known of a call beside its sound: from a form, a CSV line or the file's own name."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from flask_babel import gettext as _

from qa_app.calls.errors import PatternInvalid
from qa_app.calls.models import Direction
from qa_app.core.errors import Invalid

FIELDS = ("agent", "started_at", "date", "time", "customer", "direction", "queue")
_DIRECTIONS = {
    "inbound": Direction.INBOUND,
    "in": Direction.INBOUND,
    "呼入": Direction.INBOUND,
    "来电": Direction.INBOUND,
    "outbound": Direction.OUTBOUND,
    "out": Direction.OUTBOUND,
    "呼出": Direction.OUTBOUND,
    "外呼": Direction.OUTBOUND,
}
_TIMES = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d")
#: Patterns are typed by administrators and run on every file name: keep both short.
_LONGEST_NAME = 255
#: Where a table's reader puts the cells that stand under no heading; no table has such a heading.
_TOO_MANY = "\0"


@dataclass(frozen=True, kw_only=True)
class CallMetadata:
    """Each may be unknown; `agent` is a login, an employee number or a name."""

    agent: str | None = None
    started_at: datetime | None = None
    customer_number: str | None = None
    direction: Direction | None = None
    queue: str | None = None
    source: str | None = None
    agent_channel: int | None = None

    def completed_by(self, other: "CallMetadata") -> "CallMetadata":
        """Fill what is unknown here from another source of less authority."""
        known = {name: value for name, value in vars(self).items() if value is not None}
        return replace(other, **known)


def read_fields(fields: Mapping[str, str | None], zone: tzinfo) -> CallMetadata:
    """Understand fields as people write them.

    Raises
    ------
    Invalid
        A time, direction or channel that cannot be understood, with its field.
    """
    text = {name: (value or "").strip() or None for name, value in fields.items()}
    started = text.get("started_at")
    if started is None and text.get("date"):
        started = f"{text['date']} {text.get('time') or ''}"
    channel = text.get("agent_channel")
    if channel not in {None, "0", "1"}:
        raise Invalid(_("坐席声道只能是 0（左）或 1（右）。"), field="agent_channel")
    return CallMetadata(
        agent=text.get("agent"),
        started_at=read_time(started, zone) if started else None,
        customer_number=_number(text.get("customer_number") or text.get("customer")),
        direction=_direction(text.get("direction")),
        queue=_short(text.get("queue"), "queue", 64),
        source=text.get("source"),
        agent_channel=int(channel) if channel is not None else None,
    )


def read_time(text: str, zone: tzinfo) -> datetime:
    """Read ISO 8601 or digits such as 20260312094100; without a zone it is the site's.

    >>> read_time("2026-03-12 09:41", UTC).isoformat()
    '2026-03-12T09:41:00+00:00'
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _digits_time(text)
    if not 1990 <= moment.year <= 2100:
        raise Invalid(
            _("时间“%(text)s”看不懂，请写成 2026-03-12 09:41。", text=text), field="started_at"
        )
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Check a file-name pattern.

    Raises
    ------
    PatternInvalid
        It is no regular expression, nests repetitions, or names none of the fields.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise PatternInvalid(
            _("文件名规则写错了：%(error)s。", error=str(error)), field="file_name_pattern"
        ) from None
    unknown = set(compiled.groupindex) - set(FIELDS)
    if unknown or not compiled.groupindex:
        raise PatternInvalid(
            _("文件名规则里要有这些名字中的几个：%(fields)s。", fields="、".join(FIELDS)),
            field="file_name_pattern",
        )
    # A repeated group that is itself repeated can take for ever on a hostile name.
    if re.search(r"[+*}]\)[+*{]", pattern):
        raise PatternInvalid(
            _("文件名规则里不能有重复套重复，例如 (a+)+。"), field="file_name_pattern"
        )
    return compiled


def from_file_name(pattern: str | None, file_name: str, zone: tzinfo) -> CallMetadata:
    """Read what the source's pattern finds in a name; a name that does not fit says nothing."""
    if not pattern:
        return CallMetadata()
    found = compile_pattern(pattern).search(file_name[:_LONGEST_NAME])
    if found is None:
        return CallMetadata()
    try:
        return read_fields(found.groupdict(), zone)
    except Invalid:
        return CallMetadata()


def read_csv(text: str, zone: tzinfo) -> dict[str, CallMetadata]:
    """Read metadata by file name from a CSV with a header line.

    Raises
    ------
    Invalid
        No `file` column, or a line that cannot be understood, with its number.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), restkey=_TOO_MANY)
    try:
        columns, lines = reader.fieldnames or [], list(reader)
    except csv.Error:
        raise _in_line(reader.reader.line_num, _("格式不对，可能少了一个引号。")) from None
    if "file" not in columns:
        raise Invalid(_("CSV 第一行要有 file 这一列，写录音的文件名。"), field="metadata")
    rows: dict[str, CallMetadata] = {}
    for number, row in enumerate(lines, 2):
        if any(cell.strip() for cell in row.pop(_TOO_MANY, [])):
            raise _in_line(number, _("格子比第一行多，可能少了引号。"))
        try:
            rows[(row["file"] or "").strip()] = read_fields(row, zone)
        except Invalid as error:
            raise _in_line(number, error.message) from error
    return rows


def _in_line(number: int, why: str) -> Invalid:
    """Say in which line of the table something is wrong."""
    return Invalid(_("CSV 第 %(number)d 行：%(why)s", number=number, why=why), field="metadata")


def _digits_time(text: str) -> datetime:
    digits = re.sub(r"\D", "", text)
    for form in _TIMES:
        try:
            return datetime.strptime(digits, form)  # noqa: DTZ007 - the zone is added by the caller
        except ValueError:
            continue
    return datetime.min  # noqa: DTZ901 - outside the years the caller accepts


def _number(text: str | None) -> str | None:
    if text is None:
        return None
    number = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\+?\d{3,20}", number):
        raise Invalid(_("客户号码只能有数字。"), field="customer_number")
    return number


def _direction(text: str | None) -> Direction | None:
    if text is None:
        return None
    try:
        return _DIRECTIONS[text.lower()]
    except KeyError:
        raise Invalid(_("呼叫方向写“呼入”或“呼出”。"), field="direction") from None


def _short(text: str | None, field: str, longest: int) -> str | None:
    if text is not None and len(text) > longest:
        raise Invalid(_("最多 %(count)d 个字。", count=longest), field=field)
    return text
