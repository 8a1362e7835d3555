"""Faults that a running intake is told to have, in a small file that its workers share.

The intake makes the file when it is served with ``--allow-faults FILE``, empties it at every start
and removes it at its end; without it there is nothing to write to. Every change is made under a
lock of the file, so a fault for five requests strikes five, however many workers there are.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

_MOST: Final = 1 << 20


class Kind(StrEnum):
    """What goes wrong; the value is what the command takes."""

    SLOW = "slow"
    ERROR = "error"
    GARBAGE = "garbage"
    SILENT = "silent"
    HANG_UP = "hang-up"
    HANG_UP_AFTER = "hang-up-after"
    OTHER_ID = "other-id"
    EARLY = "early"

    @property
    def text(self) -> str:
        """What it is, in a sentence."""
        return _TEXTS[self]

    @property
    def lies(self) -> bool:
        """Say whether it is a wrong answer to a filing, and so makes no sense for other calls."""
        return self in {Kind.OTHER_ID, Kind.EARLY}


_TEXTS: Final = {
    Kind.SLOW: "answers after --delay seconds",
    Kind.ERROR: "answers 500 and does nothing",
    Kind.GARBAGE: "answers 200 with half a JSON text and does nothing",
    Kind.SILENT: "takes the request and never answers",
    Kind.HANG_UP: "takes the request, does nothing and closes the connection",
    Kind.HANG_UP_AFTER: "does what is asked and closes the connection without an answer",
    Kind.OTHER_ID: "files, and answers 201 with numbers and digest of another application",
    Kind.EARLY: "answers 200 with a number before anything is stored, and stores nothing",
}
CALLS: Final = {
    "submit": ("POST", "/v1/applications"),
    "upload": ("", "/v1/uploads"),
    "prefill": ("POST", "/v1/prefill"),
    "progress": ("GET", "/v1/progress"),
    "any": ("", "/"),
}
"""By name, the method (any where empty) and what the path begins with."""


class NoFaultsAllowed(Exception):
    """No running intake takes faults from this file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """One fault.

    Attributes:
        id: its number in the file.
        kind: what goes wrong.
        call: for which call, a key of ``CALLS``.
        delay: seconds, for ``slow``.
        left: for how many requests more; None: for any number.
        until: until which moment of this machine's monotonic clock; None: until it is cleared.
        used: how many requests it has struck.
    """

    id: int
    kind: Kind
    call: str = "submit"
    delay: float = 0.0
    left: int | None = None
    until: float | None = None
    used: int = 0

    def strikes(self, method: str, path: str, now: float) -> bool:
        """Say whether it is in force for a request."""
        wanted, begin = CALLS[self.call]
        of_call = wanted in {"", method} and (
            path.startswith(begin) if self.call != "submit" else path == begin
        )
        return of_call and self.in_force(now)

    def in_force(self, now: float) -> bool:
        """Say whether it is not used up."""
        return self.left != 0 and (self.until is None or now < self.until)


class FaultFile:
    """The faults of one intake; safe for several processes."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock

    def create(self) -> None:
        """Make the file, empty, readable by its owner alone."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            _write(descriptor, ())
        finally:
            os.close(descriptor)

    def remove(self) -> None:
        """Remove the file."""
        self._path.unlink(missing_ok=True)

    def set(
        self,
        kind: Kind,
        *,
        call: str = "submit",
        delay: float = 0.0,
        requests: int | None = None,
        seconds: float | None = None,
    ) -> Fault:
        """Add a fault, for a number of requests, a number of seconds, or until it is cleared.

        Raises:
            NoFaultsAllowed: there is no file.
        """
        until = None if seconds is None else self._clock() + seconds
        with self._locked() as descriptor:
            known = _read(descriptor)
            number = max((one.id for one in known), default=0) + 1
            made = Fault(id=number, kind=kind, call=call, delay=delay, left=requests, until=until)
            _write(descriptor, (*known, made))
        return made

    def all(self) -> tuple[Fault, ...]:
        """Return every fault, those that are used up too.

        Raises:
            NoFaultsAllowed: there is no file.
        """
        with self._locked() as descriptor:
            return _read(descriptor)

    def clear(self, numbers: Sequence[int] = ()) -> int:
        """Take away these faults, or all; return how many.

        Raises:
            NoFaultsAllowed: there is no file.
        """
        with self._locked() as descriptor:
            known = _read(descriptor)
            kept = tuple(one for one in known if numbers and one.id not in numbers)
            _write(descriptor, kept)
        return len(known) - len(kept)

    def take(self, method: str, path: str) -> Fault | None:
        """Return the first fault that strikes a request, and count it; None for a right answer."""
        if not self._path.exists() or self._path.stat().st_size <= len("[]"):
            return None
        with self._locked() as descriptor:
            known = _read(descriptor)
            struck = next((one for one in known if one.strikes(method, path, self._clock())), None)
            if struck is None:
                return None
            left = None if struck.left is None else struck.left - 1
            counted = replace(struck, left=left, used=struck.used + 1)
            _write(descriptor, [counted if one is struck else one for one in known])
        return counted

    @contextmanager
    def _locked(self) -> Iterator[int]:
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            raise NoFaultsAllowed(
                f"{self._path}: no intake is served with --allow-faults and this file"
            ) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)


def _read(descriptor: int) -> tuple[Fault, ...]:
    rows = json.loads(os.pread(descriptor, _MOST, 0) or b"[]")
    return tuple(Fault(**row | {"kind": Kind(row["kind"])}) for row in rows)


def _write(descriptor: int, known: Sequence[Fault]) -> None:
    data = json.dumps([asdict(one) for one in known]).encode()
    os.pwrite(descriptor, data, 0)
    os.ftruncate(descriptor, len(data))
