"""The members of a fleet's bench: terminals, and bare clients beside which they are measured.

A terminal is the agent's own reporting (`kiosk.agent.reporting.Reports`: its connection, its
reporter, signed heads of a real log) over made-up devices, and the terminal's own update
(`kiosk.release`: TUF client, unpacking, course, generations) in a thread that follows nudges. Not
run: what the terminal does in processes of their own before and after (the check of a release, the
visit of its trial), the watch over the trial, the start of Python by systemd.

A bare client has the same library, certificate and topic, or the same HTTPS client and file, and
does nothing with what comes but keep it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import urllib3
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from fleet.demo.machine import Cabinet
from kiosk.agent.centre import update as told_update
from kiosk.agent.reporting.assembly import Bus, Reports
from kiosk.agent.reporting.assembly import Told as ToldByAgent
from kiosk.audit import AuditLog, Event
from kiosk.outbox.records import Counts, State
from kiosk.release import durable
from kiosk.release.errors import ReleaseError
from kiosk.release.fetching import Web
from kiosk.release.health import State as Health
from kiosk.release.health import Verdict
from kiosk.release.telling import keep_look, name_in_force
from kiosk.release.update import Manner, Update
from kiosk.status import topics
from kiosk.status.address import Address
from kiosk.status.state import Service, Versions

GROUP: Final = "canary"
HERE: Final = "here"
"""What is told by who is ready."""
AGAIN_S: Final = 1.0
"""Until a look that failed is made again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What one process runs.

    Attributes:
        names: of the terminals.
        place: directory of their files.
        port: of the broker.
        authority: of broker and web server.
        web: address of releases.
        file: address of one pack, for bare downloads.
        root: document that a terminal is installed with.
        turn: held by who fetches, downloads and updates alike.
    """

    names: tuple[str, ...]
    place: Path
    port: int
    authority: Path
    web: str = ""
    file: str = ""
    root: bytes = b""
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)


class Told:
    """What has happened to one member, and when: seconds of the machine's monotonic clock."""

    def __init__(self) -> None:
        self._at: dict[str, float] = {}
        self._news = threading.Condition()

    def say(self, name: str) -> None:
        """Note that something happened now; only its first time counts."""
        with self._news:
            self._at.setdefault(name, time.monotonic())
            self._news.notify_all()

    def wait(self, name: str, until: float) -> float | None:
        """Wait for it until a time; returns when it happened, none: it did not."""
        with self._news:
            self._news.wait_for(lambda: name in self._at, max(0.0, until - time.monotonic()))
            return self._at.get(name)

    def names(self) -> tuple[str, ...]:
        """Return all that happened."""
        with self._news:
            return tuple(self._at)


class Member(Protocol):
    """One terminal or client; ``told`` has `HERE` once it is there."""

    told: Told

    def start(self) -> None:
        """Begin."""

    def go(self) -> None:
        """Do what the measured round is about from now on."""

    def stop(self) -> None:
        """End."""


class Terminal:
    """One terminal's agent, and what follows releases."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.told = Told()
        self._plan, self._state = plan, plan.place / name
        self._log = AuditLog(self._state / "audit" / "audit.log")
        self._log.append(Event("agent_started"))
        self._releases = self._state / "releases"
        self._releases.mkdir(exist_ok=True)
        self._look, self._ending = threading.Event(), threading.Event()
        self._follows = False
        bus = Bus(host="localhost", port=plan.port, release_group=GROUP)
        self._reports = Reports(bus, self._told(name), Cabinet(mood="well"))
        self._follower = threading.Thread(target=self._follow)

    def start(self) -> None:
        """Begin."""
        self._reports.start()
        self._follower.start()

    def go(self) -> None:
        """Follow nudges, which were only heard before."""
        self._follows = True

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._look.set()
        self._follower.join()
        self._reports.stop()
        self._log.close()

    def _told(self, name: str) -> ToldByAgent:
        return ToldByAgent(
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
        self.told.say(version)
        self.told.say(HERE)
        if self._follows:
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
            with self._plan.turn:
                course = Update(manner).run(self._plan.root, source)
            keep_look(self._releases, "ok")
            if course.offer is not None:
                self.told.say(f"{course.stage} {name_in_force(self._releases)}")
        except (ReleaseError, OSError) as error:
            keep_look(self._releases, getattr(error, "code", "release.failed"))
            self.told.say(f"failed {error}")
            self._ending.wait(AGAIN_S)
            self._look.set()
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
        self.told = Told()
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

    def start(self) -> None:
        """Begin."""
        self._client.loop_start()

    def go(self) -> None:
        """Nothing else is done with what comes."""

    def stop(self) -> None:
        """End."""
        self._client.disconnect()
        with suppress(AttributeError):  # the library's thread forgets itself when it ends
            self._client.loop_stop()

    def _message(self, client: Client, userdata: object, message: MQTTMessage) -> None:
        del client, userdata
        self.told.say(message.payload.decode())
        self.told.say(HERE)


class Downloader:
    """A bare HTTPS client that fetches one file when it is told to, down to the disk."""

    def __init__(self, plan: Plan, name: str) -> None:
        self.told = Told()
        self._file, self._kept = plan.file, plan.place / name / "download"
        self._turn = plan.turn
        self._go, self._ending = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()
        self.told.say(HERE)

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
        timeout = urllib3.Timeout(10, 20)
        with self._turn, urllib3.PoolManager(retries=False, timeout=timeout) as pool:
            try:
                answer = pool.request("GET", self._file, headers={"User-Agent": "yiduan"})
                durable.write(self._kept, answer.data)
                self.told.say(f"{answer.status} {len(answer.data)}")
            except urllib3.exceptions.HTTPError as error:
                self.told.say(f"failed {error}")


KINDS: Final[Mapping[str, Callable[[Plan, str], Member]]] = {
    "terminals": Terminal,
    "listeners": Listener,
    "downloaders": Downloader,
}
