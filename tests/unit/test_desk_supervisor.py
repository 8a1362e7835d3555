"""The desk's service manager: what died or hangs comes back, and not for ever."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.desk.part import Part, PartFailed
from kiosk.desk.stack import Options, Stack
from kiosk.desk.supervisor import Supervisor
from tests.waiting import until

READY_THEN_SILENT = """
import os, signal, socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
signal.pause()
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack of one part that says that it is ready, and then nothing."""
    stack = Stack(Options(state=tmp_path, display=":none"))
    stack.launch(Part(name="agent", command=[sys.executable, "-c", READY_THEN_SILENT]))
    yield stack
    stack.stop()


def test_what_died_comes_back(stack: Stack) -> None:
    """Killed, it runs again under the same name."""
    supervisor = Supervisor(stack, restart_s=0.05)
    first = stack.running["agent"].process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.look() or stack.running["agent"].process.pid != first)
    until(lambda: stack.running["agent"].ready)


def test_what_is_silent_is_ended_and_comes_back(stack: Stack) -> None:
    """Stopped, it neither dies nor speaks: the watchdog ends it."""
    supervisor = Supervisor(stack, restart_s=0.05, watchdog_s=0.2)
    running = stack.running["agent"]
    until(lambda: running.ready)
    os.kill(running.process.pid, signal.SIGSTOP)
    until(lambda: supervisor.look() or stack.running["agent"] is not running)


def test_what_dies_again_and_again_is_left_to_staff(stack: Stack) -> None:
    """After so many times within a minute restarting mends nothing."""
    supervisor = Supervisor(stack, restart_s=0.0, most_restarts=2)

    def die_and_look() -> None:
        stack.running["agent"].kill()
        supervisor.look()

    die_and_look()
    die_and_look()
    with pytest.raises(PartFailed, match="ended 3 times"):
        die_and_look()
