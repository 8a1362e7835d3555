"""One device, once, by hand: what `kiosk-devices read-card`, `scan` and `print` do.

The device is opened here and now, so these do not work beside a running host, which has the ports.
Expected failures become `Trouble`, with what to do next.
"""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path

from drivers.errors import DeviceError, TransportLost
from drivers.id_reader.device import CardProblem, IdReader, ReadFailure
from drivers.printer import receipt
from drivers.printer.device import ReceiptPrinter
from drivers.scanner.device import Scan, Scanner, ScanProblem
from drivers.service.adapters.id_reader import card_payload
from drivers.service.adapters.receipt_printer import PRINT_S, named_profile, result_payload
from drivers.transport import Transport
from drivers.trouble import Trouble
from standards.charset import decode_payload, printable
from standards.errors import CharsetError

_NO_PORT = "Check the cable and the name of the port; only one program can have it."
_NO_DEVICE = "Switch the device off and on; if that does not help, call the vendor."

_CARD_HELP = {
    CardProblem.NO_CARD: "Lay the card flat on the reader.",
    CardProblem.CARD_REMOVED: "Leave the card on the reader until it is read.",
    CardProblem.CARD_UNREADABLE: "Lift the card, turn it over, lay it down again.",
    CardProblem.CARD_UNSUPPORTED: "Use a resident identity card.",
    CardProblem.AUTHENTICATION_FAILED: "Lift the card and lay it down again.",
}


def read_card(port: str, baudrate: int, wait_s: float, photo: Path | None) -> dict[str, object]:
    """Read one card and return its fields, as `XIdCard.Read` names them.

    Raises:
        Trouble: there was no card, or no reader.
    """
    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            reader = IdReader(transport, read_latched=True)
            sam_id = reader.identify().sam_id
            reading = reader.read(time.monotonic() + wait_s)
    except DeviceError as error:
        raise _device_trouble(error) from error
    if isinstance(reading, ReadFailure):
        raise Trouble(reading.problem.value, _CARD_HELP.get(reading.problem, _NO_DEVICE))
    if photo is not None:
        photo.write_bytes(reading.photo)
    return {**card_payload(reading.card), "photo_bytes": len(reading.photo), "samId": sam_id}


def scan(port: str, baudrate: int, wait_s: float) -> dict[str, str]:
    """Read one code: its text (printable characters only), character set and bytes (base64).

    Raises:
        Trouble: there was no code, or no scanner.
    """
    try:
        with Transport.open(port, baudrate=baudrate) as transport:
            scanner = Scanner(transport)
            scanner.identify()
            outcome = scanner.scan(time.monotonic() + wait_s)
    except DeviceError as error:
        raise _device_trouble(error) from error
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


def print_receipt(port: str, baudrate: int, profile: str | None, file: Path) -> dict[str, object]:
    """Print the receipt in a JSON file and return what became of it, as `XReceipt.Print` does.

    Raises:
        Trouble: there is no such receipt, profile or printer.
    """
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
        raise _device_trouble(error) from error
    return result_payload(result)


def in_words(answer: dict[str, object]) -> str:
    """Return the answer of a print in plain words."""
    words = "printed" if answer["printed"] is True else "not printed"
    if answer["printed"] == "unknown":
        words = "perhaps printed: look at the printer"
    detail = answer.get("errorCode") or answer["confirmedBy"]
    return f"{words} ({detail})"


def _device_trouble(error: DeviceError) -> Trouble:
    lost = isinstance(error, TransportLost)
    return Trouble(str(error), _NO_PORT if lost else _NO_DEVICE)
