"""Commands on rule sets: a file out, a file in, and a draft published."""

import json
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _

from qa_app.checks.problems import RuleSetInvalid
from qa_app.cli.edge import Group, Refused, say, write_document
from qa_app.core import clock
from qa_app.core.db import db, unit_of_work
from qa_app.rule_sets.queries import draft_or_refuse, rules_in_force, version_by_number
from qa_app.rule_sets.services import import_rules, publish_again, publish_draft
from qa_app.rule_sets.wording import SECTION_TITLES

group = Group("rules", help="The site's own rules.")


@group.command("export")
@click.option("--number", type=int, help="A version; without it, the published one.")
@click.option("--draft", is_flag=True, help="What is being drafted.")
def export(*, number: int | None, draft: bool) -> None:
    """Write a rule set to standard output, internal numbers and all."""
    session = db.session()
    if draft:
        version = draft_or_refuse(session)
    else:
        version = version_by_number(session, number or rules_in_force(session).number)
    write_document(version.content)


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Put a rule set from a JSON file into the draft, in place of what it held."""
    try:
        with unit_of_work() as work:
            draft = import_rules(work, document=_document(file), by=None, now=clock.now())
            number = draft.number
    except RuleSetInvalid as refused:
        for one in refused.problems:
            where = SECTION_TITLES.get(one.section, one.section)
            row = _("第 %(row)d 行：", row=one.row) if one.row else ""
            say(f"{where} {row}{one.message}".strip())
        raise Refused(_("规则文件里有 %(count)d 处要改。", count=len(refused.problems))) from None
    say(_("已放进第 %(number)d 版的草稿。", number=number))


@group.command("publish")
@click.option("--note", required=True, help="What changed, and why.")
@click.option("--number", type=int, help="Go back to this version instead of the draft.")
def publish(*, note: str, number: int | None) -> None:
    """Let new calls be checked with the draft, or with an older version again."""
    with unit_of_work() as work:
        if number is None:
            revision = draft_or_refuse(work).revision
            version = publish_draft(work, note=note, revision=revision, by=None, now=clock.now())
        else:
            version = publish_again(work, number=number, note=note, by=None, now=clock.now())
        published = version.number
    say(_("第 %(number)d 版已发布，新的通话按它检查。", number=published))


def _document(file: Path) -> dict[str, Any]:
    try:
        document = json.loads(file.read_text("utf-8"))
    except ValueError:
        raise Refused(_("%(file)s 不是 JSON 文件。", file=file)) from None
    return document if isinstance(document, dict) else {}
