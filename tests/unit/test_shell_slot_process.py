"""What starting sessions leaves in the shell, which does it for months."""

from __future__ import annotations

import threading

import psutil

from kiosk.shell.slot_process import SlotProcess


def test_a_session_that_dies_at_once_leaves_nothing() -> None:
    """Not a file, not a thread: it may die before it has taken what was passed to it."""
    _live_and_die()
    before = _held()
    for _ in range(5):
        _live_and_die()
    assert _held() == before


def _live_and_die() -> None:
    session = SlotProcess([], "{}")
    session.kill()
    session.reap()


def _held() -> tuple[int, int]:
    """Return how many files and threads this process has."""
    return psutil.Process().num_fds(), threading.active_count()
