"""Checking a log from its first kept line to its last: what holds, what broke, what is open."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.audit.chain import EMPTY, AuditBroken, Head, claim, followed
from kiosk.audit.events import catalogue
from kiosk.audit.segments import files, lines

_TRIMMED = b'"e":"audit_trimmed"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Verified:
    """What a log proves: from line ``first`` to its ``head``, every line follows.

    ``unfinished`` counts, by event, what began and never ended – a visit that a power cut took,
    for example – of all but the last start.
    """

    first: int
    head: Head
    unfinished: dict[str, int]


def verify(directory: Path, left: Collection[Head] = ()) -> Verified:
    """Check every line of a log.

    Args:
        directory: of its files.
        left: heads that left the terminal before; the log must still hold those lines, but for
            what it says was removed for want of room.

    Raises:
        AuditBroken: at the first line that does not follow, when the beginning is missing and no
            later line says that it was removed for want of room, or when a head of ``left`` is
            not in it.
        FileNotFoundError: there is no log.
    """
    if not files(directory):
        raise FileNotFoundError(directory)
    walk = _Walk(left)
    for line in _all_lines(directory):
        walk.take(line)
    return walk.end()


class _Walk:
    """One pass over the lines."""

    def __init__(self, left: Collection[Head]) -> None:
        self._left = {head.sequence: head.digest for head in left}
        twice = next((one for one in left if self._left[one.sequence] != one.digest), None)
        if twice is not None:
            raise AuditBroken(twice.sequence, "the centre was told of two different lines")
        self._head = EMPTY
        self._first = 1
        self._begin: bytes | None = None
        self._pairs = _Pairs()

    def take(self, line: bytes) -> None:
        """Check one line and remember what it opens or closes."""
        if self._head is EMPTY and claim(line, 1).sequence != 1:
            self._begin = line
            self._head = claim(line, 1)
            self._first = self._head.sequence
        else:
            self._head = followed(self._head, line)
        if self._begin is not None and _TRIMMED in line:
            self._vouch(line)
        if self._left and self._left.get(self._head.sequence, self._head.digest) != (
            self._head.digest
        ):
            raise AuditBroken(self._head.sequence, "another line than the centre was told of")
        self._pairs.take(line)

    def end(self) -> Verified:
        """Return the verdict after the last line."""
        if self._begin is not None:
            raise AuditBroken(self._first, "lines before it are missing, and nothing says why")
        last = max(self._left, default=0)
        if last > self._head.sequence:
            raise AuditBroken(last, "the end that the centre was told of is missing")
        return Verified(first=self._first, head=self._head, unfinished=self._pairs.open())

    def _vouch(self, line: bytes) -> None:
        """Accept the first kept line if this one says what went before it."""
        said = json.loads(line)["f"]
        before = Head(sequence=said["sequence"], digest=said["digest"])
        if before.sequence + 1 == self._first and self._begin is not None:
            followed(before, self._begin)
            self._begin = None


class _Pairs:
    """What began and has not ended, by the catalogue's pairs."""

    def __init__(self) -> None:
        self._begins = {own.ends: name for name, own in catalogue().items() if own.ends}
        self._marks = [
            (f'"e":"{name}"'.encode(), name)
            for pair in self._begins.items()
            for name in pair
        ]  # fmt: skip
        self._count = dict.fromkeys(self._begins.values(), 0)

    def take(self, line: bytes) -> None:
        """Count a line that opens or closes something."""
        for mark, name in self._marks:
            if line.startswith(mark, 1):
                begun = self._begins.get(name, name)
                step = 1 if begun == name else -1
                self._count[begun] = max(0, self._count[begun] + step)

    def open(self) -> dict[str, int]:
        """Return what is open, by the event that began it."""
        return {name: count for name, count in self._count.items() if count}


def _all_lines(directory: Path) -> Iterator[bytes]:
    number = 0
    for path in files(directory):
        try:
            for line in lines(path):
                number += 1
                yield line
        except (EOFError, OSError, zlib.error) as error:
            raise AuditBroken(number + 1, f"{path.name} is damaged") from error
