"""Contacts of an I/O board become the standard's words, once they are steady. Pure.

A contact bounces when a door closes, and a presence sensor flickers at the edge of its field.  A
sensor's word is told when it was the same for the sensor's own time; the first word is told at
once, for nothing was told before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

OPERATOR_SWITCH, TAMPER, PROXIMITY = "operatorSwitch", "tamperSensor", "proximitySensor"

_ON_OFF = frozenset({"on", "off"})
_DOOR = frozenset({"closed", "open", "locked", "bolted", "tampered"})
_PRESENCE = frozenset({"present", "notPresent"})

WORDS: Mapping[str, frozenset[str]] = {
    OPERATOR_SWITCH: frozenset({"run", "maintenance", "supervisor"}),
    TAMPER: _ON_OFF,
    "internalTamperSensor": _ON_OFF,
    "seismicSensor": _ON_OFF,
    "heatSensor": _ON_OFF,
    PROXIMITY: _PRESENCE,
    "bootSwitchSensor": _ON_OFF,
    "operatorCallButtonSensor": _ON_OFF,
    "handsetSensor": frozenset({"onTheHook", "offTheHook"}),
    "enhancedAudioSensor": _PRESENCE,
    "headsetMicrophoneSensor": _PRESENCE,
    "safeDoor": _DOOR,
    "cabinetFrontDoor": _DOOR,
    "cabinetRearDoor": _DOOR,
    "cabinetLeftDoor": _DOOR,
    "cabinetRightDoor": _DOOR,
}
"""Sensors a contact can stand for, and their words: Auxiliaries.Status of XFS4IoT (CWA 17852)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sensor:
    """One sensor: the first input of `when` that is on gives its word, else `otherwise`.

    Wire it so that a cut cable reads as the bad word: a closed door closes its contact.
    """

    name: str
    when: Mapping[int, str]
    otherwise: str
    steady_s: float = 0.2

    def word(self, inputs: Sequence[bool]) -> str:
        """Return the word for the contacts as they are."""
        lit = (word for number, word in self.when.items() if inputs[number])
        return next(lit, self.otherwise)


@dataclass(kw_only=True, slots=True)
class _Seen:
    told: str
    latest: str
    since: float


@dataclass(kw_only=True, slots=True)
class Watch:
    """The steady words of all sensors of a board."""

    sensors: Sequence[Sensor]
    _seen: dict[str, _Seen] = field(default_factory=dict)

    def look(self, inputs: Sequence[bool], now: float) -> dict[str, str]:
        """Take the contacts at an instant (seconds); return every sensor's steady word."""
        return {sensor.name: self._word(sensor, inputs, now) for sensor in self.sensors}

    def _word(self, sensor: Sensor, inputs: Sequence[bool], now: float) -> str:
        word = sensor.word(inputs)
        seen = self._seen.setdefault(sensor.name, _Seen(told=word, latest=word, since=now))
        if word != seen.latest:
            seen.latest, seen.since = word, now
        if now - seen.since >= sensor.steady_s:
            seen.told = seen.latest
        return seen.told
