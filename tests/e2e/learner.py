"""Somebody in a training: a hand on its windows, and a look at what it files."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from kiosk.channel import Secrets
from kiosk.desk.stack import Stack
from kiosk.play.player import Player
from tests.e2e.course import Course
from tests.e2e.desk import Desk
from tests.waiting import until


class Learner:
    """The training over a desk; it has a stack of its own, told by a file beside its life."""

    def __init__(self, desk: Desk) -> None:
        told = desk.stack.run / "training.rehearsal"
        until(told.exists, timeout=30)
        found = json.loads(told.read_text())
        self.state, self.run = Path(found["state"]), Path(found["run"])
        until((self.run / "rehearsal.sock").exists, timeout=60)
        own = SimpleNamespace(
            display=desk.stack.display,
            control_url=found["control_url"],
            intake_url=found["intake_url"],
            state=self.state,
            run=self.run,
            secrets=Secrets(roles={"rehearsal": found["secret"]}),
        )
        self.player = Player(cast("Stack", own), hurry=True)

    def course(self, name: str) -> Course:
        """Return a script that is played piece by piece."""
        return Course(self.player, name)

    def tap(self, page: str, target: str) -> None:
        """Touch what stands on a page or over it."""
        self.player.reach(page)
        self.player.tap(target)
