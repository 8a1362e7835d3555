"""Submit (seal, hand over, durable commit) over the bare SQLite transaction of the same bytes.

Ours is what a citizen waits for: five attachments of 500 kB are sealed by a session,
handed to an agent in another process as a memory file, and the agent answers after its
commit. The peer is one bare transaction (WAL, ``synchronous=FULL``) of the same plain
bytes in this process, on the same file system. They take turns, each round beginning with
another one. Neither writes its log back within the measured time, both do before the next
turn; the peer gets our page size besides its own default, and the faster of the two
counts. An intake on this desk takes every submission, and a turn begins only when the
agent has nothing left to do.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.channel import Client
from kiosk.crypto.provision import Provisioned
from kiosk.outbox.database import PAGE_SIZE
from kiosk.outbox.report import FILE
from tests.bench.figure import Figure, median
from tests.faults.stub_intake import StubIntake
from tests.faults.terminal import Filing, agent_process, make, session, state_of, submit
from tests.waiting import until

ROUNDS = 25
WARM = 3
ATTACHMENTS = tuple(os.urandom(500_000) for _ in range(5))
LIMIT = 2.0


class Desk:
    """A provisioned terminal with its agent and intake."""

    def __init__(self, state: Path, run: Path, made: Provisioned) -> None:
        self._run = run
        self._made = made
        self._log = state / FILE.with_name(FILE.name + "-wal")

    def submit(self) -> float:
        """Submit once; returns seconds, after everything has come to rest."""
        filing = Filing(attachments=ATTACHMENTS)
        with session(self._run) as client:
            seconds = self._timed(client, filing)
            answer = state_of(client, filing, wait=20)
        if answer["state"] != "submitted":
            raise RuntimeError(f"not submitted: {answer}")
        until(lambda: self._log.stat().st_size == 0)
        return seconds

    def _timed(self, client: Client, filing: Filing) -> float:
        client.call("room", bytes=sum(map(len, ATTACHMENTS)))
        body = filing.envelope().canonical()
        began = time.perf_counter()
        submit(client, self._made, filing, body)
        return time.perf_counter() - began


class Bare:
    """The bare transaction."""

    def __init__(self, path: Path, page_size: int) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for pragma in (f"page_size={page_size}", "journal_mode=WAL", "synchronous=FULL"):
            self._db.execute(f"PRAGMA {pragma}").fetchall()
        self._db.execute("CREATE TABLE part (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)")
        self._parts = (Filing(attachments=ATTACHMENTS).envelope().canonical(), *ATTACHMENTS)

    def store(self) -> float:
        """Store the parts once; returns seconds, after the log is written back."""
        began = time.perf_counter()
        self._db.execute("BEGIN IMMEDIATE")
        for part in self._parts:
            self._db.execute("INSERT INTO part (bytes) VALUES (?)", (part,))
        self._db.execute("COMMIT")
        seconds = time.perf_counter() - began
        self._db.execute("DELETE FROM part")
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return seconds


@contextlib.contextmanager
def desk(root: Path, name: str) -> Iterator[Desk]:
    """Run a terminal with one crypto provider."""
    state, run = root / name, Path(tempfile.mkdtemp(prefix="run-"))
    made = make(state, name)
    intake = StubIntake(state)
    try:
        with agent_process(state, run, intake.url):
            yield Desk(state, run, made)
    finally:
        intake.close()
        shutil.rmtree(run, ignore_errors=True)


def measure() -> list[Figure]:
    """Measure both providers and the peer in turn."""
    with tempfile.TemporaryDirectory(prefix="submit-") as directory:
        root = Path(directory)
        with desk(root, "international") as ours, desk(root, "national") as national:
            small, large = Bare(root / "small.db", 4096), Bare(root / "large.db", PAGE_SIZE)
            runs = [ours.submit, small.store, large.store, national.submit]
            times: list[list[float]] = [[], [], [], []]
            for turn in range(WARM + ROUNDS):
                for place in range(len(runs)):
                    which = (place + turn) % len(runs)
                    seconds = runs[which]()
                    if turn >= WARM:
                        times[which].append(seconds)
    return figures(*(median(one) for one in times))


def figures(ours: float, small: float, large: float, national: float) -> list[Figure]:
    """Set the medians beside each other."""
    bare = min(small, large)
    peer = f"bare SQLite {bare * 1000:.1f} ms"
    note = (
        f"5 × 500 kB, medians of {ROUNDS}, in turn; bare with 4 kB pages "
        f"{small * 1000:.1f} ms, with {PAGE_SIZE // 1024} kB pages {large * 1000:.1f} ms"
    )
    return [
        Figure(
            name="submit, international",
            value=ours / bare,
            limit=LIMIT,
            measured=f"{ours * 1000:.1f} ms",
            peer=peer,
            note=note,
        ),
        Figure(
            name="submit, national",
            value=national / bare,
            measured=f"{national * 1000:.1f} ms",
            peer=peer,
            note="SM4-GCM and SM2 in software; reported only",
        ),
    ]


if __name__ == "__main__":
    for figure in measure():
        print(figure.line())
