"""`kiosk run`: the terminal on this desk until Ctrl-C."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

from kiosk.desk.display import NoScreen, browser_view, can_show_in_browser
from kiosk.desk.part import PartFailed
from kiosk.desk.stack import Options, Stack, free_port, has_display


def run(*, state: Path, landscape: bool = False, fast: bool = False) -> int:
    """Start everything, print the addresses, wait, stop everything."""
    size = (1920, 1080) if landscape else (1080, 1920)
    options = Options(
        state=state,
        width=size[0],
        height=size[1],
        display=os.environ.get("DISPLAY") if has_display() else None,
        pace="fast" if fast else "wire",
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
        print(f"\nThe terminal did not start.\n{error}", file=sys.stderr)
        return 1
    finally:
        print("一端 · stopped", flush=True)


def _open_browser_view(stack: Stack) -> str | None:
    """Offer a virtual screen in a browser; None when there is a real one."""
    if stack.screen is None or not can_show_in_browser():
        return None
    page_port = free_port()
    for part in browser_view(stack.display, free_port(), page_port):
        stack.launch(part)
    return f"http://127.0.0.1:{page_port}/vnc.html?autoconnect=1&resize=scale"


def _announce(stack: Stack, view: str | None) -> None:
    lines = [
        ("Kiosk", view or f"window on display {stack.display}"),
        ("Devices", f"{stack.control_url}/   put a card, show a code, tear the paper"),
        ("Intake", f"{stack.intake_url}/   the clerk's page; API at {stack.intake_url}/docs"),
        ("State", f"{stack.state}   logs in {stack.logs}"),
    ]
    print()
    for name, value in lines:
        print(f"  {name:<9}{value}")
    print("\nCtrl-C stops everything.", flush=True)


def _watch(stack: Stack, stopping: threading.Event) -> int:
    """Wait for the end; bring a dead process back as the service manager would."""
    while not stopping.wait(0.5):
        for name, running in list(stack.running.items()):
            if not running.alive():
                print(f"{name} ended with status {running.process.returncode}, starting it again")
                stack.stop_part(name)
                stack.launch(running.part)
    return 0
