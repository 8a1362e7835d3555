"""``kiosk-devices print``: print one receipt."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Final

from drivers.commands.opened import add_port, device_trouble
from drivers.trouble import Trouble

HELP: Final = "print one receipt"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    add_port(parser, "--to", "--port")
    parser.add_argument("--profile", help="model of the printer")
    parser.add_argument("--receipt", type=Path, required=True, help="title and lines, JSON")


def run(options: argparse.Namespace) -> int:
    """Print, and say what became of it; the exit code is 0 only for a confirmed slip."""
    answer = _print(options.port, options.baudrate, options.profile, options.receipt)
    print(json.dumps(answer, ensure_ascii=False) if options.json else _in_words(answer))
    return 0 if answer["printed"] is True else 1


def _print(port: str, baudrate: int, profile: str | None, file: Path) -> dict[str, object]:
    """Print the receipt in a JSON file and return what became of it, as `XReceipt.Print` does.

    Raises:
        Trouble: there is no such receipt, profile or printer.
    """
    from drivers.errors import DeviceError
    from drivers.printer import receipt
    from drivers.printer.device import ReceiptPrinter
    from drivers.service.adapters.receipt_printer import PRINT_S, named_profile, result_payload
    from drivers.transport import Transport

    try:
        slip = receipt.parse(json.loads(file.read_text(encoding="utf-8")))
        chosen = named_profile(profile)
    except (OSError, ValueError) as error:  # ReceiptError and ProfileError are ValueErrors
        raise Trouble(f"{file}: {error}", "Mend what is named and print again.") from error
    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            printer = ReceiptPrinter(transport, chosen)
            result = printer.print_receipt(slip, time.monotonic() + PRINT_S)
    except DeviceError as error:
        raise device_trouble(error) from error
    return result_payload(result)


def _in_words(answer: dict[str, object]) -> str:
    """Return the answer of a print in plain words."""
    words = "printed" if answer["printed"] is True else "not printed"
    if answer["printed"] == "unknown":
        words = "perhaps printed: look at the printer"
    detail = answer.get("errorCode") or answer["confirmedBy"]
    return f"{words} ({detail})"
