"""Commands on calls: import, process, show, export, search."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _

from qa_app.calls.metadata import CallMetadata, read_csv, read_time
from qa_app.calls.queries import call_by_id, source_named, utterances_found
from qa_app.calls.recordings import keep_recording
from qa_app.calls.services import AddedCall, add_call
from qa_app.cli.edge import Group, Refused, say, write_document, write_error
from qa_app.cli.processing import process_jobs, unfinished_jobs
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import db, unit_of_work
from qa_app.core.errors import Invalid, NotFound, QaError, StorageFull
from qa_app.core.text import decoded_text
from qa_app.jobs.models import JobStatus
from qa_app.reviews.documents import call_document, found_document
from qa_app.reviews.package import take_along, zipped
from qa_app.users.queries import agent_named

#: What a folder is searched for; a file that is named on the command line may be called anything.
RECORDING_SUFFIXES = frozenset(
    (
        *(".wav", ".mp3", ".amr", ".opus", ".ogg", ".oga", ".flac", ".m4a", ".mp4"),
        *(".aac", ".wma", ".webm", ".spx", ".gsm", ".al", ".alaw", ".ul"),
    )
)
_ALL = 100_000

group = Group("calls", help="Take recordings in, process, show, export and search them.")


@group.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--agent", metavar="LOGIN", help="Whose calls they are: login, number or name.")
@click.option(
    "--agent-channel",
    type=click.IntRange(0, 1),
    help="The agent's stereo channel: 0 left, 1 right.",
)
@click.option("--started-at", metavar="ISO", help="When the calls began, such as 2026-03-12T09:41.")
@click.option(
    "--metadata",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CSV",
    help="A line for each file: file, agent, started_at, customer_number, direction, queue.",
)
@click.option("--source", metavar="NAME", help="Which source's settings hold for the files.")
@click.option("--jsonl", is_flag=True, help="One document a line for other programs.")
def import_calls(
    paths: tuple[Path, ...],
    *,
    agent: str | None,
    agent_channel: int | None,
    started_at: str | None,
    metadata: Path | None,
    source: str | None,
    jsonl: bool,
) -> None:
    """Store recordings, or a folder's, and queue their processing."""
    settings: Settings = current_app.extensions["settings"]
    _refuse_unknown(agent=agent, source=source)
    stated = CallMetadata(
        agent=agent,
        agent_channel=agent_channel,
        started_at=read_time(started_at, settings.time_zone) if started_at else None,
        source=source,
    )
    listed = read_csv(decoded_text(metadata.read_bytes()), settings.time_zone) if metadata else {}
    failed = 0
    for path in _recordings(paths):
        known = listed.get(path.name, CallMetadata()).completed_by(stated)
        try:
            added = _import_file(path, known, settings)
        except QaError as error:
            failed += 1
            _report(path, error, jsonl=jsonl)
            if isinstance(error, StorageFull):
                raise
            continue
        status = "duplicate" if added.duplicate else "queued"
        if added.agent_unknown:
            say(
                _(
                    "%(file)s：没有找到坐席“%(agent)s”，通话先不归任何人。",
                    file=path,
                    agent=known.agent,
                )
            )
        if jsonl:
            write_document(
                {
                    "id": added.call.id,
                    "file": str(path),
                    "status": status,
                    "sha256": added.call.sha256,
                }
            )
        else:
            click.echo(f"{added.call.id}  {status:9}  {path}")
    if failed:
        raise Refused(_("有 %(count)d 个文件没有收下，原因见上。", count=failed))


@group.command("process")
@click.argument("call_ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help="In place of IDs: all that waits.")
def process(call_ids: tuple[str, ...], *, everything: bool) -> None:
    """Run queued work here and now, and failed calls that are named."""
    if bool(call_ids) == everything:
        raise click.UsageError("Name calls, or say --all.")
    for call_id in call_ids:
        call_by_id(db.session(), call_id)
    with unit_of_work() as work:
        jobs = unfinished_jobs(work, call_ids or None, now=clock.now())
        job_ids = [job.id for job in jobs]
    if not job_ids:
        say(_("没有等待处理的通话。"))
        return
    outcomes = process_jobs(current_app._get_current_object(), job_ids)  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy would not cross into a thread
    failures = [outcome for outcome in outcomes if outcome.status is not JobStatus.DONE]
    for outcome in failures:
        write_document(
            {"id": outcome.call_id, "error": {"code": outcome.code, "message": outcome.message}}
        )
        say(f"{outcome.call_id}: {outcome.message}")
    done = len(outcomes) - len(failures)
    if failures:
        raise Refused(
            _("处理好 %(done)d 通，%(failed)d 通没有成功。", done=done, failed=len(failures))
        )
    say(_("处理好 %(done)d 通。", done=done))


@group.command("show")
@click.argument("call_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="The whole record as one document.")
def show(call_id: str, *, as_json: bool) -> None:
    """Show a call: what was said, found and deducted, nothing masked."""
    session = db.session()
    document = call_document(session, call_by_id(session, call_id), reveal=True)
    if as_json:
        write_document(document)
        return
    click.echo(f"{document['file']}  {document['agent'] or '–'}  {document['status']}")
    for said in document["utterances"]:
        click.echo(f"{said['start_s']:8.2f}  {said['channel']:8}  {said['text']}")
    for finding in document["findings"]:
        click.echo(f"{finding['start_s']:8.2f}  {finding['rule']}: {finding['why']}")
    evaluation = document["evaluation"]
    if evaluation is not None:
        click.echo(f"{evaluation['score_points'] or '–'} / {evaluation['max_points']}")


@group.command("export")
@click.argument("call_id", metavar="ID")
@click.option("--redacted", is_flag=True, help="No number in sound or text: the only way yet.")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def export(call_id: str, *, redacted: bool, out: Path) -> None:
    """Write a call to take along as a ZIP: sound, transcript, evaluation."""
    if not redacted:
        raise click.UsageError("Say --redacted: nothing leaves with its numbers in it.")
    with unit_of_work() as work:
        call = call_by_id(work, call_id)
        package = take_along(work, call=call, by=None, now=clock.now())
    partial = out.with_name(f"{out.name}.part")
    with zipped(package, current_app.extensions["files"]) as source, partial.open("wb") as target:
        shutil.copyfileobj(source, target)
    partial.replace(out)


@group.command("search")
@click.argument("text")
@click.option("--jsonl", is_flag=True, help="One document a line for other programs.")
def search(text: str, *, jsonl: bool) -> None:
    """List the utterances that contain the text, newest call first."""
    for utterance, call in utterances_found(db.session(), text, limit=_ALL):
        if jsonl:
            write_document(found_document(utterance, call))
        else:
            click.echo(f"{call.id}  {utterance.start_s:8.2f}  {utterance.text}")


def _import_file(path: Path, metadata: CallMetadata, settings: Settings) -> AddedCall:
    if not path.is_file():
        raise NotFound(_("没有这个文件。"))
    try:
        stored = keep_recording(
            current_app.extensions["files"], path, max_bytes=settings.max_upload_bytes
        )
    except PermissionError:
        raise Invalid(_("没有读取这个文件的权限。")) from None
    with unit_of_work() as work:
        return add_call(
            work,
            stored=stored,
            file_name=path.name,
            metadata=metadata,
            by=None,
            zone=settings.time_zone,
            now=clock.now(),
        )


def _refuse_unknown(*, agent: str | None, source: str | None) -> None:
    """Stop before the first file is stored: a mistyped name would spoil every one of them."""
    session = db.session()
    if agent and agent_named(session, agent) is None:
        raise NotFound(_("没有找到坐席“%(agent)s”，请写账号、工号或姓名。", agent=agent))
    if source and source_named(session, source) is None:
        raise NotFound(_("没有名为“%(name)s”的录音来源。", name=source))


def _recordings(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(
                inner
                for inner in path.rglob("*")
                if inner.suffix.lower() in RECORDING_SUFFIXES and not inner.name.startswith(".")
            )
        else:
            yield path


def _report(path: Path, error: QaError, *, jsonl: bool) -> None:
    if jsonl:
        write_error(error, file=str(path))
    else:
        say(f"{path}: {error.message}")
