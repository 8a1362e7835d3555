"""What the doctor of the devices says; it is asked by command, since devices are another house."""

from __future__ import annotations

import json
import sys

from kiosk.doctor.finding import Finding, attention, broken, ok, unknown
from kiosk.doctor.place import Place
from kiosk.doctor.units import Ask, NoAnswer, run

_NEEDED = frozenset({"host", "id-reader"})
"""Without these nobody can finish anything here."""


def devices(place: Place, ask: Ask | None = None) -> tuple[Finding, ...]:
    """Ask ``kiosk-devices doctor`` about every device of the file of ports."""
    if place.devices is None:
        return (unknown("devices", "no_file"),)
    command = [sys.executable, "-m", "drivers", "doctor", "--json", "--config", str(place.devices)]
    if place.device_secrets is not None:  # a host that runs has the devices, and is asked itself
        command += ["--secrets", str(place.device_secrets)]
    try:
        said = json.loads((ask or run)(command))
        found = [(one["device"], one["problem"], one["next"]) for one in said["findings"]]
        bound = ", ".join(f"{one['device']} ({one['port']})" for one in said["devices"])
    except (NoAnswer, ValueError, LookupError, TypeError) as error:
        return (broken("devices", "silent", problem=type(error).__name__),)
    if not found:
        return (ok("devices", count=len(said["devices"]), bound=bound),)
    return tuple(_finding(*one) for one in found)


def _finding(device: str, problem: str, step: str) -> Finding:
    tell = broken if device in _NEEDED else attention
    return tell("devices", "wrong", device=device, problem=problem, step=step)
