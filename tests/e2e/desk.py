"""A terminal under test: the desk, a hand on it, and both ends to compare."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

import psutil

from kiosk.desk.stack import Options, Stack
from kiosk.journey.observe import unmet
from kiosk.play.player import Player
from kiosk.play.rehearsal_link import Seen
from tests.e2e.course import Course
from tests.e2e.filed import IntakeTables
from tests.e2e.line import Line
from tests.waiting import until


class LinedStack(Stack):
    """A stack whose terminal reaches the intake over a line that can be held."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.line = Line(self.api_port)

    def _terminal_settings(self) -> dict[str, object]:
        intake = {"api_url": f"https://127.0.0.1:{self.line.port}", "public_url": self.intake_url}
        return super()._terminal_settings() | {"intake": intake}


class Desk:
    """A running terminal with one hand on it.

    Args:
        pace: of the simulated devices.
        settings: layers below the terminal's own.
        landscape: on a screen that lies.
        devices: simulated ones beside the four of every terminal.
    """

    def __init__(
        self,
        pace: str = "wire",
        settings: Sequence[Path] = (),
        *,
        landscape: bool = False,
        devices: Sequence[str] = (),
    ) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="e2e-")
        wide, high = (1920, 1080) if landscape else (1080, 1920)
        self.stack = LinedStack(
            Options(
                state=Path(self._place.name),
                rehearsal=True,
                pace=pace,
                settings=settings,
                devices=devices,
                width=wide,
                height=high,
            )
        )
        self.line = self.stack.line
        self.player: Player

    def __enter__(self) -> Self:
        self.line.__enter__()
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
        self.line.__exit__()
        self._place.cleanup()

    # -- the visit

    def course(self, name: str, *, elder: bool = False, language: str = "zh") -> Course:
        """Return a script that is played piece by piece."""
        return Course(self.player, name, elder=elder, language=language)

    def play(self, name: str = "thin") -> Player:
        """Play a script to its end."""
        self.course(name).rest()
        return self.player

    def play_until(self, page: str, name: str = "thin") -> Course:
        """Play a script until a page is seen, and do nothing there; return what is left of it."""
        course = self.course(name)
        course.until(page)
        return course

    def sees(self, within: float = 40, **facts: str | bool | int) -> Seen:
        """Wait until the page says so; of a list, the word is in it."""
        wrong: list[str] = ["nothing is seen"]

        def said() -> Seen | None:
            seen = self.player.link.look()
            if seen is not None:
                wrong[:] = unmet(dict(seen.facts), facts)
            return None if wrong else seen

        try:
            return until(said, timeout=within)
        except AssertionError:
            raise AssertionError(wrong) from None

    def make_whole(self) -> None:
        """Repair what a test before broke, and come back to the attract page."""
        for name, running in list(self.stack.running.items()):
            if not running.alive():
                self.restart(name)
        if "intake" not in self.stack.running:
            self.stack.start_intake()
        self.line.let_go()
        self.player.devices.do("printer", paper="ok")
        self.player.devices.do("id-reader", lift=True)
        self.player.devices.do("camera", replug=True)
        self.player.devices.do("camera", scene="empty")
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
        return self.sees(printing=state)

    # -- processes

    def process(self, name: str) -> psutil.Process:
        """Return a started part's process."""
        return psutil.Process(self.stack.running[name].process.pid)

    def sessions(self) -> list[psutil.Process]:
        """Return the session processes, oldest first; a shell may have taken some over."""
        own = self.titled("shell", "kiosk-session")
        store = self.stack.running["shell"].part.store
        ours = {process.pid for process in own}
        for pid in set(store.processes() if store else ()) - ours:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if (process.cmdline() or [""])[0].startswith("kiosk-session"):
                    own.append(process)
        return sorted(own, key=lambda p: p.create_time())

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

    @property
    def intake(self) -> IntakeTables:
        """What the intake has."""
        return IntakeTables(self.stack.state / "intake" / "intake.db")

    def population(self) -> dict[str, Any]:
        """Return the people that the registers know."""
        document: dict[str, Any] = json.loads(
            (self.stack.state / "population" / "population.json").read_text()
        )
        return document

    def person(self, ref: str) -> dict[str, Any]:
        """Return one of them by name."""
        people: list[dict[str, Any]] = self.population()["people"]
        return next(one for one in people if one["ref"] == ref)

    def noted(self, event: str) -> bool:
        """Say whether the agent's audit log holds an event of this type."""
        log = (self.stack.state / "audit" / "audit.log").read_text().splitlines()
        return any(f'"{event}"' in line for line in log)

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
