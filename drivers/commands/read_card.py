"""``kiosk-devices read-card``: read one identity card of any kind."""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.commands.opened import NO_DEVICE, NO_PORT
from drivers.errors import (
    DeviceError,
    DeviceFailed,
    DeviceGarbled,
    DeviceSilent,
    TransportLost,
)
from drivers.trouble import Trouble

if TYPE_CHECKING:
    from drivers.id_reader.outcomes import CardReading

HELP: Final = "read one identity card"

_NAMES: Final[dict[type[DeviceError], str]] = {
    TransportLost: "noDevice",
    DeviceSilent: "noAnswer",
    DeviceGarbled: "garbled",
    DeviceFailed: "readerFailed",
}
_CARD_HELP: Final = {
    "noCard": "Lay the card flat on the reader.",
    "cardRemoved": "Leave the card on the reader until it is read.",
    "cardUnreadable": "Lift the card, turn it over, lay it down again.",
    "cardUnsupported": "Use a resident identity card or a permit of the same form.",
    "authenticationFailed": "Lift the card and lay it down again.",
}


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    parser.add_argument(
        "--port", required=True, help="path of the serial line, or socket://host:port"
    )
    parser.add_argument("--baudrate", type=int, help="its speed; found by itself when not given")
    parser.add_argument(
        "--timeout", "--wait", type=_seconds, default=30.0, help="seconds to wait for a card"
    )
    parser.add_argument("--photo", type=Path, help="write the photo block, undecoded, here")
    parser.add_argument("--json", action="store_true", help="one JSON line")


def run(options: argparse.Namespace) -> int:
    """Print the card."""
    from standards.charset import printable

    reading, sam_id = _read(options.port, options.baudrate, options.timeout)
    if options.photo is not None:
        _keep(options.photo, reading.photo)
    person = _record(reading, sam_id)
    if options.json:
        print(json.dumps(person, ensure_ascii=False))
    else:
        for key, value in person.items():
            print(f"{key:12} {'' if value is None else printable(str(value))}")
    return 0


def _record(reading: CardReading, sam_id: str) -> dict[str, object]:
    from drivers.id_reader.checks import checks
    from drivers.id_reader.record import person_record

    return {
        **person_record(reading),
        "photo_bytes": len(reading.photo),
        "sam_id": sam_id,
        "checks": checks(reading.card),
    }


def _read(port: str, baudrate: int | None, wait_s: float) -> tuple[CardReading, str]:
    """Read one card; return it and the serial of the reader.

    Raises:
        Trouble: there was no card, or no reader.
    """
    from drivers.id_reader.card import CardKind
    from drivers.id_reader.device import Latched, ReaderOptions
    from drivers.id_reader.outcomes import ReadFailure
    from drivers.id_reader.probing import open_reader

    usage = ReaderOptions(kinds=frozenset(CardKind), latched=Latched.READ)
    try:
        opened = open_reader(port, usage, baudrate=baudrate, patience_s=wait_s)
        with opened.transport:
            reading = opened.reader.read(time.monotonic() + wait_s)
    except DeviceError as error:
        raise _trouble(error) from error
    if isinstance(reading, ReadFailure):
        advice = _CARD_HELP.get(reading.problem, NO_DEVICE)
        detail = f" ({reading.detail})" if reading.detail else ""
        raise Trouble(reading.problem.value, advice + detail)
    return reading, opened.identity.sam_id


def _trouble(error: DeviceError) -> Trouble:
    """Return the named outcome of a device error; its own words go into the help."""
    name = next((name for kind, name in _NAMES.items() if isinstance(error, kind)), "readerFailed")
    advice = NO_PORT if isinstance(error, TransportLost) else NO_DEVICE
    return Trouble(name, f"{advice} ({error})")


def _keep(path: Path, photo: bytes) -> None:
    try:
        path.write_bytes(photo)
    except OSError as error:
        raise Trouble("photoNotWritten", f"Choose another file for --photo. ({error})") from error


def _seconds(text: str) -> float:
    """Read a number of seconds; argparse turns the error into words."""
    value = float(text)
    if not (math.isfinite(value) and value >= 0):
        raise ValueError
    return value
