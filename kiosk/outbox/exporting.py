"""Sealed copies out of a store's file, when the terminal that owned it is no more.

The file comes from a disk that was taken out, or was set aside as damaged. Whatever can
still be read whole is copied, each submission into a file of its own; what can't is
counted. Nothing is opened: that takes the recovery key.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from kiosk.outbox import database, statements
from kiosk.outbox.database import PARTS_A_ROW
from kiosk.outbox.errors import OutboxUnusable

SUFFIX = ".ydseal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Copied:
    """What came out.

    Attributes:
        files: one a submission, oldest first.
        unread: submissions that are owed and could not be read.
    """

    files: tuple[Path, ...]
    unread: int


def export_file(path: Path, out: Path) -> Copied:
    """Copy every submission that a store's file still owes into ``out``.

    Raises:
        OutboxUnusable: not one row of it can be read.
        OSError: ``out`` can't be written, or a file of that name is there already.
    """
    connection = database.connect_read_only(path)
    files: list[Path] = []
    unread = 0
    try:
        for row, local_no, size in _owed(connection):
            sealed = _sealed(connection, row)
            if sealed is None or len(sealed) != size:
                unread += 1
                continue
            files.append(write_new(out / name(local_no, row), sealed))
    finally:
        connection.close()
    return Copied(files=tuple(files), unread=unread)


def name(local_no: str, row: int) -> str:
    """Return the file name of a copy; a local number comes from a session, so it is cleaned."""
    plain = "".join(sign for sign in local_no if sign.isascii() and sign.isalnum())
    return f"{plain}-{row}{SUFFIX}"


def open_new(path: Path) -> int:
    """Begin a file that was not there, mode 0600; returns its descriptor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def write_new(path: Path, data: bytes) -> Path:
    """Write a whole new file, durable when this returns."""
    with os.fdopen(open_new(path), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    database.sync_directory(path.parent)
    return path


def _owed(connection: sqlite3.Connection) -> list[tuple[int, str, int]]:
    rows: list[tuple[int, str, int]] = []
    try:
        rows.extend(connection.execute(statements.COPYABLE))
    except sqlite3.Error as error:
        if not rows:
            raise OutboxUnusable(str(error)) from error
    return rows


def _sealed(connection: sqlite3.Connection, row: int) -> bytes | None:
    """Return a submission's bytes; None when a page of them is damaged."""
    base = row * PARTS_A_ROW
    try:
        found = connection.execute(statements.PARTS, (base, base + PARTS_A_ROW)).fetchall()
    except sqlite3.Error:
        return None
    return b"".join(piece for (piece,) in found)
