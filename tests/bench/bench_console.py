"""A console with ten thousand terminals, and with ten times as many."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from fleet.store import open_store
from tests import broker
from tests.bench import fleet_live, fleet_pages, fleet_rows
from tests.bench.figure import Figure
from tests.bench.fleet_console import Browser, serving
from tests.postgres import postgres_server

TERMINALS: Final = 10_000
TIMES: Final = 10
SEED: Final = 7


def measure() -> list[Figure]:
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
            fleet_pages.settle(browser)
            few = fleet_pages.measured(browser, fleet_pages.EACH)
            live = fleet_live.measure(engine, bus, browser, TERMINALS)
        fleet_rows.grow(engine, TIMES)
        with serving(url, place, bus) as base:
            browser = Browser(base, engine)
            fleet_pages.settle(browser)
            many = fleet_pages.measured(browser, fleet_pages.EACH // 4)
        size = fleet_pages.bytes_a_terminal(engine, TERMINALS * TIMES)
    return [
        fleet_pages.figure(few, TERMINALS, limited=True),
        *live,
        fleet_pages.figure(many, TERMINALS * TIMES, limited=False),
        *fleet_pages.growth(few, many, TERMINALS * (TIMES - 1)),
        size,
    ]
