"""A row in every table, whatever tables a version has, read from the database itself."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy import types as kinds

#: What a check of a later version asks for, where a one or an x would not do.
SPECIAL: dict[tuple[str, str], Any] = {("evaluation", "status"): "submitted"}
#: Each kind of column and its value, the special kinds before those that they are kinds of.
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (kinds.Boolean, True),
    (kinds.Integer, 1),
    (kinds.Numeric, 1),
    (kinds.Float, 1.0),
    (kinds.DateTime, datetime(2026, 3, 12, 4, tzinfo=UTC)),
    (kinds.JSON, ["x"]),
    (kinds.String, "x"),
)

Rows = dict[str, list[dict[str, Any]]]


def tables_of(connection: Connection) -> list[Table]:
    """Reflect the tables that are ours, each after those it refers to."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _tables: _is_ours(name))
    return found.sorted_tables


def fill(connection: Connection) -> None:
    """Write one row into every table that has none, with no column left empty."""
    for table in tables_of(connection):
        if connection.execute(select(table).limit(1)).first() is None:
            row = {column.name: _value(connection, column) for column in table.columns}
            connection.execute(insert(table).values(row))


def rows_of(connection: Connection) -> Rows:
    """Read every row of every table."""
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables_of(connection)
    }


def lost(before: Rows, after: Rows) -> list[str]:
    """Name the tables that are in both and whose rows differ in the columns that both have."""
    return [name for name in before.keys() & after.keys() if not _same(before[name], after[name])]


def _same(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> bool:
    if len(before) != len(after):
        return False
    return all(
        {name: old[name] for name in old.keys() & new.keys()}
        == {name: new[name] for name in old.keys() & new.keys()}
        for old, new in zip(before, after, strict=True)
    )


def _is_ours(name: str) -> bool:
    return name != "alembic_version" and not name.startswith("utterance_search")


def _value(connection: Connection, column: Column[Any]) -> Any:
    special = SPECIAL.get((column.table.name, column.name))
    if special is not None:
        return special
    for key in column.foreign_keys:
        return connection.execute(select(key.column).limit(1)).scalar()
    return next(value for kind, value in VALUES if isinstance(column.type, kind))
