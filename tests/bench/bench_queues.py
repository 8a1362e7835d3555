"""A durable submit of 1 kB beside the durable queue libraries, at the same durability.

huey (MIT), litequeue (MIT) and persist-queue (BSD-3) on SQLite with a write-ahead log; each is set
to flush in every commit (``synchronous=FULL``; huey by ``fsync=True``), which two of them don't by
themselves. All put the same bytes, in turn; what was put is taken out again outside of the time.
They keep a message and its place; ours also keeps states, ages and a unique id, and overwrites what
it erases.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import Any

import litequeue
import persistqueue
from huey.storage import SqliteStorage

from tests.bench.bench_outbox import Ours, in_turn
from tests.bench.figure import Figure

SIZE = 1_000
ROUNDS = 400
FULL = 2
"""What SQLite answers for ``synchronous=FULL``."""


class Huey:
    """The storage that huey's tasks wait in."""

    name = "huey"

    def __init__(self, place: Path) -> None:
        self._storage = SqliteStorage(filename=str(place / "huey.db"), fsync=True)
        _is_full(self._storage.conn)

    def put(self, data: bytes) -> None:
        """Put one."""
        self._storage.enqueue(data)

    def take(self) -> None:
        """Take it out."""
        self._storage.dequeue()
        _empty_the_log(self._storage.conn)


class Lite:
    """litequeue's one table."""

    name = "litequeue"

    def __init__(self, place: Path) -> None:
        self._queue = litequeue.LiteQueue(str(place / "lite.db"))
        self._queue.conn.execute("PRAGMA synchronous=FULL")
        _is_full(self._queue.conn)

    def put(self, data: bytes) -> None:
        """Put one."""
        self._queue.put(data)

    def take(self) -> None:
        """Take it out."""
        self._queue.done(self._queue.pop().message_id)
        self._queue.prune()
        _empty_the_log(self._queue.conn)


class Persist:
    """persist-queue's queue with acknowledgement."""

    name = "persist-queue"

    def __init__(self, place: Path) -> None:
        self._queue = persistqueue.SQLiteAckQueue(str(place / "persist"), auto_commit=True)
        self._queue._putter.execute("PRAGMA synchronous=FULL")
        _is_full(self._queue._putter)

    def put(self, data: bytes) -> None:
        """Put one."""
        self._queue.put(data)

    def take(self) -> None:
        """Take it out."""
        self._queue.ack(self._queue.get())
        self._queue.clear_acked_data(keep_latest=0)
        _empty_the_log(self._queue._putter)


def _is_full(connection: Any) -> None:
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if level != FULL:
        raise ValueError(f"not as durable: synchronous={level}")


def _empty_the_log(connection: Any) -> None:
    """Begin each put with an empty log, as ours does, which leaves no erased bytes in it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def measure() -> list[Figure]:
    """Put the same bytes into each, in turn."""
    data = os.urandom(SIZE)
    with tempfile.TemporaryDirectory() as place:
        directory = Path(place)
        ours = Ours(directory / "outbox.db")
        peers = [Huey(directory), Lite(directory), Persist(directory)]
        runs = [lambda: ours.store([data]), *(_timed(peer, data) for peer in peers)]
        own, *others = in_turn(runs, ROUNDS)
    return [
        Figure(
            name=f"durable submit, 1 kB, over {peer.name}",
            value=own / taken,
            limit=1.0,
            measured=f"{1 / own:,.0f}/s",
            peer=f"{1 / taken:,.0f}/s, synchronous=FULL",
            note=f"medians of {ROUNDS} in turn; {taken / own:.2f} times its throughput",
        )
        for peer, taken in zip(peers, others, strict=True)
    ]


def _timed(peer: Huey | Lite | Persist, data: bytes) -> Any:
    def run() -> float:
        began = time.perf_counter()
        peer.put(data)
        seconds = time.perf_counter() - began
        peer.take()
        return seconds

    return run
