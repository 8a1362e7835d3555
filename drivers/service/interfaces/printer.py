"""The receipt printer: Printer status words and events, and our extension XReceipt to print.

The standard's PrintRaw takes bytes, so a caller's text could reach the printer as control bytes,
and its success only says that bytes were sent.  ``XReceipt.Print`` takes a receipt as data and
answers whether the paper came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from drivers.printer import receipt
from drivers.service.envelope import Payload
from drivers.service.grace import LET_OUT_S
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import BAUDRATE, PROFILE

PRINT = "XReceipt.Print"
RETRACT = "Printer.RetractMedia"
REPLENISH = "Printer.SupplyReplenish"
PAPER_THRESHOLD = "Printer.PaperThresholdEvent"
PRESENTED = "Printer.MediaPresentedEvent"
TAKEN = "Printer.MediaTakenEvent"
AUTO_RETRACTED = "Printer.MediaAutoRetractedEvent"


class Paper(StrEnum):
    """Supply of the roll (``printer.paper.upper``)."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"


class Media(StrEnum):
    """Paper in the way of the slip (``printer.media``)."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    """Paper lies under the head."""
    NOT_PRESENT = "notPresent"
    JAMMED = "jammed"
    ENTERING = "entering"
    """A slip hangs in the presenter."""


NOTHING_KNOWN: Final[Mapping[str, str]] = {
    "cover": "unknown",
    "cutter": "unknown",
    "head": "unknown",
    "error": "unknown",
    "line": "unknown",
}
"""``xReceipt`` of the status before the printer has said anything."""


def status(
    paper: Paper, media: Media = Media.UNKNOWN, words: Mapping[str, str] = NOTHING_KNOWN
) -> dict[str, object]:
    """Return the interface part of the status; `words` are what the standard has no place for."""
    return {
        "printer": {"media": media, "paper": {"upper": paper}},
        "xReceipt": {name: word for name, word in words.items() if name != "paper"},
    }


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities."""
    return {
        "printer": {
            "type": {"receipt": True},
            "writeForm": {"text": True, "barcode": True},
            "control": {"cut": True, "eject": True, "retract": True},
            "paperSources": {"upper": True},
        },
        "xReceipt": {
            "lineKinds": ["text", "big", "pair", "qr", "barcode", "rule"],
            "confirmation": True,
        },
    }


def _check_replenish(payload: Payload) -> str | None:
    """Take what was refilled; of the standard's supplies only the roll is here."""
    known = {name: word for name, word in payload.items() if word is not None}
    if known and set(known) <= set(_SUPPLIES) and set(map(type, known.values())) == {bool}:
        return None
    return f"names no supply: {', '.join(_SUPPLIES)}, each true or false"


_SUPPLIES: Final = ("upper", "lower", "external", "aux", "aux2", "toner", "ink", "lamp")


def _check_print(payload: Payload) -> str | None:
    try:
        receipt.parse(payload.get("receipt"))
    except receipt.ReceiptError as error:
        return f"receipt: {error}"
    return None


RECEIPT_PRINTER = ServiceSpec(
    service="ReceiptPrinter",
    device="receipt-printer",
    interfaces=(
        InterfaceSpec(
            name="Printer",
            commands=(
                CommandSpec(name=RETRACT, stop_grace_s=LET_OUT_S[RETRACT]),
                CommandSpec(name=REPLENISH, answer_version="2.0", check=_check_replenish),
            ),
            events=dict.fromkeys((PAPER_THRESHOLD, PRESENTED, TAKEN, AUTO_RETRACTED), "2.0"),
        ),
        InterfaceSpec(
            name="XReceipt",
            commands=(
                CommandSpec(
                    name=PRINT,
                    versions=("1.0",),
                    answer_version="1.0",
                    check=_check_print,
                    stop_grace_s=LET_OUT_S[PRINT],
                ),
            ),
        ),
        *TRACED,
    ),
    unknown=status(Paper.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.receipt_printer:ReceiptPrinterAdapter",
    options={"baudrate": BAUDRATE, "profile": PROFILE},
)
