"""An append-only log whose every line is bound to all lines before it.

Theory of operation
-------------------
One JSON object a line: sequence ``n``, time ``t`` (RFC 3339, UTC), event ``e``,
fields ``f``, and ``h``, the SHA-256 over the previous line's hash and this line's
canonical bytes without ``h``. Changing, dropping or inserting a line breaks every
hash after it; cutting the end off is found by comparing with a head that left the
terminal. A torn last line (power cut, full disk) is cut off; the chain goes on from the
last whole line.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.audit.events import Event, catalogue
from standards import canonical

_START = "0" * 64
MAX_TEXT = 200
"""A field's longest text, characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """How far the chain reaches: number of the last line and its hash."""

    sequence: int
    digest: str


class AuditBroken(Exception):
    """The chain does not hold at a line; staff must keep the file and tell the centre."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line


class AuditLog:
    """The one writer of a terminal's audit file."""

    def __init__(self, path: Path) -> None:
        """Open or begin the file (mode 0640) and continue its chain."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._fd = _open(path)
        try:
            self.head = self._continue()
        except (ValueError, KeyError, TypeError):
            self._set_aside(path)

    def append(self, event: Event, **fields: str | int) -> Head:
        """Add one event; on disk before this returns.

        Raises:
            ValueError: a field that the catalogue does not name for this event.
            OSError: the disk does not take it; nothing of it stays.
        """
        allowed = catalogue()[event.value].fields
        for name, value in fields.items():
            if name not in allowed or (isinstance(value, str) and len(value) > MAX_TEXT):
                raise ValueError(f"{event.value} may not carry {name}")
        with self._lock:
            line = {
                "n": self.head.sequence + 1,
                "t": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "e": event.value,
                "f": fields,
            }
            digest = _chained(self.head.digest, line)
            self._write(canonical.dumps({**line, "h": digest}) + b"\n")
            self.head = Head(sequence=self.head.sequence + 1, digest=digest)
            return self.head

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def _set_aside(self, path: Path) -> None:
        """Keep a file whose last line is damaged as it is, and begin a new one that says so."""
        os.close(self._fd)
        kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
        path.rename(kept)
        self._fd = _open(path)
        self.head = Head(sequence=0, digest=_START)
        self.append(Event("audit_damaged"), kept=kept.name)

    def _write(self, data: bytes) -> None:
        """Write a whole line durably, or none of it: half a line would break the chain."""
        size = os.fstat(self._fd).st_size
        try:
            if os.write(self._fd, data) != len(data):
                raise OSError(errno.ENOSPC, "half a line")
            os.fdatasync(self._fd)
        except OSError:
            os.ftruncate(self._fd, size)
            raise

    def _continue(self) -> Head:
        """Find the last whole line; cut a torn rest off."""
        size = os.fstat(self._fd).st_size
        data = os.pread(self._fd, size, 0)
        whole = data.rfind(b"\n") + 1
        if whole != size:
            os.ftruncate(self._fd, whole)
        last = data[:whole].rstrip(b"\n").rpartition(b"\n")[2]
        if not last:
            return Head(sequence=0, digest=_START)
        entry = json.loads(last)
        return Head(sequence=entry["n"], digest=entry["h"])


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)


def verify(path: Path) -> Head:
    """Check every line of an audit file and return how far it reaches.

    Raises:
        AuditBroken: at the first line that does not follow from the one before.
    """
    head = Head(sequence=0, digest=_START)
    for number, entry in _entries(path):
        claimed = entry.pop("h", None)
        if entry.get("n") != head.sequence + 1:
            raise AuditBroken(number, "a line is missing or was added")
        if claimed != _chained(head.digest, entry):
            raise AuditBroken(number, "the line was changed")
        head = Head(sequence=head.sequence + 1, digest=str(claimed))
    return head


def _entries(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise AuditBroken(number, "not a log line") from error
        if not isinstance(entry, dict):
            raise AuditBroken(number, "not a log line")
        yield number, entry


def _chained(before: str, line: dict[str, object]) -> str:
    return hashlib.sha256(before.encode() + canonical.dumps(line)).hexdigest()
