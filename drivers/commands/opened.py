"""What the commands that open one device share: their options, and what a failure means."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
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


_PRINT_HELP: Final = {
    "paperOut": "Put in paper.",
    "paperJammed": "Take out the paper that is stuck.",
    "coverOpen": "Close the cover.",
    "cutterError": "Open the cover, free the knife, close it.",
    "overheated": "Let the head cool for some minutes.",
    "exitBlocked": "Take the paper out of the exit.",
    "tonerOut": "Put in toner.",
    "offline": "See that it is switched on, connected and on line.",
    "stalled": "It takes no bytes: look for paper and covers, switch it on.",
    "noAnswer": "Does a printer of this profile stand at this port and speed?",
    "terminalError": "This terminal lacks something: install the software again.",
}
_LOOK_AT_IT: Final = "Look at the printer, mend what it shows, and print again."


def print_help(error: str) -> str:
    """Return what to do about a print that ended with this error."""
    return _PRINT_HELP.get(error, _LOOK_AT_IT)


def print_in_words(answer: Mapping[str, object]) -> str:
    """Return the answer of a print in plain words, with what to do where it failed."""
    words = "printed" if answer["printed"] is True else "not printed"
    if answer["printed"] == "unknown":
        words = "perhaps printed: look at the printer"
    line = f"{words} ({answer.get('error') or answer['confirmed_by']})"
    return f"{line}\n{answer['help']}" if "help" in answer else line


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
