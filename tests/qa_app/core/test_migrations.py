"""Migrations go up and down, and give the tables that the code describes."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from qa_app import create_app
from qa_app.core.config import read_settings
from qa_app.core.db import db
from tests.old_rows import utterance_count, voices, write_calls_of_0001

ROOT = Path(__file__).parents[3]
MIGRATIONS = str(ROOT / "migrations")


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    return create_app(read_settings({"QA_DATA_DIR": str(tmp_path), "QA_SECRET_KEY": "s"}))


def test_up_down_up_leaves_the_same_tables(empty_app: Flask):
    with empty_app.app_context():
        upgrade(directory=MIGRATIONS)
        first = set(inspect(db.engine).get_table_names())
        downgrade(directory=MIGRATIONS, revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade(directory=MIGRATIONS)
        assert set(inspect(db.engine).get_table_names()) == first
        db.engine.dispose()


def test_a_new_version_keeps_every_utterance_and_names_the_voices_it_knows(empty_app: Flask):
    with empty_app.app_context():
        upgrade(directory=MIGRATIONS, revision="0001")
        with db.engine.begin() as connection:
            write_calls_of_0001(connection)
        upgrade(directory=MIGRATIONS, revision="0002")
        with db.engine.connect() as connection:
            assert voices(connection) == {
                "split": [None, None],
                "sure": [0, 1, 0],
                "unsure": [None, None],
            }
        downgrade(directory=MIGRATIONS, revision="0001")
        with db.engine.connect() as connection:
            assert utterance_count(connection) == 7
            found = "SELECT count(*) FROM utterance_search WHERE search_text MATCH '\"您 好\"'"
            assert connection.execute(text(found)).scalar_one() == 7
        db.engine.dispose()


def test_the_migrated_tables_are_those_of_the_models(app: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": False,
                "include_object": lambda _o, name, kind, _r, _c: (
                    not (kind == "table" and name.startswith("utterance_search"))
                ),
            },
        )
        assert compare_metadata(context, db.metadata) == []


def test_the_audit_log_cannot_be_edited(app: Flask):
    insert = (
        "INSERT INTO audit_entry (id, at, actor_login, action, subject_type, detail)"
        " VALUES ('a', '2026-03-12', 'x', 'call:read', 'call', '{}')"
    )
    with db.engine.begin() as connection:
        connection.execute(text(insert))
    for statement in ("UPDATE audit_entry SET action = 'nothing'", "DELETE FROM audit_entry"):
        with (
            pytest.raises(DatabaseError, match="not edited"),
            db.engine.begin() as connection,
        ):
            connection.execute(text(statement))
