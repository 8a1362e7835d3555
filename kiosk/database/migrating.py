"""Brings a database up to date: one revision after the other, in one transaction, or not at all.

A change of the tables is a new file in the program's ``versions`` beside the change in its model.
There is no way back: a program does not work on a database of a newer one, and says so.

Databases from before there were revisions have no ``alembic_version``. The first revision makes
what they lack, and what they have must have all the columns that are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, MetaData, inspect, text
from sqlalchemy.exc import SQLAlchemyError

_LOCK: Final = 0x5969_6475_616E
"""Number of the advisory lock that one migration holds on PostgreSQL."""


class OldTablesError(SQLAlchemyError):
    """The database is from before there were revisions, and too old for the first of them."""


class NewTablesError(SQLAlchemyError):
    """The database has been brought up to date by a newer program."""


def require_tables(connection: Connection, wanted: MetaData) -> None:
    """Refuse a database whose tables lack columns.

    Raises:
        OldTablesError: it names the first missing column.
    """
    inspector = inspect(connection)
    for table in wanted.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                raise OldTablesError(
                    f"{table.name}.{column.name} is missing: the database is of an older program; "
                    "move it away, a new one is made"
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class Revisions:
    """The revisions of one program.

    Attributes:
        head: the one that the program works with.
        directory: with a folder ``versions``.
        wanted: the tables of its model.
    """

    head: str
    directory: Path
    wanted: MetaData


def bring_up_to_date(engine: Engine, revisions: Revisions) -> None:
    """Make the tables, or change them to what the program needs; others wait meanwhile.

    Raises:
        OldTablesError: tables from before there were revisions lack a column.
        NewTablesError: the database has been used by a newer program.
    """
    with engine.connect() as connection:
        if revision_of(connection) == revisions.head:
            return
    with _alone(engine) as connection:
        _upgrade(connection, revisions)
        require_tables(connection, revisions.wanted)


def revision_of(connection: Connection) -> str:
    """Return the revision of a database; empty for one that has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a transaction that no other migration runs beside.

    On SQLite foreign keys are held at its end: a table that is made anew would lose its children.
    """
    sqlite = engine.dialect.name == "sqlite"
    with engine.execution_options(writes=True).connect() as connection:
        connection.detach()  # its settings are not for anybody else
        if sqlite:  # before the transaction begins: within one it would have no effect
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")
        with connection.begin():
            if not sqlite:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = '60s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield connection
            if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise OldTablesError("rows without the rows they belong to: restore a backup")


def _upgrade(connection: Connection, revisions: Revisions) -> None:
    """Run what the database lacks."""
    from alembic.config import Config  # noqa: PLC0415 - only where a database is behind
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory(str(revisions.directory))
    here, known = revision_of(connection), {one.revision for one in script.walk_revisions()}
    if here and here not in known:
        raise NewTablesError(
            f"the database is of a newer program (revision {here}, this one knows {max(known)}): "
            "start the newer program, or give another database"
        )
    steps: Any = lambda rev, _: script._upgrade_revs("head", rev)  # noqa: E731, SLF001
    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=revisions.wanted)
        environment.run_migrations()
