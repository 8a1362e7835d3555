"""``kiosk clock``: set the clock of this machine, as root; started for maintenance mode.

``step`` asks chronyd to jump to the time of its servers at once, however far that is; a number is
seconds since 1970, for a hall whose terminal reaches no time server.  The hardware clock is set
too, so that the next start is not back in the wrong year.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from typing import Final

STEP: Final = "step"
WITHIN_S: Final = 10.0
NOT_DONE: Final = 1
NO_TIME: Final = 2


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser("clock", help="set the clock, as root (started for maintenance mode)")
    own.add_argument("to", help="step: by the time servers; or seconds since 1970")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Set it; 1: it was not set, 2: that is no time."""
    if options.to == STEP:
        return _step()
    from kiosk.maintenance.clock_moves import EARLIEST, LATEST

    known = options.to.isascii() and options.to.isdigit()
    if not known or not EARLIEST.timestamp() <= int(options.to) < LATEST.timestamp():
        print("kiosk clock: not a time of this machine's life", file=sys.stderr)
        return NO_TIME
    try:
        time.clock_settime(time.CLOCK_REALTIME, int(options.to))
    except OSError as error:
        print(f"kiosk clock: {error}", file=sys.stderr)
        return NOT_DONE
    _keep()
    return 0


def _step() -> int:
    """Have chronyd jump; without one, or without a server that it believes, nothing is moved."""
    if not _done("chronyc", "waitsync", "1", "0", "0", "0"):
        print("kiosk clock: chronyd knows no time", file=sys.stderr)
        return NOT_DONE
    if not _done("chronyc", "makestep"):
        print("kiosk clock: chronyd does not step", file=sys.stderr)
        return NOT_DONE
    _keep()
    return 0


def _keep() -> None:
    """Write the time to the hardware clock, where there is a tool for it."""
    if shutil.which("hwclock") is not None:
        _done("hwclock", "--systohc")


def _done(*command: str) -> bool:
    try:
        done = subprocess.run(
            command,
            check=False,
            timeout=WITHIN_S,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
