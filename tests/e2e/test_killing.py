"""Killing processes at ten points of the visit: nothing lost, nothing twice, a screen that works.

After each kill the part is started again as the service manager would start it. At the
end every submission that this terminal acknowledged is at the intake exactly once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import psutil
import pytest

from tests.e2e.desk import Desk
from tests.waiting import until

pytestmark = pytest.mark.e2e


def _kill(process: psutil.Process) -> None:
    os.kill(process.pid, signal.SIGKILL)


def _session(desk: Desk) -> None:
    desk.kill_session()


def _standby(desk: Desk) -> None:
    until(lambda: len(desk.sessions()) == 2)
    _kill(desk.sessions()[1])


def _part(name: str) -> Callable[[Desk], None]:
    def kill(desk: Desk) -> None:
        _kill(desk.process(name))
        until(lambda: not desk.stack.running[name].alive())
        desk.restart(name)

    return kill


def _agents_child(kind: str) -> Callable[[Desk], None]:
    def kill(desk: Desk) -> None:
        for child in desk.titled("agent", kind):
            _kill(child)

    return kill


def _submit_and_kill_forwarder(desk: Desk) -> None:
    """Hold the intake still, so that the forwarder is in the middle of its work."""
    intake = desk.process("intake")
    intake.suspend()
    try:
        desk.player.tap("submit")
        until(lambda: _forwarders(desk), timeout=20)
        _agents_child("kiosk-forwarder")(desk)
    finally:
        intake.resume()


def _forwarders(desk: Desk) -> list[psutil.Process]:
    return desk.titled("agent", "kiosk-forwarder")


def _submit_and(kill: Callable[[Desk], None]) -> Callable[[Desk], None]:
    def submit(desk: Desk) -> None:
        desk.player.tap("submit")
        until(lambda: (s := desk.player.link.look()) is not None and s.page != "review")
        kill(desk)

    return submit


POINTS: dict[str, tuple[str, Callable[[Desk], None]]] = {
    "session on the guide": ("guide", _session),
    "standby on the home page": ("home", _standby),
    "device host while a card is awaited": ("card", _part("devices")),
    "relay before consent": ("consent", _agents_child("kiosk-relay")),
    "agent while a question is asked": ("choice", _part("agent")),
    "session before submit": ("review", _session),
    "session right after submit": ("review", _submit_and(_session)),
    "agent right after submit": ("review", _submit_and(_part("agent"))),
    "intake right after submit": ("review", _submit_and(_part("intake"))),
    "forwarder in the middle of filing": ("review", _submit_and_kill_forwarder),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at(desk: Desk, point: str) -> None:
    """The screen comes back, and both ends agree."""
    page, kill = POINTS[point]
    desk.play_until(page)
    kill(desk)
    desk.make_whole()
    desk.nothing_lost_nothing_twice()


def test_the_shell_is_killed(desk: Desk) -> None:
    """Its sessions die with it; a new shell brings a new screen."""
    desk.play_until("guide")
    sessions = desk.sessions()
    _kill(desk.process("shell"))
    _gone, left = psutil.wait_procs(sessions, timeout=10)
    assert left == []
    desk.restart("shell")
    desk.usable()


def test_after_all_of_it_a_visit_still_works(desk: Desk) -> None:
    """The desk that went through all kills files once more, exactly once."""
    before = sum(desk.arrived().values())
    played = desk.play().played
    assert played.tally["outcome"] == "submitted"
    desk.nothing_lost_nothing_twice()
    assert sum(desk.arrived().values()) == before + 1
