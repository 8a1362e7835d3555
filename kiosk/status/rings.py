"""Rings of a roll-out: who takes a release first, and who last.

Groups of releases stand in *lines*. The line of everybody has the groups ``canary``, ``early``,
``wide`` and ``stable``; a place that goes its own way, such as ``410700``, has ``410700-canary``,
``410700-early``, ``410700-wide`` and ``410700``. A terminal may be moved along its line by its
centre, never to another one: who stole the centre's key can let it be early or late, and cannot
give it another place's configuration.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EARLIER: Final = ("canary", "early", "wide")
LAST: Final = "stable"
RINGS: Final = len(EARLIER) + 1
SHARES: Final = (0.01, 0.05, 0.25)
"""How many of a line are in the rings up to each of the first three, where nobody says else."""


def line_of(group: str) -> str:
    """Return the line that a group is of; empty: everybody's."""
    if group in {*EARLIER, LAST}:
        return ""
    head, _, tail = group.rpartition("-")
    return head if head and tail in EARLIER else group


def ring_of(group: str) -> int:
    """Return a group's ring: 0 takes releases first, 3 last."""
    tail = group.rpartition("-")[2]
    return EARLIER.index(tail) if tail in EARLIER else len(EARLIER)


def group_of(line: str, ring: int) -> str:
    """Return the group of a ring of a line.

    Raises:
        ValueError: there is no such ring.
    """
    if not 0 <= ring < RINGS:
        raise ValueError(f"there is no ring {ring}")
    if ring == len(EARLIER):
        return line or LAST
    return f"{line}-{EARLIER[ring]}" if line else EARLIER[ring]


def ring_by_lot(terminal: str, shares: Sequence[float] = SHARES) -> int:
    """Return the ring that a terminal's name falls into: always the same one.

    Args:
        terminal: its name.
        shares: of the line that are in the rings up to each, growing, at most 1.
    """
    lot = int.from_bytes(sha256(f"ring {terminal}".encode()).digest()[:8], "big") / 2**64
    return next((ring for ring, share in enumerate(shares) if lot < share), len(shares))
