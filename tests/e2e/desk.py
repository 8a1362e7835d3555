"""A terminal under test: the desk, a hand on it, and both ends to compare."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import psutil

from kiosk.desk.stack import REPOSITORY, Options, Stack
from kiosk.journey.script import Script, Step, load
from kiosk.play.player import Player
from kiosk.play.rehearsal_link import Seen
from tests.waiting import until

JOURNEYS = REPOSITORY / "tests" / "journeys"


def script(name: str) -> Script:
    """Read a script of tests/journeys."""
    return load(JOURNEYS / f"{name}.yaml")


class Desk:
    """A running terminal with one hand on it."""

    def __init__(self, pace: str = "wire", settings: Sequence[Path] = ()) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="e2e-")
        state = Path(self._place.name)
        self.stack = Stack(Options(state=state, rehearsal=True, pace=pace, settings=settings))
        self.player: Player

    def __enter__(self) -> Self:
        try:
            self.stack.start()
            self.player = Player(self.stack, hurry=True)
        except BaseException:
            self.stack.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.player.close()
        self.stack.stop()
        self._place.cleanup()

    # -- the visit

    def play(self, name: str = "thin") -> Player:
        """Play a script to its end."""
        self.player.play(script(name))
        return self.player

    def play_until(self, page: str, name: str = "thin") -> None:
        """Play a script until a page is seen, and do nothing there."""
        steps: list[Step] = []
        for step in script(name).steps:
            if step.page == page:
                break
            steps.append(step)
        self.player.play(script(name).model_copy(update={"steps": tuple(steps)}))
        self.player.reach(page)

    def make_whole(self) -> None:
        """Repair what a test before broke, and come back to the attract page."""
        for name, running in list(self.stack.running.items()):
            if not running.alive():
                self.restart(name)
        if "intake" not in self.stack.running:
            self.stack.start_intake()
        self.player.devices.do("printer", paper="ok")
        self.player.devices.do("id-reader", lift=True)
        if self.usable() != "attract":
            self.restart("shell")
            self.player.reach("attract")

    def usable(self, within: float = 20) -> str:
        """Wait for a page that the next person can use; return its name."""

        def there() -> str | None:
            seen = self.player.link.look()
            known = seen is not None and seen.settled and seen.page in {"attract", "trouble"}
            return seen.page if seen is not None and known else None

        try:
            return until(there, timeout=1)
        except AssertionError:
            return self._after_a_kill(there, within)

    def _after_a_kill(self, there: Callable[[], str | None], within: float) -> str:
        """Somebody is in the middle of a visit: end it the hard way."""
        self.kill_session()
        return until(there, timeout=within)

    def printing(self, state: str) -> Seen:
        """Wait until the last page says so of the slip."""

        def said() -> Seen | None:
            seen = self.player.link.look()
            return seen if seen is not None and seen.facts.get("printing") == state else None

        return until(said, timeout=40)

    # -- processes

    def process(self, name: str) -> psutil.Process:
        """Return a started part's process."""
        return psutil.Process(self.stack.running[name].process.pid)

    def sessions(self) -> list[psutil.Process]:
        """Return the session processes, oldest first."""
        return self.titled("shell", "kiosk-session")

    def titled(self, part: str, title: str) -> list[psutil.Process]:
        """Return the processes below a part whose title begins so, oldest first."""
        found = []
        for child in self.process(part).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if (child.cmdline() or [""])[0].startswith(title):
                    found.append(child)
        return sorted(found, key=lambda p: p.create_time())

    def active_session(self) -> psutil.Process:
        """Return the session whose rehearsal socket answers: the one on the screen."""
        return until(lambda: self.sessions()[0] if self.sessions() else None)

    def kill_session(self) -> None:
        """SIGKILL the session on the screen."""
        os.kill(self.active_session().pid, signal.SIGKILL)

    def restart(self, name: str) -> None:
        """Start a dead part again, as the service manager would."""
        part = self.stack.running[name].part
        self.stack.stop_part(name)
        self.stack.launch(part).wait_ready(30)

    # -- both ends

    def stored(self) -> Counter[str]:
        """Return the local numbers that the agent ever acknowledged, from its audit log."""
        log = (self.stack.state / "audit" / "audit.log").read_text().splitlines()
        return Counter(
            line.split('"local_no":"')[1].split('"')[0]
            for line in log
            if '"e":"submission_stored"' in line
        )

    def arrived(self) -> Counter[str]:
        """Return the local numbers the intake holds."""
        database = self.stack.state / "intake" / "intake.db"
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return Counter(n for (n,) in connection.execute("select local_no from application"))

    def nothing_lost_nothing_twice(self) -> None:
        """Wait until all that was acknowledged has arrived; each exactly once."""
        until(lambda: set(self.arrived()) >= set(self.stored()), timeout=60)
        assert all(count == 1 for count in self.arrived().values()), self.arrived()
        assert set(self.arrived()) == set(self.stored())
