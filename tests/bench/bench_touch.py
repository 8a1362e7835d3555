"""Touch → changed frame, p99, over the same of a bare Kivy app with one button.

Real X events in, real pixels out: the time from the press to the first poll that sees the
button's pixel changed. The terminal's home page and the bare app are pressed in turn, each
on a virtual screen of the same size.
"""

from __future__ import annotations

import time

from kiosk.play.screen import Screen
from tests.bench.figure import Figure, median, percentile
from tests.bench.peer import HEIGHT, WIDTH, Bare, screen
from tests.e2e.desk import Desk
from tests.waiting import until

PRESSES = 200
BUTTON = "open_thing:medical-expenses"


def measure() -> list[Figure]:
    """Press both buttons in turn and compare."""
    with Desk() as desk, screen() as other:
        peer = Bare(other)
        peer.first_frame()
        ours, bare = _race(_home_button(desk), (Screen(other), WIDTH // 4, HEIGHT // 4))
        peer.stop()
    return [_figure(ours, bare)]


def _home_button(desk: Desk) -> tuple[Screen, int, int]:
    """Go to the home page, wait for the standby, and return a pixel of its largest button."""
    desk.player.reach("attract")
    desk.player.tap("begin")
    button = desk.player.reach("home").targets[BUTTON]
    until(lambda: len(desk.sessions()) == 2)
    until(lambda: desk.sessions()[1].cpu_percent(0.5) < 10, timeout=20)
    x, y = button.x + button.width * 0.5, button.y + button.height * 0.95
    return desk.player.screen, round(x), round(y)


def _race(
    ours: tuple[Screen, int, int], bare: tuple[Screen, int, int]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(PRESSES):
        for place, found in zip((ours, bare), times, strict=True):
            found.append(_press(*place))
    return times


def _press(screen: Screen, x: int, y: int) -> float:
    """Press, poll until the pixel changed, move off and release; return the seconds."""
    before = screen.pixel(x, y)
    began = time.perf_counter()
    screen.press(x, y)
    while screen.pixel(x, y) == before:
        assert time.perf_counter() - began < 2, "the press was not seen"
    taken = time.perf_counter() - began
    screen.release_off()
    until(lambda: screen.pixel(x, y) == before, timeout=2)
    return taken


def _figure(ours: list[float], bare: list[float]) -> Figure:
    p99 = percentile(ours, 0.99), percentile(bare, 0.99)
    return Figure(
        name="touch → changed frame, p99",
        value=p99[0] / p99[1],
        limit=1.5,
        measured=f"{p99[0] * 1000:.1f} ms (median {median(ours) * 1000:.1f})",
        peer=f"bare Kivy {p99[1] * 1000:.1f} ms (median {median(bare) * 1000:.1f})",
        note=f"{PRESSES} presses each, in turn",
    )
