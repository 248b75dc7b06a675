"""The site's own part of set-up: translations, database, first sign-in, demo."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from tools.steps import ROOT, VENV, Step, run

TRANSLATIONS = ROOT / "qa_app" / "translations"
MIGRATIONS = ROOT / "migrations"
FLASK = (VENV / "bin" / "flask", "--app", "qa_app")


def data_dir() -> Path:
    """Where the site keeps everything, by the same rule as its settings."""
    return ROOT / (os.environ.get("QA_DATA_DIR") or "instance")


def translation_steps() -> list[Step]:
    """Compile the catalogues, if there are any."""
    catalogues = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if not catalogues:
        return []
    return [
        Step(
            name="translations",
            title="Translations",
            do=lambda: run(VENV / "bin" / "pybabel", "-q", "compile", "-d", TRANSLATIONS),
            inputs=tuple(catalogues),
            outputs=tuple(catalogue.with_suffix(".mo") for catalogue in catalogues),
        )
    ]


def data_steps() -> list[Step]:
    """Bring the database up to date, and fill it for a newcomer.

    What was done is noted in the data folder: without the folder, all of it is done again.
    """
    folder = data_dir()
    stamps = folder / "set-up"
    database = folder / "tingzheng.sqlite"
    url = os.environ.get("QA_DATABASE_URL")
    # A database elsewhere may have been emptied or restored behind our back: always ask it.
    place = f"{url} {os.urandom(8).hex()}" if url else str(database)
    return [
        Step(
            name="database",
            title="Database",
            do=lambda: _upgrade(database),
            inputs=(place, *sorted(MIGRATIONS.rglob("*.py"))),
            outputs=() if url else (database,),
            stamps=stamps,
        ),
        Step(
            name="first-sign-in",
            title="First sign-in",
            do=lambda: run(*FLASK, "users", "bootstrap"),
            inputs=(url or str(database),),
            stamps=stamps,
        ),
        Step(
            name="demo",
            title="Demo call centre: three calls are spoken (about a minute)",
            do=lambda: run(*FLASK, "demo", "load"),
            inputs=(url or str(database),),
            stamps=stamps,
        ),
    ]


def _upgrade(database: Path) -> None:
    if database.exists():
        # A migration that goes wrong must cost nobody their reviews.
        copy = database.with_suffix(".before-upgrade.sqlite")
        copy.unlink(missing_ok=True)
        with (
            contextlib.closing(sqlite3.connect(database)) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    run(*FLASK, "db", "upgrade")
