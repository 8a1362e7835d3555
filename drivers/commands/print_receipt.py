"""``kiosk-devices print``: print one receipt."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drivers.commands.opened import add_port, device_trouble, print_help, print_in_words
from drivers.trouble import Trouble

if TYPE_CHECKING:
    from drivers.printer.profiles import Profile
    from drivers.printer.receipt import Receipt

HELP: Final = "print one receipt"


def add(parser: argparse.ArgumentParser) -> None:
    """Add its options."""
    add_port(parser, "--to", "--port")
    parser.add_argument("--profile", help="model of the printer: config/devices/printer-NAME.yaml")
    parser.add_argument("--receipt", type=Path, required=True, help="title and lines, JSON")


def run(options: argparse.Namespace) -> int:
    """Print, and say what became of it; the exit code is 0 only for a confirmed slip.

    The line is ``{"printed", "confirmed_by", "status", "bytes"}``: whether it was printed (true,
    false, "unknown"), by which proof, the printer's own words about itself, and how many bytes of
    the slip went out; with ``error`` and ``help`` where it was not printed for certain.
    """
    slip, profile = _read(options.receipt, options.profile)
    try:
        answer = _print(options.port, options.baudrate, profile, slip)
    except Trouble as trouble:
        if not options.json:
            raise
        answer = _nothing() | {"error": str(trouble), "help": trouble.help}
    print(json.dumps(answer, ensure_ascii=False) if options.json else print_in_words(answer))
    return 0 if answer["printed"] is True else 1


def _read(file: Path, profile: str | None) -> tuple[Receipt, Profile]:
    """Return the slip in a JSON file and the named profile.

    Raises:
        Trouble: there is no such receipt or profile.
    """
    from drivers.printer import receipt
    from drivers.printer.profiles import CONFIG_DIR, ProfileError, named_profile

    try:
        model = named_profile(profile)
    except ProfileError as error:  # it names its own file
        raise Trouble(str(error), f"Name a profile in {CONFIG_DIR}, or mend that file.") from error
    try:
        return receipt.parse(json.loads(file.read_text(encoding="utf-8"))), model
    except (OSError, ValueError, RecursionError) as error:  # ours are ValueErrors
        raise Trouble(f"{file}: {error}", "Mend what is named and print again.") from error


def _print(port: str, baudrate: int, profile: Profile, slip: Receipt) -> dict[str, object]:
    """Print the slip and return what became of it.

    Raises:
        Trouble: there is no such printer.
    """
    from drivers.errors import DeviceError
    from drivers.printer.device import ReceiptPrinter
    from drivers.printer.result import PRINT_S
    from drivers.transport import Transport

    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            printer = ReceiptPrinter(transport, profile, baudrate=baudrate)
            result = printer.print_receipt(slip, time.monotonic() + PRINT_S)
    except DeviceError as error:
        raise device_trouble(error) from error
    answer: dict[str, object] = {
        "printed": result.printed,
        "confirmed_by": result.confirmed_by,
        "status": result.status.words(),
        "bytes": result.bytes_sent,
    }
    if why := result.error_code:
        answer |= {"error": why, "help": print_help(why)}
    return answer


def _nothing() -> dict[str, object]:
    from drivers.printer.signs import PrinterStatus

    words = PrinterStatus().words()
    return {"printed": False, "confirmed_by": "none", "status": words, "bytes": 0}
