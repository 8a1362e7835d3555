"""Releases: what a poll costs that finds nothing, and how long the whole configuration takes.

The peer of an update is a bare download of the same bytes from the same server in the same run.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import requests

from fleet.release import building
from kiosk.settings import config_root
from tests.bench.figure import Figure, median
from tests.releases.conftest import Terminal
from tests.releases.repositories import GROUP, Fleet
from tests.releases.web import Web

POLLS = 200
UPDATES = 15
LIMIT_BYTES = 1000
LIMIT_MS = 5.0


def measure() -> list[Figure]:
    """Poll, update and download by turns."""
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        fleet = Fleet(place / "fleet").begin()
        _release(fleet, "first")
        with Web(fleet.repository.public) as web:
            terminal = Terminal(place / "terminal", fleet.root)
            terminal.update(web.url)
            polls = _polls(terminal, web)
            updates = _updates(fleet, terminal, web)
    return [*polls, updates]


def _release(fleet: Fleet, name: str) -> int:
    """Publish the configuration that ships; returns the pack's size."""
    built = building.build(fleet.repository, config_root(), GROUP, name=name)
    fleet.sign("zhang", "li")
    fleet.publish()
    return built.size


def _polls(terminal: Terminal, web: Web) -> list[Figure]:
    web.sent, cpu = 0, []
    for _ in range(POLLS):
        began = time.thread_time()
        terminal.update(web.url)
        cpu.append((time.thread_time() - began) * 1000)
    return [
        Figure(
            name="a poll that finds no new release, bytes both ways",
            value=web.sent / POLLS,
            unit="B",
            limit=LIMIT_BYTES,
            note="HTTP, without TCP and TLS",
        ),
        Figure(
            name="the same, CPU of the terminal",
            value=median(cpu),
            unit="ms",
            limit=LIMIT_MS,
            note="a new connection each time; without starting Python",
        ),
    ]


def _updates(fleet: Fleet, terminal: Terminal, web: Web) -> Figure:
    ours, bare, size = [], [], 0
    for number in range(UPDATES):
        size = _release(fleet, f"update-{number}")
        pack = fleet.repository.pack(GROUP)
        began = time.perf_counter()
        terminal.update(web.url)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        requests.get(f"{web.url}targets/{GROUP}/{pack.name}", timeout=10).raise_for_status()
        bare.append(time.perf_counter() - began)
    return Figure(
        name="a whole configuration fetched, verified, unpacked, in force, against its download",
        value=median(ours) / median(bare),
        measured=f"{median(ours) * 1000:.0f} ms",
        peer=f"{median(bare) * 1000:.1f} ms",
        note=f"{size} bytes; 105 files, each brought down to the disk; the check not counted",
    )
