"""The visits that are open now, each with its relay process."""

from __future__ import annotations

import base64
import itertools
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.agent.identity import Signing
from kiosk.agent.lines import Addresses
from kiosk.agent.nursery import Child, Nursery
from kiosk.agent.relay import LIFETIME, RelayJob, relay
from kiosk.channel import Caller
from standards import canonical

_STARTING = 10.0


class RelayFailed(Exception):
    """No relay could be started; the visit goes on without the intake."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What a session needs to reach its relay."""

    path: Path
    secret: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Open:
    line: Line
    child: Child
    callers: set[Caller] = field(default_factory=set)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelayRoute:
    """What every relay of this terminal is given.

    Attributes:
        terminal: the terminal's id.
        addresses: of the intakes' terminal APIs.
        keys: directory with the terminal's certificate.
        run_dir: where sockets lie.
        users: uids that may call a relay besides our own.
    """

    terminal: str
    addresses: Addresses
    keys: Path
    run_dir: Path
    users: frozenset[int] = frozenset()


class Visits:
    """Starts a relay when a visit opens, ends it when its last connection leaves."""

    def __init__(self, nursery: Nursery, route: RelayRoute, signing: Signing) -> None:
        self._nursery = nursery
        self._route = route
        self._signing = signing
        self._numbers = itertools.count(1)
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()

    @property
    def count(self) -> int:
        """How many visits are open."""
        return len(self._open)

    def open(self, visit: str, caller: Caller) -> Line:
        """Return the visit's line, starting its relay for the first caller.

        Raises:
            RelayFailed: it did not come up.
        """
        with self._lock:
            there = self._open.get(visit)
            if there is None or not there.child.alive:
                if there is not None:
                    self._end(visit)
                there = self._open[visit] = self._start(visit)
            there.callers.add(caller)
            return there.line

    def leave(self, caller: Caller) -> None:
        """End the relays that nobody but this caller used."""
        with self._lock:
            for visit, one in list(self._open.items()):
                one.callers.discard(caller)
                if not one.callers:
                    self._end(visit)

    def end(self) -> None:
        """End all relays."""
        with self._lock:
            for visit in list(self._open):
                self._end(visit)

    def _start(self, visit: str) -> _Open:
        path = self._route.run_dir / f"relay-{next(self._numbers)}.sock"
        line = Line(path=path, secret=secrets.token_hex(32))
        job = RelayJob(
            path=path,
            secret=line.secret,
            visit=visit,
            token=self._token(visit),
            addresses=self._route.addresses,
            keys=self._route.keys,
            users=self._route.users,
        )
        try:
            child = self._nursery.start(relay, job)
        except OSError as error:
            raise RelayFailed(str(error)) from error
        if not _came_up(child):
            child.end()
            raise RelayFailed("it did not come up")
        return _Open(line=line, child=child)

    def _token(self, visit: str) -> str:
        """Return the visit's token: a signed statement of visit, terminal and end."""
        statement = canonical.dumps(
            {
                "visit": visit,
                "terminal": self._route.terminal,
                "expires": int(time.time() + LIFETIME),
            }
        )
        signature = self._signing.now().sign(statement)
        return ".".join(
            base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (statement, signature)
        )

    def _end(self, visit: str) -> None:
        one = self._open.pop(visit)
        one.child.end()
        one.line.path.unlink(missing_ok=True)


def _came_up(child: Child) -> bool:
    try:
        return child.pipe.poll(_STARTING) and child.pipe.recv_bytes(16) == b"ready"
    except (EOFError, OSError):
        return False
