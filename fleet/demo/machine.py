"""One terminal of the demonstration: the agent's reporting over made-up devices and visitors."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from fleet.demo import day
from fleet.demo.places import PLACE, SOFTWARE_S, Site
from fleet.terminals.days import HALL
from kiosk.agent.centre import update
from kiosk.agent.reporting.assembly import Bus, Reports, Told
from kiosk.agent.reporting.looking import Payload
from kiosk.agent.reporting.orders import Act, OrderFailed
from kiosk.agent.rollout_orders import rollout_acts
from kiosk.audit import AuditLog, Event
from kiosk.enrolment import held
from kiosk.outbox.records import Counts, State
from kiosk.release.errors import ReleaseError, Unusable
from kiosk.release.fetching import Web
from kiosk.release.health import State as Health
from kiosk.release.health import Verdict
from kiosk.release.placing import group_of_terminal
from kiosk.release.telling import keep_look, name_in_force
from kiosk.release.update import Manner, Update
from kiosk.release.wishes import go_back
from kiosk.status.command import Command, Kind
from kiosk.status.mandate import ROOT_FILE
from kiosk.status.state import Service, Versions

TRIAL_S: Final = 8.0
"""Of a release; on a real terminal it is ten minutes and more."""
AWAY_EVERY_S: Final = (150.0, 300.0)
AWAY_FOR_S: Final = (25.0, 60.0)
_ROLL: Final = 900
"""Receipts on a roll of paper."""
_LOW: Final = 40


@dataclass(slots=True)
class Cabinet:
    """Devices of a terminal, in the standard's words."""

    mood: str
    receipts: int = _ROLL

    def statuses(self) -> dict[str, Payload | None]:
        """Return each device's status."""
        reader = "hardwareError" if self.mood == "broken" else "online"
        paper = "out" if self.receipts <= 0 else "low" if self.receipts < _LOW else "full"
        return {
            "id-reader": {"common": {"device": reader}},
            "document-camera": {"common": {"device": "online"}},
            "scanner": {"common": {"device": "online"}},
            "receipt-printer": {
                "common": {"device": "online"},
                "printer": {"paper": {"upper": paper}},
            },
        }

    def close(self) -> None:
        """Nothing is held."""


@dataclass(slots=True)
class Machine:
    """A terminal that has enrolled; `live` until the end is asked for."""

    site: Site
    state: Path
    ending: threading.Event
    visited: bool = False
    stops: set[str] = field(default_factory=set)
    """Who stopped it: windows by their number, persons by the empty name."""
    waiting: int = 0
    look: threading.Event = field(default_factory=threading.Event)
    chance: random.Random = field(default_factory=random.Random)
    cabinet: Cabinet = field(init=False)
    log: AuditLog = field(init=False)
    reports: Reports = field(init=False)

    def __post_init__(self) -> None:
        """Take its devices and its log."""
        receipts = _LOW // 2 if self.site.mood == "paper" else self.chance.randint(200, _ROLL)
        self.cabinet = Cabinet(mood=self.site.mood, receipts=receipts)
        self.log = AuditLog(
            self.state / "audit" / "audit.log",
            heard=self._heard,
        )
        self.releases.mkdir(parents=True, exist_ok=True)

    @property
    def releases(self) -> Path:
        """Directory of its releases."""
        return self.state / "releases"

    def live(self) -> None:
        """Report, serve and follow releases until the end."""
        self.reports = self._reporting()
        self._earlier_today()
        self.reports.start()
        follower = threading.Thread(target=self._follow, name=f"release-{self.site.name}")
        follower.start()
        away = time.monotonic() + self.chance.uniform(*AWAY_EVERY_S)
        try:
            while not self._pause(day.pause_s(self.chance, self.site.busy, datetime.now(HALL))):
                if not self.stops and self.site.mood != "broken":
                    self._serve(day.a_visit(self.chance))
                if self.site.mood == "away" and time.monotonic() > away:
                    self._go_away()
                    away = time.monotonic() + self.chance.uniform(*AWAY_EVERY_S)
        finally:
            self.look.set()
            follower.join()
            self.reports.stop()
            self.log.close()

    def _pause(self, seconds: float) -> bool:
        """Wait; says whether the end was asked for."""
        return self.ending.wait(seconds)

    def _reporting(self) -> Reports:
        placed = held(self.state / "keys")
        assert placed.mandate is not None  # noqa: S101 - it enrolled here; narrows the type
        bus = Bus(
            host=placed.mandate.bus_host,
            port=placed.mandate.bus_port,
            groups=frozenset({placed.place or PLACE}),
            release_group=placed.group,
        )
        told = Told(
            terminal=self.site.name,
            state_dir=self.state,
            run_dir=self.state / "run",
            secret="",
            versions=self._versions,
            service=self._service,
            counts=self._counts,
            acts=self._acts(placed.group),
            wanted=lambda _group, _version: self.look.set(),
            note=self._note,
            update=lambda: update(self._group(placed.group), self.releases),
            group=lambda: self._group(placed.group),
            head=lambda: self.log.head,
        )
        return Reports(bus, told, self.cabinet)

    def _heard(self, event: str, fields: Mapping[str, str | int]) -> None:
        self.reports.heard(event, fields)

    def _note(self, event: Event, **fields: str | int) -> None:
        self.log.append(event, **fields)

    def _group(self, own: str) -> str:
        return group_of_terminal(self.releases, own)

    def _versions(self) -> Versions:
        return Versions(software=metadata.version("yiduan"), release=name_in_force(self.releases))

    def _service(self) -> Service:
        if self.stops:
            return Service.OUT
        return Service.VISITED if self.visited else Service.FREE

    def _counts(self) -> Counts:
        by_state = {**dict.fromkeys(State, 0), State.STORED: self.waiting}
        return Counts(by_state=by_state, sealed_bytes=0, oldest_s=30 * self.waiting)

    # ---- what it does when it is asked

    def _acts(self, group: str) -> Mapping[Kind, Act]:
        return {
            Kind.OUT_OF_SERVICE: lambda command: self.stops.add(command.window),
            Kind.IN_SERVICE: self._go_on,
            Kind.RESTART_SESSION: lambda _command: None,
            Kind.UPDATE: lambda _command: self.look.set(),
            Kind.RELEASE_BACK: self._go_back,
            **rollout_acts(group, self.releases),
        }

    def _go_on(self, command: Command) -> None:
        if command.window:
            self.stops.discard(command.window)
        else:
            self.stops.clear()

    def _go_back(self, command: Command) -> None:
        try:
            go_back(self.releases, f"{command.by}: {command.argument}")
        except Unusable as error:
            raise OrderFailed("nothing_before") from error
        self.look.set()

    # ---- visitors

    def _earlier_today(self) -> None:
        """Let the visits of this day before the first start count; the log has the later ones."""
        now = self._first_start()
        chance = random.Random(f"{self.site.name} {now:%F}")  # noqa: S311 - the same at each start
        for at, visit in day.so_far(chance, self.site.busy, now):
            self.reports.heard("visit_began", {}, at)
            if visit.submits:
                self.reports.heard("submission_stored", {}, at)
            if visit.grade:
                self.reports.heard("visit_rated", {"grade": visit.grade}, at)
            self.reports.heard("visit_ended", {"how": visit.how}, at)

    def _first_start(self) -> datetime:
        now, path = datetime.now(HALL), self.state / "first-start"
        with suppress(OSError, ValueError):
            kept = datetime.fromisoformat(path.read_text())
            if kept.date() == now.date():
                return kept
        path.write_text(now.isoformat())
        return now

    def _serve(self, visit: day.Visit) -> None:
        name = f"v-{time.time_ns()}"
        self.log.append(Event("visit_began"), visit=name)
        self.visited = True
        self._pause(visit.lasts_s)
        if visit.submits:
            self.waiting += 1
            self.cabinet.receipts -= 1
            self.log.append(Event("submission_stored"), local_no="", bytes=48_000)
        if visit.grade:
            self.log.append(Event("visit_rated"), grade=visit.grade)
        self.log.append(Event("visit_ended"), visit=name, how=visit.how)
        self.visited = False
        self._pause(self.chance.uniform(2, 20))
        self.waiting = 0

    def _go_away(self) -> None:
        """Lose the line as a hall does, and come back."""
        self.reports.stop()
        self._pause(self.chance.uniform(*AWAY_FOR_S))
        self.reports = self._reporting()
        self._earlier_today()
        self.reports.start()

    # ---- releases

    def _follow(self) -> None:
        """Look for a release now, when nudged, and by and by."""
        keys = self.state / "keys"
        while not self.ending.is_set():
            self.look.clear()
            placed = held(keys)
            if placed.mandate is not None and placed.mandate.release_url:
                self._updated(placed.mandate.release_url, keys / ROOT_FILE, placed.group)
            self.look.wait(SOFTWARE_S * self.chance.uniform(0.7, 1.3))

    def _updated(self, url: str, root: Path, own: str) -> None:
        manner = Manner(
            folder=self.releases,
            group=self._group(own),
            check=lambda _generation: None,  # ten terminals on one machine: see the docs
            health=_Well(),
            trial_s=TRIAL_S,
            reserve=0,
            pause=self._pause,
        )
        source = Web(url, self.releases / "metadata")
        try:
            Update(manner).run(root.read_bytes(), source)
            keep_look(self.releases, "ok")
        except (ReleaseError, OSError) as error:
            keep_look(self.releases, getattr(error, "code", "release.failed"))
        finally:
            source.close()


class _Well:
    """A terminal that is never ill under a release."""

    @staticmethod
    def look(since: str) -> Verdict:
        """Judge."""
        del since
        return Verdict(Health.WELL)
