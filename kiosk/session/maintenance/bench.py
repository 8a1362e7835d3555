"""The devices of a terminal in vendor mode: how each is, and one command at a time to try it."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import structlog

from drivers.service.client import CommandFailed, Event, ServiceClient, ServiceUnavailable
from kiosk.maintenance.facts import Statuses
from kiosk.session.devices import Waiting

SERVICES: Final[Mapping[str, str]] = {
    "id_reader": "IdReader",
    "document_camera": "DocumentCamera",
    "receipt_printer": "ReceiptPrinter",
    "scanner": "Scanner",
    "camera_scanner": "CameraScanner",
    "keypad": "Keypad",
    "face_camera": "FaceCamera",
    "a4_printer": "DocumentPrinter",
    "social_card": "SocialCard",
    "panel": "Panel",
    "ups": "Ups",
}
"""Subject of `kiosk.maintenance.faults.DEVICES` → name of its service."""
VISIT: Final = "staff"
"""Names no visit: what is read under it is evidence for nothing."""
STATUS_S: Final = 2.0
ENTER_S: Final = 8.0
"""Seconds for the sessions before to let go of the devices."""
PRINT_S: Final = 45.0
FOREVER_S: Final = 60.0
"""One stretch of a wait for a person; it is renewed until it is given up."""

Payload = Mapping[str, object]
Happened = Callable[[Event], None]
log = structlog.get_logger()


class Gone(Exception):
    """The device does not answer, or answers that it is broken."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How a command ended: what it brought, or the standard's word for why it brought nothing."""

    payload: Payload
    error: str = ""
    seconds: float = 0.0


class Bench:
    """Every service whose socket stands; connections are made when the bench is entered.

    Args:
        run: directory of sockets.
        secret: of the role ``maintenance``.
    """

    def __init__(self, run: Path, secret: str) -> None:
        place = run / "xfs4iot"
        self._mode = ServiceClient(place / "VendorMode.sock", "VendorMode", secret)
        self._clients: dict[str, ServiceClient] = {
            part: ServiceClient(place / f"{name}.sock", name, secret)
            for part, name in SERVICES.items()
            if (place / f"{name}.sock").exists()
        }
        self._waits = {part: Waiting(client) for part, client in self._clients.items()}
        self._models: dict[str, Payload] = {}
        self._closing = threading.Event()
        self._heard: dict[str, list[Happened]] = {part: [] for part in self._clients}
        for part, client in self._clients.items():
            client.on_unsolicited(partial(self._told, part))

    @property
    def parts(self) -> tuple[str, ...]:
        """The devices that have a service here."""
        return tuple(self._clients)

    def enter(self) -> bool:
        """Take the devices over; say whether they are ours."""
        deadline = time.monotonic() + ENTER_S
        while time.monotonic() < deadline and not self._closing.is_set():
            try:
                self._mode.call("VendorMode.EnterModeRequest", None, STATUS_S)
                return self._entered(deadline)
            except CommandFailed as refused:  # another one still has them
                log.info("vendor_mode_refused", code=refused.completion_code)
            except ServiceUnavailable as gone:
                log.warning("vendor_mode_unavailable", problem=type(gone).__name__)
            self._closing.wait(0.3)
        return False

    def changed(self, happened: Callable[[], None]) -> None:
        """Call this whenever a device says that it is another way now."""

        def event(told: Event) -> None:
            if told.name in {"Common.StatusChangedEvent", "Printer.PaperThresholdEvent"}:
                happened()

        for client in self._clients.values():
            client.on_unsolicited(event)

    @contextmanager
    def hearing(self, part: str, happened: Happened) -> Iterator[None]:
        """Hear every event of a device that belongs to no command, on a thread of its client."""
        heard = self._heard.setdefault(part, [])
        heard.append(happened)
        try:
            yield
        finally:
            heard.remove(happened)

    def _told(self, part: str, event: Event) -> None:
        for happened in tuple(self._heard[part]):
            happened(event)

    def look(self) -> Statuses:
        """Ask all of them how they are, at the same time."""
        if not self._clients:
            return Statuses(devices={})
        with ThreadPoolExecutor(max_workers=len(self._clients)) as pool:
            asked = {part: pool.submit(self._status, part) for part in self._clients}
            found = {part: answer.result() for part, answer in asked.items()}
        return Statuses(devices=found, models=dict(self._models))

    def begin(self, part: str) -> int:
        """Return the number of a new wait at a device; the one before is given up."""
        return self._waits[part].begin()

    def wanted(self, part: str, number: int) -> bool:
        """Whether a wait at a device was not given up."""
        waiting = self._waits.get(part)
        return waiting is not None and waiting.wanted(number)

    def stop(self) -> None:
        """Give up whatever waits for a person."""
        for waiting in self._waits.values():
            waiting.stop()

    def call(
        self,
        at: tuple[str, int],
        command: str,
        payload: Payload,
        within: float,
        happened: Happened = lambda _event: None,
    ) -> Answer:
        """Run one command of a wait.

        Args:
            at: part and number of the wait, from `begin`.
            command: "Interface.Command".
            payload: what it takes.
            within: seconds it has.
            happened: told each event of it.

        Raises:
            Stopped: the wait was given up.
            Gone: there is no such device, or nobody answers for it.
        """
        part, number = at
        began = time.monotonic()
        waiting = self._waits.get(part)
        if waiting is None:
            raise Gone(part)
        try:
            done = waiting.call(number, command, payload, within, happened)
        except CommandFailed as failed:
            return Answer(payload=failed.payload, error=failed.error_code or failed.completion_code)
        except ServiceUnavailable as gone:
            raise Gone(part) from gone
        return Answer(payload=done.payload, seconds=time.monotonic() - began)

    def close(self) -> None:
        """Give the devices back: the end of the connection does it, whatever else is broken."""
        self._closing.set()
        self._mode.close()
        for client in self._clients.values():
            client.close()

    def _entered(self, deadline: float) -> bool:
        """Wait until who was asked has let go."""
        while time.monotonic() < deadline and not self._closing.is_set():
            status = self._mode.call("Common.Status", None, STATUS_S).payload
            mode = status.get("vendorMode")
            if isinstance(mode, Mapping) and mode.get("service") == "active":
                return True
            self._closing.wait(0.1)
        return False

    def _status(self, part: str) -> Payload | None:
        client = self._clients[part]
        try:
            status = client.call("Common.Status", None, STATUS_S).payload
            if part not in self._models:
                said = client.call("Common.Capabilities", None, STATUS_S).payload.get("common")
                self._models[part] = said if isinstance(said, Mapping) else {}
        except (CommandFailed, ServiceUnavailable):
            return None
        return status


def code_of(answer: Answer) -> bytes:
    """Return the bytes of the first code of a scan; empty when there is none."""
    read = answer.payload.get("readOutput")
    first = read[0] if isinstance(read, list) and read else None
    data = first.get("barcodeData") if isinstance(first, Mapping) else None
    try:
        return base64.b64decode(data, validate=True) if isinstance(data, str) else b""
    except ValueError:
        return b""


def local_no_of(answer: Answer) -> str:
    """Return the local number in the code of a slip: ``https://…/L….token``; else what it says."""
    last = code_of(answer).decode("utf-8", "replace").rpartition("/")[2]
    return last.partition(".")[0]
