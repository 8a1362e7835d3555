"""Opening the database with the settings that durability and fairness need."""

from __future__ import annotations

import socket
import sqlite3
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError


def open_engine(url: str, lock_wait_s: float) -> Engine:
    """Return the engine of a SQLAlchemy URL; a lock is waited for ``lock_wait_s`` seconds."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: _prepare_sqlite(raw, lock_wait_s))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", lambda raw, _: _prepare_postgresql(raw, lock_wait_s))
    return engine


def _prepare_sqlite(raw: DBAPIConnection, lock_wait_s: float) -> None:
    """Durable commits, real foreign keys, and transactions begun by us."""
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(lock_wait_s * 1000)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at the start of a writing transaction, so that none fails half-way."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _send_at_once(raw: Any) -> None:
    """Have the driver's small pieces sent at once.

    It writes a statement in several ones. The kernel would keep the last one back until the server
    has acknowledged the others, which it does 40 ms later (Nagle, delayed acknowledgement).
    """
    line = getattr(raw, "_usock", None)  # pg8000 has no setting for it, libpq does it by itself
    if line is not None and line.family != socket.AF_UNIX:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _prepare_postgresql(raw: DBAPIConnection, lock_wait_s: float) -> None:
    """Bound every wait; the server's defaults would wait for ever."""
    _send_at_once(raw)
    cursor = raw.cursor()
    cursor.execute(f"SET lock_timeout = {int(lock_wait_s * 1000)}")
    cursor.execute("SET statement_timeout = 10000")
    raw.commit()
    cursor.close()


def is_lock_timeout(error: DBAPIError) -> bool:
    """Say whether a database error only means that another transaction was longer."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return isinstance(told, dict) and told.get("C") == "55P03"
