"""A screen for the desk: the one that is there, or a virtual one seen in a browser."""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from kiosk.desk.part import Part

NOVNC = Path("/usr/share/novnc")
START_S = 60.0
"""Until a virtual screen has to have said its number; alone it takes a tenth of a second."""
PATIENCE_S = 5.0
"""Until a virtual screen that was asked to end is ended; on a busy machine one takes longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VirtualScreen:
    """A started Xvfb."""

    name: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the virtual screen."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:  # nothing on it is worth more: what was run is done
            self.process.kill()
            self.process.wait()


class NoScreen(Exception):
    """Neither a display nor Xvfb; `make setup` installs it."""


def start_virtual_screen(width: int, height: int) -> VirtualScreen:
    """Start Xvfb on a display number that it chooses itself.

    Raises:
        NoScreen: Xvfb is missing, or does not start within `START_S`.
    """
    if shutil.which("Xvfb") is None:
        raise NoScreen("no display and no Xvfb: run `make setup`")
    reading, writing = os.pipe()
    process = _xvfb(writing, f"{width}x{height}x24")
    os.close(writing)
    number = ""
    try:
        number = _line(reading)
    finally:  # an interrupt, too, leaves no screen behind
        os.close(reading)
        if not number:
            VirtualScreen(name="", process=process).stop()
    if not number:
        raise NoScreen(f"Xvfb named no display (status {process.returncode})")
    return VirtualScreen(name=f":{number}", process=process)


def _xvfb(number: int, size: str) -> subprocess.Popen[bytes]:
    """Start Xvfb, which writes its number into a pipe."""
    screen = ["-screen", "0", size, "-dpi", "102", "-s", "0"]
    return subprocess.Popen(
        ["Xvfb", "-displayfd", str(number), *screen, "-nolisten", "tcp"],
        pass_fds=[number],
        stdout=subprocess.DEVNULL,  # who waits for the end of ours does not wait for Xvfb's
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _line(descriptor: int) -> str:
    """Return what is written into a pipe up to a line's end; empty: nothing in time."""
    end, line = time.monotonic() + START_S, b""
    while not line.endswith(b"\n"):
        readable, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        more = os.read(descriptor, 64) if readable else b""
        if not more:
            return ""
        line += more
    return line.decode("ascii", "replace").strip()


def browser_view(display: str, vnc_port: int, page_port: int) -> list[Part]:
    """Return the two processes that show a display in a browser, loopback only."""
    return [
        Part(
            name="x11vnc",
            command=[
                "x11vnc",
                "-display",
                display,
                "-rfbport",
                str(vnc_port),
                "-localhost",
                "-forever",
                "-shared",
                "-nopw",
                "-noxdamage",
                "-quiet",
            ],
            notifies=False,
        ),
        Part(
            name="novnc",
            command=[
                "websockify",
                "--web",
                str(NOVNC),
                f"127.0.0.1:{page_port}",
                f"127.0.0.1:{vnc_port}",
            ],
            notifies=False,
        ),
    ]


def can_show_in_browser() -> bool:
    """Say whether x11vnc, websockify and noVNC are installed."""
    return all(map(shutil.which, ("x11vnc", "websockify"))) and NOVNC.is_dir()


def main(arguments: list[str]) -> int:
    """Run a command on a virtual screen: ``python -m kiosk.desk.display COMMAND …``.

    Asked to end, it ends the command and the screen.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    screen = start_virtual_screen(1920, 1920)
    try:
        done = subprocess.run(arguments, check=False, env={**os.environ, "DISPLAY": screen.name})
    finally:
        screen.stop()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
