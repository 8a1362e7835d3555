"""A session process for the tests, from the shell's own nursery: its page fails when it is shown.

    python -m tests.screens.failing_session

The nursery's children load this module too, so `COMMAND` names it in them.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence

from kiosk.journey.intents import Intent
from kiosk.session.control import Control
from kiosk.shell import slot_process
from kiosk.shell.held_process import HungUp
from kiosk.shell.slot_process import SlotProcess, open_nursery
from tests.waiting import until

slot_process.COMMAND = "tests.screens.failing_session"
TYPED = "13900001234"
"""Stands for what a citizen typed."""


def main(arguments: Sequence[str]) -> int:
    """Run the session that fails, in the forked child."""
    from screens.app import Parts, run
    from screens.hardening import Display
    from tests.screens.waiting_session import QuietVisit

    class Failing(QuietVisit):
        def dispatch(self, intent: Intent) -> None:
            raise KeyError(TYPED)

    parts = Parts(visit=Failing, control=lambda heard: Control(int(arguments[-1]), heard))
    return run(parts, Display(width=540, height=960, px_per_mm=2.0))


def _says(process: SlotProcess, op: str) -> Callable[[], bool]:
    return lambda: any(message["op"] == op for message in process.messages())


def _hung_up(process: SlotProcess) -> bool:
    try:
        process.messages()
    except HungUp:
        return True
    return False


if __name__ == "__main__":
    open_nursery()
    session = SlotProcess([], "{}")
    until(_says(session, "ready"))
    session.show(None)
    with contextlib.closing(session.control):
        until(lambda: _hung_up(session))
        sys.exit(session.reap())
