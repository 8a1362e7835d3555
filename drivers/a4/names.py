"""Addresses of printers by name, each asked for within a time.

The system's resolver cannot be given a limit and cannot be stopped, so a name is looked up on a
thread that is left alone when time is up; whoever asks again waits for the same look-up, or takes
what it found meanwhile.  What was found is kept until nobody is reached there.
"""

from __future__ import annotations

import socket
import threading
from concurrent.futures import Future
from typing import Any

Place = tuple[str, int]
"""Host and port."""

Found = list[tuple[Any, ...]]
"""What `socket.getaddrinfo` returns."""


class Names:
    """What is known of names."""

    def __init__(self) -> None:
        self._asked: dict[Place, Future[Found]] = {}

    def addresses(self, place: Place, seconds: float) -> Found:
        """Return where a host is; one that is an address itself needs no look-up.

        Raises:
            OSError: it has no address, or none was found in time (`TimeoutError`).
        """
        try:
            return socket.getaddrinfo(*place, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except (socket.gaierror, UnicodeError):
            found = self._asked.get(place)
        if found is None:
            found = self._asked[place] = Future()
            threading.Thread(target=_look_up, args=(place, found), daemon=True).start()
        try:
            return found.result(max(0.0, seconds))
        except OSError:
            if found.done() and found.exception() is not None:
                self.forget(place)
            raise

    def forget(self, place: Place) -> None:
        """Ask anew next time: nobody is reached there."""
        self._asked.pop(place, None)


def _look_up(place: Place, found: Future[Found]) -> None:
    try:
        found.set_result(socket.getaddrinfo(*place, type=socket.SOCK_STREAM))
    except OSError as error:
        found.set_exception(error)
    except UnicodeError:
        found.set_exception(OSError("no name a host can have"))
