"""What the commands that open one device share: their options, and what a failure means."""

from __future__ import annotations

import argparse
from typing import Final

from drivers.errors import (
    DeviceError,
    DeviceFailed,
    DeviceGarbled,
    DeviceSilent,
    TransportLost,
    TransportStalled,
)
from drivers.trouble import Trouble

NO_PORT: Final = "Check the cable and the name of the port; only one program can have it."
NO_DEVICE: Final = "Switch the device off and on; if that does not help, call the vendor."


def add_port(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add the option that names the port, and those every such command has."""
    parser.add_argument(*names, dest="port", required=True, help="path or URL of the port")
    parser.add_argument("--baudrate", type=int, default=115200)
    parser.add_argument("--json", action="store_true", help="one JSON line")


_OUTCOMES: Final[tuple[tuple[type[DeviceError], str, str], ...]] = (
    (TransportStalled, "stalled", "It takes no bytes: switch it on, look for paper and covers."),
    (TransportLost, "noDevice", NO_PORT),
    (DeviceSilent, "noAnswer", "Is it this port, speed and profile? Else switch it off and on."),
    (DeviceGarbled, "garbled", "Another device or speed answers, or the cable echoes: check them."),
    (DeviceFailed, "deviceFailed", NO_DEVICE),
)
"""The named outcome of each device error, and what to do; the first that fits."""


def device_trouble(error: DeviceError) -> Trouble:
    """Return the named outcome of a device error; its own words go into the help."""
    for kind, name, advice in _OUTCOMES:
        if isinstance(error, kind):
            return Trouble(name, f"{advice} ({error})")
    return Trouble("deviceFailed", f"{NO_DEVICE} ({error})")
