"""A fleet with rings in which rollouts are carried, by a clock that a test sets."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, insert, select

from fleet import journal
from fleet.orders import CommandDesk
from fleet.release import holding
from fleet.rollouts import ledger, office
from fleet.rollouts.carrier import Carrier, Means
from fleet.rollouts.course import Course
from fleet.rollouts.gate import Limits
from fleet.store import open_store
from fleet.store.model import Order, Terminal, Window
from fleet.terminals import Intake
from fleet.terminals.holding import BEGUN
from kiosk.status import Reported
from kiosk.status.rings import group_of, ring_of
from kiosk.status.state import Day, Service, Update, Versions
from tests.releases.repositories import Fleet

RELEASER, APPROVER = "0021", "0022"
GROUPS = ("canary", "early", "wide", "stable")


class World:
    """Rollouts over a database and a repository of releases."""

    def __init__(self, engine: Engine, fleet: Fleet) -> None:
        self.engine, self.fleet = engine, fleet
        self.now = datetime.now(UTC)
        self.checked: list[Path] = []
        self.check: Callable[[Path], object] = self.checked.append
        self.nudged: list[str] = []
        self.connected = True
        self.intake = Intake(engine)
        self._numbers = itertools.count(1)
        self.key = Ed25519PrivateKey.generate()
        self.carrier = self.another_carrier()

    def another_carrier(self) -> Carrier:
        """Return one who knows nothing but the database and the repository."""
        return Carrier(
            Means(
                engine=self.engine,
                repository=self.fleet.repository,
                online=lambda: self.fleet.online,
                check=self._checks,
                desk=CommandDesk(self.engine, self.key, lambda *_: self.connected),
                nudge=lambda group, _version: self.nudged.append(group) is None,
                connected=lambda: self.connected,
                now=lambda: self.now,
            )
        )

    def _checks(self, pack: Path) -> object:
        return self.check(pack)

    def enrol(self, **rings: int) -> None:
        """Let so many terminals be in each ring, named after it, connected."""
        rows = [
            {
                "name": f"{group}-{number}",
                "title": f"{group} {number} 号机",
                "release_group": group,
                "ring": ring_of(group),
                "enrolled_at": self.now,
            }
            for group, count in rings.items()
            for number in range(count)
        ]
        with self.engine.begin() as connection:
            connection.execute(insert(Terminal.__table__), rows)  # type: ignore[arg-type]
        self.say(*(str(row["name"]) for row in rows))

    def release(self, name: str, groups: Iterable[str] = GROUPS) -> None:
        """Build a release for these rings, signed."""
        for group in groups:
            self.fleet.build(name, group=group, name=name)
        self.fleet.sign("zhang", "li")

    def begin(self, name: str, **limits: float) -> int:
        """Begin its rollout."""
        own = Limits(**limits)  # type: ignore[arg-type]
        wanted = office.Wanted(release=name, note="试验", by=RELEASER, limits=own)
        return office.begin(self.engine, self.fleet.repository, wanted, self.now)

    def begun(self, name: str, **limits: float) -> int:
        """Begin the rollout of a release for all rings, and open the first one."""
        self.release(name)
        number = self.begin(name, **limits)
        self.look(2)
        return number

    def look(self, times: int = 1) -> None:
        """Let the carrier look."""
        for _ in range(times):
            self.carrier.look()

    def later(self, minutes: float) -> None:
        """Let time pass."""
        self.now += timedelta(minutes=minutes)

    def say(
        self,
        *names: str,
        release: str = "",
        step: str = "committed",
        faults: Sequence[str] = (),
        day: Day | None = None,
        group: str = "",
    ) -> None:
        """Let terminals report how a release fares."""
        for name in names:
            self.intake.here(name, here=True)
            self.intake.state(
                Reported(
                    terminal=name,
                    sequence=next(self._numbers),
                    at=f"{self.now:%Y-%m-%dT%H:%M:%SZ}",
                    service=Service.FREE,
                    faults=tuple(faults),
                    versions=Versions(software="1.4.0", release=release or None),
                    update=Update(
                        group=group or None,
                        wanted=release or None,
                        step=step if release else None,
                    ),
                    day=day or Day(),
                )
            )
        self.write()

    def gone(self, *names: str) -> None:
        """Let terminals fall silent."""
        for name in names:
            self.intake.here(name, here=False)
        self.write()

    def maintained(self, group: str, hours: float) -> None:
        """Let a maintenance window of a group be open for so long."""
        values = {
            "recipient": f"@{group}",
            "words": "检修",
            "begins_at": self.now,
            "ends_at": self.now + timedelta(hours=hours),
            "step": BEGUN,
            "planned_by": RELEASER,
        }
        with self.engine.begin() as connection:
            connection.execute(insert(Window).values(**values))

    def write(self) -> None:
        """Write what came."""
        while self.intake.write():
            pass

    def all_of(self, group: str) -> list[str]:
        """Return the terminals of a ring."""
        with self.engine.connect() as connection:
            return list(connection.scalars(select(Terminal.name).where(Terminal.group == group)))

    def course(self, number: int) -> Course:
        """Return where a rollout stands."""
        return ledger.one(self.engine, number).course

    def published(self) -> dict[str, str]:
        """Return which release is published for which ring, and is served."""
        repository = self.fleet.repository
        return {
            own.group: own.release
            for own in holding.published_parts(repository)
            if not repository.is_withdrawn(own.group)
        }

    def ordered(self, kind: str) -> set[tuple[str, str]]:
        """Return what was ordered of whom."""
        wanted = select(Order.recipient, Order.argument).where(Order.kind == kind)
        with self.engine.connect() as connection:
            return {(row[0], row[1]) for row in connection.execute(wanted)}

    def passed(self, number: int, groups: Collection[int] = range(4)) -> None:
        """Carry a good rollout through these rings."""
        release = ledger.one(self.engine, number).release
        for ring in groups:
            self.say(*self.all_of(group_of("", ring)), release=release)
            self.later(61)
            self.look()
            if ring == 0:
                office.approve(self.engine, number, APPROVER, self.now)
            self.look()


@pytest.fixture
def world(place: Path, fleet: Fleet) -> Iterator[World]:
    """Rollouts over SQLite, with terminals in four rings."""
    shutil.copy(_empty_tables(place.parent), place / "fleet.db")
    engine = open_store(f"sqlite:///{place}/fleet.db").execution_options(writes=True)
    yield peopled(World(engine, fleet))
    engine.dispose()


def _empty_tables(folder: Path) -> Path:
    """Return a database with nothing in it, made once."""
    path = folder / "empty.db"
    if not path.exists():
        made = open_store(f"sqlite:///{path}")
        with made.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        made.dispose()
    return path


def peopled(world: World) -> World:
    """Let three be canaries, five early, ten more, and twenty last."""
    world.enrol(canary=3, early=5, wide=10, stable=20)
    return world


def actions(world: World) -> list[str]:
    """Return what the journal tells of rollouts, oldest first."""
    rows = reversed(journal.newest(world.engine, 100))
    return [row.action for row in rows if row.action.startswith("rollout")]
