"""When the terminal shuts down for want of power, and who says so. The decisions are pure.

Theory of operation
-------------------
The UPS's service says what the terminal runs on; it has already sorted out glitches. Sessions see
the same words: on battery none begins, on a nearly empty battery what was not handed over ends.
What was handed over is durable. So:

==================  ==========================================================================
power               the terminal shuts down
==================  ==========================================================================
mains               never
not known           what was known before holds: a service that is silent for a look ends no outage
battery             after `battery_s` without a visit, to keep the battery for the next outage
low                 once no visit is open, and after `GRACE_S` whatever is open
==================  ==========================================================================

Shutting down is the operating system's: a command of the settings is run, once an outage.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from drivers.service.client import CommandFailed, ServiceClient, ServiceUnavailable
from kiosk.agent import events
from kiosk.audit import Event

GRACE_S = 60.0
"""Seconds a visit may take to end on a nearly empty battery: a submission and its slip."""
LOOK_S = 2.0
COMMAND_S = 30.0
STATUS_S = 2.0

log = structlog.get_logger()

Note = Callable[..., None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What to do when the power is out.

    Attributes:
        battery_s: seconds on battery without a visit before the terminal shuts down.
        command: the operating system's command; empty on a machine that must not be shut down.
    """

    battery_s: float
    command: tuple[str, ...] = ()


class Outage:
    """Follows the power; every method says what happened or is due, if anything."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._out_since: float | None = None
        self._low_since: float | None = None
        self._quiet_since = 0.0
        self._done = False

    def told(self, word: str, now: float, *, visits: int) -> Event | None:
        """Take the service's word: ``onLine``, ``onBattery``, ``lowBattery``; else not known."""
        was_out = self._out_since is not None
        if visits or not was_out:
            self._quiet_since = now
        if word == "onLine":
            self._out_since = self._low_since = None
            self._done = False
            return events.POWER_BACK if was_out else None
        if word == "lowBattery" and self._low_since is None:
            self._low_since = now
        if was_out or word not in {"onBattery", "lowBattery"}:
            return None
        self._out_since = now
        return events.POWER_LOST

    def due(self, now: float, *, visits: int) -> bool:
        """Say, once an outage, that the terminal has to shut down now."""
        if self._out_since is None or self._done:
            return False
        if self._low_since is not None:
            over = not visits or now - self._low_since >= GRACE_S
        else:
            over = not visits and now - self._quiet_since >= self._rules.battery_s
        self._done = over
        return over


class PowerWatch:
    """Asks the UPS's service every `LOOK_S` on a thread of its own; nothing where there is none."""

    def __init__(
        self, socket: Path, secret: str, rules: Rules, *, visits: Callable[[], int], note: Note
    ) -> None:
        """Take what is watched.

        Args:
            socket: of the service.
            secret: of the devices' role ``agent``.
            rules: what to do.
            visits: tells how many visits are open.
            note: takes an event and its fields for the log.
        """
        self._socket = socket
        self._client = ServiceClient(socket, "Ups", secret)
        self._rules = rules
        self._outage = Outage(rules)
        self._visits = visits
        self._note = note
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="power", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits for a look that has begun."""
        self._ending.set()
        self._client.close()
        if self._thread.is_alive():
            self._thread.join(STATUS_S + LOOK_S)

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            if self._socket.exists():
                self._look()

    def _look(self) -> None:
        word, visits, now = self._word(), self._visits(), time.monotonic()
        event = self._outage.told(word, now, visits=visits)
        if event is not None:
            self._note(event)
        if self._outage.due(now, visits=visits):
            self._note(events.POWER_OFF, power=word)
            shut_down(self._rules.command)

    def _word(self) -> str:
        try:
            status = self._client.call("Common.Status", None, STATUS_S).payload
        except (CommandFailed, ServiceUnavailable):
            return ""
        own = status.get("xUps")
        return str(own.get("power")) if isinstance(own, Mapping) else ""


def shut_down(command: Sequence[str]) -> None:
    """Run the operating system's command; there is nobody to tell of a failure, so it is logged."""
    if not command:
        log.warning("shut_down_not_set", setting="power.shutdown")
        return
    try:
        done = subprocess.run(command, check=False, timeout=COMMAND_S, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        log.error("shut_down_failed", problem=type(error).__name__)  # noqa: TRY400 - types only
    else:
        log.warning("shut_down_asked", status=done.returncode)
