"""The one writer of a terminal's audit log: whole lines, on disk before anybody goes on.

The chain is described in ``kiosk.audit.chain``, the files in ``kiosk.audit.segments``. A torn last
line (power cut, full disk) is cut off and the chain goes on from the last whole one; a damaged last
line puts the file aside whole, and the new one says so. The log is bounded: when all files together
pass ``limit`` bytes the oldest full one goes, and the chain itself says where it now begins.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kiosk.audit.chain import EMPTY, AuditBroken, Head, claim, written
from kiosk.audit.events import Event, catalogue
from kiosk.audit.segments import ACTIVE, flush, lines, pack, pack_rest, segments, set_full

SEGMENT = 8 * 2**20
"""Bytes at which the written file is full: some 40,000 events."""
LIMIT = 256 * 2**20
"""Bytes of all files together. Packed, an event takes some 56: 4.5 million events, which is
25,000 a day for the six months that must be kept."""
MAX_TEXT = 200
"""A field's longest text, characters."""
_DAY = 86_400
_OUR_NUMBERS = frozenset({"digest", "kept", "local_no", "visit"})
"""Made by the terminal itself; digits in them are nobody's."""
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)")


class AuditLog:
    """The one writer of a terminal's audit files."""

    def __init__(
        self,
        path: Path,
        *,
        segment: int = SEGMENT,
        limit: int = LIMIT,
        heard: Callable[[str, Mapping[str, str | int]], None] = lambda _event, _fields: None,
    ) -> None:
        """Open or begin the files and continue their chain.

        Args:
            path: the written file (mode 0640); the full ones lie beside it.
            segment: bytes at which it is full.
            limit: bytes that all files together may take.
            heard: told of each event once it is on disk, by whoever added it; must be quick.
        """
        self._heard = heard
        self._directory = path.parent
        self._segment = segment
        self._limit = limit
        self._directory.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        damaged = _readable_rest(self._directory)
        self._before = _last_head(self._directory)
        self._fd = _open(path)
        try:
            self.head = self._continue()
        except AuditBroken:
            self._set_aside(path)
        for kept in damaged:
            self.append(Event("audit_damaged"), kept=kept.name)

    def append(self, event: Event, **fields: str | int) -> Head:
        """Add one event; on disk before this returns.

        Raises:
            ValueError: a field that the catalogue does not name for this event, or a text that is
                too long or holds what could be a citizen's number.
            OSError: the disk does not take it; nothing of it stays.
        """
        _check(event, fields)
        with self._lock:
            line: dict[str, object] = {"t": _now(), "e": event.value, "f": fields}
            data, head = written(self.head, line)
            self._write(data)
            self.head = head
            if os.fstat(self._fd).st_size >= self._segment:
                self._turn()
        self._heard(event.value, fields)
        return head

    def close(self) -> None:
        """Close the file."""
        os.close(self._fd)

    def _turn(self) -> None:
        """Put the full file away and begin the next; the oldest goes when all are too many.

        A disk that cannot take the packed file costs nothing: the next start packs what is left.
        """
        full = set_full(self._directory, self._before.sequence + 1)
        os.close(self._fd)
        self._fd = _open(self._directory / ACTIVE)
        flush(self._directory)
        self._before = self.head
        with contextlib.suppress(OSError):
            pack(full)
        self._trim()

    def _trim(self) -> None:
        """Remove the oldest full files beyond the limit, each said in the chain before it goes."""
        kept = list(segments(self._directory))
        while len(kept) > 1 and sum(own.stat().st_size for own in kept) > self._limit:
            oldest = kept.pop(0)
            head = _head_of(oldest)
            if head is None:
                self.append(Event("audit_damaged"), kept=_aside(oldest).name)
                continue
            days = max(0, int((time.time() - oldest.stat().st_mtime) // _DAY))
            self.append(
                Event("audit_trimmed"), sequence=head.sequence, digest=head.digest, days=days
            )
            oldest.unlink()
            flush(self._directory)

    def _set_aside(self, path: Path) -> None:
        """Keep a file whose last line is damaged as it is, and begin a new one that says so."""
        os.close(self._fd)
        kept = _aside(path)
        self._fd = _open(path)
        self.head = self._before
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
        return _readable(last) if last else self._before


def _check(event: Event, fields: dict[str, str | int]) -> None:
    allowed = catalogue()[event.value].fields
    for name, value in fields.items():
        text = value if isinstance(value, str) else ""
        if name not in allowed or len(text) > MAX_TEXT:
            raise ValueError(f"{event.value} may not carry {name}")
        if name not in _OUR_NUMBERS and _IDENTITY.search(text):
            raise ValueError(f"{event.value}: {name} may be a citizen's number")


def _readable(line: bytes) -> Head:
    try:
        json.loads(line)
    except ValueError as error:
        raise AuditBroken(0, "not a log line") from error
    return claim(line, 0)


def _readable_rest(directory: Path) -> list[Path]:
    """Pack what a power cut left; put newest full files aside that nothing can follow from."""
    with contextlib.suppress(OSError):
        pack_rest(directory)
    aside: list[Path] = []
    for full in reversed(segments(directory)):
        if _head_of(full) is not None:
            break
        aside.append(_aside(full))
    return aside


def _last_head(directory: Path) -> Head:
    full = segments(directory)
    return (_head_of(full[-1]) if full else EMPTY) or EMPTY


def _head_of(path: Path) -> Head | None:
    """Return the head of a full file; None when it cannot be read to its end."""
    last = b""
    try:
        for line in lines(path):
            last = line
        return claim(last, 0)
    except (AuditBroken, EOFError, OSError, zlib.error):
        return None


def _aside(path: Path) -> Path:
    """Keep a damaged file whole under another name, for the centre."""
    kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    path.rename(kept)
    return kept


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
