"""One connection to the store's file, as strict as SQLite can be.

Every setting is set on every connection and read back, because most belong to the
connection and distributions change the defaults. ``synchronous=FULL`` makes a commit in
WAL mode one flush that survives a power cut; ``secure_delete=ON`` (``FAST`` is not
enough) and a truncating checkpoint make erased bytes gone from file and log.

Pages are 8 kB: a submission is a few large blobs, and half of the pages means half of the
log's frames; larger ones cost a small submission more than a large one gains (`make
bench`). Checkpoints don't happen inside a commit that a citizen waits for, but when the
owner tidies up; the automatic one is only a bound on the log.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from pathlib import Path

from kiosk.outbox.errors import OutboxError, OutboxFull, OutboxUnusable

SCHEMA_VERSION = 3
PAGE_SIZE = 8_192
PARTS_A_ROW = 128
"""A part's key is its submission's row times this, plus its place."""

_PRAGMAS: dict[str, tuple[str, object]] = {
    "journal_mode": ("WAL", "wal"),
    "synchronous": ("FULL", 2),
    "secure_delete": ("ON", 1),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "busy_timeout": ("5000", 5000),
    "cell_size_check": ("ON", 1),
    "cache_size": ("-16000", -16000),
    "wal_autocheckpoint": ("8000", 8000),
}

_SCHEMA = """
CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    submission_id TEXT NOT NULL UNIQUE,
    visit TEXT NOT NULL,
    local_no TEXT NOT NULL,
    thing TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('stored', 'sending', 'submitted', 'refused')),
    created_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    first_error TEXT,
    last_error TEXT,
    reason TEXT,
    application_no TEXT,
    items TEXT,
    received_at TEXT,
    envelope_digest TEXT,
    settled_at REAL,
    held TEXT,
    jurisdiction TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX owed ON submission (id) WHERE state <> 'submitted';
CREATE TABLE part (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission (id),
    sealed BLOB NOT NULL
) STRICT;
"""

_STEPS = {
    1: "ALTER TABLE submission ADD COLUMN held TEXT",
    2: "ALTER TABLE submission ADD COLUMN jurisdiction TEXT NOT NULL DEFAULT ''",
}
"""From each earlier version of the schema, what leads to the next one."""

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class Damaged(Exception):
    """The file is not the database it was; caught inside this room."""


def connect(path: Path) -> sqlite3.Connection:
    """Open the file, or begin it, checked and with every setting in force.

    Raises:
        Damaged: SQLite finds it corrupt.
        OutboxUnusable: it can't be opened, a setting did not take, or it has the schema
            of another version.
    """
    fresh = not path.exists()
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        if fresh:
            path.chmod(0o600)
            connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        _apply(connection)
        _prepare(connection)
        check(connection)
    except sqlite3.Error as error:
        _close(connection)
        raise translated(error) from error
    except (Damaged, OutboxError):
        _close(connection)
        raise
    if fresh:
        sync_directory(path.parent)
    return connection


def connect_read_only(path: Path) -> sqlite3.Connection:
    """Open the file beside its owner, to look only.

    Raises:
        OutboxUnusable: it is not there or can't be read.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("SELECT count(*) FROM submission").fetchone()
    except sqlite3.Error as error:
        raise OutboxUnusable(str(error)) from error
    return connection


def check(connection: sqlite3.Connection, *, thorough: bool = False) -> None:
    """Run SQLite's own check; raise `Damaged` with its first finding."""
    kind = "integrity_check" if thorough else "quick_check"
    (finding,) = connection.execute(f"PRAGMA {kind}(1)").fetchone()
    if finding != "ok":
        raise Damaged(str(finding))


def cut_log(connection: sqlite3.Connection) -> bool:
    """Write the log back and cut it to nothing; says whether that succeeded.

    A reader in the way is waited for only shortly, because a citizen may be waiting too.
    """
    try:
        connection.execute("PRAGMA busy_timeout=200").fetchall()
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute("PRAGMA busy_timeout=5000").fetchall()
    except sqlite3.Error:
        return False
    return not busy


def translated(error: sqlite3.Error) -> Exception:
    """Return the exception of this room for one of SQLite's."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return OutboxFull(str(error))
    if code in _DAMAGE:
        return Damaged(str(error))
    return OutboxUnusable(str(error))


def set_aside(path: Path) -> Path:
    """Move a damaged file with its log out of the way, whole; returns its new name."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    number = 0
    while (kept := path.with_name(f"{path.name}.damaged-{stamp}-{number}")).exists():
        number += 1
    for suffix in ("-wal", "-shm", ""):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(kept.with_name(kept.name + suffix))
    sync_directory(path.parent)
    return kept


def sync_directory(path: Path) -> None:
    """Make names in a directory survive a power cut."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def own(path: Path) -> int:
    """Lock the store for this process, or raise `OutboxUnusable`."""
    fd = os.open(path.with_name(path.name + ".owner"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(fd)
        raise OutboxUnusable("another process owns the outbox") from error
    return fd


def _apply(connection: sqlite3.Connection) -> None:
    for name, (wanted, expected) in _PRAGMAS.items():
        connection.execute(f"PRAGMA {name}={wanted}").fetchall()
        (got,) = connection.execute(f"PRAGMA {name}").fetchone()
        if got != expected:
            raise OutboxUnusable(f"{name} is {got}, not {expected}")


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring those of an earlier version up to date, whole or not at all."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == SCHEMA_VERSION:
        return
    if version != 0 and version not in _STEPS:
        raise OutboxUnusable(f"schema version {version}, not {SCHEMA_VERSION}")
    steps = (
        [_STEPS[step] + ";" for step in range(version, SCHEMA_VERSION)] if version else [_SCHEMA]
    )
    connection.executescript(
        f"BEGIN IMMEDIATE;{''.join(steps)}PRAGMA user_version={SCHEMA_VERSION};COMMIT;"
    )


def _close(connection: sqlite3.Connection | None) -> None:
    if connection is not None:
        connection.close()
