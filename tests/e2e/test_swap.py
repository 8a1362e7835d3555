"""One citizen, one process: who is on the screen after an end, a death and a hang, by pixels.

How long a swap takes is for `make bench` (swap): here it is who serves next, and what is seen.
"""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.e2e.desk import Desk
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.e2e
BLACK = 12
"""A screen is black when no channel of any sampled pixel is above this."""


def _watch(desk: Desk, until_page: str) -> bool:
    """Poll pixels until the page is another one; return whether black was seen."""
    screen = desk.player.screen
    spots = [(screen.width * k // 8, screen.height * n // 8) for k in (1, 4, 7) for n in (1, 4, 7)]
    began, black = time.monotonic(), False
    while time.monotonic() - began < PATIENCE_S:
        pixels = b"".join(screen.pixel(*spot)[:3] for spot in spots)
        black = black or max(pixels) <= BLACK
        seen = desk.player.link.look()
        if seen is not None and seen.page in {until_page, "trouble"} and seen.settled:
            return black
    raise AssertionError(f"{until_page} not seen within {PATIENCE_S} s")


def _standby_is_ready(desk: Desk) -> int:
    """Wait for the standby; return its process id."""
    until(lambda: len(desk.sessions()) == 2)
    until(lambda: desk.sessions()[1].cpu_percent(0.2) < 20)
    return desk.sessions()[1].pid


def test_a_warming_standby_never_covers_the_visit(desk: Desk) -> None:
    """While a new standby opens its window, the visit's window stays on top, and so do touches."""
    desk.play_until("guide")
    _standby_is_ready(desk)
    top, standby = desk.player.screen.top_window(), desk.sessions()[1]
    os.kill(standby.pid, signal.SIGKILL)
    until(lambda: not standby.is_running() or standby.status() == "zombie")

    def warmed() -> bool:
        assert desk.player.screen.top_window() == top
        now = desk.sessions()
        return len(now) == 2 and now[1].pid != standby.pid and now[1].cpu_percent(0.1) < 10

    until(warmed)
    assert desk.player.screen.top_window() == top


def test_the_next_citizen_gets_another_process(desk: Desk) -> None:
    """After a visit the process that served it is gone and another one is shown."""
    _standby_is_ready(desk)
    served = desk.active_session()
    desk.play()
    until(lambda: not served.is_running())
    assert desk.active_session().pid != served.pid


def test_a_killed_session_is_replaced_by_the_standby(desk: Desk) -> None:
    """SIGKILL in the middle of a visit: who was ready is on the screen, which was never black."""
    desk.play_until("guide")
    standby = _standby_is_ready(desk)
    desk.kill_session()
    assert not _watch(desk, "attract")
    assert desk.active_session().pid == standby


def test_a_second_crash_while_the_standby_warms(desk: Desk) -> None:
    """Two deaths in a row: usable again."""
    desk.play_until("guide")
    _standby_is_ready(desk)
    desk.kill_session()
    _watch(desk, "attract")
    second = desk.active_session()
    desk.kill_session()
    until(lambda: not second.is_running() or second.status() == "zombie")
    _watch(desk, "attract")
    assert desk.active_session().pid != second.pid


def test_a_stopped_session_is_found_and_replaced(desk: Desk) -> None:
    """SIGSTOP: the verdict comes after seconds without a frame, then the standby is there."""
    desk.play_until("guide")
    standby = _standby_is_ready(desk)
    hung = desk.active_session()
    os.kill(hung.pid, signal.SIGSTOP)
    desk.player.link.close()
    began = time.monotonic()
    until(lambda: not hung.is_running() or hung.status() == "zombie")
    _watch(desk, "attract")
    assert time.monotonic() - began >= 3.0
    assert desk.active_session().pid == standby


def test_past_submit_a_crash_tells_the_local_number(desk: Desk) -> None:
    """The page after the crash shows the number that was kept, and no name."""
    desk.play_until("receipt")
    until(lambda: (s := desk.player.link.look()) is not None and s.facts.get("number"))
    _standby_is_ready(desk)
    desk.kill_session()
    seen = desk.player.reach("trouble")
    assert seen.facts["local_no"] is True
    desk.nothing_lost_nothing_twice()
