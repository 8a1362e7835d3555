"""``kiosk between-citizens``: run a command when nobody is served, and let nobody begin meanwhile.

For what would take the screen from under a hand: restarting the terminal's services, an upgrade,
the nightly renewal. The agent holds the pause for as long as this command lives.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.channel import Client

STILL_SERVED = 75
"""Exit status (EX_TEMPFAIL): somebody was served for all the time; nothing was run."""
ASKED_EVERY_S = 0.5


def add(rooms: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    own = rooms.add_parser(
        "between-citizens",
        help="run a command while nobody is served; 75: somebody was, for all the time",
    )
    own.add_argument("--state", type=Path, default=Path("var/desk"), help="the agent's directory")
    own.add_argument("--wait", type=float, default=600, help="seconds to wait (default 600)")
    own.add_argument("--anyway", action="store_true", help="run it then, whoever is served")
    own.add_argument("words", nargs="+", metavar="COMMAND", help="after --")
    own.set_defaults(command=run)


def run(options: argparse.Namespace) -> int:
    """Wait, run, and return the command's exit status.

    Without an agent nobody can be served, so that there is nothing to wait for.
    """
    from kiosk.agent.staff import connect
    from kiosk.channel import ChannelError, Refused
    from kiosk.outbox.report import FILE

    try:
        agent = connect((options.state / FILE).parent)
        agent.call("pause")
        quiet = _quiet(agent, options.wait)
    except Refused as refused:
        print(f"kiosk between-citizens: {refused}", file=sys.stderr)
        return STILL_SERVED
    except (OSError, ChannelError):
        print("kiosk between-citizens: no agent runs, so nobody is served", file=sys.stderr)
        quiet = True
    if not quiet and not options.anyway:
        print(f"kiosk between-citizens: somebody is still served after {options.wait:.0f} s",
              file=sys.stderr)  # fmt: skip
        return STILL_SERVED
    return subprocess.run(options.words, check=False).returncode


def _quiet(agent: Client, wait: float) -> bool:
    """Wait until nobody is served; say whether that came."""
    deadline = time.monotonic() + wait
    while not agent.call("quiet").get("quiet"):
        if time.monotonic() > deadline:
            return False
        time.sleep(ASKED_EVERY_S)
    return True
