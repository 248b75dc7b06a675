"""The edge of the command line: errors as one line, documents as UTF-8."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError, ProgrammingError

from qa_app.core.errors import QaError


class Refused(click.ClickException):
    """The work could not be done; the message says why, and the command ends with 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the reason, and nothing else, to standard error."""
        click.echo(self.message, err=True, file=file)


class Group(AppGroup):
    """Commands of one room; whatever goes wrong in them becomes one line a user understands."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except QaError as error:
            raise Refused(error.message) from error
        except (OperationalError, ProgrammingError) as error:
            raise Refused(_database_said(error)) from error
        except OSError as error:
            where = f"{error.filename}：" if error.filename else ""
            raise Refused(f"{where}{error.strerror or error}") from error


def write_document(document: Mapping[str, object]) -> None:
    """Write one JSON document as a line of standard output, whatever the terminal's encoding."""
    line = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    click.echo(line + b"\n", nl=False)


def write_error(error: QaError, **thing: str) -> None:
    """Report a bad item of a batch, which carries on."""
    write_document({**thing, "error": {"code": error.code, "message": error.message}})


def say(message: str) -> None:
    """Tell the person at the terminal; no program reads this."""
    click.echo(message, err=True)


def keep_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _database_said(error: OperationalError | ProgrammingError) -> str:
    reason: str = str(error.orig).strip().splitlines()[0]
    if "no such table" in reason or "does not exist" in reason or "no such column" in reason:
        message: str = _("数据库还没有建好或不是最新的，请先运行 flask --app qa_app db upgrade。")
    else:
        message = _("数据库暂时没有响应，请过一会儿再试：%(reason)s", reason=reason)
    return message
