"""The services of systemd: do they run, how often did they fall, are their walls up."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence

from kiosk.doctor.finding import Finding, attention, broken, ok, unknown

UNITS = ("kiosk-display", "kiosk-devices", "kiosk-agent", "kiosk-shell")
TIMERS = (
    *("kiosk-doctor.timer", "kiosk-renew.timer", "kiosk-release.timer"),
    *("kiosk-release.path", "kiosk-software.path"),
)
"""What looks, renews and updates by itself; citizens do not miss it at once."""
WALLS: Mapping[str, float] = {"kiosk-shell": 1.0, "kiosk-devices": 1.0, "kiosk-agent": 1.5}
"""The exposure that ``systemd-analyze security`` may find at most, 0 to 10."""
MANY = 3
"""Restarts since the start of the machine."""
TIME_LIMIT = 20.0
_PROPERTIES = "LoadState,ActiveState,NRestarts"

_LEVEL = re.compile(r"exposure level for \S+: ([0-9.]+)")

Ask = Callable[[Sequence[str]], str]


class NoAnswer(Exception):
    """The command is not there, or did not answer in time."""


def units(ask: Ask | None = None) -> tuple[Finding, ...]:
    """Look at every service; ``ask`` runs a command and returns its output.

    A desk without installed services is one finding.
    """
    ask = ask or run
    try:
        states = {name: _state(ask, name) for name in UNITS}
    except NoAnswer:
        return (unknown("units", "no_systemd"),)
    if all(state.get("LoadState") != "loaded" for state in states.values()):
        return (unknown("units", "not_installed"),)
    found = [_judged(name, state) for name, state in states.items()]
    found += [_resting(ask, name) for name in TIMERS]
    bad = tuple(one for one in found if one is not None)
    return (*(bad or (ok("units", count=len(UNITS)),)), *_walls(ask))


def time_service(ask: Ask | None = None) -> Finding:
    """Ask whether anything keeps the clock right, which matters when no intake can be asked."""
    try:
        said = (ask or run)(("timedatectl", "show", "--property=NTP,NTPSynchronized"))
    except NoAnswer:
        return unknown("time_service", "nothing")
    told = _pairs(said)
    if told.get("NTPSynchronized") == "yes":
        return ok("time_service")
    if not told:
        return unknown("time_service", "nothing")
    return attention("time_service", "waiting" if told.get("NTP") == "yes" else "off")


def _resting(ask: Ask, name: str) -> Finding | None:
    """Tell of a timer that nobody started."""
    state = _pairs(ask(("systemctl", "show", "--property=ActiveState", name)))
    return None if state.get("ActiveState") == "active" else attention("units", "idle", unit=name)


def _judged(name: str, state: Mapping[str, str]) -> Finding | None:
    if state.get("LoadState") != "loaded":
        return broken("units", "missing", unit=name)
    if state.get("ActiveState") != "active":
        return broken("units", "down", unit=name)
    restarts = int(state.get("NRestarts") or 0)
    return attention("units", "falls", unit=name, count=restarts) if restarts >= MANY else None


def _walls(ask: Ask) -> tuple[Finding, ...]:
    try:
        scores = {name: _exposure(ask, name) for name in WALLS}
    except NoAnswer:
        return (unknown("walls", "nothing"),)
    bad = tuple(
        attention("walls", "low", unit=name, score=str(score), limit=str(WALLS[name]))
        for name, score in scores.items()
        if score > WALLS[name]
    )
    return bad or (ok("walls"),)


def _state(ask: Ask, name: str) -> dict[str, str]:
    said = ask(("systemctl", "show", f"--property={_PROPERTIES}", f"{name}.service"))
    return _pairs(said)


def _pairs(said: str) -> dict[str, str]:
    return {key: value for key, _, value in (line.partition("=") for line in said.splitlines())}


def _exposure(ask: Ask, name: str) -> float:
    said = ask(("systemd-analyze", "security", "--no-pager", f"{name}.service"))
    found = _LEVEL.search(said)
    if found is None:
        raise NoAnswer(name)
    return float(found[1])


def run(command: Sequence[str]) -> str:
    """Return what a command prints.

    Raises:
        NoAnswer: it is not there, or did not answer in time.
    """
    if shutil.which(command[0]) is None:
        raise NoAnswer(command[0])
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=TIME_LIMIT
        )
    except subprocess.TimeoutExpired as error:
        raise NoAnswer(command[0]) from error
    return done.stdout
