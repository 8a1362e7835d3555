"""The receipt printer: Printer status words and events, and our extension XReceipt to print.

The standard's PrintRaw takes bytes, so a caller's text could reach the printer as control bytes,
and its success only says that bytes were sent.  ``XReceipt.Print`` takes a receipt as data and
answers whether the paper came out.
"""

from __future__ import annotations

from enum import StrEnum

from drivers.printer import receipt
from drivers.service.envelope import Payload
from drivers.service.interfaces.common import CommandSpec, InterfaceSpec, ServiceSpec
from drivers.service.options import BAUDRATE, PROFILE

PRINT = "XReceipt.Print"
PAPER_THRESHOLD = "Printer.PaperThresholdEvent"

_PRINT_STOP_S = 35.0  # half a slip is worse than a late answer: a running job is let out


class Paper(StrEnum):
    """Supply of the roll (``printer.paper.upper``)."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"


def status(paper: Paper) -> dict[str, object]:
    """Return the interface part of the status."""
    return {"printer": {"paper": {"upper": paper}}}


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities."""
    return {
        "printer": {
            "type": {"receipt": True},
            "writeForm": {"text": True, "barcode": True},
            "control": {"cut": True, "eject": True},
            "paperSources": {"upper": True},
        },
        "xReceipt": {"lineKinds": ["text", "big", "pair", "qr", "rule"], "confirmation": True},
    }


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
        InterfaceSpec(name="Printer", events={PAPER_THRESHOLD: "2.0"}),
        InterfaceSpec(
            name="XReceipt",
            commands=(
                CommandSpec(
                    name=PRINT,
                    versions=("1.0",),
                    answer_version="1.0",
                    check=_check_print,
                    stop_grace_s=_PRINT_STOP_S,
                ),
            ),
        ),
    ),
    unknown=status(Paper.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.receipt_printer:ReceiptPrinterAdapter",
    options={"baudrate": BAUDRATE, "profile": PROFILE},
)
