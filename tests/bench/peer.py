"""Starting one session and one bare peer on a virtual screen, alike but for our code."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.channel import Secrets
from kiosk.desk.display import start_virtual_screen
from kiosk.shell.slot_process import SESSION_ENVIRONMENT, SlotProcess, open_nursery

REPOSITORY = Path(__file__).parents[2]
WIDTH, HEIGHT = 1080, 1920


@contextmanager
def screen() -> Iterator[str]:
    """Offer a virtual screen's name."""
    virtual = start_virtual_screen(WIDTH, HEIGHT)
    try:
        yield virtual.name
    finally:
        virtual.stop()


def environment(display: str) -> dict[str, str]:
    """Return what both processes get: one display, one allocator, no caches."""
    kept = {k: os.environ[k] for k in ("PATH", "HOME", "LANG") if k in os.environ}
    return {**kept, **SESSION_ENVIRONMENT, "DISPLAY": display, "PYTHONPATH": str(REPOSITORY)}


class Bare:
    """The bare Kivy app."""

    def __init__(self, display: str) -> None:
        self.began = time.perf_counter()
        home = tempfile.mkdtemp(prefix="bare-")
        program = Path(__file__).with_name("bare_app.py")
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(program), home, str(WIDTH), str(HEIGHT)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(display),
        )

    def first_frame(self) -> float:
        """Return seconds from start to the first drawn frame."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline().strip() == b'{"op": "ready"}'
        return time.perf_counter() - self.began

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


class Session:
    """One session process, started as the shell starts it."""

    def __init__(self, display: str, state: Path, run: Path) -> None:
        secrets = Secrets.generate(["session"])
        public = json.loads((state / "keys" / "sealing-public.json").read_text())
        os.environ.update(environment(display))
        open_nursery()
        self.began = time.perf_counter()
        self.slot = SlotProcess(
            [
                *("session", "--slot", "1", "--state", str(state), "--run", str(run)),
                *("--settings", str(REPOSITORY / "config" / "terminals" / "desk.yaml")),
            ],
            secrets.line(sealing_public=public),
        )

    def wait(self, op: str, timeout: float = 20) -> float:
        """Return seconds from start to the session's first ``op``."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            select.select([self.slot.control], [], [], 0.5)
            if any(message["op"] == op for message in self.slot.messages()):
                return time.perf_counter() - self.began
        raise AssertionError(f"no {op} within {timeout} s")

    def stop(self) -> None:
        """End it."""
        self.slot.kill()
        self.slot.reap()


@contextmanager
def provisioned() -> Iterator[Path]:
    """Offer a state directory with a terminal's keys."""
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        subprocess.run(
            [sys.executable, "-m", "kiosk", "provision", "--state", place, "--terminal", "bench"],
            check=True,
            cwd=REPOSITORY,
        )
        yield Path(place)
