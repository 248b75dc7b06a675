"""A database for every test's site: a copied SQLite file, or one on PostgreSQL emptied in between.

`QA_TEST_DATABASE_URL` names a PostgreSQL server on which databases may be made, and
`QA_TEST_BROKER_URL` the broker that the sites send their hints to. Without them each site keeps
both in files of its own.
"""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from flask_migrate import upgrade
from sqlalchemy import URL, make_url

from qa_app import create_app
from qa_app.core.config import read_settings
from qa_app.core.db import db

MIGRATIONS = str(Path(__file__).parent.parent / "migrations")
SERVER = os.environ.get("QA_TEST_DATABASE_URL", "")
BROKER = os.environ.get("QA_TEST_BROKER_URL", "")


class Databases(Protocol):
    """Where a test's database comes from; each is given by its address and taken back after use."""

    def empty(self, folder: Path, /) -> AbstractContextManager[str]:
        """Lend a database without tables."""

    def migrated(self, folder: Path) -> AbstractContextManager[str]:
        """Lend a database with every table and no row."""


@contextmanager
def open_databases(folder: Path) -> Iterator[Databases]:
    """Open what the settings of the test run name."""
    if not SERVER:
        yield SqliteFiles(folder)
        return
    with open_postgres(SERVER) as server:
        yield server


def site_environment(folder: Path, database_url: str) -> dict[str, str]:
    """The environment of a site that keeps its files in a folder."""
    environment = {
        "QA_DATA_DIR": str(folder),
        "QA_SECRET_KEY": "test-secret",
        "QA_DATABASE_URL": database_url,
    }
    return {**environment, "QA_BROKER_URL": BROKER} if BROKER else environment


def absent(what: str, error: Exception) -> None:
    """Skip on somebody's own machine; in CI a missing service is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} cannot be had here, and CI must have it: {error}")
    pytest.skip(f"{what} cannot be had here: {error}")


def migrate(url: str, folder: Path) -> None:
    """Bring a database to the newest version."""
    app = create_app(read_settings(site_environment(folder, url)))
    with app.app_context():
        upgrade(directory=MIGRATIONS)
        db.session.remove()
        db.engine.dispose()


class SqliteFiles:
    """Files; the migrated one is copied, because migrating takes longer than most tests."""

    def __init__(self, folder: Path) -> None:
        with self.empty(folder) as url:
            migrate(url, folder)
        self._content = Path(folder, "tingzheng.sqlite").read_bytes()

    @contextmanager
    def empty(self, folder: Path) -> Iterator[str]:
        """Name a file that is not there yet."""
        yield f"sqlite:///{folder / 'tingzheng.sqlite'}"

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[str]:
        """Copy the migrated file."""
        with self.empty(folder) as url:
            Path(folder, "tingzheng.sqlite").write_bytes(self._content)
            yield url


#: A table that a migration wrote a row into is brought back to that row.
_AS_MIGRATED = {
    "rule_set_version": """
        DELETE FROM rule_set_version WHERE number > 1;
        UPDATE rule_set_version SET status = 'published', note = '', published_by_id = NULL
    """
}


class PostgresServer:
    """A server; migrated databases are kept and emptied: dropping one waits for the disk."""

    def __init__(self, address: URL, admin: psycopg.Connection) -> None:
        self._address = address
        self._admin = admin
        self._names = (f"tingzheng_test_{os.getpid()}_{number}" for number in count(1))
        self._made: list[str] = []
        self._free: list[str] = []

    @contextmanager
    def empty(self, _folder: Path) -> Iterator[str]:
        """Make a database and drop it."""
        name = self._make()
        yield self._url(name)
        self._drop(name)

    @contextmanager
    def migrated(self, folder: Path) -> Iterator[str]:
        """Lend a kept database that nobody uses, or make one more."""
        if not self._free:
            self._free.append(self._make())
            migrate(self._url(self._free[-1]), folder)
        name = self._free.pop()
        yield self._url(name)
        self._end_connections(name)
        self._remove_rows(name)
        self._free.append(name)

    def close(self) -> None:
        """Drop all that was made."""
        for name in list(self._made):
            self._drop(name)

    def _make(self) -> str:
        name = next(self._names)
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        # A test's rows need not outlive the machine.
        self._admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        self._made.append(name)
        return name

    def _drop(self, name: str) -> None:
        self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    def _url(self, name: str) -> str:
        url = self._address.set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def _end_connections(self, name: str) -> None:
        """What a test left open would hold its rows."""
        self._admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
            [name],
        )

    def _remove_rows(self, name: str) -> None:
        """Empty every table as new; for small tables DELETE is far quicker than TRUNCATE."""
        tables = [table.name for table in reversed(db.metadata.sorted_tables)]
        with psycopg.connect(_plain(self._address.set(database=name))) as connection:
            connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            for table in tables:
                connection.execute(_AS_MIGRATED.get(table, f'DELETE FROM "{table}"'))  # noqa: S608 - our own names
            connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
            connection.execute("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'")


@contextmanager
def open_postgres(address: str) -> Iterator[PostgresServer]:
    """Open a server; where none answers, say so and skip."""
    url = make_url(address)
    try:
        admin = psycopg.connect(_plain(url), autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        absent("PostgreSQL", error)
    with admin:
        server = PostgresServer(url, admin)
        yield server
        server.close()


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
