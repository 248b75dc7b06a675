"""Migrations go up and down, and give the tables that the code describes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from qa_app import create_app
from qa_app.calls.search import utterances_with
from qa_app.core.clock import now
from qa_app.core.config import read_settings
from qa_app.core.db import db, unit_of_work
from qa_app.jobs.models import Job
from qa_app.jobs.queue import claim_job
from tests.databases import MIGRATIONS, Databases, site_environment
from tests.filling import Rows, fill, lost, rows_of
from tests.old_rows import (
    verdicts,
    voices,
    write_appeals_of_0005,
    write_calls_of_0001,
    write_decisions_of_0002,
)


@pytest.fixture
def empty_app(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database has no table yet."""
    with databases.empty(tmp_path) as url:
        app = create_app(read_settings(site_environment(tmp_path, url)))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


def versions() -> list[str]:
    """List the migrations from the first to the newest."""
    folder = ScriptDirectory(MIGRATIONS)
    return [script.revision for script in folder.walk_revisions()][::-1]


def table_names() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def filled() -> Rows:
    with db.engine.begin() as connection:
        fill(connection)
        return rows_of(connection)


def present() -> Rows:
    with db.engine.connect() as connection:
        return rows_of(connection)


def test_up_down_up_leaves_the_same_tables(empty_app: Flask):
    upgrade(directory=MIGRATIONS)
    first = table_names()
    downgrade(directory=MIGRATIONS, revision="base")
    assert table_names() <= {"alembic_version"}
    upgrade(directory=MIGRATIONS)
    assert table_names() == first


def test_every_version_keeps_every_row_on_the_way_up_and_down_and_up_again(empty_app: Flask):
    before: Rows = {}
    for version in versions():
        upgrade(directory=MIGRATIONS, revision=version)
        assert lost(before, present()) == []
        before = filled()
        assert all(len(rows) == 1 for rows in before.values())
    for version in versions()[-2::-1]:
        downgrade(directory=MIGRATIONS, revision=version)
        after = present()
        assert lost(before, after) == []
        upgrade(directory=MIGRATIONS, revision="+1")
        assert lost(after, present()) == []
        downgrade(directory=MIGRATIONS, revision=version)
        before = present()


def test_the_second_version_names_the_voices_it_knows_and_the_search_goes_on(empty_app: Flask):
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
    greeted = utterances_with(db.session(), "您好")
    assert greeted is not None
    assert len(db.session.execute(greeted).all()) == 7


def test_the_third_version_keeps_verdicts_without_digits_and_makes_the_shipped_rules_version_1(
    empty_app: Flask,
):
    upgrade(directory=MIGRATIONS, revision="0002")
    with db.engine.begin() as connection:
        write_decisions_of_0002(connection)
    upgrade(directory=MIGRATIONS, revision="0003")
    with db.engine.connect() as connection:
        assert verdicts(connection) == [
            ("leak_mobile", "confirmed", "****", ""),
            ("rude_language", "dismissed", "**点再说", "客户先说的**点"),
        ]
        shipped = text("SELECT number, status FROM rule_set_version")
        assert connection.execute(shipped).all() == [(1, "published")]
        found = text("SELECT DISTINCT rule_set_version FROM finding")
        assert connection.execute(found).scalars().all() == [1]
    downgrade(directory=MIGRATIONS, revision="0002")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM deduction")).scalar() == 3


def test_the_fourth_version_orders_the_covered_copy_of_each_call_that_can_be_heard(
    empty_app: Flask,
):
    upgrade(directory=MIGRATIONS, revision="0001")
    with db.engine.begin() as connection:
        write_calls_of_0001(connection)
        connection.execute(text("UPDATE call SET playback_key = 'p' WHERE id <> 'unsure'"))
    upgrade(directory=MIGRATIONS, revision="0004")
    ordered = db.session.scalars(select(Job).order_by(Job.subject_id)).all()
    assert [(job.kind, job.subject_id) for job in ordered] == [
        ("redact_call", "split"),
        ("redact_call", "sure"),
    ]
    with unit_of_work() as work:
        assert claim_job(work, "sure", now=now()) is not None
    db.session.remove()
    downgrade(directory=MIGRATIONS, revision="0003")
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM job")).scalar() == 0
        assert connection.execute(text("SELECT count(*) FROM call")).scalar() == 3


def test_the_sixth_version_leaves_one_open_objection_to_a_deduction_and_keeps_the_others(
    empty_app: Flask,
):
    upgrade(directory=MIGRATIONS, revision="0005")
    with db.engine.begin() as connection:
        write_appeals_of_0005(connection)
    upgrade(directory=MIGRATIONS, revision="0006")
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT id, status FROM appeal ORDER BY id")).all()
        assert kept == [("first", "filed"), ("gone", "withdrawn"), ("later", "withdrawn")]
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE appeal SET status = 'filed' WHERE id = 'later'"))
    downgrade(directory=MIGRATIONS, revision="0005")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE appeal SET status = 'filed' WHERE id = 'later'"))


def test_a_recording_may_be_larger_than_two_gibibytes(empty_app: Flask):
    upgrade(directory=MIGRATIONS)
    with db.engine.begin() as connection:
        write_calls_of_0001(connection)
        connection.execute(text("UPDATE call SET size_bytes = 3221225472"))
    downgrade(directory=MIGRATIONS, revision="0005")
    with db.engine.connect() as connection:
        sizes = connection.execute(text("SELECT DISTINCT size_bytes FROM call")).scalars()
        assert sizes.all() == [3_221_225_472]


def test_the_migrated_tables_are_those_of_the_models(app: Flask):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": False,
                # The search index is each database's own.
                "include_object": lambda _o, name, _kind, _r, _c: "utterance_search" not in name,
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
