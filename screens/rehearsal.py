"""Telling a rehearsal where the buttons are: page, ids and rectangles, no values.

Served only with ``--rehearsal``, on ``RUN/rehearsal.sock``, by the session that is on the screen;
``kiosk play`` asks it and then touches real dots of the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.channel import Server

if TYPE_CHECKING:
    from kiosk.channel import Secrets
    from kiosk.channel.server import Request
    from screens.shown import Shown

More = Callable[[], Mapping[str, object]]


class Rehearsal:
    """The endpoint ``where`` of the session that is seen."""

    def __init__(self, path: Path, secrets: Secrets, more: More = dict) -> None:
        """Remember where to serve; ``more`` adds what the visit tells (``facts``, ``tally``)."""
        self._path, self._secrets, self._more = path, secrets, more
        self._server: Server | None = None

    def open(self, shown: Callable[[], Shown]) -> None:
        """Serve from now on; another session's socket file is replaced."""

        def where(_request: Request) -> Mapping[str, object]:
            return {**answer(shown()), **self._more()}

        self._server = Server(self._path, self._secrets, {("rehearsal", "where"): where})
        self._server.start()


def answer(now: Shown) -> dict[str, object]:
    """Return what is told of a stage."""
    return {
        "page": now.page,
        "busy": not now.settled,
        "frame": now.frame,
        "targets": [{"id": s.id, "x": s.x, "y": s.y, "w": s.w, "h": s.h} for s in now.spots],
    }
