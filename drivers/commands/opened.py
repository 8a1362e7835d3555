"""What the commands that open one device share: their options, and what a failure means."""

from __future__ import annotations

import argparse
from typing import Final

from drivers.errors import DeviceError, TransportLost
from drivers.trouble import Trouble

NO_PORT: Final = "Check the cable and the name of the port; only one program can have it."
NO_DEVICE: Final = "Switch the device off and on; if that does not help, call the vendor."


def add_port(parser: argparse.ArgumentParser, *names: str) -> None:
    """Add the option that names the port, and those every such command has."""
    parser.add_argument(*names, dest="port", required=True, help="path or URL of the port")
    parser.add_argument("--baudrate", type=int, default=115200)
    parser.add_argument("--json", action="store_true", help="one JSON line")


def device_trouble(error: DeviceError) -> Trouble:
    """Return what to tell a person whose device met this error."""
    lost = isinstance(error, TransportLost)
    return Trouble(str(error), NO_PORT if lost else NO_DEVICE)
