"""Swap to the standby after a death, by polling pixels: how long, and was it ever black."""

from __future__ import annotations

import time

from kiosk.play.screen import Screen
from tests.bench.figure import Figure, median
from tests.e2e.desk import Desk
from tests.waiting import until

ROUNDS = 7
BLACK = 12


def measure() -> list[Figure]:
    """Kill the session on the screen, see how long the standby takes to be seen."""
    times: list[float] = []
    black = 0
    with Desk() as desk:
        desk.usable()
        spot, attract = _spot(desk)
        for _ in range(ROUNDS):
            desk.player.tap("begin")
            desk.player.reach("home")
            until(lambda: desk.player.screen.pixel(*spot) != attract)
            until(lambda: len(desk.sessions()) == 2)
            until(lambda: desk.sessions()[1].cpu_percent(0.3) < 20, timeout=15)
            taken, seen_black = _swap(desk, spot, attract)
            times.append(taken)
            black += seen_black
            desk.make_whole()
    worst = max(times) * 1000
    return [
        Figure(
            name="swap to the standby, worst",
            value=worst,
            unit="ms",
            limit=100,
            measured=f"median {median(times) * 1000:.0f} ms of {ROUNDS}",
            note="from SIGKILL to changed pixels",
        ),
        Figure(name="black pixels seen in a swap", value=black, unit="times", limit=0),
    ]


def _spot(desk: Desk) -> tuple[tuple[int, int], bytes]:
    """Return a pixel of the attract page's ground and its colour."""
    screen = desk.player.screen
    spot = (screen.width - 20, screen.height // 2)
    return spot, screen.pixel(*spot)


def _swap(desk: Desk, spot: tuple[int, int], attract: bytes) -> tuple[float, bool]:
    screen = desk.player.screen
    process = desk.active_session()
    began = time.perf_counter()
    process.kill()
    black = False
    while screen.pixel(*spot) != attract:
        black = black or _is_black(screen)
        assert time.perf_counter() - began < 5, "the standby was not shown"
    return time.perf_counter() - began, black


def _is_black(screen: Screen) -> bool:
    spots = [(screen.width * k // 4, screen.height * k // 4) for k in (1, 2, 3)]
    return max(max(screen.pixel(*spot)[:3]) for spot in spots) <= BLACK
