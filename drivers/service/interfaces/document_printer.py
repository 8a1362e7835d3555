"""The A4 printer: Printer status words and events, and our extension XDocument to print.

The standard's PrintNative takes a file in the printer's language and its success says that bytes
were sent.  ``XDocument.Print`` takes a document as data and answers whether its pages came out.
"""

from __future__ import annotations

from drivers.a4 import document
from drivers.a4.condition import Supply
from drivers.service.envelope import Payload
from drivers.service.grace import LET_OUT_S
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import number, word

PRINT = "XDocument.Print"
PROGRESS = "XDocument.ProgressEvent"
PAPER_THRESHOLD = "Printer.PaperThresholdEvent"
TONER_THRESHOLD = "Printer.TonerThresholdEvent"


def status(paper: Supply, toner: Supply) -> dict[str, object]:
    """Return the interface part of the status."""
    return {"printer": {"paper": {"upper": paper}, "toner": toner}}


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities."""
    return {
        "printer": {
            "type": {"document": True},
            "writeForm": {"text": True, "barcode": True},
            "paperSources": {"upper": True},
        },
        "xDocument": {
            "blockKinds": ["heading", "text", "list", "table", "sign", "qr", "rule"],
            "confirmation": True,
        },
    }


def _check_print(payload: Payload) -> str | None:
    if set(payload) - {"document"}:
        return "has a key that does not belong there"
    try:
        document.parse(payload.get("document"))
    except document.DocumentError as error:
        return f"document: {error}"
    return None


DOCUMENT_PRINTER = ServiceSpec(
    service="DocumentPrinter",
    device="a4-printer",
    interfaces=(
        InterfaceSpec(name="Printer", events={PAPER_THRESHOLD: "2.0", TONER_THRESHOLD: "2.0"}),
        InterfaceSpec(
            name="XDocument",
            events={PROGRESS: "1.0"},
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
    unknown=status(Supply.UNKNOWN, Supply.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.document_printer:DocumentPrinterAdapter",
    options={"queue": word("[A-Za-z0-9_.-]{1,127}"), "stopped_s": number(0.5, 60)},
    optional=True,
)
