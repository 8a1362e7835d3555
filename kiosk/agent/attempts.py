"""Attempts that are under way: one forwarder process an entry."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from kiosk.agent import wire
from kiosk.agent.delivery import Failed, Outcome, judged_by_deaths
from kiosk.agent.forwarder import Job, forward
from kiosk.agent.lines import Addresses
from kiosk.agent.nursery import Child, Nursery
from kiosk.channel.passing import PassedFile
from kiosk.outbox import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where deliveries go and with which keys.

    Attributes:
        terminal: the terminal's id.
        addresses: of the intakes' terminal APIs.
        keys: directory of the terminal's keys.
        limit: seconds an attempt may take in all.
    """

    terminal: str
    addresses: Addresses
    keys: Path
    limit: float = 120.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Attempt:
    """An entry with its forwarder."""

    entry: Entry
    child: Child
    deadline: float


class Attempts:
    """Starts forwarders and collects what they say; used by one thread only."""

    def __init__(self, nursery: Nursery, route: Route) -> None:
        self._nursery = nursery
        self._route = route
        self._running: dict[Connection, Attempt] = {}

    def __len__(self) -> int:
        return len(self._running)

    @property
    def pipes(self) -> list[Connection]:
        """What becomes readable when an attempt ends."""
        return list(self._running)

    @property
    def patience(self) -> float:
        """Seconds until the first attempt has taken too long; infinite when none runs."""
        first = min((one.deadline for one in self._running.values()), default=float("inf"))
        return max(0.0, first - time.monotonic())

    def start(self, entry: Entry, pieces: Iterable[bytes]) -> None:
        """Give an entry to a new forwarder; raise `OSError` when none can be started."""
        fd = os.memfd_create("entry", os.MFD_CLOEXEC)
        try:
            for piece in pieces:
                _write_all(fd, piece)
            child = self._nursery.start(forward, self._job(entry), PassedFile(fd))
        finally:
            os.close(fd)
        deadline = time.monotonic() + self._route.limit
        self._running[child.pipe] = Attempt(entry=entry, child=child, deadline=deadline)

    def finish(self, ready: Iterable[object], done: Callable[[Entry, Outcome], None]) -> None:
        """Report every attempt that answered, died, or took too long."""
        answered = [self._running[pipe] for pipe in self.pipes if pipe in set(ready)]
        late = [one for one in self._running.values() if one.deadline < time.monotonic()]
        for attempt in dict.fromkeys((*answered, *late)):
            outcome = _heard(attempt) if attempt in answered else Failed(reason="too_slow")
            self._forget(attempt)
            done(attempt.entry, judged_by_deaths(outcome, attempt.entry.last_error))

    def end(self) -> None:
        """End all forwarders; their entries go back when the store is opened again."""
        for attempt in list(self._running.values()):
            self._forget(attempt)

    def _job(self, entry: Entry) -> Job:
        return Job(
            submission_id=entry.submission_id,
            fingerprint=entry.fingerprint,
            terminal=self._route.terminal,
            attempts=entry.attempts,
            intake_url=self._route.addresses.of(entry.jurisdiction),
            keys=self._route.keys,
        )

    def _forget(self, attempt: Attempt) -> None:
        del self._running[attempt.child.pipe]
        attempt.child.end()


def _heard(attempt: Attempt) -> Outcome:
    try:
        return wire.decode(attempt.child.pipe.recv_bytes(wire.MAX_WIRE))
    except (EOFError, OSError):
        return Failed(reason="forwarder_died")


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
