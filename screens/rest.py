"""Waiting between two turns of Kivy's loop, for as long as nothing happens.

Kivy's clock sleeps for a whole frame whatever comes, so a loop that is to feel a finger soon has to
turn often.  This one sleeps until the next thing that is due, and is woken by the X server (a
finger) and by our own threads (:meth:`Rest.wake`): a page that nobody touches costs next to
nothing, and a touch is felt at once.
"""

from __future__ import annotations

import ctypes
import os
import select
from collections.abc import Callable
from typing import Any, Final

NEXT_S: Final = 0.008
"""Seconds from one turn of the loop to the next, at least: half a frame of the screen."""
LONGEST_S: Final = 0.25
"""Seconds of one rest at most."""


def x_connection(display: int) -> int:
    """Return the descriptor of the X connection whose Display lies at an address (Xlib, 2.2)."""
    number: int = ctypes.CDLL("libX11.so.6").XConnectionNumber(ctypes.c_void_p(display))
    return number


class Rest:
    """Takes the place of the waiting in ``clock``; all but :meth:`wake` is for the UI thread."""

    def __init__(self, clock: Any, connection: int, look: Callable[[], bool]) -> None:
        """Wait for what ``clock`` has due and for what comes over ``connection``.

        Args:
            clock: Kivy's.
            connection: descriptor of SDL's connection to the X server.
            look: takes all events that have come and lets them happen; says whether there is
                anything to draw. Left to itself Kivy's loop takes events after it has drawn and
                lets them happen in its next turn.
        """
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._woken = select.poll()
        for descriptor in (connection, self._bell):
            self._woken.register(descriptor, select.POLLIN)
        self._clock, self._look = clock, look
        clock.idle = self.idle

    def wake(self) -> None:
        """End the rest, from any thread."""
        os.eventfd_write(self._bell, 1)

    def idle(self) -> float:
        """Wait for the next turn and return when it begins, as Kivy's clock does."""
        clock = self._clock
        began = clock._last_tick  # noqa: SLF001 - Kivy's clocks are made by overriding this
        self._sleep(began + NEXT_S - clock.time(), listen=False)
        if not self._look():
            due = min(clock.get_min_timeout(), LONGEST_S)
            self._sleep(began + due - clock.time(), listen=True)
            self._look()
        now: float = clock.time()
        clock._dt, clock._last_tick = now - began, now  # noqa: SLF001
        return now

    def _sleep(self, seconds: float, *, listen: bool) -> None:
        if seconds <= 0:
            return
        if not listen:
            select.select((), (), (), seconds)
        elif any(found == self._bell for found, _ in self._woken.poll(seconds * 1000)):
            os.eventfd_read(self._bell)
