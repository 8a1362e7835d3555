"""Many terminals, or as many bare clients, in one process; the bench runs a few such processes.

A terminal is the agent's own reporting (`kiosk.agent.reporting.Reports`: its connection, its
reporter, signed heads of a real log) over made-up devices, and the terminal's own update
(`kiosk.release`: TUF client, unpacking, course, generations) in a thread that follows nudges. Not
run: what the terminal does in processes of their own before and after (the check of a release, the
visit of its trial), the watch over the trial, the start of Python by systemd.

A bare client has the same library, certificate and topic, or the same HTTPS client and file, and
does nothing with what comes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
import urllib3
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from fleet.demo.machine import Cabinet
from kiosk.agent.centre import update as told_update
from kiosk.agent.reporting.assembly import Bus, Reports, Told
from kiosk.audit import AuditLog, Event
from kiosk.outbox.records import Counts, State
from kiosk.release.errors import ReleaseError
from kiosk.release.fetching import Web
from kiosk.release.health import State as Health
from kiosk.release.health import Verdict
from kiosk.release.telling import keep_look, name_in_force
from kiosk.release.update import Manner, Update
from kiosk.status import topics
from kiosk.status.address import Address
from kiosk.status.state import Service, Versions
from tests.waiting import until

GROUP: Final = "canary"
STACK: Final = 512 * 1024
"""Bytes of a thread's stack: there are thousands."""
AT_ONCE: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What one process runs.

    Attributes:
        names: of the terminals.
        place: directory of their files.
        port: of the broker.
        authority: of broker and web server.
        web: address of releases; empty: nudges are heard and not followed.
        file: address of one pack, for bare downloads.
        root: document that a terminal is installed with.
    """

    names: tuple[str, ...]
    place: Path
    port: int
    authority: Path
    web: str = ""
    file: str = ""
    root: bytes = b""


class Member(Protocol):
    """One terminal or client; ``told`` has when something happened, by its name."""

    told: dict[str, float]

    @property
    def connected(self) -> bool:
        """Whether the broker has it."""

    def start(self) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""


class Terminal:
    """One terminal's agent, and what follows releases."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.told: dict[str, float] = {}
        self._plan, self._state = plan, plan.place / name
        self._log = AuditLog(self._state / "audit" / "audit.log")
        self._log.append(Event("agent_started"))
        self._releases = self._state / "releases"
        self._releases.mkdir(exist_ok=True)
        self._look, self._ending = threading.Event(), threading.Event()
        bus = Bus(host="localhost", port=plan.port, release_group=GROUP)
        self._reports = Reports(bus, self._told(name), Cabinet(mood="well"))
        self._follower = threading.Thread(target=self._follow) if plan.web else None

    @property
    def connected(self) -> bool:
        """Whether the broker has told it which release is wanted."""
        return bool(self.told)

    def start(self) -> None:
        """Begin."""
        self._reports.start()
        if self._follower is not None:
            self._follower.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._look.set()
        if self._follower is not None:
            self._follower.join()
        self._reports.stop()
        self._log.close()

    def _told(self, name: str) -> Told:
        return Told(
            terminal=name,
            state_dir=self._state,
            run_dir=self._state / "run",
            secret="",
            versions=lambda: Versions(software="1.4.0", release=name_in_force(self._releases)),
            service=lambda: Service.FREE,
            counts=lambda: Counts(by_state=dict.fromkeys(State, 0), sealed_bytes=0, oldest_s=0),
            acts={},
            wanted=self._wanted,
            note=self._log.append,
            update=lambda: told_update(GROUP, self._releases),
            group=lambda: GROUP,
            head=lambda: self._log.head,
        )

    def _wanted(self, _group: str, version: str) -> None:
        self.told.setdefault(version, time.monotonic())
        self._look.set()

    def _follow(self) -> None:
        while self._look.wait() and not self._ending.is_set():
            self._look.clear()
            self._update()

    def _update(self) -> None:
        manner = Manner(
            folder=self._releases,
            group=GROUP,
            check=lambda _generation: None,
            health=_Well(),
            trial_s=1.0,
            reserve=0,
            pause=lambda _seconds: None,
        )
        source = Web(self._plan.web, self._releases / "metadata")
        try:
            course = Update(manner).run(self._plan.root, source)
            keep_look(self._releases, "ok")
            if course.offer is not None:
                at = f"{course.stage} {name_in_force(self._releases)}"
                self.told.setdefault(at, time.monotonic())
        except (ReleaseError, OSError) as error:
            keep_look(self._releases, getattr(error, "code", "release.failed"))
            self.told.setdefault(f"failed {error}", time.monotonic())
        finally:
            source.close()


class _Well:
    @staticmethod
    def look(since: str) -> Verdict:
        """Judge."""
        del since
        return Verdict(Health.WELL)


class Listener:
    """A bare client of the broker."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.told: dict[str, float] = {}
        keys = plan.place / name / "keys"
        address = Address(
            host="localhost",
            port=plan.port,
            authority=plan.authority,
            certificate=keys / "terminal.crt",
            key=keys / "terminal.pem",
        )
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5
        )
        self._client.tls_set_context(address.tls())
        self._client.on_connect = lambda client, *_: client.subscribe(topics.desired(GROUP), 1)
        self._client.on_message = self._message
        self._client.connect_async(address.host, address.port, keepalive=30)

    @property
    def connected(self) -> bool:
        """Whether the broker has told it which release is wanted."""
        return bool(self.told)

    def start(self) -> None:
        """Begin."""
        self._client.loop_start()

    def stop(self) -> None:
        """End."""
        self._client.disconnect()
        self._client.loop_stop()

    def _message(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        del client, userdata
        self.told.setdefault(message.payload.decode(), time.monotonic())


class Downloader:
    """A bare HTTPS client that fetches one file when it is told to."""

    connected = True

    def __init__(self, plan: Plan, name: str) -> None:
        del name
        self.told: dict[str, float] = {}
        self._file = plan.file
        self._go, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._go.set()
        self._thread.join()

    def go(self) -> None:
        """Let it fetch."""
        self._go.set()

    def _run(self) -> None:
        self._go.wait()
        if self._ending.is_set():
            return
        with urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(10, 20)) as pool:
            try:
                answer = pool.request("GET", self._file, headers={"User-Agent": "yiduan"})
                self.told[f"{answer.status} {len(answer.data)}"] = time.monotonic()
            except urllib3.exceptions.HTTPError as error:
                self.told[f"failed {error}"] = time.monotonic()


KINDS: Final[dict[str, Callable[[Plan, str], Any]]] = {
    "terminals": Terminal,
    "listeners": Listener,
    "downloaders": Downloader,
}


def work(kind: str, plan: Plan, ear: Connection) -> None:
    """Run one process's members, and answer what the bench asks until it says ``stop``.

    ``connected``: how many are. ``go``: let downloaders fetch. ``when NAME``: the latest time at
    which something of that name happened, and to how many. ``names``: what happened, how often.
    """
    threading.stack_size(STACK)
    structlog.configure(processors=[_drop])
    members = [KINDS[kind](plan, name) for name in plan.names]
    _begin(members)
    answers: dict[str, Callable[[str], object]] = {
        "connected": lambda _: sum(own.connected for own in members),
        "go": lambda _: [own.go() for own in members] and None,
        "when": partial(_when, members),
        "names": partial(_names, members),
    }
    try:
        while (asked := ear.recv()) != "stop":
            word, _, rest = asked.partition(" ")
            ear.send(answers[word](rest))
    except (EOFError, OSError):  # the bench is gone, and nobody else ends these threads
        os._exit(1)
    with_all([own.stop for own in members])


def _begin(members: list[Member]) -> None:
    """Begin, a few at a time: TLS of a thousand at once takes longer than a client waits for it."""
    for start in range(0, len(members), AT_ONCE):
        few = members[start : start + AT_ONCE]
        for own in few:
            own.start()
        until(lambda few=few: all(own.connected for own in few), 120)  # type: ignore[misc]


def _drop(_logger: object, _method: str, _event: object) -> str:
    """Let a log's line go nowhere: a thousand terminals write to their own journals."""
    raise structlog.DropEvent


def with_all(acts: list[Callable[[], None]]) -> None:
    """Do many things that wait, at the same time."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _when(members: list[Member], name: str) -> tuple[int, float]:
    times = [own.told[name] for own in members if name in own.told]
    return len(times), max(times, default=0.0)


def _names(members: list[Member], _rest: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for own in members:
        for name in list(own.told):
            counts[name] = counts.get(name, 0) + 1
    return counts
