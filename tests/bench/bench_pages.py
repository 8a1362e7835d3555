"""The newborn's visit, page by page: touch → frame, page changes, memory, and how idle idle is.

Real X events in, real pixels out.  On each page one button is pressed and left again, in turn with
the button of a bare Kivy app on a screen of its own.  A page change is the time from the finger's
lift to the first poll that sees another picture where the title stands.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil

from kiosk.play.rehearsal_link import Target
from kiosk.play.screen import Screen
from tests.bench.figure import Figure, median, percentile
from tests.bench.peer import HEIGHT, WIDTH, Bare, screen
from tests.e2e.desk import Desk
from tests.waiting import until

PRESSES = 25
"""On each page."""
CHANGES = 15
"""To and fro between two pages."""
IDLE_S = 15.0
MEGABYTE = 1e6

TITLE = (48, 150, 600, 120)
"""Where a title stands upright: x, y, width, height."""

PLACES = (
    ("home", "open_thing:newborn"),
    ("guide", "back"),
    ("choose", "back"),
    ("form", "next"),
    ("materials", "capture:discharge_record"),
    ("capture", "back"),
    ("captured", "again"),
    ("delivery", "deliver:window"),
    ("review", "back"),
    ("sign", "back"),
)
"""Pages, and a button there that is pressed and not completed."""
WAYS = (
    ("guide", "back", "open_thing:newborn"),
    ("choose", "back", "start"),
    ("delivery", "back", "next"),
    ("review", "back", "next"),
    ("sign", "back", "next"),
)
"""Pages, the touch that leaves them, and the one that comes back."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A pixel of a screen."""

    screen: Screen
    x: int
    y: int


@dataclass(slots=True)
class Times:
    """What was measured on the way."""

    ours: dict[str, list[float]]
    bare: list[float]
    changes: list[float]


def measure() -> list[Figure]:
    """Walk through one visit and measure on its pages."""
    times = Times(ours={}, bare=[], changes=[])
    with Desk() as desk, screen() as other:
        peer = Bare(other)
        peer.first_frame()
        button = Spot(Screen(other), WIDTH // 4, HEIGHT // 4)
        idle = [_idle(desk, "attract")]
        course = desk.course("newborn")
        for page, target in PLACES:
            course.until(page)
            _on_page(desk, page, target, button, times)
        used = desk.active_session().memory_info().rss / MEGABYTE
        idle.append(_idle(desk, "sign"))
        peer.stop()
    return [*_touch(times), _changes(times), _memory(used), *_rest(idle)]


def _on_page(desk: Desk, page: str, target: str, button: Spot, times: Times) -> None:
    seen = until(lambda: _offers(desk, page, target), timeout=30)
    place = _edge(desk.player.screen, seen)
    for _ in range(PRESSES):
        times.ours.setdefault(page, []).append(_press(place))
        times.bare.append(_press(button))
    for own, there, back in WAYS:
        if own == page:
            times.changes += _to_and_fro(desk, there, back)


def _offers(desk: Desk, page: str, target: str) -> Target | None:
    seen = desk.player.link.look()
    if seen is None or seen.page != page or not seen.settled:
        return None
    return seen.targets.get(target)


def _edge(screen: Screen, target: Target) -> Spot:
    """A pixel of the button's ground, away from its words."""
    x, y = target.x + target.width * 0.5, target.y + target.height * 0.93
    return Spot(screen, round(x), round(y))


def _press(place: Spot) -> float:
    """Press, poll until the pixel changed, slide off and lift; return the seconds."""
    before = place.screen.pixel(place.x, place.y)
    began = time.perf_counter()
    place.screen.press(place.x, place.y)
    while place.screen.pixel(place.x, place.y) == before:
        assert time.perf_counter() - began < 2, "the press was not seen"
    taken = time.perf_counter() - began
    place.screen.release_off()
    until(lambda: place.screen.pixel(place.x, place.y) == before, timeout=2)
    return taken


def _to_and_fro(desk: Desk, there: str, back: str) -> list[float]:
    return [_change(desk, target) for _ in range(CHANGES) for target in (there, back)]


def _change(desk: Desk, target: str) -> float:
    """Touch, and wait from the lift until the page's title is another picture."""
    place = _edge(desk.player.screen, until(lambda: _anywhere(desk, target), timeout=20))
    view = place.screen
    before, ground = view.part(*TITLE), view.pixel(place.x, place.y)
    view.press(place.x, place.y)
    until(lambda: view.pixel(place.x, place.y) != ground, timeout=2)
    began = time.perf_counter()
    view.release()
    while view.part(*TITLE) == before:
        assert time.perf_counter() - began < 3, f"{target} changed nothing"
    return time.perf_counter() - began


def _anywhere(desk: Desk, target: str) -> Target | None:
    seen = desk.player.link.look()
    return seen.targets.get(target) if seen is not None and seen.settled else None


def _idle(desk: Desk, page: str) -> tuple[str, float]:
    """Return the share of a core that the session takes while nobody touches anything."""
    desk.player.reach(page)
    until(lambda: len(desk.sessions()) == 2, timeout=30)
    until(lambda: desk.sessions()[1].cpu_percent(0.5) < 10, timeout=30)
    process: psutil.Process = desk.active_session()
    return page, process.cpu_percent(IDLE_S)


# ---- figures


def _touch(times: Times) -> list[Figure]:
    bare = percentile(times.bare, 0.99)
    worst = max(times.ours, key=lambda page: percentile(times.ours[page], 0.99))
    every = [one for own in times.ours.values() for one in own]
    p99 = percentile(every, 0.99)
    return [
        Figure(
            name="any page's touch → frame, p99 over bare Kivy",
            value=p99 / bare,
            limit=1.5,
            measured=f"{p99 * 1000:.1f} ms (median {median(every) * 1000:.1f})",
            peer=f"bare Kivy {bare * 1000:.1f} ms (median {median(times.bare) * 1000:.1f})",
            note=f"{len(times.ours)} pages, {PRESSES} presses each; slowest {worst}",
        ),
        Figure(
            name="any page's touch → frame, p99",
            value=p99 * 1000,
            unit="ms",
            limit=33,
            measured=f"{p99 * 1000:.1f} ms",
            peer=f"bare Kivy {bare * 1000:.1f} ms",
        ),
    ]


def _changes(times: Times) -> Figure:
    p99 = percentile(times.changes, 0.99)
    return Figure(
        name="page change, p99",
        value=p99 * 1000,
        unit="ms",
        limit=100,
        measured=f"median {median(times.changes) * 1000:.1f} ms",
        note=f"{len(times.changes)} changes, data there",
    )


def _memory(used: float) -> Figure:
    return Figure(
        name="session, resident",
        value=used,
        unit="MB",
        limit=220,
        note="at the signature, two papers photographed",
    )


def _rest(idle: list[tuple[str, float]]) -> list[Figure]:
    limits: dict[str, float] = {"attract": 10, "sign": 1}
    return [
        Figure(
            name=f"nobody touches the {page} page",
            value=share,
            unit="% of a core",
            limit=limits[page],
        )
        for page, share in idle
    ]
