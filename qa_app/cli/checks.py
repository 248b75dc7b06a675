"""The checks over plain text, for tuning and for other systems."""

import json
import sys

import click
from flask_babel import gettext as _

from qa_app.checks.text_run import check_line
from qa_app.cli.edge import Group, Refused, write_document

group = Group("checks", help="Run the rules over text.")


@group.command("run")
@click.option("--jsonl", is_flag=True, required=True, help="One document a line, in and out.")
def run(*, jsonl: bool) -> None:  # noqa: ARG001 - the contract names the form, and there is one
    """Read texts from standard input and write what was found in each."""
    failed = 0
    for line in sys.stdin.buffer:
        if not line.strip():
            continue
        answer = check_line(_record(line))
        failed += "error" in answer
        write_document(answer)
    if failed:
        raise Refused(_("有 %(count)d 行没有检查，原因见输出。", count=failed))


def _record(line: bytes) -> object:
    """Return what the line says; what is no JSON says nothing, and is answered as such."""
    try:
        return json.loads(line)
    except ValueError:
        return None
