"""The loop rests until something is due, and no longer than until it is woken."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from Xlib.display import Display as Connection
from Xlib.ext import xtest
from Xlib.X import MotionNotify, PointerMotionMask

from screens.rest import LONGEST_S, NEXT_S, Rest

LATE_S = 0.15
"""What a busy machine may add to a rest."""


class Clock:
    """What the rest needs of Kivy's clock."""

    def __init__(self, due: float) -> None:
        self._last_tick, self._dt = time.monotonic(), 0.0
        self.due = due
        self.idle: Any = None

    time = staticmethod(time.monotonic)

    def get_min_timeout(self) -> float:
        """Return when the next thing is due, from the last turn on."""
        return self.due

    def rested(self) -> float:
        """Rest once; return for how long, in seconds."""
        began = self._last_tick
        now: float = self.idle()
        assert self._last_tick == now
        return now - began


@pytest.fixture
def xlib(screen: str) -> Iterator[tuple[Any, ctypes.c_void_p]]:
    """A connection as SDL has one: the library, the address."""
    library = ctypes.CDLL("libX11.so.6")
    library.XOpenDisplay.restype = ctypes.c_void_p
    library.XDefaultRootWindow.restype = ctypes.c_ulong
    display = ctypes.c_void_p(library.XOpenDisplay(screen.encode()))
    yield library, display
    library.XCloseDisplay(display)


def resting(xlib: tuple[Any, ctypes.c_void_p], due: float) -> tuple[Rest, Clock]:
    """Return a rest with its clock."""
    clock, address = Clock(due), xlib[1].value
    assert address
    return Rest(clock, address), clock


def test_it_rests_until_the_next_thing_is_due(xlib: tuple[Any, ctypes.c_void_p]) -> None:
    """Not shorter, and never so long that a clock that forgets something stops."""
    _, clock = resting(xlib, 0.1)
    assert 0.099 <= clock.rested() < 0.1 + LATE_S
    clock.due = 1e9
    assert LONGEST_S - 0.001 <= clock.rested() < LONGEST_S + LATE_S
    clock.due = 0
    assert NEXT_S - 0.001 <= clock.rested() < NEXT_S + LATE_S


def test_a_thread_wakes_it_once(xlib: tuple[Any, ctypes.c_void_p]) -> None:
    """What a thread posts does not wait for the next thing that is due."""
    rest, clock = resting(xlib, LONGEST_S)
    threading.Timer(0.03, rest.wake).start()
    assert clock.rested() < LONGEST_S - 0.05
    assert clock.rested() > LONGEST_S - 0.001


def test_a_finger_wakes_it(xlib: tuple[Any, ctypes.c_void_p], screen: str) -> None:
    """What comes from the screen ends the rest, also what was taken off the line already."""
    library, display = xlib
    root = ctypes.c_ulong(library.XDefaultRootWindow(display))
    library.XSelectInput(display, root, ctypes.c_long(PointerMotionMask))
    library.XSync(display, 0)
    _, clock = resting(xlib, LONGEST_S)
    hand = Connection(screen)
    for x in (5, 9):
        xtest.fake_input(hand, MotionNotify, x=x, y=5)
        hand.sync()
        assert clock.rested() < LONGEST_S - 0.05
        library.XSync(display, 0)
        clock._last_tick = time.monotonic()
        assert clock.rested() < LONGEST_S - 0.05
        library.XSync(display, 1)
    hand.close()
