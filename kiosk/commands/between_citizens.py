"""``kiosk between-citizens``: run a command when nobody is served, and let nobody begin meanwhile.

For what would take the screen from under a hand: restarting the terminal's services, an upgrade,
the nightly renewal. The agent holds the pause for as long as this command lives.

Sessions outlive the agent: one that answered and then ended says nothing of whether somebody is
served, so the next one is asked anew until the time is over. Only where none answers from the
beginning on, for longer than a restart takes, is nobody served.

An agent of a version that knows no pause can keep nobody from beginning: its log tells who is
served, and the command is run as soon as nobody is.
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
UNKNOWN = "unknown_operation"
ASKED_EVERY_S = 0.5
ABSENT_S = 15.0
"""Seconds without any answer after which no agent runs; a restart by systemd takes less."""


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
    """Wait, run, and return the command's exit status."""
    from kiosk.outbox.report import FILE

    pause = _Pause((options.state / FILE).parent, options.state / "audit")
    if not pause.comes(options.wait) and not options.anyway:
        _say(f"{pause.problem} after {options.wait:.0f} s")
        return STILL_SERVED
    return subprocess.run(options.words, check=False).returncode


class _Pause:
    """One pause, asked of as many agents as come and go; held while this object is."""

    def __init__(self, directory: Path, log: Path) -> None:
        self._directory, self._log = directory, log
        self._agent: Client | None = None
        self._absent = True
        """Nothing was heard of any agent yet."""
        self.problem = ""
        """Why it has not come."""

    def comes(self, wait: float) -> bool:
        """Wait until nobody is served; say whether that came."""
        began = time.monotonic()
        while True:
            asked = time.monotonic() - began
            if self._quiet():
                return True
            if self._absent and asked >= ABSENT_S:
                _say("no agent runs, so nobody is served")
                return True
            if not self._absent and asked >= wait:
                return False
            time.sleep(ASKED_EVERY_S)

    def _quiet(self) -> bool:
        """Ask once whether nobody is served; what can't be asked is not known."""
        from kiosk.channel import ChannelClosed, ChannelError, Refused

        self.problem = "somebody is still served"
        try:
            return self._asked()
        except FileNotFoundError as error:
            if self._absent:
                _say("no agent ever ran here, so nobody is served")
                return True
            self._lost(f"no pause: {error}")
        except ChannelClosed as error:
            self._lost(f"the agent does not answer: {error}")
        except Refused as error:
            if error.code == UNKNOWN:
                return self._nobody_by_its_log()
            self._lost(f"no pause: {error}")
        except (OSError, ValueError, ChannelError) as error:
            self._absent = False
            self._lost(f"no pause: {error}")
        return False

    def _asked(self) -> bool:
        from kiosk.agent.staff import connect

        if self._agent is None:
            self._agent = connect(self._directory)
            self._absent = False
            self._agent.call("pause")
        return bool(self._agent.call("quiet").get("quiet"))

    def _nobody_by_its_log(self) -> bool:
        """Say whether nobody is served, where the agent is of a version that knows no pause."""
        from kiosk.agent.pause import open_visits

        self._lost("somebody is still served, says the log of an agent that knows no pause")
        try:
            return not any(True for _ in open_visits(self._log))
        except (OSError, EOFError, ValueError) as error:
            self.problem = f"the agent knows no pause, and its log can't be read: {error}"
            return False

    def _lost(self, problem: str) -> None:
        self.problem = problem
        if self._agent is not None:
            self._agent.close()
            self._agent = None


def _say(words: str) -> None:
    print(f"kiosk between-citizens: {words}", file=sys.stderr, flush=True)
