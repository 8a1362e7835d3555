"""The code scanner: the standard's BarcodeReader, whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import BAUDRATE, PROFILE, Rule, number, port, word

READ = "BarcodeReader.Read"
RESET = "BarcodeReader.Reset"
BARCODE_INVALID = "barcodeInvalid"
"""``errorCode`` of a code that was seen and cannot be given, such as one that is too long."""

UNKNOWN_SYMBOLOGY = "symbologyUnknown"


class Scanner(StrEnum):
    """State of the scanner (``barcodeReader.scanner``)."""

    ON = "on"
    """Armed: a command is waiting for a code."""
    OFF = "off"
    """Not armed; whatever is shown is thrown away."""
    INOPERATIVE = "inoperative"
    UNKNOWN = "unknown"


def status(scanner: Scanner) -> dict[str, object]:
    """Return the interface part of the status."""
    return {"barcodeReader": {"scanner": scanner}}


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities; the modules cannot filter on command.

    The kinds are those every profile turns on. Whether a module says which of them it read is told
    by ``symbology`` of each code: modules that do not say give ``symbologyUnknown``.
    """
    return {
        "barcodeReader": {
            "canFilterSymbologies": False,
            "symbologies": {"qrCode": True, "code128": True, "pdf417": True},
        }
    }


_HID: Final = "hid-(keyboard|pos):"
"""What stands before the path of a HID module; see `drivers.scanner.opening`."""


def _port(value: object) -> str | None:
    """Take a port that keeps its name, with or without the word for a HID module before it."""
    return port(re.sub(f"^{_HID}", "", value) if isinstance(value, str) else value)


_PORT: Final = Rule(
    problem=_port,
    schema={
        "type": "string",
        "not": {"pattern": f"^({_HID})?(/dev/(tty(USB|ACM)|hidraw|input/event)[0-9]+)?$"},
    },
)


def _check_read(payload: Payload) -> str | None:
    wanted = payload.get("symbologies")
    if wanted is not None and not isinstance(wanted, Mapping):
        return "symbologies is not an object"
    return None


BARCODE_READER = ServiceSpec(
    service="Scanner",
    device="scanner",
    interfaces=(
        InterfaceSpec(
            name="BarcodeReader",
            commands=(
                CommandSpec(name=READ, check=_check_read),
                CommandSpec(name=RESET, answer_version="2.0"),
            ),
        ),
        *TRACED,
    ),
    unknown=status(Scanner.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.scanner:ScannerAdapter",
    options={
        "port": _PORT,
        "baudrate": BAUDRATE,
        "profile": PROFILE,
        "framing": word("suffix|suffix-only|gap"),
        "gap_s": number(0.01, 2.0),
    },
)
