"""A session process for the tests: the real screen over a visit without devices.

    python -m tests.screens.waiting_session CONTROL_FD RUN_DIR

The visit is a real journey in which everything is in order and nobody answers.
"""

from __future__ import annotations

import sys
from pathlib import Path

from kiosk.channel import Secrets
from kiosk.journey.intents import Intent
from kiosk.journey.view import AnyView
from kiosk.session.control import Control
from screens.app import Parts, Post, run
from screens.hardening import Display
from screens.rehearsal import Rehearsal
from screens.samples_walk import Walk, catalogue


class QuietVisit:
    """A visit whose errands are never answered."""

    def __init__(self, _post: Post) -> None:
        self._walk = Walk(catalogue())

    def view(self) -> AnyView:
        """Return what is to be shown now."""
        return self._walk.view

    def dispatch(self, intent: Intent) -> None:
        """Let an intent happen."""
        self._walk.journey.apply(intent)

    def touched(self) -> None:
        """Nothing counts the time here."""

    def poll(self) -> bool:
        """Nothing is ever due."""
        return False


def main() -> int:
    """Run the session."""
    control_fd, directory = int(sys.argv[1]), Path(sys.argv[2])
    secrets = Secrets(roles={"rehearsal": "00"})
    parts = Parts(
        visit=QuietVisit,
        control=lambda heard: Control(control_fd, heard),
        rehearsal=Rehearsal(directory / "rehearsal.sock", secrets),
    )
    return run(parts, Display(width=1080, height=1920, px_per_mm=4.03))


if __name__ == "__main__":
    sys.exit(main())
