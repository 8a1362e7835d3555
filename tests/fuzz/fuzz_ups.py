"""Bytes of a UPS or of a NUT server: named lines and readings, in bounded memory."""

from __future__ import annotations

from typing import Final

from drivers.ups import megatec, nut
from drivers.ups.power import ENOUGH, Judge, Reading

SEEDS: Final = [
    b"(220.5 140.0 220.4 034 49.9 27.0 25.0 00001001\r",
    b"#220.0 003 24.00 50.0\r",
    b"#Company         Model      Version   \r",
    b'VAR kiosk ups.status "OB LB"\n',
    b'VAR kiosk battery.runtime "120"\n',
    b"ERR DATA-STALE\n",
]


def one_input(data: bytes) -> None:
    """Feed both receivers; count what they make of it."""
    judge, readings = Judge(), [*_megatec(data), *_nut(data)]
    for number, reading in enumerate(readings):
        before = judge.state.reading.power
        after = judge.take(reading, number).reading.power
        last = readings[max(0, number + 1 - ENOUGH) : number + 1]
        if after is not before and [one.power for one in last] != [after] * ENOUGH:
            raise AssertionError("one reading changed the power")


def _megatec(data: bytes) -> list[Reading]:
    receiver = megatec.Receiver()
    lines = [line for at in range(0, len(data), 3) for line in receiver.receive(data[at : at + 3])]
    if lines != megatec.Receiver().receive(data):
        raise AssertionError("the lines depend on the pieces")
    if receiver.kept > megatec.MAX_LINE:
        raise AssertionError("the buffer grows")
    return [megatec.reading(line) for line in lines if isinstance(line, megatec.Status)]


def _nut(data: bytes) -> list[Reading]:
    receiver = nut.Receiver()
    values: dict[str, str] = {}
    readings = []
    for line in receiver.receive(data):
        if isinstance(line, nut.Value):
            values[line.variable] = line.value
            readings.append(nut.reading(values, low_minutes=3))
    return readings
