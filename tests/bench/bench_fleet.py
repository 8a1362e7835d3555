"""A fleet: nudges and releases to two thousand terminals; a console with ten thousand.

What runs in the place of terminals, and what does not, says `tests.bench.fleet_swarm`.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from fleet.store import open_store
from kiosk.crypto.certificates import Authority
from tests import broker
from tests.bench import fleet_live, fleet_pages, fleet_rounds, fleet_rows, fleet_web
from tests.bench.bench_release import LIMIT_BYTES, LIMIT_MS
from tests.bench.figure import Figure, median
from tests.bench.fleet_console import Browser, serving
from tests.postgres import postgres_server
from tests.releases.conftest import Terminal
from tests.releases.repositories import Fleet

TERMINALS: Final = 10_000
TIMES: Final = 10
SEED: Final = 7
POLLS: Final = 200


def measure() -> list[Figure]:
    """Measure everything, one after the other."""
    return [*polls(), *fleet_rounds.measure(), *console()]


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


def console() -> list[Figure]:
    """Read every page, with few and with many terminals; let a thousand of them change a second."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres_server())
        engine = open_store(url).execution_options(writes=True)
        stack.callback(engine.dispose)
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        own = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bus-")))
        bus = stack.enter_context(broker.running(own))
        fleet_rows.fill(engine, TERMINALS, SEED)
        with serving(url, place, bus) as base:
            browser = Browser(base, engine)
            time.sleep(60)  # days that are over are closed behind the first start
            few = fleet_pages.measured(browser, fleet_pages.EACH)
            live = fleet_live.measure(engine, bus, browser, TERMINALS)
        fleet_rows.grow(engine, TIMES)
        with serving(url, place, bus) as base:
            many = fleet_pages.measured(Browser(base, engine), fleet_pages.EACH // 4)
    return [
        fleet_pages.figure(few, TERMINALS, limited=True),
        *live,
        fleet_pages.figure(many, TERMINALS * TIMES, limited=False),
        *fleet_pages.growth(few, many, TERMINALS * (TIMES - 1)),
    ]
