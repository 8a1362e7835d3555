"""``kiosk-devices scan``: read one code."""

from __future__ import annotations

import argparse
import base64
import json
import time
from typing import Final

from drivers.commands.opened import add_port, device_trouble
from drivers.trouble import Trouble

HELP: Final = "read one code"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    add_port(parser, "--port")
    parser.add_argument(
        "--timeout", "--wait", type=float, default=30.0, help="seconds to wait for a code"
    )


def run(options: argparse.Namespace) -> int:
    """Print the code."""
    code = _scan(options.port, options.baudrate, options.timeout)
    print(json.dumps(code, ensure_ascii=False) if options.json else code["text"])
    return 0


def _scan(port: str, baudrate: int, wait_s: float) -> dict[str, str]:
    """Read one code: its text (printable characters only), character set and bytes (base64).

    Raises:
        Trouble: there was no code, or no scanner.
    """
    from drivers.errors import DeviceError
    from drivers.scanner.device import Scan, Scanner, ScanProblem
    from drivers.transport import Transport
    from standards.charset import decode_payload, printable
    from standards.errors import CharsetError

    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            scanner = Scanner(transport)
            scanner.identify()
            outcome = scanner.scan(time.monotonic() + wait_s)
    except DeviceError as error:
        raise device_trouble(error) from error
    if not isinstance(outcome, Scan):
        too_long = outcome.problem is ScanProblem.TOO_LONG
        raise Trouble(
            outcome.problem.value,
            "This code is longer than any we take." if too_long else "Hold the code in the light.",
        )
    try:
        text, charset = decode_payload(outcome.payload)
    except CharsetError:
        text, charset = "", "none"
    data = base64.b64encode(outcome.payload).decode("ascii")
    return {"text": printable(text), "charset": charset, "base64": data}
