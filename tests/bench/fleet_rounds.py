"""A nudge to a fleet of terminals, and a release in all of them, beside bare clients.

The peers take their turn before and after the terminals, alone on the machine: terminals that idle
beside them would slow them.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from fleet.bus import Centre, Ears
from fleet.release import building
from kiosk.settings import config_root
from tests import broker
from tests.bench import fleet_web
from tests.bench.figure import Figure, median
from tests.bench.fleet_swarm import GROUP, Plan, work
from tests.broker import CENTRE, Bus
from tests.releases.conftest import MEMORY
from tests.releases.repositories import Fleet
from tests.waiting import until

TERMINALS: Final = 2000
PROCESSES: Final = 10
"""Two hundred each: the MQTT library waits by ``select``, which knows 1,024 descriptors."""
NUDGES: Final = 10
BYTES: Final = 200_000
"""Of the release."""
PATIENCE_S: Final = 600.0
LIMIT_NUDGE, LIMIT_RELEASE = 1.5, 2.0


class Swarm:
    """Processes of members, as one."""

    def __init__(self, ears: Sequence[Connection], count: int) -> None:
        self._ears, self._count = ears, count

    def ask(self, words: str) -> list[object]:
        """Ask every process at once."""
        for ear in self._ears:
            ear.send(words)
        return [ear.recv() for ear in self._ears]

    def all_at(self, name: str, patience: float = PATIENCE_S) -> float:
        """Wait until something happened to all; returns the time at which it had."""
        until(lambda: sum(one[0] for one in self._when(name)) == self._count, patience)
        return max(one[1] for one in self._when(name))

    def wait_connected(self) -> None:
        """Wait until the broker has all."""
        until(lambda: sum(map(int, self.ask("connected"))) == self._count, PATIENCE_S)  # type: ignore[call-overload]

    def _when(self, name: str) -> list[tuple[int, float]]:
        time.sleep(0.05)  # asking takes the processors of those who are asked
        return self.ask(f"when {name}")  # type: ignore[return-value]


@contextmanager
def swarm(kind: str, plan: Plan) -> Iterator[Swarm]:
    """Run members in a few processes."""
    own = multiprocessing.get_context("forkserver")
    own.set_forkserver_preload([work.__module__])
    ears, processes = [], []
    for number in range(PROCESSES):
        ours, theirs = own.Pipe()
        names = plan.names[number::PROCESSES]
        part = Plan(
            names=names,
            place=plan.place,
            port=plan.port,
            authority=plan.authority,
            web=plan.web,
            file=plan.file,
            root=plan.root,
        )
        process = own.Process(target=work, args=(kind, part, theirs))
        process.start()
        ears.append(ours)
        processes.append(process)
    try:
        yield Swarm(ears, len(plan.names))
    finally:
        for ear in ears:
            ear.send("stop")
        for process in processes:
            process.join(120)
            process.kill()


def measure(count: int = TERMINALS) -> list[Figure]:
    """Nudge, and release, with and without terminals."""
    with ExitStack() as stack:
        memory = str(MEMORY) if MEMORY.is_dir() else None
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory)))
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bus-")))
        bus = stack.enter_context(broker.running(own))
        os.environ["SSL_CERT_FILE"] = str(bus.place / "ca.crt")  # what terminals' system trusts
        names = tuple(f"T-{number:06d}" for number in range(count))
        _keys(bus, place, names)
        plan = Plan(names=names, place=place, port=bus.port, authority=bus.place / "ca.crt")
        return [*_nudges(bus, plan), *_releases(bus, plan)]


def _keys(bus: Bus, place: Path, names: Sequence[str]) -> None:
    """Give every terminal what enrolment would."""
    for name in names:
        leaf, keys = bus.authority.client(name), place / name / "keys"
        keys.mkdir(parents=True)
        shutil.copy(bus.place / "ca.crt", keys / "ca.crt")
        (keys / "terminal.crt").write_bytes(leaf.certificate)
        (keys / "terminal.pem").write_bytes(leaf.key)


@contextmanager
def _centre(bus: Bus) -> Iterator[Centre]:
    centre = Centre(bus.address(CENTRE), Ears())
    centre.start()
    until(lambda: centre.connected)
    try:
        yield centre
    finally:
        centre.stop()


def _nudges(bus: Bus, plan: Plan) -> list[Figure]:
    ours, bare = [], []
    for kind, times in (("listeners", bare), ("terminals", ours), ("listeners", bare)):
        with _centre(bus) as centre, swarm(kind, plan) as own:
            centre.nudge(GROUP, "settling")
            own.wait_connected()
            time.sleep(10)  # what a connection brings with it is over
            rounds = NUDGES if kind == "terminals" else NUDGES // 2
            times += [_nudged(centre, own, f"{kind}-{one}") for one in range(rounds)]
    return [
        Figure(
            name=f"a nudge reaches all of {len(plan.names):,} terminals, against bare clients",
            value=median(ours) / median(bare),
            limit=LIMIT_NUDGE,
            measured=f"{median(ours) * 1000:.0f} ms",
            peer=f"{median(bare) * 1000:.0f} ms",
            note="mutual TLS; the last one; bare: the same MQTT library, a thread a client",
        )
    ]


def _nudged(centre: Centre, own: Swarm, name: str) -> float:
    """Return the seconds until the last one has it."""
    time.sleep(2)
    began = time.monotonic()
    centre.nudge(GROUP, name)
    return own.all_at(name) - began


def _releases(bus: Bus, plan: Plan) -> list[Figure]:
    fleet = Fleet(plan.place / "fleet").begin()
    fleet.release("1")
    server = bus.authority.server("web")
    certificate, key = plan.place / "web.crt", plan.place / "web.pem"
    certificate.write_bytes(server.certificate)
    key.write_bytes(server.key)
    with fleet_web.nginx(fleet.repository.public, plan.place, certificate, key) as web:
        following = Plan(
            names=plan.names,
            place=plan.place,
            port=plan.port,
            authority=plan.authority,
            web=web.https,
            root=fleet.root,
        )
        with _centre(bus) as centre, swarm("terminals", following) as own:
            centre.nudge(GROUP, "release-1")
            own.all_at("committed release-1")
            time.sleep(10)
            size = publish(fleet, plan.place, "release-2")
            bare = [_downloaded(fleet, plan, web.https, size)]
            time.sleep(5)
            began = time.monotonic()
            centre.nudge(GROUP, "release-2")
            ours = own.all_at("committed release-2") - began
            told = own.ask("names")
        bare.append(_downloaded(fleet, plan, web.https, size))
    failed = sum(count for one in told for name, count in one.items() if name.startswith("failed"))  # type: ignore[attr-defined]
    return [
        Figure(
            name=f"a release in force on all of {len(plan.names):,} terminals, against downloads",
            value=ours / min(bare),
            limit=LIMIT_RELEASE,
            measured=f"{ours:.1f} s",
            peer=f"{min(bare):.1f} s",
            note=f"{size:,} bytes from nginx by HTTPS; from the nudge to the last commit; "
            f"{failed} looks that failed and were made again",
        )
    ]


def publish(fleet: Fleet, place: Path, name: str) -> int:
    """Publish the configuration that ships, filled up by a picture; returns the pack's size."""
    sources = place / "sources"
    shutil.copytree(config_root(), sources, dirs_exist_ok=True)
    (sources / "sites" / "attract.png").write_bytes(os.urandom(BYTES - 118_000))
    size = building.build(fleet.repository, sources, GROUP, name=name).size
    fleet.sign("zhang", "li")
    fleet.publish()
    return size


def _downloaded(fleet: Fleet, plan: Plan, url: str, size: int) -> float:
    """Return the seconds in which as many bare clients have the pack."""
    pack = fleet.repository.pack(GROUP)
    bare = Plan(
        names=plan.names,
        place=plan.place,
        port=plan.port,
        authority=plan.authority,
        file=f"{url}targets/{GROUP}/{pack.name}",
    )
    with swarm("downloaders", bare) as own:
        time.sleep(3)
        began = time.monotonic()
        own.ask("go")
        return own.all_at(f"200 {size}") - began
