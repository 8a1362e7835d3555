"""Touch → changed frame, p99, over the same of a bare Kivy app with one button.

Real X events in, real pixels out: the time from the press to the first poll that sees the
button's pixel changed. Both are pressed in turn, on the same screen size.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from kiosk.channel import Client, Secrets
from kiosk.play.screen import Screen
from kiosk.shell.slot_process import SlotProcess
from tests.bench.figure import Figure, median, percentile
from tests.bench.peer import HEIGHT, WIDTH, Bare, Session, provisioned, screen
from tests.waiting import until

PRESSES = 200
SETTLE = 5
"""Equal polls after a release before the next press."""


def measure() -> list[Figure]:
    """Press both buttons in turn and compare."""
    with provisioned() as state, screen() as one, screen() as other:
        peer = Bare(one)
        peer.first_frame()
        with tempfile.TemporaryDirectory() as run:
            secrets = Secrets.generate(["session", "rehearsal"])
            session = Session(other, state, Path(run), rehearsal=secrets)
            session.wait("ready")
            session.slot.show(None)
            session.wait("seen")
            x, y = _button(Path(run), secrets, session.slot)
            ours, bare = _race((Screen(other), x, y), (Screen(one), WIDTH // 4, HEIGHT // 4))
            session.stop()
        peer.stop()
    return [_figure(ours, bare)]


def _button(run: Path, secrets: Secrets, slot: SlotProcess) -> tuple[int, int]:
    """Return a pixel of the attract page's button, away from its words."""
    with Client(run / "rehearsal.sock", "rehearsal", secrets.roles["rehearsal"]) as client:
        place = until(lambda: client.call("where").get("targets"))
    assert isinstance(place, list)
    assert slot.pid
    button = max(place, key=lambda t: t["w"] * t["h"])
    return round(button["x"] + button["w"] * 0.08), round(button["y"] + button["h"] * 0.5)


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
