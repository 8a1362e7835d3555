"""The text protocol of `upsd`, the server of Network UPS Tools, at port 3493. Pure.

::

    GET VAR <ups> <variable>   →  VAR <ups> <variable> "<value>"
                               →  ERR <word>

NUT is a program of its own that knows almost every UPS; we only ask its server, without logging in.
Lines end with LF; a quote or backslash in a value has a backslash before it.
Sources: NUT developer guide, "Network protocol information" (GET VAR, error words) and "NUT command
and variable naming scheme" (battery.runtime in seconds); `docs/new-drivers.txt` of NUT for the
words of `ups.status`; upsmon(8), "forced shutdown": FSD counts whatever stands beside it.

The receiver never raises, keeps at most `MAX_LINE` bytes, and gives the same lines however the
bytes are cut into pieces.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from drivers.ups.lines import ParsedLines
from drivers.ups.power import NOTHING, Health, Power, Reading

MAX_LINE = 1024
PORT = 3493

NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
"""What we take as the name of a UPS in NUT's own file."""


class Variable(enum.StrEnum):
    """What is asked of a UPS at each look."""

    STATUS = "ups.status"
    CHARGE = "battery.charge"
    RUNTIME = "battery.runtime"
    LOAD = "ups.load"


class Identity(enum.StrEnum):
    """What is asked once."""

    MAKER = "device.mfr"
    MODEL = "device.model"
    SERIAL = "device.serial"


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """The value of a variable."""

    variable: str
    value: str


class Refusal(enum.StrEnum):
    """Why there is no value."""

    VARIABLE = "VAR-NOT-SUPPORTED"
    """This UPS does not tell that: no trouble."""
    STALE = "DATA-STALE"
    """The driver of NUT lost the UPS."""
    DRIVER = "DRIVER-NOT-CONNECTED"
    """The driver of NUT does not run."""
    NAME = "UNKNOWN-UPS"
    """NUT has no UPS of that name: its file or ours is wrong."""
    ACCESS = "ACCESS-DENIED"
    OTHER = ""
    """A word that is not looked at on its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The server has no value."""

    why: Refusal


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no answer of the protocol, or longer than any."""


Line = Value | Refused | Unreadable

_VALUE = re.compile(r'VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"')
_ERROR = re.compile(r"ERR ([A-Z-]+)(?: .*)?")


def ask(name: str, variable: Variable | Identity) -> bytes:
    """Return the question for a variable of the UPS of that name."""
    return f"GET VAR {name} {variable}\n".encode("ascii")


class Receiver(ParsedLines[Line]):
    """The client's ear: bytes of the server become lines."""

    def __init__(self) -> None:
        super().__init__(parse, Unreadable(), MAX_LINE)


def parse(line: bytes) -> Line:
    """Read one line without its end."""
    text = line.decode("utf-8", errors="replace").strip()
    if found := _VALUE.fullmatch(text):
        return Value(variable=found[2], value=re.sub(r"\\(.)", r"\1", found[3]))
    if found := _ERROR.fullmatch(text):
        known = {refusal.value for refusal in Refusal}
        return Refused(why=Refusal(found[1]) if found[1] in known else Refusal.OTHER)
    return Unreadable()


def reading(values: Mapping[str, str], low_minutes: float = 0.0) -> Reading:
    """Return what the variables mean.

    Args:
        values: What the server told, by variable.
        low_minutes: Fewer minutes than this on battery count as a low battery too.
    """
    words = set(values.get(Variable.STATUS, "").split())
    if not words & {"OL", "OB", "FSD"}:
        return NOTHING
    minutes = _number(values.get(Variable.RUNTIME))
    minutes = None if minutes is None else minutes / 60
    short = minutes is not None and minutes < low_minutes
    power = Power.ON_LINE
    if "FSD" in words or ("OB" in words and ("LB" in words or short)):
        power = Power.LOW_BATTERY
    elif "OB" in words:
        power = Power.ON_BATTERY
    return Reading(
        power=power,
        health=_health(words),
        battery_low="LB" in words,
        minutes_left=minutes,
        charge=_number(values.get(Variable.CHARGE)),
        load=_number(values.get(Variable.LOAD)),
    )


def _health(words: set[str]) -> Health:
    """Return what OFF, BYPASS, OVER, RB, LB and ALARM say of the UPS itself."""
    if words & {"OFF", "BYPASS", "OVER", "ALARM"}:
        return Health.FAULT
    weak = "RB" in words or ("LB" in words and "OL" in words and "CHRG" not in words)
    return Health.CHARGER_TROUBLE if weak else Health.OK


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
