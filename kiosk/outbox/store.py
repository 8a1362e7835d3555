"""The outbox: one transaction a submission, one owner, nothing forgotten too early.

Theory of operation
-------------------
``put`` writes a submission's row and all its sealed pieces in one transaction; when it
returns, a power cut can't take it back. ``take`` hands out the one whose turn has come
and marks it ``sending``; afterwards exactly one of ``settle``, ``hold`` and ``postpone``
is called for it. A store that is opened again puts ``sending`` back to ``stored``: the
attempt may or may not have arrived, and the submission id makes the repetition harmless.

``settle`` keeps a tombstone (numbers, times, digests) and erases the sealed pieces; the
bytes are gone from file and log after the next ``tidy``. Nothing else ever erases.

Turns are kept in memory (`kiosk.outbox.turns`), by a clock that can't be set: a wrong date neither
hurries nor delays anything, and after a start everything is due at once.

After a write or flush error the kernel may hold pages that never reached the disk, so
nothing is retried on that connection: it is closed, the file is opened and checked anew,
and the submission, had it survived, is taken out again before the caller hears "no".
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kiosk.outbox import counting, database, statements
from kiosk.outbox.database import PARTS_A_ROW, Damaged
from kiosk.outbox.errors import OutboxConflict, OutboxFull, OutboxUnusable
from kiosk.outbox.records import Counts, Entry, Numbers, Parcel, State, Status, Waiting
from kiosk.outbox.turns import Rest, Turns, never

DEFAULT_BOUND = 512 << 20
"""Sealed bytes the store takes before it says full."""
RESERVE = 32 << 20
"""Free bytes on the disk that are never used up."""
_AGAIN_AFTER_FAULT = 60.0
_COPIES = 2
"""A submission lies in the log and in the file until the log is tidied."""


class Outbox:
    """The store, safe for several threads of its one owner process.

    Attributes:
        damaged: where a damaged file was set aside on opening, or None.
    """

    def __init__(self, path: Path, *, bound: int = DEFAULT_BOUND, reserve: int = RESERVE) -> None:
        """Open the store, or begin it.

        Args:
            path: the database file; its directory is made if missing.
            bound: most sealed bytes to hold.
            reserve: least free bytes to leave on the disk.

        Raises:
            OutboxUnusable: somebody else owns it, or it can't be opened.
        """
        self.path = path
        self.damaged: Path | None = None
        self._bound = bound
        self._reserve = reserve
        self._changed = threading.Condition(threading.RLock())
        self._turns = Turns()
        self._out: dict[int, str] = {}  # row → submission id
        self._withdrawn: set[str] = set()
        self._log_to_tidy = True
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._owner = database.own(path)
        try:
            self._db = self._open()
            self._recover()
        except BaseException:
            os.close(self._owner)
            raise

    def close(self) -> None:
        """Close the store; everything in it stays."""
        with self._changed:
            self._db.close()
            os.close(self._owner)

    def put(self, parcel: Parcel) -> None:
        """Store a submission; durable when this returns.

        Storing the same bytes under the same id again is no error and changes nothing.

        Raises:
            OutboxFull: no room; nothing was stored.
            OutboxConflict: the id is there with other bytes.
            OutboxUnusable: the disk failed; nothing was stored.
        """
        with self._changed:
            if self._is_there(parcel):
                return
            self.room(parcel.size)
            with self._transaction(parcel.submission_id):
                row = self._insert(parcel)
            self._turns.add(row, parcel.jurisdiction)
            self._log_to_tidy = True
            self._changed.notify_all()

    def room(self, size: int) -> None:
        """Check that a submission of ``size`` bytes would fit; raise `OutboxFull` if not."""
        (held,) = self._one(statements.HELD_BYTES) or (0,)
        if held + size > self._bound:
            raise OutboxFull("the store's own bound is reached")
        disk = os.statvfs(self.path.parent)
        if disk.f_bavail * disk.f_frsize < size * _COPIES + self._reserve:
            raise OutboxFull("the disk is nearly full")

    def take(self, rest: Rest = never) -> Entry | None:
        """Return the submission whose turn it is, now marked ``sending``; None if none.

        ``rest`` tells which lines rest: what is for their places is passed over.
        """
        with self._changed:
            row = self._turns.first(rest)
            if row is None:
                return None
            with self._transaction():
                self._db.execute(statements.TAKE, (row,))
            entry = self._entry(row)  # what can't be read stays due
            self._turns.take(row)
            self._out[row] = entry.submission_id
            return entry

    def pieces(self, entry: Entry) -> Iterator[bytes]:
        """Yield a submission's sealed pieces, one in memory at a time."""
        base = entry.row * PARTS_A_ROW
        for place in range(PARTS_A_ROW):
            found = self._one(statements.PART, base + place)
            if found is None:
                return
            yield found[0]

    def settle(self, entry: Entry, numbers: Numbers) -> None:
        """Keep the intake's answer and erase the sealed bytes, in one transaction."""
        items = json.dumps([dict(item) for item in numbers.items], ensure_ascii=False)
        base = entry.row * PARTS_A_ROW
        values = {
            "row": entry.row,
            "application_no": numbers.application_no,
            "items": items,
            "received_at": numbers.received_at,
            "envelope_digest": numbers.envelope_digest,
            "now": time.time(),
        }
        with self._changed:
            with self._giving_back(entry):
                self._db.execute(statements.SETTLE, values)
                self._db.execute(statements.ERASE, (base, base + PARTS_A_ROW))
            self._turns.forget(entry.row)

    def hold(self, entry: Entry, reason: str) -> None:
        """Keep a submission that was refused for good, whole, for staff."""
        with self._giving_back(entry):
            self._db.execute(statements.HOLD, {"row": entry.row, "reason": reason})

    def postpone(self, entry: Entry, delay: float, error: str, *, firm: bool = False) -> None:
        """Put a submission back for another attempt after ``delay`` seconds.

        A ``firm`` delay is the intake's own wish or verdict, and `hasten` leaves it.
        """
        with self._giving_back(entry, delay):
            self._turns.make_firm(entry.row, firm=firm)
            self._db.execute(statements.POSTPONE, {"row": entry.row, "error": error})

    def hasten(self) -> None:
        """Make due now what waits for the intake to be reached: it answers again."""
        with self._changed:
            self._turns.hasten()

    def owed(self) -> tuple[Entry, ...]:
        """Return every submission whose bytes are here, in whatever state, oldest first."""
        with self._changed, self._guarded():
            rows = self._db.execute(statements.OWED).fetchall()
            return tuple(self._entry(row) for (row,) in rows)

    def release(self, entry: Entry) -> None:
        """Deliver again what was refused, stopped by staff, or waits; due now."""
        with self._changed:
            with self._transaction():
                self._db.execute(statements.RELEASE, (entry.row,))
            self._turns.free(entry.row, out=entry.row in self._out)
            self._changed.notify_all()

    def stop(self, entry: Entry, reason: str) -> None:
        """Keep a submission from being delivered until `release`.

        An attempt under way can't be called back; should it bring the number, it counts.
        """
        with self._changed:
            with self._transaction():
                self._db.execute(statements.STOP, {"row": entry.row, "reason": reason})
            self._turns.stop(entry.row)

    def stopped(self) -> frozenset[int]:
        """Return the rows whose delivery somebody stopped on purpose."""
        with self._changed, self._guarded():
            return frozenset(row for (row,) in self._db.execute(statements.STOPPED))

    def next_due(self, rest: Rest = never) -> float | None:
        """Return seconds until the next turn (0 when it has come), or None."""
        with self._changed:
            return self._turns.wait(rest)

    def status(self, submission_id: str) -> Status | None:
        """Return where a submission stands; None when it is not here."""
        found = self._one(statements.STATUS, submission_id)
        if found is None:
            return None
        visit, state, application_no, items, reason = found
        return Status(
            submission_id=submission_id,
            visit=visit,
            state=State(state),
            application_no=application_no,
            items=json.loads(items) if items else (),
            reason=reason,
        )

    def wait(self, submission_id: str, seconds: float) -> Status | None:
        """Return the status once it is final, or what it is after ``seconds``."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                status = self.status(submission_id)
                left = deadline - time.monotonic()
                if status is None or left <= 0:
                    return status
                if status.state in {State.SUBMITTED, State.REFUSED}:
                    return status
                self._changed.wait(left)

    def waiting(self) -> tuple[Waiting, ...]:
        """Return what is not submitted yet, oldest first."""
        with self._changed, self._guarded():
            return counting.waiting(self._db)

    def counts(self) -> Counts:
        """Count what is here."""
        with self._changed, self._guarded():
            return counting.count(self._db)

    def forget(self, *, older_than: float) -> None:
        """Drop tombstones settled more than ``older_than`` seconds ago; see `TRUSTED_AHEAD`."""
        values = {"now": time.time(), "older_than": older_than, "trusted": statements.TRUSTED_AHEAD}
        with self._changed, self._transaction():
            self._db.execute(statements.FORGET, values)

    def tidy(self) -> bool:
        """Write the log back and cut it; says whether nothing erased is left in it."""
        with self._changed:
            if not self._log_to_tidy:
                return True
            self._log_to_tidy = not database.cut_log(self._db)
            return not self._log_to_tidy

    def inspect(self) -> None:
        """Check the whole file on a connection of its own, for the night.

        Raises:
            OutboxUnusable: with the first finding; the owner decides what to do.
        """
        with contextlib.closing(database.connect_read_only(self.path)) as connection:
            try:
                database.check(connection, thorough=True)
            except (Damaged, sqlite3.Error) as error:
                raise OutboxUnusable(str(error)) from error

    def _open(self) -> sqlite3.Connection:
        try:
            return database.connect(self.path)
        except Damaged:
            self.damaged = database.set_aside(self.path)
            self._out.clear()
        try:
            return database.connect(self.path)
        except Damaged as error:
            raise OutboxUnusable(f"a new file is damaged too: {error}") from error

    def _recover(self) -> None:
        """Put back what was with a forwarder; everything owed is due."""
        rows = self._db.execute(statements.WAITING).fetchall()
        self._db.execute(statements.RECOVER)
        self._turns.recover(rows, self._out)

    def _is_there(self, parcel: Parcel) -> bool:
        found = self._one(statements.FINGERPRINT, parcel.submission_id)
        if found is not None and found[0] != parcel.fingerprint:
            raise OutboxConflict("this submission id is stored with other bytes")
        return found is not None

    def _insert(self, parcel: Parcel) -> int:
        values = {**parcel.values(), "now": time.time()}
        row = self._db.execute(statements.INSERT, values).lastrowid
        if row is None or len(parcel.pieces) > PARTS_A_ROW:
            raise OutboxUnusable("too many pieces")
        base = row * PARTS_A_ROW
        for place, piece in enumerate(parcel.pieces):
            self._db.execute(statements.INSERT_PART, (base + place, row, piece))
        return row

    def _entry(self, row: int) -> Entry:
        found = self._one(statements.ENTRY, row)
        if found is None:
            raise OutboxUnusable("a row is gone")
        return Entry.of(row, found)

    @contextlib.contextmanager
    def _giving_back(self, entry: Entry, delay: float | None = None) -> Iterator[None]:
        """Take an entry back from its forwarder; if that can't be written, it is tried again."""
        with self._changed:
            if self._out.get(entry.row) != entry.submission_id:
                # Its file was set aside meanwhile; the row may be another submission's now.
                raise OutboxUnusable("this entry was not taken from this file")
            again = _AGAIN_AFTER_FAULT if delay is None else delay
            del self._out[entry.row]
            self._turns.again(entry.row, again)
            with self._transaction():
                yield
            if delay is None or self._turns.stopped(entry.row):
                self._turns.end(entry.row)
            self._log_to_tidy = True
            self._changed.notify_all()

    @contextlib.contextmanager
    def _transaction(self, submission_id: str | None = None) -> Iterator[None]:
        """Run one transaction; whatever fails in it, nothing of it stays."""
        with self._guarded(submission_id):
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")

    @contextlib.contextmanager
    def _guarded(self, submission_id: str | None = None) -> Iterator[None]:
        """Turn a failure of the database into ours, and never go on upon a failed disk."""
        try:
            yield
        except sqlite3.Error as error:
            meant = database.translated(error)
            if isinstance(meant, OutboxFull):
                self._roll_back()
                raise meant from error
            self._start_over(submission_id)
            raise OutboxUnusable(str(error)) from error
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def _start_over(self, submission_id: str | None) -> None:
        """Open the file anew after the disk failed; see the module's last paragraph."""
        if submission_id is not None:
            self._withdrawn.add(submission_id)
        with contextlib.suppress(sqlite3.Error):
            self._db.close()
        self._db = self._open()
        try:
            self._withdraw()
            self._recover()
        except sqlite3.Error as error:
            raise OutboxUnusable(str(error)) from error

    def _withdraw(self) -> None:
        """Take out what was refused to its citizen although the disk may have kept it."""
        for submission_id in tuple(self._withdrawn):
            self._db.execute("BEGIN IMMEDIATE")
            self._db.execute(statements.WITHDRAW_PARTS, (submission_id,))
            self._db.execute(statements.WITHDRAW, (submission_id,))
            self._db.execute("COMMIT")
            self._withdrawn.discard(submission_id)

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._changed, self._guarded():
            found: tuple[Any, ...] | None = self._db.execute(query, values).fetchone()
            return found
