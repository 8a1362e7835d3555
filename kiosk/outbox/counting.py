"""Counts, ages and states of what the store holds; nothing personal."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from kiosk.outbox import database
from kiosk.outbox.errors import OutboxUnusable
from kiosk.outbox.records import Counts, Place, State, Waiting

MOST_LISTED = 200


def count(connection: sqlite3.Connection) -> Counts:
    """Count over any connection to the store."""
    rows = connection.execute("SELECT state, count(*) FROM submission GROUP BY state")
    by_state = {**dict.fromkeys(State, 0), **{State(state): number for state, number in rows}}
    owed = waiting(connection)
    (held,) = connection.execute(
        "SELECT coalesce(sum(size), 0) FROM submission WHERE state<>'submitted'"
    ).fetchone()
    return Counts(
        by_state=by_state,
        sealed_bytes=held,
        oldest_s=max((one.age_s for one in owed), default=None),
        waiting=owed,
        places=_places(connection),
    )


def read(path: Path) -> Counts:
    """Count beside the owner; a store that was never begun is empty.

    Raises:
        OutboxUnusable: the file can't be read.
    """
    if not path.exists():
        return Counts(by_state=dict.fromkeys(State, 0), sealed_bytes=0, oldest_s=None)
    connection = database.connect_read_only(path)
    try:
        return count(connection)
    except sqlite3.Error as error:
        raise OutboxUnusable(str(error)) from error
    finally:
        connection.close()


def find(path: Path, local_no: str) -> dict[str, object] | None:
    """Return where a local number stands: ``state, age_s, reason``; None when it is not known.

    Raises:
        OutboxUnusable: the file can't be read.
    """
    if not path.exists():
        return None
    connection = database.connect_read_only(path)
    try:
        row = connection.execute(
            "SELECT state, created_at, last_error, held FROM submission WHERE local_no=?",
            (local_no,),
        ).fetchone()
    except sqlite3.Error as error:
        raise OutboxUnusable(str(error)) from error
    finally:
        connection.close()
    if row is None:
        return None
    state, created_at, reason, held = row
    age_s = max(0, int(time.time() - created_at))
    return {"state": state, "age_s": age_s, "reason": held or reason or ""}


def _places(connection: sqlite3.Connection) -> dict[str, Place]:
    now = time.time()
    rows = connection.execute(
        "SELECT jurisdiction, count(*), min(created_at) FROM submission"
        " WHERE state<>'submitted' GROUP BY jurisdiction ORDER BY jurisdiction"
    )
    return {
        place: Place(owed=owed, oldest_s=max(0, int(now - first))) for place, owed, first in rows
    }


def waiting(connection: sqlite3.Connection) -> tuple[Waiting, ...]:
    """Return the entries that are not submitted yet, oldest first."""
    now = time.time()
    rows = connection.execute(
        "SELECT local_no, state, created_at, attempts, first_error, last_error, held,"
        " jurisdiction FROM submission WHERE state<>'submitted' ORDER BY id LIMIT ?",
        (MOST_LISTED,),
    )
    return tuple(
        Waiting(
            local_no=local_no,
            state=State(state),
            age_s=max(0, int(now - created_at)),
            attempts=attempts,
            first_error=first_error,
            last_error=last_error,
            held=held,
            jurisdiction=place,
        )
        for local_no, state, created_at, attempts, first_error, last_error, held, place in rows
    )
