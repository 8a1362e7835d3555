"""Rows of any of our tables as lines of JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, Date, Table, func, insert, select, text

from kiosk.database import Utc

_AT_ONCE: Final = 500
_READS: Final[Mapping[type, Callable[[str], Any]]] = {
    Utc: datetime.fromisoformat,
    Date: date.fromisoformat,
}


def write(connection: Connection, table: Table, file: IO[str]) -> int:
    """Write every row; returns how many there are."""
    count = 0
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(select(table))
    for row in rows.mappings():
        file.write(json.dumps(dict(row), ensure_ascii=False, default=_written) + "\n")
        count += 1
    return count


def read(connection: Connection, table: Table, path: Path) -> int:
    """Insert every line of a file; returns how many there were.

    Raises:
        ValueError: a line is no JSON, or no row of this table.
        sqlalchemy.exc.SQLAlchemyError: the database refuses one.
    """
    count = 0
    with path.open(encoding="utf-8") as file:
        while lines := list(islice(file, _AT_ONCE)):
            connection.execute(insert(table), [_row(table, line) for line in lines])
            count += len(lines)
    _count_on(connection, table)
    return count


def empty(connection: Connection, tables: Iterator[Table]) -> bool:
    """Say whether none of the tables has a row."""
    return not any(connection.scalar(select(func.count()).select_from(one)) for one in tables)


def _row(table: Table, line: str) -> dict[str, Any]:
    told = json.loads(line)
    if not isinstance(told, dict) or set(told) != set(table.columns.keys()):
        raise ValueError(f"a line is no row of {table.name}")
    return {name: _value(table, name, value) for name, value in told.items()}


def _value(table: Table, name: str, value: Any) -> Any:
    read_as = _READS.get(type(table.columns[name].type))
    return value if value is None or read_as is None else read_as(value)


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that came."""
    own = table.autoincrement_column
    if own is None or connection.dialect.name != "postgresql":
        return
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', '{own.name}'), "  # noqa: S608
            f"COALESCE((SELECT MAX({own.name}) FROM {table.name}), 0) + 1, false)"
        )
    )


def _written(value: object) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)
