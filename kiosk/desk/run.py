"""`kiosk run`: the terminal on this desk until Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path

from kiosk.desk.display import NoScreen, browser_view, can_show_in_browser
from kiosk.desk.part import PartFailed, free_port
from kiosk.desk.stack import Options, Stack, has_display
from kiosk.desk.staff import let_in
from kiosk.desk.supervisor import Supervisor
from kiosk.maintenance.staff import StaffError

PORTS = (18443, 18080, 18081)
"""API, intake pages, device control page: kept over restarts when they are free."""
VIEW_PORT = 18082
DEVICES = ("ups", "panel")
"""Simulated devices beside the four: what a bad day at the machine needs."""


def run(*, state: Path, landscape: bool = False, fast: bool = False) -> int:
    """Start everything, print the addresses, wait, stop everything."""
    size = (1920, 1080) if landscape else (1080, 1920)
    options = Options(
        state=state,
        width=size[0],
        height=size[1],
        display=os.environ.get("DISPLAY") if has_display() else None,
        pace="fast" if fast else "wire",
        ports=PORTS,
        devices=DEVICES,
        by_hand=True,
    )
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stopping.set())
    print("一端 · starting …", flush=True)
    try:
        with Stack(options) as stack:
            _announce(stack, _open_browser_view(stack))
            return _watch(stack, stopping)
    except (PartFailed, NoScreen) as error:
        print(f"\nThe terminal does not run.\n{error}", file=sys.stderr)
        return 1
    finally:
        print("一端 · stopped", flush=True)


def _open_browser_view(stack: Stack) -> str | None:
    """Offer a virtual screen in a browser; None when there is a real one."""
    if stack.screen is None or not can_show_in_browser():
        return None
    page_port = free_port(VIEW_PORT)
    for part in browser_view(stack.display, free_port(), page_port):
        stack.launch(part)
    _wait_for_port(page_port)
    return f"http://127.0.0.1:{page_port}/vnc.html?autoconnect=1&resize=scale"


def _wait_for_port(port: int) -> None:
    """Return when somebody listens; the address is printed only then."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise PartFailed(f"nobody listens on port {port}")


def _announce(stack: Stack, view: str | None) -> None:
    lines = [
        ("Kiosk", view or f"window on display {stack.display}"),
        (
            "Devices",
            f"{stack.control_url}/   put a card, show a code, cut the power",
        ),
        ("Intake", f"{stack.intake_url}/   the clerk's page; API at {stack.intake_url}/docs"),
        ("Staff", _staff(stack.state)),
        ("State", f"{stack.state}   logs in {stack.logs}"),
    ]
    print()
    for name, value in lines:
        print(f"  {name:<9}{value}")
    print("\nCtrl-C stops everything.", flush=True)


def _staff(state: Path) -> str:
    try:
        name, pin = let_in(state)
    except (OSError, StaffError) as error:
        return f"nobody: {error}"
    return f"{name}'s card, PIN {pin}   three seconds on the emblem open maintenance mode"


def _watch(stack: Stack, stopping: threading.Event) -> int:
    """Wait for the end; bring a dead process back as the service manager would, within bounds."""
    supervisor = Supervisor(stack, say=lambda line: print(line, flush=True))
    while not stopping.wait(0.5):
        if stack.screen is not None and stack.screen.process.poll() is not None:
            raise PartFailed("the virtual screen ended; start again")
        supervisor.look()
    return 0
