"""Every process of one terminal with simulated devices and the reference intake.

`Stack` makes what a new machine needs (keys, secrets, population), starts the
processes in the order in which they need each other, and stops them all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import yaml

from kiosk.channel import Secrets
from kiosk.desk.descriptor_store import DescriptorStore
from kiosk.desk.display import VirtualScreen, start_virtual_screen
from kiosk.desk.part import Part, Running, free_port

POISONED = {"PYTHONMALLOC": "debug", "MALLOC_PERTURB_": "165"}
"""Freed memory is overwritten: for processes that live on and through which readings pass."""
PYTHON = (sys.executable, "-P", "-m")
READY_WITHIN = 60.0
TERMINAL = "410700-0020"
REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """How the desk is set up.

    Attributes:
        state: what survives a stop (keys, outbox, intake database, population).
        width, height: the screen in pixels when a virtual one is made.
        display: an X display to use, or None for a virtual screen.
        rehearsal: let `kiosk play` ask where the buttons are.
        pace: of the simulated devices: ``wire`` as real ones, ``line`` the bytes alone, ``fast``.
        ports: wanted ports of API, intake pages and device control page; 0 for any. A desk
            that keeps them keeps the addresses on the slips it printed.
        devices: simulated ones beside the four of every terminal, such as ``ups``.
        by_hand: somebody sits at the desk: to shut the terminal down ends it.
    """

    state: Path
    width: int = 1080
    height: int = 1920
    display: str | None = None
    rehearsal: bool = False
    pace: str = "wire"
    ports: tuple[int, int, int] = (0, 0, 0)
    database: str | None = None
    settings: Sequence[Path] = field(default_factory=tuple)
    devices: Sequence[str] = ()
    by_hand: bool = False


class Stack:
    """One terminal on one desk. Use as a context manager."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.state = options.state.resolve()
        self.run = Path(tempfile.mkdtemp(prefix="yiduan-"))
        self.logs = self.state / "logs"
        self.papers = self.run / "papers"
        self.secrets = Secrets.generate(["session", "shell", "rehearsal", "agent", "maintenance"])
        self.api_port, self.page_port, self.control_port = map(free_port, options.ports)
        self.running: dict[str, Running] = {}
        self.screen: VirtualScreen | None = None
        self.display = options.display or ""
        for place in (self.logs, self.papers):
            place.mkdir(parents=True, exist_ok=True)

    @property
    def control_url(self) -> str:
        """Address of the device control page."""
        return f"http://127.0.0.1:{self.control_port}"

    @property
    def intake_url(self) -> str:
        """Address of the clerk's page and of the citizens' progress pages."""
        return f"http://127.0.0.1:{self.page_port}"

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Bring everything up; returns when a citizen can touch the screen.

        Raises:
            PartFailed: a process did not come up.
            NoScreen: there is nothing to draw on.
        """
        self._provision()
        if not self.display:
            self.screen = start_virtual_screen(self.options.width, self.options.height)
            self.display = self.screen.name
        first = [self._intake(), self._simulators(), self._devices(), self._agent(), self._shell()]
        for part in first:
            self.launch(part)
        for part in first:
            self.running[part.name].wait_ready(READY_WITHIN)

    def launch(self, part: Part) -> Running:
        """Start one more process; it ends with the others."""
        running = self.running[part.name] = Running(part, self.logs)
        return running

    def stop_part(self, name: str) -> None:
        """Stop one process, as a bad day would."""
        self.running.pop(name).stop()

    def start_intake(self) -> None:
        """Bring the intake back on the same ports and database."""
        self.launch(self._intake()).wait_ready(READY_WITHIN)

    def stop(self) -> None:
        """End every process and remove the run directory."""
        order = list(reversed(self.running.values()))
        for running in order:
            running.ask_to_stop()
        for running in order:
            running.stop()
            if running.part.store is not None:
                running.part.store.close()
        self.running.clear()
        if self.screen is not None:
            self.screen.stop()
            self.screen = None
        shutil.rmtree(self.run, ignore_errors=True)

    def settings_files(self) -> list[Path]:
        """Return the settings layers, the terminal's own last."""
        own = self.state / "terminal.yaml"
        own.write_text(yaml.safe_dump(self._terminal_settings(), allow_unicode=True))
        return self._layers()

    def _device_file(self) -> Path:
        """Bind the printer to a profile whose end of a job can be confirmed."""
        own = self.run / "devices.yaml"
        port = str(self.run / "devices" / "receipt-printer")
        printer = {"port": port, "profile": "simulated-80mm"}
        more: dict[str, object] = {name: {} for name in self.options.devices}
        own.write_text(yaml.safe_dump({"devices": {"receipt-printer": printer, **more}}))
        return own

    def _simulated_file(self) -> Path:
        """Name the simulated devices beside the four."""
        own = self.run / "simulated.yaml"
        own.write_text(yaml.safe_dump({"devices": {name: {} for name in self.options.devices}}))
        return own

    def _terminal_settings(self) -> dict[str, object]:
        return {
            "terminal": {"id": TERMINAL},
            "display": {"width": self.options.width, "height": self.options.height},
            "intake": {
                "api_url": f"https://127.0.0.1:{self.api_port}",
                "public_url": self.intake_url,
            },
            "maintenance": self._maintenance(),
        }

    def _maintenance(self) -> dict[str, object]:
        """Take a directory for the USB stick; end the desk where a machine would shut down."""
        stick = self.state / "stick"
        stick.mkdir(exist_ok=True)
        end = ["kill", "-TERM", str(os.getpid())] if self.options.by_hand else []
        own = {"stick": str(stick), "stick_folder": True, "shut_down": end}
        return {**own, "training": self._training()}

    def _training(self) -> list[str]:
        """Return the command that runs a training over this desk."""
        life, place = self.run / "training.sock", self.run / "training"
        more = ["--pace", self.options.pace, *(["--rehearsal"] if self.options.rehearsal else [])]
        layers = [word for path in self._layers() for word in ("--settings", str(path))]
        words = ["training", "--life", str(life), "--place", str(place), "--with-parent"]
        return [*PYTHON, "kiosk", *words, *layers, *more]

    def _layers(self) -> list[Path]:
        return [*self.options.settings, self.state / "terminal.yaml"]

    def _provision(self) -> None:
        """Make keys and the population once; both commands change nothing later."""
        if not (self.state / "keys" / "ca.crt").exists():
            self._command("kiosk", "provision", "--state", self.state, "--terminal", TERMINAL)
        if not (self.state / "population" / "population.json").exists():
            self._command(
                "intake", "population", "--seed", "20241030", "--out", self.state / "population"
            )

    def _command(self, package: str, *arguments: object) -> None:
        subprocess.run(
            [*PYTHON, package, *map(str, arguments)],
            check=True,
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
            env=_environment(),
        )

    def _part(self, name: str, package: str, *arguments: object, greeting: str = "") -> Part:
        more = POISONED if name in {"devices", "agent"} else {}
        return Part(
            name=name,
            command=[*PYTHON, package, *map(str, arguments), "--with-parent"],
            greeting=greeting,
            environment=_environment() | {"DISPLAY": self.display} | more,
            store=DescriptorStore() if name == "shell" else None,
        )

    def _intake(self) -> Part:
        keys, database = self.state / "keys", self.state / "intake" / "intake.db"
        database.parent.mkdir(exist_ok=True)
        return self._part(
            "intake",
            "intake",
            *("serve",),
            *("--db", self.options.database or f"sqlite:///{database}"),
            *("--port", self.api_port, "--page-port", self.page_port),
            *("--tls-cert", keys / "intake.crt", "--tls-key", keys / "intake.pem"),
            *("--tls-ca", keys / "ca.crt", "--terminals", self.state / "intake" / "terminals.json"),
            *("--population", self.state / "population" / "population.json"),
            *("--config", self._config(), "--ready-file", self.run / "intake.json"),
        )

    def _config(self) -> Path:
        """Return the configuration that the intake checks applications by."""
        return REPOSITORY / "config"

    def _simulators(self) -> Part:
        return self._part(
            "simulators",
            "drivers",
            *("simulate", "--run", self.run, "--config", self._simulated_file()),
            *("--population", self.state / "population" / "population.json"),
            *("--control-port", self.control_port, "--pace", self.options.pace),
            *("--paper-dir", self.papers),
        )

    def _devices(self) -> Part:
        return self._part(
            "devices",
            "drivers",
            *("serve", "--run", self.run, "--terminal", TERMINAL),
            *("--evidence-key", self.state / "keys" / "evidence.pem", "--secrets-on-stdin"),
            *("--config", self._device_file()),
            greeting=self.secrets.only("session", "agent", "maintenance").line(),
        )

    def _agent(self) -> Part:
        return self._part(
            "agent",
            "kiosk",
            *("agent", "--state", self.state, "--run", self.run),
            *(word for path in self.settings_files() for word in ("--settings", path)),
            "--secrets-on-stdin",
            greeting=self.secrets.only("session", "shell", "agent", "maintenance").line(),
        )

    def _shell(self) -> Part:
        more = ["--rehearsal"] if self.options.rehearsal else []
        return self._part(
            "shell",
            "kiosk",
            *("shell", "--state", self.state, "--run", self.run, *more),
            *(word for path in self.settings_files() for word in ("--settings", path)),
            "--secrets-on-stdin",
            greeting=self.secrets.line(),
        )


def _environment() -> dict[str, str]:
    """Let the commands be found without an installed package, and the libraries of one."""
    places = filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH", "")))
    return {
        "PYTHONPATH": os.pathsep.join(places),
        "PYTHONUNBUFFERED": "1",
        "LC_ALL": "C.UTF-8",
    }


def has_display() -> bool:
    """Say whether an X display is offered."""
    return bool(os.environ.get("DISPLAY"))
