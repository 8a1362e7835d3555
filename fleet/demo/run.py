"""``make fleet``: broker, desk, releases, console and ten terminals, until Ctrl-C."""

from __future__ import annotations

import argparse
import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from fleet.broker import Broker
from fleet.broker import write as write_broker
from fleet.demo import centre, officer, telling
from fleet.demo.places import NEWCOMER, PORTS, TITLE, Places
from fleet.demo.rollout import Rollouts
from fleet.enrolments import DeskOffice, LettingIn
from fleet.errors import FleetError
from fleet.rollouts import ledger
from fleet.store import open_store
from kiosk.desk.part import Part, PartFailed, Running, free_port

READY_S: Final = 40.0
_FAILURES: Final = (
    PartFailed,
    FleetError,
    officer.NotEnrolled,
    OSError,
    subprocess.SubprocessError,
)


class Fleet:
    """Everything that runs; use as a context manager."""

    def __init__(self, places: Places, ports: Mapping[str, int], *, begin: bool = True) -> None:
        """Take where files lie, where to listen, and whether the second release goes out."""
        self.places, self.ports, self._begin = places, ports, begin
        self._running: list[Running] = []
        for place in (places.logs, places.screens, places.terminals, places.broker):
            place.mkdir(parents=True, exist_ok=True)
        self.engine = open_store(places.database)
        self.accounts: tuple[centre.Account, ...] = ()
        self._rollouts: Rollouts | None = None

    @property
    def console_url(self) -> str:
        """Where the console is."""
        return f"http://127.0.0.1:{self.ports['console']}"

    @property
    def begun(self) -> bool:
        """Whether a release goes out, or went."""
        return bool(ledger.newest(self.engine, 1))

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End every process: first the terminals, so that they say that they go, then the rest."""
        if self._rollouts is not None:
            self._rollouts.stop()
        if self._running:
            self._running.pop().stop()
        for running in self._running:
            running.ask_to_stop()
        for running in self._running:
            running.stop()
        self._running.clear()
        self.engine.dispose()

    def look(self) -> None:
        """Raise `PartFailed` when a process ended by itself."""
        for running in self._running:
            if not running.alive():
                raise PartFailed(f"{running.part.name} ended; log {running.log}")

    def _start(self) -> None:
        telling.step("authority")
        centre.make_desk(self.places)
        telling.step("releases")
        centre.make_releases(self.places)
        releases = f"http://127.0.0.1:{self.ports['releases']}/"
        centre.make_mandate(self.places, bus_port=self.ports["broker"], release_url=releases)
        self.accounts = centre.make_accounts(self.engine, self.places)
        telling.step("processes")
        self._launch(self._broker(), "broker")
        self._launch(self._releases(), "releases")
        self._launch(self._desk(), "enrolment")
        self._launch(self._console(), "console")
        telling.step("terminals")
        self._launch(self._machines())
        office = DeskOffice(self.places.desk_database)
        try:
            by = self.accounts[0].work_no
            officer.let_in(LettingIn(self.engine, office), self.places, by)
        finally:
            office.close()
        self._rollouts = Rollouts(self.engine, self.places, self.ports["broker"])
        self._rollouts.start(by, begin=self._begin)

    def _launch(self, part: Part, port: str = "") -> None:
        running = Running(part, self.places.logs)
        self._running.append(running)
        running.wait_ready(READY_S)
        deadline = time.monotonic() + READY_S
        while port and not _listens(self.ports[port]):
            if not running.alive() or time.monotonic() > deadline:
                raise PartFailed(f"{part.name} does not listen; log {running.log}")
            time.sleep(0.05)

    def _broker(self) -> Part:
        own, desk = self.places.broker.resolve(), self.places.desk.resolve()
        broker = Broker(
            address="127.0.0.1",
            port=self.ports["broker"],
            authority=desk / "ca.crt",
            certificate=desk / "server.crt",
            key=desk / "server.pem",
            data=own,
        )
        path = write_broker(broker)
        with path.open("a", encoding="utf-8") as file:  # its own user could not read these files
            file.write(f"user {getpass.getuser()}\n")
        return Part(name="broker", command=["mosquitto", "-c", str(path)], notifies=False)

    def _releases(self) -> Part:
        public = (self.places.releases / "repository").resolve() / "public"
        port = str(self.ports["releases"])
        words = _python("http.server", port, "--bind", "127.0.0.1", "--directory", public)
        return Part(name="releases", command=words, notifies=False)

    def _desk(self) -> Part:
        words = _python(
            *("intake", "enrol", "serve", "--with-parent"),
            *("--db", self.places.desk_database, "--files", self.places.desk),
            *("--mandate", self.places.console / "mandate.json"),
            *("--port", self.ports["enrolment"]),
        )
        return Part(name="enrolment", command=words)

    def _console(self) -> Part:
        own, desk = self.places.console, self.places.desk
        words = _python(
            *("fleet.cli", "serve", "--db", self.places.database, "--state", own),
            *("--port", self.ports["console"], "--title", TITLE),
            *("--enrolments", self.places.desk_database),
            *("--repository", self.places.releases / "repository"),
            *("--bus-host", "localhost", "--bus-port", self.ports["broker"]),
            *("--bus-ca", desk / "ca.crt", "--bus-cert", own / "bus.crt"),
            *("--bus-key", own / "bus.pem"),
        )
        return Part(name="console", command=words, notifies=False)

    def _machines(self) -> Part:
        url = f"https://127.0.0.1:{self.ports['enrolment']}"
        words = _python("fleet.demo.machines", "--state", self.places.root, "--enrol-url", url)
        environment = {"YIDUAN_RELEASES": str(self.places.terminals / "none")}
        return Part(name="terminals", command=words, environment=environment)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demonstration until it is ended."""
    parser = argparse.ArgumentParser(prog="make fleet", description="a fleet to try out")
    parser.add_argument("--state", type=Path, default=Path("var/fleet"), help="what survives")
    parser.add_argument(
        "--unbegun", action="store_true", help="leave it to you to let the second release go out"
    )
    options = parser.parse_args(arguments)
    if shutil.which("mosquitto") is None:
        words = telling.text("no_broker", program="mosquitto", command="make setup")
        print(words, file=sys.stderr)
        return 1
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: ending.set())
    places = Places(root=options.state.resolve())
    telling.say("begins")
    try:
        with Fleet(places, _ports(places), begin=not options.unbegun) as fleet:
            told = "rollout" if fleet.begun else "unbegun"
            telling.announce(fleet.console_url, fleet.accounts, places, told)
            _watch(fleet, ending)
        return 0
    except _FAILURES as error:
        print(f"\n{telling.text('failed', problem=str(error))}", file=sys.stderr)
        return 1
    finally:
        telling.say("ended")


def _watch(fleet: Fleet, ending: threading.Event) -> None:
    """Wait for the end; say each new code of the terminal that waits."""
    shown = ""
    while not ending.wait(0.5):
        fleet.look()
        code = fleet.places.screen(NEWCOMER)
        if code and code != shown:
            telling.say(
                "newcomer", terminal=NEWCOMER, code=code, url=f"{fleet.console_url}/enrolments"
            )
        shown = code or shown


def _ports(places: Places) -> Mapping[str, int]:
    """Return where to listen; say which ports somebody else has, and begin anew with others.

    A terminal knows the desk by its address: with another one, all enrol again.
    """
    ports = {name: free_port(wanted) for name, wanted in PORTS.items()}
    for name, wanted in PORTS.items():
        if ports[name] != wanted:
            telling.say(
                "port_taken", name=telling.text(f"parts.{name}"), port=wanted, other=ports[name]
            )
    note = places.root / "ports"
    told = " ".join(str(ports[name]) for name in sorted(ports))
    if note.exists() and note.read_text() != told:
        telling.say("anew")
        places.forget()
    places.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    note.write_text(told)
    return ports


def _python(module: str, *words: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, words)]


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    os.environ["PYTHONSAFEPATH"] = "1"
    sys.exit(main())
