"""Writing many rows with one statement, on both kinds of database.

SQLite's driver runs one prepared statement for each row without leaving the process. PostgreSQL
would be asked over the wire for each row, or be sent thousands of values to prepare; it is given
one JSON document instead and makes the rows of it itself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase


def write_rows(
    connection: Connection,
    model: type[DeclarativeBase],
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    kept: Collection[str] = (),
) -> None:
    """Insert rows, or replace the given columns of those that are there.

    Args:
        connection: in a writing transaction.
        model: the table.
        key: columns that say which row it is.
        kept: columns that a row which is there keeps: somebody else's, perhaps changed meanwhile.
        rows: values by column name, the same columns in each.
    """
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _by_document(connection, table, key, rows, kept)
        return
    insert = sqlite.insert(table)
    own = {*key, *kept}
    replaced = {name: insert.excluded[name] for name in rows[0] if name not in own}
    statement = insert.on_conflict_do_update(index_elements=list(key), set_=replaced)
    connection.execute(statement, [dict(row) for row in rows])


def _by_document(
    connection: Connection,
    table: Table,
    key: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    kept: Collection[str],
) -> None:
    names, own = list(rows[0]), {*key, *kept}
    columns = ", ".join(names)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in names if name not in own)
    statement = (  # names are those of our own model
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} "  # noqa: S608
        f"FROM json_populate_recordset(NULL::{table.name}, CAST(:rows AS json)) "
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {replaced}"
    )
    document = json.dumps([dict(row) for row in rows], default=_written)
    connection.execute(text(statement), {"rows": document})


def _written(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)
