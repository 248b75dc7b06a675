"""The database: one base class for tables, one place that commits.

SQLite runs in WAL mode. Reading uses a plain BEGIN, which waits for nobody; every unit of work
begins IMMEDIATE: with the driver's own lazy BEGIN a read and the write that follows it are not
one transaction, and with a deferred BEGIN two writers fail at once instead of waiting.
On PostgreSQL every unit of work takes one advisory lock instead, so there too two never overlap.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    MetaData,
    TypeDecorator,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session, registry

if TYPE_CHECKING:
    import psycopg

BUSY_TIMEOUT_MS = 15_000
#: The advisory lock of a unit of work; any number will do that nobody else in the database takes.
WRITE_LOCK = 0x74696E67


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody could say later which zone it meant."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; pass an aware datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give SQLite's naive times their zone back."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class Points(TypeDecorator[Decimal]):
    """Exact points, kept as whole thousandths so that every database compares them alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Refuse what the column cannot hold exactly."""
        if value is None:
            return None
        thousandths = Decimal(value) * 1000
        if thousandths != thousandths.to_integral():
            raise ValueError(f"{value} points has more than three decimals")
        return int(thousandths)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Give whole points back without decimals: 98, not 98.000."""
        if value is None:
            return None
        whole, rest = divmod(value, 1000)
        return Decimal(whole) if rest == 0 else (Decimal(value) / 1000).normalize()


class Base(DeclarativeBase):
    """Every table's base, with names for constraints that a migration can rely on."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UtcDateTime, Decimal: Points},
    )


db = SQLAlchemy(model_class=Base)


def word_column(kind: type[Any]) -> Enum:
    """Keep an enum as its plain word, checked by the application, so new words need no DDL."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


@contextmanager
def unit_of_work(session: Session | None = None) -> Iterator[Session]:
    """Commit all that happens inside, or nothing: the only commit in the application.

    What was read before is let go and read again inside, under the write lock, so a decision
    never rests on a row that somebody changed in between.
    """
    current: Session = session if session is not None else db.session()
    if current.new or current.dirty or current.deleted:
        raise RuntimeError("Something was changed outside a unit of work; move it inside")
    current.rollback()
    current.connection(execution_options={"immediate": True})
    try:
        yield current
        current.commit()
    except BaseException:
        current.rollback()
        raise


def listen_to(engine: Engine) -> None:
    """Let each connection wait its turn for the write lock, and not for ever."""
    sqlite = engine.dialect.name == "sqlite"
    event.listen(engine, "connect", _set_up_sqlite if sqlite else _set_up_postgresql)
    event.listen(engine, "begin", _begin_sqlite if sqlite else _begin_postgresql)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "mmap_size=134217728",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_immediate(connection) else "BEGIN")


def _set_up_postgresql(connection: "psycopg.Connection", _record: object) -> None:
    connection.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS:d}")
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    if _is_immediate(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")


def _is_immediate(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("immediate", False))
