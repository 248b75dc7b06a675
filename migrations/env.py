"""Runs the migrations on the database that the application is set to."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db
#: The search index: a virtual table with tables of its own behind it, or an index of expressions.
_NOT_OURS = "utterance_search"


def _is_ours(_object: object, name: str | None, *_more: object) -> bool:
    return name is None or _NOT_OURS not in name


def _run(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A batch migration drops and remakes a table; with foreign keys on, that silently
        # deletes every row that refers to it.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        include_object=_is_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with database.engine.connect() as connection:
    _run(connection)
    if connection.dialect.name == "sqlite":
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
