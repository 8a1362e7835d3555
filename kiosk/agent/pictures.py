"""Pictures of the page for the centre: asked of the shell, which alone knows who is there.

===========  ==================  ==========================================================
operation    fields              answer (role ``shell``)
===========  ==================  ==========================================================
``picture``  ``why``, or a file  nothing; a picture nobody asked for is thrown away
===========  ==================  ==========================================================
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Mapping
from typing import Final

from kiosk.agent.reporting.orders import OrderFailed, OrderRefused
from kiosk.channel import Refused, Request
from kiosk.channel.server import Handler
from kiosk.status.attachment import MOST, Attachment
from kiosk.status.command import Command, Kind

PATIENCE_S: Final = 10.0
"""Seconds in which shell and session answer: a frame, a small JPEG, two sockets."""
WISH: Final = "picture"
_WHY: Final = frozenset({"occupied", "other_page"})
_JPEG: Final = b"\xff\xd8\xff"


class Pictures:
    """One picture at a time; asked for on one thread, given on another."""

    def __init__(self, wish: Callable[[str], None]) -> None:
        """Take what the shell is asked through."""
        self._wish = wish
        self._changed = threading.Condition()
        self._open = False
        self._answer: bytes | str | None = None

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        return {("shell", "picture"): self.given}

    def take(self, command: Command) -> Attachment:
        """Have a picture taken.

        Raises:
            OrderRefused: somebody is there, or the page is one of a visit.
            OrderFailed: nothing came in time.
        """
        del command
        match self._asked():
            case bytes() as picture:
                return Attachment(kind=Kind.SCREENSHOT, data=picture)
            case str() as why:
                raise OrderRefused(why)
        raise OrderFailed("no_answer")

    def _asked(self) -> bytes | str | None:
        """Ask, and return what was said in time."""
        with self._changed:
            self._open, self._answer = True, None
            self._wish(WISH)
            self._changed.wait_for(self._is_answered, PATIENCE_S)
            self._open = False
            return self._answer

    def _is_answered(self) -> bool:
        return self._answer is not None

    def given(self, request: Request) -> None:
        """Take what the shell says."""
        answer = _picture(request.fds[0]) if len(request.fds) == 1 else request.text("why")
        if isinstance(answer, str) and answer not in _WHY:
            raise Refused("bad_request", "a picture, or a word why there is none")
        with self._changed:
            if self._open and self._answer is None:
                self._answer = answer
                self._changed.notify_all()


def _picture(file: int) -> bytes:
    seen = os.fstat(file)
    if not stat.S_ISREG(seen.st_mode) or not 0 < seen.st_size <= MOST:
        raise Refused("bad_request", "a memory file with a picture")
    data = os.pread(file, seen.st_size, 0)
    if not data.startswith(_JPEG):
        raise Refused("bad_request", "a JPEG")
    return data
