"""A fleet: nudges and releases to two thousand terminals; what a look and an update cost.

What runs in the place of terminals, and what does not, says `tests.bench.fleet_members`.
Fewer terminals: ``FLEET_TERMINALS=500``.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Final

from kiosk.crypto.certificates import Authority
from tests.bench import fleet_cost, fleet_rounds, fleet_web
from tests.bench.bench_release import LIMIT_BYTES, LIMIT_MS
from tests.bench.figure import Figure, median
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet

POLLS: Final = 200


def measure() -> list[Figure]:
    """Measure everything, one after the other."""
    return [*polls(), *fleet_cost.measure(), *fleet_rounds.measure()]


def polls() -> list[Figure]:
    """Poll a server of static files, in which there is nothing new."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        fleet = Fleet(place / "fleet").begin()
        fleet.release("1")
        server = Authority.create("web").server("web")
        (place / "web.crt").write_bytes(server.certificate)
        (place / "web.pem").write_bytes(server.key)
        with fleet_web.nginx(
            fleet.repository.public, place, place / "web.crt", place / "web.pem"
        ) as web:
            terminal = Terminal(place / "terminal", fleet.root)
            terminal.update(web.http)
            before, cpu = len(web.bytes_a_request()), []
            for _ in range(POLLS):
                began = time.thread_time()
                terminal.update(web.http)
                cpu.append((time.thread_time() - began) * 1000)
            sizes = web.bytes_a_request()[before:]
    return [
        Figure(
            name="a poll of nginx that finds no new release, bytes both ways",
            value=sum(sizes) / POLLS,
            unit="B",
            limit=LIMIT_BYTES,
            note="HTTP, without TCP and TLS",
        ),
        Figure(
            name="the same, CPU of the terminal",
            value=median(cpu),
            unit="ms",
            limit=LIMIT_MS,
            note="a new connection each time; without starting Python, without TLS",
        ),
    ]
