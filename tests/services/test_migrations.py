"""The migrations on PostgreSQL: up and down, and every row kept."""

from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from qa_app import create_app
from qa_app.core.config import read_settings
from qa_app.core.db import db
from tests.old_rows import utterance_count, voices, write_calls_of_0001

MIGRATIONS = str(Path(__file__).parents[2] / "migrations")


@pytest.mark.services
def test_postgresql_keeps_every_utterance_and_names_the_voices_it_knows(
    postgres_url: str, tmp_path: Path
):
    settings = {
        "QA_DATA_DIR": str(tmp_path),
        "QA_SECRET_KEY": "s",
        "QA_DATABASE_URL": postgres_url,
    }
    with create_app(read_settings(settings)).app_context():
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
        upgrade(directory=MIGRATIONS)
        downgrade(directory=MIGRATIONS, revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()
