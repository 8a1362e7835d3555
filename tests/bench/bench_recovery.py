"""After a death of any process at any page: how long until a touch is answered, and all is back.

Each process of the table in docs/architecture.md that lives then, on several pages: SIGKILL, a
segfault, SIGSTOP of those that work all the time. The service manager is the desk's, with the
units' figures. A touch is answered when the page it leads to is painted. Then the start: from
starting the terminal's services, and its X server, to an attract page that answers.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.desk.display import start_virtual_screen
from kiosk.desk.stack import Options, Stack
from kiosk.play.rehearsal_link import RehearsalLink
from tests.bench.figure import Figure, median
from tests.bench.recovery_desk import (
    RecoveringDesk,
    Recovery,
    Victim,
    below,
    nursery,
    part,
)
from tests.waiting import until

USABLE_S, BACK_S, START_S = 1.0, 5.0, 5.0
STARTS = 5
WORKER = "kiosk-devices: worker"
DEATHS = (signal.SIGKILL, signal.SIGSEGV)
VICTIMS = (
    Victim(
        name="session",
        found=lambda desk: desk.sessions()[:1],
        pages=("attract", "guide", "review", "receipt"),
        stops=True,
    ),
    Victim(name="standby", found=lambda desk: desk.sessions()[1:], pages=("guide",)),
    Victim(name="shell", found=part("shell"), stops=True),
    Victim(name="agent", found=part("agent"), pages=("guide", "review"), stops=True),
    Victim(name="device host", found=part("devices"), pages=("attract", "guide"), stops=True),
    Victim(name="nursery of the shell", found=nursery("shell"), pages=("guide",), back=False),
    Victim(name="nursery of the agent", found=nursery("agent"), pages=("guide",), back=False),
    Victim(
        name="nursery of the device host", found=nursery("devices"), pages=("guide",), back=False
    ),
    Victim(name="device workers", found=below("devices", WORKER), pages=("guide",)),
    Victim(name="relay", found=below("agent", "kiosk-relay"), pages=("review",), back=False),
)
"""Who is needed only now and then (a nursery, a relay) is replaced when it is needed next."""
ONLY = os.environ.get("RECOVERY", "")
"""Part of a name: to measure one of them alone."""


def measure() -> list[Figure]:
    """Let them die one after the other."""
    victims = [victim for victim in VICTIMS if ONLY in victim.name]
    figures: list[Figure] = []
    if victims:
        with RecoveringDesk(pace="fast") as desk:
            for victim in victims:
                figures += _figures(victim, list(_all(desk, victim)))
    return [*figures, _start()] if ONLY in "start" else figures


def _all(desk: RecoveringDesk, victim: Victim) -> Iterator[tuple[str, Recovery]]:
    for number in (*DEATHS, *([signal.SIGSTOP] if victim.stops else [])):
        for page in victim.pages:
            desk.at(page)
            found = desk.strike(victim, number)
            told = f"usable {found.usable:.2f} s, back {found.back:.2f} s"
            print(f"  {victim.name}, {number.name} on {page}: {told}", file=sys.stderr, flush=True)
            yield f"{number.name} on {page}", found


def _figures(victim: Victim, found: list[tuple[str, Recovery]]) -> Iterator[Figure]:
    slowest, one = max(found, key=lambda pair: pair[1].usable)
    others = median([each.usable for _, each in found])
    interrupted = sum(each.interrupted for _, each in found)
    yield Figure(
        name=f"{victim.name} dies: usable",
        value=one.usable,
        unit="s",
        limit=USABLE_S,
        measured=f"median {others:.2f} s of {len(found)}",
        note=f"worst: {slowest}; visits interrupted: {interrupted}",
    )
    if victim.back:
        slowest, one = max(found, key=lambda pair: pair[1].back)
        yield Figure(
            name=f"{victim.name} dies: back",
            value=one.back,
            unit="s",
            limit=BACK_S,
            measured=f"median {median([each.back for _, each in found]):.2f} s",
            note=f"worst: {slowest}",
        )


def _start() -> Figure:
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        times = [_started(Path(place)) for _ in range(STARTS)]
    return Figure(
        name="start of the units to the attract page",
        value=max(times),
        unit="s",
        limit=START_S,
        measured=f"median {median(times):.2f} s of {STARTS}",
        note="X server, agent, device host and shell at once; the first one fills the disk cache",
    )


def _started(state: Path) -> float:
    stack = Stack(Options(state=state, rehearsal=True, pace="fast", display=":none"))
    link = RehearsalLink(stack.run / "rehearsal.sock", stack.secrets.roles["rehearsal"])
    try:
        stack._provision()
        around = [stack._intake(), stack._simulators()]
        for one in around:
            stack.launch(one)
        for one in around:
            stack.running[one.name].wait_ready(60)
        began = time.monotonic()
        stack.screen = start_virtual_screen(1080, 1920)
        stack.display = stack.screen.name
        for one in (stack._devices(), stack._agent(), stack._shell()):
            stack.launch(one)
        until(lambda: (seen := link.look()) is not None and seen.settled and seen.targets)
        return time.monotonic() - began
    finally:
        link.close()
        stack.stop()
