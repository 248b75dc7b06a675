"""A call centre of a test's own, reached by its commands, its pages and the real model."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from qa_app import create_app
from qa_app.core import clock
from qa_app.core.config import read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.scorecards.services import install_regulation
from qa_app.users.access import SESSION_SEPARATOR
from qa_app.users.permissions import Role
from qa_app.users.services import PersonInput, create_user
from tests.databases import Databases, site_environment
from tests.makers import PASSWORD

ROOT = Path(__file__).parents[2]


@dataclass
class Centre:
    """One site, driven as its operator and its inspector drive it."""

    app: Flask
    browser: FlaskClient
    commands: FlaskCliRunner

    def take_in(self, path: Path, *options: str) -> dict[str, Any]:
        """Import one recording and say what became of it."""
        done = self.commands.invoke(args=["calls", "import", str(path), *options, "--jsonl"])
        assert done.exit_code == 0, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def process(self, *call_ids: str) -> None:
        """Do the waiting work here and now."""
        done = self.commands.invoke(args=["calls", "process", *call_ids])
        assert done.exit_code == 0, done.output

    def record_of(self, call_id: str) -> dict[str, Any]:
        """The whole record of a call."""
        done = self.commands.invoke(args=["calls", "show", call_id, "--json"])
        assert done.exit_code == 0, done.output
        record: dict[str, Any] = json.loads(done.stdout)
        return record

    def heard(self, path: Path, *options: str) -> dict[str, Any]:
        """Import, process and show one recording."""
        call_id = self.take_in(path, *options)["id"]
        self.process(call_id)
        return self.record_of(call_id)


@contextmanager
def open_centre(folder: Path, databases: Databases) -> Iterator[Centre]:
    """Open a site in a folder, with the weights that set-up brought and an inspector signed in."""
    folder.mkdir()
    with databases.migrated(folder) as url:
        yield from _on(folder, site_environment(folder, url))


def _on(folder: Path, environment: dict[str, str]) -> Iterator[Centre]:
    (ROOT / "instance" / "models").mkdir(parents=True, exist_ok=True)
    (folder / "models").symlink_to(ROOT / "instance" / "models")
    app = create_app(read_settings({**environment, "QA_WORKER_PROCESSES": "1"}))
    app.testing = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), unit_of_work() as work:
        install_regulation(work, now=clock.now())
        user = create_user(
            work,
            person=PersonInput(login="inspector", name="质检员", role=Role.INSPECTOR),
            by=None,
            now=clock.now(),
            password=PASSWORD,
        )
        user.must_change_password = False
        key = f"{user.id}{SESSION_SEPARATOR}{user.session_stamp}"
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = key, True
    try:
        yield Centre(app, browser, app.test_cli_runner())
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
