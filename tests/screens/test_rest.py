"""The loop rests until something is due, and no longer than until it is woken."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from screens import rest
from screens.rest import NEXT_S, Rest

LONG_S = 20.0
"""Nobody waits for that long in these tests, however busy the machine is."""


class Clock:
    """What the rest needs of Kivy's clock."""

    def __init__(self) -> None:
        self._last_tick, self._dt = time.monotonic(), 0.0
        self.due = LONG_S
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


class Finger:
    """A connection over which one byte is an event."""

    def __init__(self) -> None:
        self.ours, self._theirs = os.pipe2(os.O_NONBLOCK)
        self.felt = 0
        self.draws = False

    def touch(self) -> None:
        """Let an event come."""
        os.write(self._theirs, b"x")

    def look(self) -> bool:
        """Take all events that have come."""
        try:
            self.felt += len(os.read(self.ours, 100))
        except BlockingIOError:
            return self.draws
        return self.draws

    def close(self) -> None:
        """Close both ends."""
        os.close(self.ours)
        os.close(self._theirs)


@pytest.fixture
def finger(monkeypatch: pytest.MonkeyPatch) -> Iterator[Finger]:
    """A finger, and rests that would be long without it."""
    monkeypatch.setattr(rest, "LONGEST_S", LONG_S)
    made = Finger()
    yield made
    made.close()


def test_it_rests_until_the_next_thing_is_due(
    finger: Finger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not shorter, and never so long that a clock that forgets something stops."""
    clock = Clock()
    Rest(clock, finger.ours, finger.look)
    clock.due = 0.1
    assert 0.099 <= clock.rested() < LONG_S / 2
    clock.due = 0
    assert NEXT_S - 0.001 <= clock.rested() < LONG_S / 2
    monkeypatch.setattr(rest, "LONGEST_S", 0.2)
    clock.due = LONG_S
    assert 0.199 <= clock.rested() < LONG_S / 2


def test_a_thread_wakes_it_once(finger: Finger) -> None:
    """What a thread posts does not wait for the next thing that is due."""
    clock = Clock()
    made = Rest(clock, finger.ours, finger.look)
    threading.Timer(0.03, made.wake).start()
    assert clock.rested() < LONG_S / 2
    clock.due = 0.1
    assert clock.rested() >= 0.099


def test_a_finger_wakes_it(finger: Finger) -> None:
    """What comes from the screen ends the rest, and has happened when the turn begins."""
    clock = Clock()
    Rest(clock, finger.ours, finger.look)
    threading.Timer(0.05, finger.touch).start()
    assert clock.rested() < LONG_S / 2
    assert finger.felt == 1


def test_it_does_not_rest_when_there_is_something_to_draw(finger: Finger) -> None:
    """What a finger changed is drawn in the same turn."""
    clock = Clock()
    Rest(clock, finger.ours, finger.look)
    finger.draws = True
    assert clock.rested() < LONG_S / 2
