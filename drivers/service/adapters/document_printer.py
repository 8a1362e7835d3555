"""XDocument and the Printer status, on a `DocumentPrinter`."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.a4 import document, pages
from drivers.a4.condition import Condition, Supply, Trouble
from drivers.a4.connection import Target
from drivers.a4.device import DocumentPrinter, Limits
from drivers.a4.document import DocumentError
from drivers.a4.job import Ending, PrintResult, Progress
from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, TransportLost
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.document_printer import (
    PAPER_THRESHOLD,
    PROGRESS,
    TONER_THRESHOLD,
    status,
)

IDLE_S = 1.0
"""Seconds between two looks at an idle printer."""
IDLE_ANSWER_S = 1.9
"""Seconds it has to answer then: one that is gone is known within 3 s."""

_WORDS: Mapping[Trouble, DeviceWord] = {
    Trouble.PAPER_OUT: DeviceWord.ONLINE,  # the device is well; ``printer.paper`` tells
    Trouble.TONER_OUT: DeviceWord.ONLINE,
    Trouble.PAPER_JAMMED: DeviceWord.HARDWARE_ERROR,
    Trouble.PRINTER_ERROR: DeviceWord.HARDWARE_ERROR,
    Trouble.COVER_OPEN: DeviceWord.USER_ERROR,
    Trouble.OUTPUT_FULL: DeviceWord.USER_ERROR,
    Trouble.OFFLINE: DeviceWord.OFFLINE,
}


class DocumentPrinterAdapter:
    """One printer.

    Option ``queue`` names a queue of the CUPS behind the port, ``stopped_s`` is how many seconds a
    printer may stand still in the middle of a document.
    """

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._queue = options.get("queue")
        self._limits = Limits(stopped=float(options.get("stopped_s", Limits().stopped)))
        self._printer: DocumentPrinter | None = None
        self._seen: Condition | None = None
        self._told = {PAPER_THRESHOLD: Supply.UNKNOWN, TONER_THRESHOLD: Supply.UNKNOWN}

    def open(self) -> None:
        """Ask the printer how it is, and cancel what is left of earlier visits."""
        try:
            target = Target.parse(self._port, self._queue)
        except ValueError as error:
            raise TransportLost(f"{self._port}: {error}") from error
        self._printer = self._printer or DocumentPrinter(target, self._limits)
        self._seen = self._printer.open()

    def close(self) -> None:
        """Forget what was seen; the printer's object stays, for what it owes."""
        self._seen = None

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Print one document; when nobody waits any more, what has not begun is cancelled."""
        del command
        seen = self._seen = self._device().look()
        if seen.trouble is not None:  # known before the half second that laying out takes
            return _not_printed(seen.trouble)
        try:
            made = pages.make(document.parse(payload.get("document")))
        except DocumentError as error:
            return Outcome(code=CompletionCode.INVALID_DATA, description=f"document: {error}")
        except OSError as error:  # there are no fonts, or they cannot be read
            return _not_printed(Ending.TERMINAL_ERROR, str(error))

        def tell(progress: Progress) -> None:
            emit(PROGRESS, {"state": progress.state, "pagesOut": progress.pages_out})

        result = self._device().print_pdf(made.pdf, made.pages, cancelled, tell)
        return Outcome(payload=result_payload(result, made.missing))

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a printer that is not there, or not well; it has no document."""
        del command
        ill = isinstance(error, DeviceGarbled | DeviceFailed)
        return _not_printed(Trouble.PRINTER_ERROR if ill else Trouble.OFFLINE, str(error))

    def poll(self, emit: Emit) -> None:
        """Look at the printer; tell everyone when the paper's or the toner's supply changed."""
        printer = self._device()
        printer.settle()
        self._seen = printer.look(IDLE_ANSWER_S)
        self._tell(emit, PAPER_THRESHOLD, self._seen.paper)
        self._tell(emit, TONER_THRESHOLD, self._seen.toner)

    def state(self) -> State:
        """Return the state of an open printer as it was last seen."""
        seen = self._seen
        if seen is None:
            return State(word=DeviceWord.STARTING, status=self.lost())
        word = DeviceWord.ONLINE if seen.trouble is None else _WORDS[seen.trouble]
        message = "" if word is DeviceWord.ONLINE else str(seen.trouble)
        return State(word=word, status=status(seen.paper, seen.toner), message=message)

    def lost(self) -> Payload:
        """Return the status without a printer."""
        return status(Supply.UNKNOWN, Supply.UNKNOWN)

    def model(self) -> Payload:
        """Return make and model, as the printer says."""
        return {"modelName": self._seen.model} if self._seen and self._seen.model else {}

    def _tell(self, emit: Emit, event: str, supply: Supply) -> None:
        """Tell a supply that is another one than before; a full one at the start is no news."""
        before = self._told[event]
        if supply in (before, Supply.UNKNOWN, Supply.JAMMED):
            return
        self._told[event] = supply
        if before is Supply.UNKNOWN and supply is Supply.FULL:
            return
        if event == PAPER_THRESHOLD:
            emit(event, {"paperSource": "upper", "threshold": supply})
        else:
            emit(event, {"state": supply})

    def _device(self) -> DocumentPrinter:
        if self._printer is None or self._seen is None:
            raise TransportLost("the printer is not open")
        return self._printer


def _not_printed(code: str, why: str | None = None) -> Outcome:
    no = PrintResult(printed=False, pages=0, error_code=code)
    return Outcome(payload=result_payload(no, 0), description=why)


def result_payload(result: PrintResult, missing: int) -> dict[str, object]:
    """Return what became of a document as the interface tells it."""
    payload: dict[str, object] = {
        "printed": result.printed,
        "confirmedBy": result.confirmed_by,
        "pages": result.pages,
    }
    if result.error_code:
        payload["errorCode"] = str(result.error_code)
    if missing:
        payload["missingCharacters"] = missing
    return payload
