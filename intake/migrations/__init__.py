"""Brings a database up to date: one revision after the other, in one transaction, or not at all.

A change of the tables is a new file in ``versions`` beside the change in the model;
``tests/unit/test_intake_migrations.py`` says when the two differ. There is no way back: a program
does not work on a database of a newer one, and says so.

Databases from before there were revisions have no ``alembic_version``. Revision 0001 makes what
they lack, and what they have must have all the columns that are wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, inspect, text

from intake.database import NewTablesError, OldTablesError, require_tables
from intake.model import Base

HEAD: Final = "0004"
"""The revision this program works with."""
DIRECTORY: Final = Path(__file__).parent
_LOCK: Final = 0x5969_6475_616E
"""Number of the advisory lock that one migration holds on PostgreSQL."""


def bring_up_to_date(engine: Engine) -> None:
    """Make the tables, or change them to what this program needs; others wait meanwhile.

    Raises:
        OldTablesError: tables from before there were revisions lack a column.
        NewTablesError: the database has been used by a newer program.
    """
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with _alone(engine) as connection:
        _upgrade(connection)
        require_tables(connection, Base.metadata)


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


def _upgrade(connection: Connection) -> None:
    """Run what the database lacks."""
    from alembic.config import Config  # noqa: PLC0415 - only where a database is behind
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory(str(DIRECTORY))
    here, known = revision_of(connection), {one.revision for one in script.walk_revisions()}
    if here and here not in known:
        raise NewTablesError(
            f"the database is of a newer program (revision {here}, this one knows {max(known)}): "
            "start the newer program, or give another database"
        )
    steps: Any = lambda rev, _: script._upgrade_revs("head", rev)  # noqa: E731, SLF001
    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, target_metadata=Base.metadata)
        environment.run_migrations()
