"""From what services, the outbox and the doctor say to conditions: words the list of faults knows.

Pure.  The statuses are those of the standard (XFS4IoT, ``Common.Status``) with our extensions;
their words are in `drivers.service.interfaces`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kiosk.maintenance.faults import Condition
from kiosk.translation.size import size

Payload = Mapping[str, object]

_GONE: Final = frozenset({"noDevice", "powerOff"})
_FRAUD: Final = frozenset({"fraudAttempt", "potentialFraud"})
_FINE: Final = frozenset({"online", "deviceBusy", "starting"})
_SUPPLY: Final = frozenset({"low", "out", "jammed"})
_TONER: Final = {"low": "toner_low", "out": "toner_out"}
_POWER: Final = {"onBattery": "battery", "lowBattery": "battery_low"}
LATE_S: Final = 24 * 3600
"""From which on a submission has waited too long."""
_LOOKS: Final = frozenset({"untrusted", "stale", "no_room"})
"""Ends of a look for a release that somebody has to see to; a line that is down mends itself."""
_STAGES: Final = frozenset({"refused", "rolled_back"})
_UNREACHABLE: Final = frozenset({"lookup", "silent", "unreachable", "insecure"})
"""Cases of the doctor's look at the intake that are one fault to staff: look at the line."""


def of_device(subject: str, status: Payload | None) -> tuple[Condition, ...]:
    """Return what a device's status says is wrong; ``None`` is a service that does not answer."""
    words = ("gone",) if status is None else tuple(_words(status))
    return tuple(Condition(subject=subject, word=word) for word in words)


def is_gone(status: Payload) -> bool:
    """Say whether a status is that of a device that is not plugged in, or has no power."""
    return _at(status, "common", "device") in _GONE


def of_finding(check: str, case: str, values: Mapping[str, str | int]) -> Condition:
    """Return a finding of the doctor as a condition."""
    word = "unreachable" if check == "intake" and case in _UNREACHABLE else case
    return Condition(subject=check, word=word, values=values)


def _words(status: Payload) -> Iterator[str]:
    device = _at(status, "common", "device")
    receipt = _at(status, "xReceipt")
    said = receipt if isinstance(receipt, Mapping) else {}
    if said.get("cover") == "open":
        yield "open"
    elif device in _GONE:
        yield "gone"
    elif device in _FRAUD:
        yield "fraud"
    elif device == "userError":
        yield "open"
    elif device not in _FINE or _at(status, "barcodeReader", "scanner") == "inoperative":
        yield "failed"
    if said.get("head") == "hot":
        yield "hot"
    yield from _supplies(status)
    yield from _cabinet(status)


def _supplies(status: Payload) -> Iterator[str]:
    paper = str(_at(status, "printer", "paper", "upper"))
    if paper in _SUPPLY:
        yield paper
    toner = str(_at(status, "printer", "toner"))
    if toner in _TONER:
        yield _TONER[toner]


def _cabinet(status: Payload) -> Iterator[str]:
    power = str(_at(status, "xUps", "power"))
    if power in _POWER:
        yield _POWER[power]
    if _at(status, "xUps", "health") in {"fault", "chargerTrouble"}:
        yield "failed"
    sensors = _at(status, "auxiliaries")
    if not isinstance(sensors, Mapping):
        return
    doors = {word for sensor, word in sensors.items() if str(sensor).endswith("Door")}
    if "tampered" in doors or sensors.get("tamperSensor") == "on":
        yield "tampered"
    elif "open" in doors:
        yield "door_open"


def _at(payload: Payload, *path: str) -> object:
    value: object = payload
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def of_disk(free: int | None, needed: int, *, read_only: bool) -> tuple[Condition, ...]:
    """Return what is wrong with the disk; ``free`` and ``needed`` in bytes, none: it is gone."""
    if free is None:
        word = "gone"
    elif read_only:
        word = "read_only"
    else:
        word = "full" if free < needed else "low" if free < 2 * needed else ""
    values = {"free": size(free or 0), "needed": size(needed)}
    return (Condition(subject="disk", word=word, values=values),) if word else ()


def of_outbox(*, refused: int, waiting: int, oldest_s: float) -> Iterator[Condition]:
    """Return what is wrong with what waits for the intake."""
    if refused:
        yield Condition(subject="outbox", word="refused", values={"count": refused})
    if oldest_s > LATE_S:
        values = {"count": waiting, "hours": int(oldest_s) // 3600}
        yield Condition(subject="outbox", word="late", values=values)


def of_files(names: Iterable[str]) -> Iterator[Condition]:
    """Return damaged files of maintenance mode as conditions."""
    for name in names:
        yield Condition(subject="upkeep", word=name)


def of_release(look: str, stage: str) -> Iterator[Condition]:
    """Return what is wrong with updates: how the last look ended, how far the newest is."""
    word = look.removeprefix("release.")
    if look != word and word in _LOOKS:
        yield Condition(subject="release", word=word)
    if stage in _STAGES:
        yield Condition(subject="release", word=stage)
