"""The terminal of a soak: a desk, its service manager, and the hand that breaks and mends it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import psutil
import yaml

from kiosk.desk.part import PartFailed
from kiosk.desk.supervisor import Supervisor
from tests.e2e.desk import Desk
from tests.soak.hand import Hand

SHORTEST = {"timeouts": {"idle": 20, "warning": 20}}
"""Seconds; the least that the settings allow."""
PARTS = ("shell", "agent", "devices", "intake")
LOOK_S = 0.1


class Terminal(Desk):
    """A desk whose dead processes come back as on a terminal. Use as a context manager.

    Attributes:
        supervisor: starts again what died.
        failed: why the supervisor gave up, empty while it works.
        stopped: processes that were stopped by SIGSTOP and may still be, and when.
    """

    player: Hand

    def __init__(self, place: Path) -> None:
        settings = place / "soak.yaml"
        settings.write_text(yaml.safe_dump(SHORTEST))
        super().__init__(pace="fast", settings=[settings])
        self.supervisor = Supervisor(self.stack, most_restarts=20)
        self.failed = ""
        self.stopped: dict[psutil.Process, float] = {}
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._supervise, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        super().__enter__()
        self.player.close()
        self.player = Hand(self.stack)
        self._watch.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ending.set()
        self._watch.join()
        super().__exit__(*error)

    def _supervise(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                self.supervisor.look()
            except PartFailed as error:
                self.failed = str(error)
                return

    def usable_since(self, began: float, within: float) -> float | None:
        """Return the seconds until a page can be touched; None when none can within so many."""
        while (now := time.monotonic()) - began <= within:
            seen = self.player.link.look()
            if seen is not None and seen.settled and seen.targets:
                return time.monotonic() - began
            time.sleep(max(0.0, 0.01 - (time.monotonic() - now)))
        return None

    @property
    def lame(self) -> bool:
        """Whether a process that was stopped still is: nobody had need of it yet, so nobody knows.

        It is found, and replaced, when a later visit needs it; that visit is no well one. One whose
        parent died is nobody's any more and harms nobody.
        """
        ours = self._all()
        for process in list(self.stopped):
            if process not in ours or not is_stopped(process):
                del self.stopped[process]
        return bool(self.stopped)

    def let_die(self) -> list[str]:
        """Kill what stands still and was never found; return how it is called."""
        names = []
        for process in list(self.stopped):
            with contextlib.suppress(psutil.NoSuchProcess):
                names.append(" ".join(process.cmdline())[:60])
                process.kill()
        self.stopped.clear()
        return names

    def _all(self) -> set[psutil.Process]:
        """Return the parts and everything below them."""
        found: set[psutil.Process] = set()
        for name in PARTS:
            with contextlib.suppress(psutil.NoSuchProcess, KeyError):
                part = self.process(name)
                found |= {part, *part.children(recursive=True)}
        return found

    def all_up(self) -> bool:
        """Whether every process runs and is ready, with a session on the screen and one behind."""
        running = dict(self.stack.running)
        up = all(name in running and running[name].ready for name in PARTS)
        return up and len(self._sessions_now()) == 2

    def _sessions_now(self) -> list[psutil.Process]:
        try:
            return self.sessions()
        except (psutil.NoSuchProcess, KeyError):
            return []

    def nursery(self, part: str) -> psutil.Process | None:
        """Return the process from which a part forks its children; None while there is none."""
        with contextlib.suppress(psutil.NoSuchProcess, KeyError):
            for child in self.process(part).children():
                if any("forkserver" in word for word in child.cmdline()):
                    return child
        return None

    def long_lived(self) -> Iterator[tuple[str, psutil.Process]]:
        """Yield the processes that outlive visits, by name."""
        for name in PARTS:
            with contextlib.suppress(psutil.NoSuchProcess, KeyError):
                yield name, self.process(name)
            nursery = self.nursery(name)
            if nursery is not None:
                yield f"nursery of {name}", nursery


def is_stopped(process: psutil.Process) -> bool:
    """Whether a process stands still by SIGSTOP; a dead one does not."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return bool(process.status() == psutil.STATUS_STOPPED)
    return False
