"""A nudge to a fleet of terminals, and a release in all of them, beside bare clients.

The peers take their turn before and after the terminals, alone on the machine: terminals that idle
beside them would slow them. A round that is cut off (Ctrl-C, SIGTERM, patience) leaves the figures
of what was measured until then.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fleet.bus import Centre, Ears
from fleet.release import building
from kiosk.settings import config_root
from tests import broker
from tests.bench import fleet_web
from tests.bench.figure import Figure, median
from tests.bench.fleet_members import GROUP, Plan
from tests.bench.fleet_swarm import Reached, Swarm, swarm
from tests.broker import CENTRE, Bus
from tests.releases.conftest import MEMORY
from tests.releases.repositories import Fleet
from tests.waiting import until

TERMINALS: Final = int(os.environ.get("FLEET_TERMINALS", "2000"))
NUDGES: Final = 10
BYTES: Final = 200_000
"""Of the release."""
NUDGE_S: Final = 30.0
"""Patience of a nudge."""
RELEASE_S: Final = 240.0
SETTLED_S: Final = 8.0
"""After which what a connection brings with it is over."""
LIMIT_NUDGE, LIMIT_RELEASE = 1.5, 2.0
_SERVERS: Final = -15
"""Niceness of broker and web server."""


@dataclass(slots=True)
class Taken:
    """Seconds that were measured so far."""

    count: int
    size: int = 0
    nudge: list[float] = field(default_factory=list)
    bare_nudge: list[float] = field(default_factory=list)
    release: list[float] = field(default_factory=list)
    download: list[float] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """What did not reach all in time: then the seconds are those of the patience."""

    def take(self, into: list[float], what: str, began: float, reached: Reached) -> None:
        """Note how long something took to reach all."""
        if not reached.all:
            self.missing.append(f"{what} reached {reached.count:,} of {reached.of:,}")
        into.append((reached.at if reached.all else time.monotonic()) - began)
        print(f"    {what}: {into[-1] * 1000:,.0f} ms", file=sys.stderr, flush=True)

    def figures(self) -> list[Figure]:
        """Return what can be told of it."""
        found, missing = [], "".join(f"; {one}" for one in self.missing)
        if self.nudge and self.bare_nudge:
            ours, bare = median(self.nudge), median(self.bare_nudge)
            found.append(
                Figure(
                    name=f"a nudge reaches all of {self.count:,} terminals, against bare clients",
                    value=ours / bare,
                    limit=LIMIT_NUDGE,
                    measured=f"{ours * 1000:.0f} ms",
                    peer=f"{bare * 1000:.0f} ms",
                    note=f"mutual TLS; to the last one; median of {len(self.nudge)} and "
                    f"{len(self.bare_nudge)}{missing}",
                )
            )
        if self.release and self.download:
            ours, bare = min(self.release), min(self.download)
            found.append(
                Figure(
                    name=f"a release in force on all of {self.count:,} terminals, against bare "
                    "downloads",
                    value=ours / bare,
                    limit=LIMIT_RELEASE,
                    measured=f"{ours:.1f} s",
                    peer=f"{bare:.1f} s",
                    note=f"{self.size:,} bytes from nginx by HTTPS, down to the disk; from the "
                    f"nudge to the last commit{missing}",
                )
            )
        return found


def measure(count: int = TERMINALS) -> list[Figure]:
    """Nudge, and release, with and without terminals."""
    taken = Taken(count)
    try:
        with ExitStack() as stack:
            _measure(stack, taken)
    except KeyboardInterrupt:
        taken.missing.append("cut off")
    return taken.figures()


def _measure(stack: ExitStack, taken: Taken) -> None:
    memory = str(MEMORY) if MEMORY.is_dir() else None
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
    own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bus-")))
    with _favoured():
        bus = stack.enter_context(broker.running(own))
    os.environ["SSL_CERT_FILE"] = str(bus.place / "ca.crt")  # what terminals' system trusts
    names = tuple(f"T-{number:06d}" for number in range(taken.count))
    _keys(bus, place, names)
    fleet = Fleet(place / "fleet").begin()
    taken.size = publish(fleet, place, "release-1")
    with _favoured():
        web = stack.enter_context(_served(fleet, bus, place))
    centre = stack.enter_context(_centre(bus))
    plan = Plan(
        names=names,
        place=place,
        port=bus.port,
        authority=bus.place / "ca.crt",
        web=web.https,
        root=fleet.root,
    )
    _listen(centre, plan, taken)
    _download(fleet, plan, taken)
    with swarm("terminals", plan) as terminals:
        time.sleep(SETTLED_S)
        for turn in range(NUDGES):
            _nudge(centre, terminals, f"nudge-{turn}", taken, taken.nudge)
        _release(centre, terminals, fleet, place, taken)
    _download(fleet, plan, taken)
    _listen(centre, plan, taken)


@contextmanager
def _favoured() -> Iterator[None]:
    """Let what is started go before others, where that is allowed.

    A server of two thousand is not on their two processors: sharing these as one among equals it
    would get a thousandth, and members would wait for that and not for one another's work.
    """
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _SERVERS)
    try:
        yield
    finally:
        with suppress(PermissionError):
            os.setpriority(os.PRIO_PROCESS, 0, usual)


def _keys(bus: Bus, place: Path, names: Sequence[str]) -> None:
    """Give every terminal what enrolment would."""
    for name in names:
        leaf, keys = bus.authority.client(name), place / name / "keys"
        keys.mkdir(parents=True)
        shutil.copy(bus.place / "ca.crt", keys / "ca.crt")
        (keys / "terminal.crt").write_bytes(leaf.certificate)
        (keys / "terminal.pem").write_bytes(leaf.key)


@contextmanager
def _served(fleet: Fleet, bus: Bus, place: Path) -> Iterator[fleet_web.Served]:
    server = bus.authority.server("web")
    certificate, key = place / "web.crt", place / "web.pem"
    certificate.write_bytes(server.certificate)
    key.write_bytes(server.key)
    with fleet_web.nginx(fleet.repository.public, place, certificate, key) as web:
        yield web


@contextmanager
def _centre(bus: Bus) -> Iterator[Centre]:
    centre = Centre(bus.address(CENTRE), Ears())
    centre.start()
    until(lambda: centre.connected)
    centre.nudge(GROUP, "settling")  # retained: who comes hears at once that it is there
    try:
        yield centre
    finally:
        centre.stop()


def _nudge(centre: Centre, members: Swarm, name: str, taken: Taken, into: list[float]) -> None:
    time.sleep(1)
    began = time.monotonic()
    centre.nudge(GROUP, name)
    taken.take(into, name, began, members.all_at(name, NUDGE_S))


def _listen(centre: Centre, plan: Plan, taken: Taken) -> None:
    """Measure bare clients of the broker."""
    with swarm("listeners", plan) as listeners:
        time.sleep(SETTLED_S)
        for _ in range(NUDGES // 2):
            name = f"bare-{len(taken.bare_nudge)}"
            _nudge(centre, listeners, name, taken, taken.bare_nudge)


def _release(centre: Centre, members: Swarm, fleet: Fleet, place: Path, taken: Taken) -> None:
    """Measure the second release: the first one finds nothing in force."""
    members.go()
    centre.nudge(GROUP, "release-1")
    members.all_at("committed release-1", RELEASE_S)
    time.sleep(SETTLED_S)
    taken.size = publish(fleet, place, "release-2")
    began = time.monotonic()
    centre.nudge(GROUP, "release-2")
    taken.take(taken.release, "release", began, members.all_at("committed release-2", RELEASE_S))
    if failed := members.failures():
        taken.missing.append(f"{failed:,} terminals had a look that failed and made it again")


def publish(fleet: Fleet, place: Path, name: str) -> int:
    """Publish the configuration that ships, filled up by a picture; returns the pack's size."""
    sources = place / "sources"
    shutil.copytree(config_root(), sources, dirs_exist_ok=True)
    (sources / "sites" / "attract.png").write_bytes(os.urandom(BYTES - 122_000))
    size = building.build(fleet.repository, sources, GROUP, name=name).size
    fleet.sign("zhang", "li")
    fleet.publish()
    return size


def _download(fleet: Fleet, plan: Plan, taken: Taken) -> None:
    """Measure as many bare clients that fetch the pack."""
    pack = fleet.repository.pack(GROUP)
    bare = replace(plan, file=f"{plan.web}targets/{GROUP}/{pack.name}")
    with swarm("downloaders", bare) as clients:
        time.sleep(2)
        began = time.monotonic()
        clients.go()
        reached = clients.all_at(f"200 {taken.size}", RELEASE_S)
        taken.take(taken.download, "download", began, reached)
