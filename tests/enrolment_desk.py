"""The centre's desk for tests: a real process, a real database, an officer who types codes."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from intake.enrolment.files import Files
from intake.enrolment.office import Approval, Office
from intake.records.store import Store
from kiosk.enrolment import Step, Wish, enrol
from kiosk.enrolment.enrol import Waiting
from kiosk.enrolment.own_keys import Granted
from tests.waiting import PATIENCE_S, until

REPOSITORY = Path(__file__).resolve().parent.parent
PLACE = "410700"


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass(kw_only=True)
class Desk:
    """One desk; use as a context manager."""

    root: Path
    options: tuple[str, ...] = ()
    url: str = ""
    process: subprocess.Popen[bytes] | None = None
    store: Store = field(init=False)

    def __enter__(self) -> Self:
        self.root.mkdir(parents=True, exist_ok=True)
        Files(self.root / "desk").make(["127.0.0.1"])
        self.store = Store(self.database)
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.store.close()

    @property
    def database(self) -> str:
        """The URL of its database."""
        return f"sqlite:///{self.root}/intake.db"

    @property
    def ca(self) -> Path:
        """Certificate of its authority."""
        return self.root / "desk" / "ca.crt"

    @property
    def office(self) -> Office:
        """Whoever types codes."""
        return Office(self.store.engine)

    def start(self) -> None:
        """Serve."""
        ready = self.root / "ready.json"
        ready.unlink(missing_ok=True)
        words = (
            *(sys.executable, "-m", "intake", "enrol", "serve", "--with-parent"),
            *("--db", self.database, "--files", self.root / "desk"),
            *("--ready-file", ready, *self.options),
        )
        self.process = subprocess.Popen([str(word) for word in words], cwd=REPOSITORY)
        process = self.process
        until(lambda: ready.exists() or process.poll() is not None)
        self.url = json.loads(ready.read_text())["enrol_url"]

    def stop(self) -> None:
        """End it."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(PATIENCE_S)

    def approve(self, code: str, **more: object) -> str:
        """Approve a code."""
        approval = Approval(code=code, by="officer", **more)  # type: ignore[arg-type]
        return self.office.approve(approval, now())

    def enrolled(self, state: Path, terminal: str = "T-0001", **more: object) -> Granted:
        """Enrol a terminal, the officer approving what it shows."""
        said = Said(on_code=self.approve)
        return enrol(self.wish(terminal, **more), state, said, QUICK)

    def wish(self, terminal: str = "T-0001", **more: object) -> Wish:
        """Return what a terminal asks for."""
        given = {"url": self.url, "terminal": terminal, "jurisdiction": PLACE, **more}
        return Wish(**given)  # type: ignore[arg-type]


_BETWEEN = threading.Event()


def _moment(_seconds: float) -> None:
    _BETWEEN.wait(0.02)


QUICK = Waiting(pause=_moment, poll=0.02)


@dataclass
class Said:
    """What a terminal said; the officer hears its code."""

    on_code: Callable[[str], object] = lambda _: None
    steps: list[tuple[Step, Mapping[str, str]]] = field(default_factory=list)

    def __call__(self, step: Step, values: Mapping[str, str]) -> None:
        """Hear a step."""
        self.steps.append((step, values))
        if step is Step.CODE:
            self.on_code(values["code"])

    @property
    def code(self) -> str:
        """The last code."""
        return [values["code"] for step, values in self.steps if step is Step.CODE][-1]
