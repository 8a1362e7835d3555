"""Every page of a console that knows ten thousand terminals, and what ten times as many cost."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, select

from fleet.terminals.days import day_of
from tests.bench.figure import Figure, median, percentile
from tests.bench.fleet_console import Browser
from tests.bench.fleet_rows import DAYS

EACH: Final = 40
LIMIT_MS: Final = 300.0
SETTLING_S: Final = 600.0
_WARM: Final = 2
PAGES: Final = (
    *("/", "/todo", "/alarms", "/audit", "/audit?before=5000", "/people", "/password", "/sign-in"),
    *("/terminals", "/terminals?order=name&at=100", "/terminals?order=visits&at=50"),
    *("/terminals?order=waiting", "/terminals?order=release&at=150", "/terminals?level=2"),
    *("/terminals?q=12+号机", "/terminals?q=nothing+of+it", "/map"),
    *("/terminals/T-000042", "/terminals/T-000042/now", "/terminals/T-000042/log"),
    "/terminals/T-000042/command?kind=in_service",
    *("/groups", "/groups/now", "/groups/all/command?kind=in_service"),
    *("/enrolments", "/imports", "/releases", "/rollouts", "/rollouts/30", "/rollouts/30/now"),
    *("/rollouts/30/card", "/rollouts/3", "/rollouts/30/pause"),
)
"""Besides reports; those of a terminal are of one."""


def measured(browser: Browser, each: int) -> Mapping[str, list[float]]:
    """Return how long each page took, in milliseconds, by turns."""
    wanted = [itertools.repeat(path) for path in PAGES]
    wanted += [itertools.cycle([own]) for own in _usual()]
    names = [*PAGES, *_usual(), "/reports, 30 other days each time"]
    wanted.append(_others())
    took: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(each + _WARM):
        for name, paths in zip(names, wanted, strict=True):
            ms = browser.ms(next(iter(paths)))
            if turn >= _WARM:
                took[name].append(ms)
    return took


def settle(browser: Browser) -> None:
    """Wait until the days that pages show are summed, as they are on a console that runs."""
    browser.ms(_usual()[0], patience=SETTLING_S)


def bytes_a_terminal(engine: Engine, terminals: int) -> Figure:
    """Return what the database holds of a terminal and its days."""
    size = func.pg_database_size(func.current_database())
    with engine.connect() as connection:
        told = int(connection.scalar(select(size)) or 0)
    return Figure(
        name=f"bytes of the database for each of {terminals:,} terminals with {DAYS} days",
        value=told / terminals / 1000,
        unit="kB",
        measured=f"{told / 1e9:.2f} GB",
    )


def _usual() -> tuple[str, ...]:
    last = day_of(datetime.now(UTC))
    first = last - timedelta(days=DAYS - 1)
    month = f"/reports?first={first}&last={last}"
    return (month, f"{month}&place=410012")


def _others() -> Iterable[str]:
    """Yield months that nobody has asked for."""
    last = day_of(datetime.now(UTC))
    for back in itertools.count(1):
        end = last - timedelta(days=back % 2)
        yield f"/reports?first={end - timedelta(days=DAYS - 1 + back // 2)}&last={end}"


def figure(took: Mapping[str, list[float]], terminals: int, *, limited: bool) -> Figure:
    """Return the slowest page, and in words the next ones."""
    by_p95 = sorted(((percentile(own, 0.95), name) for name, own in took.items()), reverse=True)
    note = ", ".join(f"{name} {ms:.0f}" for ms, name in by_p95[1:5])
    middle = median([median(own) for own in took.values()])
    return Figure(
        name=f"the slowest of {len(took)} pages of a console with {terminals:,} terminals, p95",
        value=by_p95[0][0],
        unit="ms",
        limit=LIMIT_MS if limited else None,
        measured=by_p95[0][1],
        note=f"then {note}; half of all under {middle:.0f} ms",
    )


def growth(
    few: Mapping[str, list[float]], many: Mapping[str, list[float]], rows: int
) -> list[Figure]:
    """Return what each further terminal costs the pages that it costs most."""
    costs = sorted(((median(many[name]) - median(few[name])) * 1000 / rows, name) for name in few)
    return [
        Figure(
            name=f"cost of a further terminal, {name}",
            value=cost,
            unit="µs",
            measured=f"{median(many[name]):.0f} ms",
            peer=f"{median(few[name]):.0f} ms",
            note="median with a hundred thousand, and with ten thousand",
        )
        for cost, name in reversed(costs[-4:])
    ]
