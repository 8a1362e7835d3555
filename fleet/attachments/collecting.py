"""Puts files together from the pieces that the bus brings.

Theory of operation
-------------------
Pieces of one file come in their order, but the broker may repeat them. A file is begun only for a
command that was given to that very terminal and asks for such a file; what is held of all files
together is bounded, and the one that was quiet longest is given up first. A whole file is held
against its digest and kept. Whatever else comes is counted and thrown away: a terminal in foreign
hands can cost its own place, and nothing more.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from fleet.attachments.keeping import Kept
from kiosk.status.attachment import Piece
from kiosk.status.command import Kind

AT_ONCE: Final = 16
"""Files that may be under way: 64 MiB at most."""

log = structlog.get_logger()

Asked = Callable[[str, str], Kind | None]
"""Says what a command to a terminal asked for; none when there is no such command."""


@dataclass(slots=True)
class _Half:
    first: Piece
    parts: dict[int, bytes] = field(default_factory=dict)


class Collector:
    """All files under way; called on one thread."""

    def __init__(self, kept: Kept, asked: Asked, whole: Callable[[str, str], None]) -> None:
        """Take where whole files go.

        Args:
            kept: keeps them.
            asked: says what a command to a terminal asked for.
            whole: told terminal and command of each file that is kept.
        """
        self._kept, self._asked, self._whole = kept, asked, whole
        self._halves: OrderedDict[tuple[str, str], _Half] = OrderedDict()
        self.refused = 0
        """Pieces that belong nowhere."""

    def take(self, terminal: str, piece: Piece) -> None:
        """Take a piece that a terminal sent."""
        key = (terminal, piece.command)
        half = self._halves.get(key)
        if half is None or not _fits(half.first, piece):
            half = self._begun(terminal, piece)
        if half is None:
            self.refused += 1
            return
        self._halves.move_to_end(key)
        half.parts[piece.at] = piece.data
        if len(half.parts) == piece.of:
            del self._halves[key]
            self._finish(terminal, half)

    def _begun(self, terminal: str, piece: Piece) -> _Half | None:
        """Begin a file, if it was asked for."""
        if self._asked(terminal, piece.command) is not piece.kind:
            return None
        if piece.at or self._kept.there(terminal, [piece.command]):
            return None
        half = self._halves[terminal, piece.command] = _Half(piece)
        if len(self._halves) > AT_ONCE:
            self._halves.popitem(last=False)
        return half

    def _finish(self, terminal: str, half: _Half) -> None:
        data = b"".join(half.parts[at] for at in range(half.first.of))
        first = half.first
        if hashlib.sha256(data).hexdigest() != first.digest:
            self.refused += 1
            return
        try:
            self._kept.keep(terminal, first.command, first.kind, data)
        except OSError as error:
            log.warning("file_not_kept", terminal=terminal, problem=type(error).__name__)
            return
        self._whole(terminal, first.command)


def _fits(first: Piece, piece: Piece) -> bool:
    """Whether a piece is of the file that was begun."""
    return (piece.of, piece.digest, piece.kind) == (first.of, first.digest, first.kind)
