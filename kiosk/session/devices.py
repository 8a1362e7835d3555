"""The devices of a visit, through their services: calls in, facts out."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from drivers.service.client import CommandFailed, Completion, Event, ServiceClient
from drivers.service.client import ServiceUnavailable as Gone
from kiosk.domain.identity import CardContentError, Evidence, Person, SignedEvidence
from kiosk.domain.receipt import Printed, Receipt
from kiosk.journey.facts import Card, Code, Condition, Devices, Print, Trouble
from kiosk.session.errands import Stopped

Payload = Mapping[str, object]

READ_S = 60.0
"""One wait for a card; it is renewed until somebody stops it."""
SCAN_S = 30.0
"""One wait for a code; then the citizen is told."""
PRINT_S = 45.0
SHEETS_S = 120.0
"""Some pages of a laser that has to warm up."""
STATUS_S = 2.0
ALREADY_THERE_S = 0.2
"""A card found sooner after the reader began to wait lay there before: a fresh one is found by the
next poll, 0.3 s later."""

_CARD_TROUBLE = {
    "cardRemoved": "removed",
    "cardUnreadable": "unreadable",
    "cardUnsupported": "unsupported",
    "authenticationFailed": "unreadable",
    "readerFailed": "reader_failed",
}
_ABSENT = {"noDevice", "powerOff"}
_UNSURE = {"starting", "deviceBusy", "potentialFraud"}


class Waiting:
    """A device command that waits for a person; one at a time, and it can be given up.

    A new wait ends the one before it.  A cancel is sent only while the call it is meant for runs,
    so that it never hits the next one.
    """

    def __init__(self, client: ServiceClient) -> None:
        self.client = client
        self._turn = threading.Lock()
        self._gate = threading.Lock()
        self._wanted = 0
        self._running = 0

    def begin(self) -> int:
        """Return the number of a new wait; older ones are given up.

        Called by whoever may also call `stop`, and not by the thread that will wait: a stop that
        comes before that thread runs must still be heard.
        """
        self.stop()
        return self._wanted

    def stop(self) -> None:
        """Give up what waits; returns at once."""
        self._wanted += 1
        threading.Thread(target=self._cancel, args=(self._wanted,), daemon=True).start()

    def wanted(self, number: int) -> bool:
        """Whether a wait was not given up."""
        return number == self._wanted

    def call(
        self,
        number: int,
        name: str,
        payload: Payload,
        timeout: float,
        on_event: Callable[[Event], None],
    ) -> Completion:
        """Run one command of wait ``number``.

        Raises:
            Stopped: the wait was given up.
            CommandFailed, Gone: as the client says.
        """
        with self._turn:
            with self._gate:
                if number != self._wanted:
                    raise Stopped
                self._running = number
            try:
                return self.client.call(name, payload, timeout, on_event)
            except (CommandFailed, Gone):
                if number != self._wanted:
                    raise Stopped from None
                raise
            finally:
                with self._gate:
                    self._running = 0

    def _cancel(self, before: int) -> None:
        with self._gate:
            if not 0 < self._running < before:
                return
            try:
                self.client.cancel()
            except (CommandFailed, Gone):
                return


class CardDesk:
    """The ID reader of one visit."""

    def __init__(self, client: ServiceClient) -> None:
        self._waiting = Waiting(client)

    def begin(self) -> int:
        """Return the number under which the next card is waited for."""
        return self._waiting.begin()

    def stop(self) -> None:
        """Give up waiting for a card."""
        self._waiting.stop()

    def read(
        self,
        number: int,
        visit: str,
        *,
        wanted: Callable[[], None],
        left: Callable[[], None],
        lifted: Callable[[], None],
        seen: Callable[[], None],
    ) -> Card | Trouble:
        """Wait for a card that is put down from now on, and read it.

        Args:
            number: of this wait, from `begin`.
            visit: the visit the evidence is signed for.
            wanted: called once the reader waits.
            left: called for a card that lay there before; it is never taken.
            lifted: called when that one was taken away.
            seen: called when a fresh card is being read.

        Raises:
            Stopped: given up.
        """
        while True:
            mine = _Fresh(wanted=wanted, left=left, lifted=lifted, seen=seen)
            try:
                done = self._waiting.call(
                    number, "XIdCard.Read", {"visit": visit}, READ_S, mine.happened
                )
            except CommandFailed as failed:
                if failed.completion_code == "timeOut" or mine.stale:
                    continue
                reason = _CARD_TROUBLE.get(failed.error_code or "", "reader_failed")
                return Trouble(reason=reason)
            except Gone:
                return Trouble(reason="reader_absent")
            if not mine.stale:
                return _card(done.payload)


class _Fresh:
    """Tells a card that was put down from one that lay there."""

    def __init__(
        self,
        *,
        wanted: Callable[[], None],
        left: Callable[[], None],
        lifted: Callable[[], None],
        seen: Callable[[], None],
    ) -> None:
        self._wanted, self._left, self._lifted, self._seen = wanted, left, lifted, seen
        self._since: float | None = None
        self.stale = False

    def happened(self, event: Event) -> None:
        """Take an event of the read command."""
        now = time.monotonic()
        match event.name:
            case "CardReader.InsertCardEvent":
                self._since = now
                self._wanted()
            case "XIdCard.LiftCardEvent":
                self._since = None  # it goes first, so whatever comes next is fresh
                self._left()
            case "CardReader.MediaRemovedEvent":
                self._lifted()
            case "CardReader.MediaInsertedEvent":
                self.stale = self._since is not None and now - self._since < ALREADY_THERE_S
                (self._left if self.stale else self._seen)()


def _card(payload: Payload) -> Card | Trouble:
    """Return the person with the evidence; a card that makes no sense is unreadable."""
    card, evidence = payload.get("card"), payload.get("evidence")
    signature = payload.get("evidenceSignature")
    if not isinstance(card, dict) or not isinstance(evidence, dict):
        return Trouble(reason="unreadable")
    try:
        person = Person.from_card(card)
        signed = Evidence(**evidence)
    except (CardContentError, TypeError):
        return Trouble(reason="unreadable")
    if not isinstance(signature, str):
        return Trouble(reason="reader_failed")
    own = SignedEvidence(evidence=signed, signature=signature)
    return Card(person=person, evidence=own, read_at=time.monotonic())


class CodeDesk:
    """The scanner of one visit."""

    def __init__(self, client: ServiceClient) -> None:
        self._waiting = Waiting(client)

    def begin(self) -> int:
        """Return the number under which the next code is waited for."""
        return self._waiting.begin()

    def stop(self) -> None:
        """Give up waiting for a code."""
        self._waiting.stop()

    def read(self, number: int) -> Code | Trouble:
        """Wait for one code under a number from `begin`.

        Raises:
            Stopped: given up.
        """
        try:
            done = self._waiting.call(number, "BarcodeReader.Read", {}, SCAN_S, lambda _event: None)
            return _code(done.payload)
        except CommandFailed as failed:
            if failed.completion_code == "timeOut":
                return Trouble(reason="timeout")
            known = failed.error_code == "barcodeInvalid"
            return Trouble(reason="too_long" if known else "scanner_failed")
        except Gone:
            return Trouble(reason="scanner_failed")


def _code(payload: Payload) -> Code | Trouble:
    read = payload.get("readOutput")
    first = read[0] if isinstance(read, list) and read else None
    data = first.get("barcodeData") if isinstance(first, dict) else None
    if not isinstance(data, str):
        return Trouble(reason="invalid")
    try:
        return Code(data=base64.b64decode(data, validate=True))
    except ValueError:
        return Trouble(reason="invalid")


def print_slip(client: ServiceClient, receipt: Receipt) -> tuple[Print, str]:
    """Print, and return what the printer said of the end of the job, and who confirmed it."""
    return _printed(client, "XReceipt.Print", {"receipt": receipt.as_json()}, PRINT_S)


def print_sheets(client: ServiceClient, document: Payload) -> Print:
    """Print a document on A4, and return what the printer said of the end of the job."""
    return _printed(client, "XDocument.Print", {"document": document}, SHEETS_S)[0]


def _printed(
    client: ServiceClient, command: str, payload: Payload, within: float
) -> tuple[Print, str]:
    try:
        client.connect()
    except Gone:
        return Print(printed=Printed.NO, reason="offline"), "none"
    try:
        done = client.call(command, payload, within)
    except CommandFailed as failed:
        return Print(printed=Printed.UNKNOWN, reason=failed.completion_code), "none"
    except Gone:
        return Print(printed=Printed.UNKNOWN, reason="lost"), "none"
    printed = Printed.of(done.payload.get("printed"))
    reason = str(done.payload.get("errorCode") or "")
    return Print(printed=printed, reason=reason), str(done.payload.get("confirmedBy", "none"))


# ---- how they are


def look(
    reader: ServiceClient,
    scanner: ServiceClient,
    printer: ServiceClient,
    camera: ServiceClient,
    sheets: ServiceClient | None = None,
) -> Devices:
    """Ask all of them how they are, at the same time."""
    asked = {
        "id_reader": (reader, _word),
        "scanner": (scanner, _scanner),
        "printer": (printer, _printer),
        "camera": (camera, _word),
    }
    if sheets is not None:
        asked["sheets"] = (sheets, _printer)
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        found = {name: pool.submit(_ask, *one) for name, one in asked.items()}
    return Devices(**{name: answer.result() for name, answer in found.items()})


def _ask(client: ServiceClient, judge: Callable[[Payload], Condition]) -> Condition:
    try:
        return judge(client.call("Common.Status", None, STATUS_S).payload)
    except (CommandFailed, Gone):
        return Condition.ABSENT


def card_lies_there(reader: ServiceClient) -> bool:
    """Say whether the reader knows of a card on it."""
    try:
        status = reader.call("Common.Status", None, STATUS_S).payload
    except (CommandFailed, Gone):
        return False
    return _at(status, "cardReader", "media") in {"present", "latched"}


def _word(status: Payload) -> Condition:
    """Return the condition of the device as a whole."""
    word = _at(status, "common", "device")
    if word == "online":
        return Condition.READY
    if word in _ABSENT:
        return Condition.ABSENT
    return Condition.UNKNOWN if word in _UNSURE or word is None else Condition.BROKEN


def _scanner(status: Payload) -> Condition:
    inoperative = _at(status, "barcodeReader", "scanner") == "inoperative"
    return Condition.BROKEN if inoperative else _word(status)


def _printer(status: Payload) -> Condition:
    paper = {"low": Condition.LOW, "out": Condition.OUT, "jammed": Condition.BROKEN}
    word = _word(status)
    return paper.get(str(_at(status, "printer", "paper", "upper")), word) if word.usable else word


def _at(payload: Payload, *path: str) -> object:
    value: object = payload
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
