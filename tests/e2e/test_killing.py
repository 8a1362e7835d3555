"""Killing processes at many points of a visit: nothing lost, nothing twice, a screen that works.

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
        until(lambda: _forwarders(desk))
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


IN_THE_SECOND_PIECE = 275_000
"""Bytes after which the line goes still: a page of 286 kB goes in pieces of 256 KiB."""


@pytest.mark.parametrize(
    ("part", "lies"),
    [
        pytest.param("forwarder", None, marks=pytest.mark.campaign),
        ("agent", "upside_down"),
    ],
)
def test_killed_in_the_middle_of_a_picture(desk: Desk, part: str, lies: str | None) -> None:
    """A piece of it is at the intake; who sends next goes on there, and files once.

    The page lies another way round each time: the same picture would be sent once only.
    """
    course = desk.course("newborn")
    course.until_tap("capture:discharge_record")
    desk.player.devices.do("camera", scene="discharge_record", fault=lies)
    course.until("sign")
    desk.player.draw()
    desk.sees(page="sign", signed=True)
    desk.line.hold_after(IN_THE_SECOND_PIECE)
    desk.player.tap("submit")
    until(lambda: desk.line.held, timeout=40)
    ((received, size),) = until(desk.intake.half_uploads)
    assert 0 < received < size
    if part == "forwarder":
        (forwarder,) = _forwarders(desk)
        _kill(forwarder)
        until(lambda: forwarder not in _forwarders(desk))
    else:
        _part("agent")(desk)
    sent = desk.line.sent
    desk.line.let_go()
    local_no = str(desk.sees(page="receipt", number=True).tally["local_no"])
    until(lambda: desk.arrived()[local_no] == 1, timeout=60)
    files = desk.intake.filed(local_no).files
    assert set(files) == FILES
    assert desk.line.sent - sent < received, "the piece that had arrived was sent again"
    desk.nothing_lost_nothing_twice()


FILES = {"discharge_record-1.jpg", "bank_card-1.jpg", "signature.png", "signature.json"}


@pytest.mark.parametrize("page", [pytest.param("captured", marks=pytest.mark.campaign), "sign"])
def test_the_session_dies_before_submit(desk: Desk, page: str) -> None:
    """With pictures or a signature in hand: the next page says that nothing was kept."""
    before = desk.intake.count()
    desk.play_until(page, "newborn")
    if page == "sign":
        desk.player.draw()
        desk.sees(page="sign", signed=True)
    desk.kill_session()
    assert desk.sees(page="trouble").facts["local_no"] is False
    desk.nothing_lost_nothing_twice()
    assert desk.intake.count() == before


def test_the_session_dies_while_it_hands_over(desk: Desk) -> None:
    """The agent stands still: the next page says that it may be kept; then it is, exactly once."""
    before = desk.intake.count()
    desk.play_until("sign", "newborn")
    desk.player.draw()
    desk.sees(page="sign", signed=True)
    agent = desk.process("agent")
    agent.suspend()
    try:
        desk.player.tap("submit")
        desk.sees(page="submitting")
        desk.kill_session()
        seen = desk.sees(page="trouble")
    finally:
        agent.resume()
    told = bool(seen.facts["local_no"])
    desk.nothing_lost_nothing_twice()
    assert told or desk.intake.count() == before, "it was kept, and the page said nothing"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_visit_goes_on_without_the_shell(desk: Desk, number: signal.Signals) -> None:
    """Touches work while there is none; the next one takes the visit over and ends it in order."""
    desk.play_until("guide")
    until(lambda: len(desk.sessions()) == 2)
    served, standby = desk.sessions()
    desk.process("shell").send_signal(number)
    until(lambda: not desk.stack.running["shell"].alive())
    desk.player.tap("home")
    desk.player.reach("home")
    desk.restart("shell")
    assert desk.active_session().pid == served.pid
    _kill(served)
    assert desk.sees(page="trouble").facts["local_no"] is False
    assert desk.active_session().pid == standby.pid
    until(lambda: desk.noted("shell_returned"))


def test_sessions_end_with_the_service(desk: Desk) -> None:
    """A shell that is stopped ends its sessions; the next one brings a new screen."""
    desk.play_until("guide")
    sessions = desk.sessions()
    desk.stack.stop_part("shell")
    _gone, left = psutil.wait_procs(sessions, timeout=10)
    assert left == []
    desk.stack.launch(desk.stack._shell()).wait_ready(30)
    desk.usable()


def test_the_nursery_is_killed(desk: Desk) -> None:
    """Who is served is served on: only the next sessions come from another nursery."""
    desk.play_until("guide")
    served = desk.active_session()
    (nursery,) = [
        child for child in desk.process("shell").children() if "forkserver" in str(child.cmdline())
    ]
    _kill(nursery)
    psutil.wait_procs([nursery], timeout=10)
    desk.player.tap("home")
    desk.player.reach("home")
    assert served.is_running()
    _kill(served)
    assert desk.sees(page="trouble").facts["local_no"] is False
    until(lambda: len([s for s in desk.sessions() if s.is_running()]) == 1)  # below the new nursery
    desk.usable()


def test_after_all_of_it_a_visit_still_works(desk: Desk) -> None:
    """The desk that went through all kills files once more, exactly once."""
    before = sum(desk.arrived().values())
    played = desk.play().played
    assert played.tally["outcome"] == "submitted"
    desk.nothing_lost_nothing_twice()
    assert sum(desk.arrived().values()) == before + 1
