"""The chain of an audit log: how a line is written, and what proves that none is missing.

Theory of operation
-------------------
One canonical JSON object a line: event ``e``, fields ``f``, hash ``h``, sequence ``n``, time ``t``
(RFC 3339, UTC). ``h`` is the SHA-256 over the previous line's hash and this line's canonical bytes
without ``h``. Changing, dropping or inserting a line breaks every hash after it; cutting the end
off is found by comparing with a head that left the terminal.

Checking never parses a line: keys stand in alphabetical order, so the last ``,"h":"`` of a line is
the hash's own (inside a text its quotation marks would be escaped), and what is left when it is cut
out are the bytes that were hashed. A line written differently has another hash.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from standards import canonical

START = "0" * 64
"""What stands for the hash before the first line of all."""
_MARK = b',"h":"'
_HASH = 64
_SEQUENCE = b'","n":'


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """How far a chain reaches: number of the last line and its hash (64 hexadecimal digits)."""

    sequence: int
    digest: str


EMPTY = Head(sequence=0, digest=START)


class AuditBroken(Exception):
    """The chain does not hold at a line; staff must keep the files and tell the centre."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


def written(head: Head, line: dict[str, object]) -> tuple[bytes, Head]:
    """Return the bytes of a line after ``head``, with its line feed, and the head it makes."""
    numbered = {**line, "n": head.sequence + 1}
    digest = _chained(head.digest, canonical.dumps(numbered))
    own = Head(sequence=head.sequence + 1, digest=digest)
    return canonical.dumps({**numbered, "h": digest}) + b"\n", own


def followed(head: Head, line: bytes) -> Head:
    """Return the head after a line without its line feed.

    Raises:
        AuditBroken: the line is none of a log's, or does not follow from ``head``.
    """
    claimed = claim(line, head.sequence + 1)
    if claimed.sequence != head.sequence + 1:
        raise AuditBroken(head.sequence + 1, "a line is missing or was added")
    if _chained(head.digest, _without_hash(line)) != claimed.digest:
        raise AuditBroken(head.sequence + 1, "the line was changed")
    return claimed


def claim(line: bytes, number: int) -> Head:
    """Return what a line says of itself, unproven; ``number`` is for the complaint.

    Raises:
        AuditBroken: it is no log line.
    """
    at = line.rfind(_MARK) + len(_MARK)
    after = at + _HASH
    count, _, _ = line[after + len(_SEQUENCE) :].partition(b",")
    if at < len(_MARK) or line[after : after + len(_SEQUENCE)] != _SEQUENCE or not count.isdigit():
        raise AuditBroken(number, "not a log line")
    return Head(sequence=int(count), digest=line[at:after].decode("ascii", "replace"))


def _without_hash(line: bytes) -> bytes:
    at = line.rfind(_MARK)
    return line[:at] + line[at + len(_MARK) + _HASH + 1 :]


def _chained(before: str, line: bytes) -> str:
    return hashlib.sha256(before.encode() + line).hexdigest()
