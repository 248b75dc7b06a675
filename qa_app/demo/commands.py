"""`flask demo load` and `flask demo clear`."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from pronunciation.errors import PronunciationError
from qa_app.calls.recordings import keep_recording
from qa_app.core import clock
from qa_app.core.config import Settings
from qa_app.core.db import unit_of_work
from qa_app.core.files import FileStore
from qa_app.demo.audio import make_demo_audio
from qa_app.demo.people import ROLE_NAMES
from qa_app.demo.services import SignIn, clear_demo, load_demo

SIGN_INS_NAME = "demo-sign-ins.txt"

demo = AppGroup("demo", help="A made-up call centre to look around in.")


@demo.command("load")
def load() -> None:
    """Speak three calls, add them with their people, and queue them for the worker."""
    settings, files = _site()
    try:
        audio = make_demo_audio(settings.data_dir / "demo", progress=_show)
    except PronunciationError as error:
        raise click.ClickException(str(error)) from error
    recordings = [
        (path.name, keep_recording(files, path, max_bytes=settings.max_upload_bytes))
        for path in audio
    ]
    with unit_of_work() as session:
        sign_ins = load_demo(
            session, recordings=recordings, zone=settings.time_zone, now=clock.now()
        )
    if sign_ins:
        _keep(settings.data_dir / SIGN_INS_NAME, sign_ins)
    click.echo(f"The demo is loaded; its sign-ins: {settings.data_dir / SIGN_INS_NAME}", err=True)


@demo.command("clear")
def clear() -> None:
    """Take the demo's calls, people and teams away, and nothing else."""
    settings, files = _site()
    with unit_of_work() as session:
        cleared = clear_demo(session, now=clock.now())
    # Only now: files of a transaction that failed would be missed.
    for key in cleared.file_keys:
        files.delete(key)
    (settings.data_dir / SIGN_INS_NAME).unlink(missing_ok=True)
    click.echo(f"Removed {cleared.calls} calls and {cleared.people} people", err=True)
    if cleared.kept_people:
        names = "、".join(cleared.kept_people)
        click.echo(f"Switched off, because work that stays names them: {names}", err=True)


def _site() -> tuple[Settings, FileStore]:
    return current_app.extensions["settings"], current_app.extensions["files"]


def _show(done: int, total: int) -> None:
    click.echo(f"  speaking the demo calls: {done} of {total}", err=True)


def _keep(path: Path, sign_ins: Sequence[SignIn]) -> None:
    """Write the passwords where only the site's owner can read them."""
    lines = ["示范账号 Demo sign-ins"]
    lines += [
        f"  {sign_in.person.login:<14}{sign_in.password}  "
        f"{sign_in.person.name}（{ROLE_NAMES[sign_in.person.role]}）"
        for sign_in in sign_ins
    ]
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
