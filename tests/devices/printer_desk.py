"""One simulated printer, the service's adapter on it, and what it told everyone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer.profiles import Profile, load
from drivers.service.adapters import receipt_printer as adapters
from drivers.service.adapters.receipt_printer import ReceiptPrinterAdapter
from drivers.service.envelope import Payload
from drivers.service.interfaces.printer import PRINT
from drivers.simulated.printer import SimulatedPrinter
from tests.devices.service_schema import check
from tests.waiting import until

WAYS: dict[str, tuple[str, Profile]] = {
    "process-id": ("epson", load("simulated-80mm")),
    "echo": ("echo", replace(load("generic-80mm"), confirm="echo")),
    "buffer-order": ("board", load("generic-80mm")),
    "presenter": ("custom", load("custom-vkp80")),
    "none": ("hwasung", load("hwasung-hmk-830")),
}
LINES = {way: profile for way, (_, profile) in WAYS.items()} | {"uncut": load("generic-58mm")}
"""A profile for every way of proof, and one without a knife."""
ONE_BAND = 65536
"""Takes all of a short slip, so that every trouble in the middle comes when all was sent."""

SHORT = {"title": "", "lines": [{"label": "编号", "value": f"L0{n}"} for n in range(4)]}
"""A slip of four lines, so that many can be printed."""


class Desk:
    """One simulated printer, the adapter on it, and what it told everyone."""

    def __init__(self, place: Path, way: str) -> None:
        self.printer = SimulatedPrinter(place / "printer", place / "papers", model=WAYS[way][0])
        self.adapter = ReceiptPrinterAdapter(str(place / "printer"), {})
        self.told: list[tuple[str, Payload]] = []
        self.adapter.open()

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Hear an event."""
        self.told.append((name, payload or {}))

    def state(self) -> None:
        """Hear that the state changed."""

    def print(self, limit_s: float = 5.0) -> Payload:
        """Print a slip within this time and return the answer, checked against its schema."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(adapters, "PRINT_S", limit_s)
            outcome = self.adapter.run(PRINT, {"receipt": SHORT}, self, threading.Event())
        check("XReceipt.Print.completion", outcome.payload)
        return outcome.payload

    def look(self) -> bool:
        """Poll once, as the worker does."""
        self.adapter.poll(self)
        return True

    def poll_until(self, name: str) -> Payload:
        """Look at the printer until an event was told."""
        until(lambda: self.look() and name in dict(self.told))
        return dict(self.told)[name]

    @property
    def words(self) -> dict[str, object]:
        """What the status says, the device's own word among it."""
        state = self.adapter.state()
        own = state.status["xReceipt"]
        assert isinstance(own, dict)
        check("XReceipt.status", own)
        return {"device": state.word, **own}

    def close(self) -> None:
        """End both."""
        self.adapter.close()
        self.printer.close()


@contextmanager
def desk(place: Path, way: str, take_s: float = 30.0, answer_s: float = 0.3) -> Iterator[Desk]:
    """Lend a desk; a slip in its presenter goes back after `take_s`."""
    quick = replace(
        WAYS[way][1], answer_s=answer_s, settle_s=0.05, take_s=take_s, band_bytes=ONE_BAND
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adapters, "named_profile", lambda _name: quick)
        lent = Desk(place, way)
        try:
            yield lent
        finally:
            lent.close()


def make_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for what will not come."""
    monkeypatch.setattr(adapters, "PRINT_S", 5.0)
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.15)
    monkeypatch.setattr("drivers.printer.device.POLL_S", 0.02)
    monkeypatch.setattr("drivers.printer.dialogue.CLEARED_S", 0.01)
    monkeypatch.setattr("drivers.transport.SLICE_S", 0.005)


def in_time() -> float:
    """Return a deadline ten seconds from now."""
    return time.monotonic() + 10
