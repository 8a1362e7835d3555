"""``kiosk-devices scan``: read one code."""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import time
from typing import Final

from drivers.commands.opened import add_port, device_trouble
from drivers.trouble import Trouble

HELP: Final = "read one code"

_HOLD: Final = "Hold the code in the light."
_HELP_FOR: Final = {
    "tooLong": "This code is longer than any we take.",
    "garbled": "Check the cable and the baud rate; try another code.",
}
"""What to do about a value of `drivers.scanner.device.ScanProblem`."""


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    add_port(parser, "--port")
    parser.add_argument("--profile", default="newland", help="newland, honeywell, zebra or another")
    parser.add_argument(
        "--timeout", "--wait", type=float, default=30.0, help="seconds to wait for a code"
    )


def run(options: argparse.Namespace) -> int:
    """Print the code."""
    code = _scan(options.port, options.profile, options.baudrate, options.timeout)
    if options.json:
        print(json.dumps(code, ensure_ascii=False))
    else:
        print(code["text"] or f"no text; base64: {code['base64']}")
    return 0


def _scan(port: str, profile_name: str, baudrate: int, wait_s: float) -> dict[str, str]:
    """Read one code: text (printable characters only), character set, bytes (base64) and kind.

    Raises:
        Trouble: there was no code, no scanner, or no such profile.
    """
    from drivers.errors import DeviceError
    from drivers.scanner import profiles
    from drivers.scanner.device import Scan
    from drivers.scanner.opening import open_line, scanner_on

    try:
        profile = profiles.load(profile_name)
        with contextlib.closing(open_line(port, baudrate=baudrate)) as line:
            scanner = scanner_on(line, port, profile)
            scanner.identify()
            outcome = scanner.scan(time.monotonic() + wait_s)
    except profiles.ProfileError as error:
        raise Trouble(str(error), "Name a profile of config/devices, or mend the file.") from error
    except DeviceError as error:
        raise device_trouble(error) from error
    if not isinstance(outcome, Scan):
        raise Trouble(outcome.problem.value, _HELP_FOR.get(outcome.problem.value, _HOLD))
    return _described(outcome.payload, outcome.symbology)


def _described(payload: bytes, symbology: str) -> dict[str, str]:
    """Return what a code holds; text that is in no character set we know is empty."""
    from standards.charset import decode_payload, printable
    from standards.errors import CharsetError

    try:
        text, charset = decode_payload(payload)
    except CharsetError:
        text, charset = "", "none"
    data = base64.b64encode(payload).decode("ascii")
    return {"text": printable(text), "charset": charset, "base64": data, "symbology": symbology}
