"""Trying the UPS: what it says of mains and battery; and, asked for twice, its battery itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.conditions import is_gone, of_device
from kiosk.maintenance.facts import Did, Payload
from kiosk.session.maintenance.bench import Bench, Gone

PART: Final = "ups"
TEST_S: Final = 40.0
"""A test takes ten seconds, at most twenty."""
_POWER: Final = {"onBattery": "battery", "lowBattery": "low", "onLine": ""}
_HEALTH: Final = {"fault": "fault", "chargerTrouble": "charger"}
_TESTED: Final = frozenset({"weak", "failed"})
"""Ends of a test that stand until another one passes."""


def look_at_power(bench: Bench) -> Did:
    """Say what the UPS tells of mains and battery; nothing is switched."""
    status = bench.look().devices.get(PART)
    if status is None:
        return _ill("silent")
    if is_gone(status):
        return _ill("gone")
    own = _own(status)
    why = _POWER.get(str(own.get("power")), "unknown") or _battery(own)
    if not why and of_device(PART, status):
        why = "silent"
    return _ill(why) if why else Did(well=True, told=_told(own), hint=text("upkeep.ups.well_hint"))


def _battery(own: Payload) -> str:
    """Return what is wrong with the battery while there are mains; empty: nothing that is known."""
    if why := _HEALTH.get(str(own.get("health"))):
        return why
    if own.get("tested") in _TESTED:
        return str(own["tested"])
    return "charging" if own.get("batteryLow") is True else ""


def try_battery(bench: Bench, number: int, say: Callable[[Text], None]) -> Did:
    """Have the load run on the battery for some seconds.

    Raises:
        Stopped: given up.
    """
    say(text("upkeep.ups.tests"))
    try:
        answer = bench.call((PART, number), "XUps.Test", {}, TEST_S)
    except Gone:
        return _ill("silent")
    match answer.error or answer.payload.get("result"):
        case "passed":
            return Did(well=True, told=text("upkeep.ups.passed"))
        case "weak" | "failed" | "interrupted" | "unfinished" | "notNow" | "notOffered" as why:
            return _ill(str(why))
    return look_at_power(bench) if answer.error != "timeOut" else _ill("silent")


def _told(own: Payload) -> Text:
    """Return how well it is, as far as this UPS says, with the figures that it tells."""
    figures = {
        name: own[key]
        for name, key in (("charge", "charge"), ("minutes", "minutesLeft"))
        if isinstance(own.get(key), int)
    }
    word = "well" if own.get("health") == "ok" else "untold"
    return text("_".join([f"upkeep.ups.{word}", *figures]), **figures)


def _own(status: Payload) -> Payload:
    own = status.get("xUps")
    return own if isinstance(own, Mapping) else {}


def _ill(why: str) -> Did:
    key = f"upkeep.ups.{why}"
    return Did(well=False, told=text(key), hint=text(f"{key}_hint"))
