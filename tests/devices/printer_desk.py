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
SHORT = {"title": "", "lines": [{"label": "编号", "value": f"L0{n}"} for n in range(4)]}
"""A slip of four lines, so that many can be printed."""


class Desk:
    """One simulated printer, the adapter on it, and what it told everyone."""

    def __init__(self, place: Path, way: str, take_s: float) -> None:
        model, profile = WAYS[way]
        quick = replace(profile, answer_s=0.3, settle_s=0.05, take_s=take_s)
        self.printer = SimulatedPrinter(place / "printer", place / "papers", model=model)
        self.adapter = ReceiptPrinterAdapter(str(place / "printer"), {})
        self.adapter._profile = quick
        self.told: list[tuple[str, Payload]] = []
        self.adapter.open()

    def __call__(self, name: str, payload: Payload | None = None) -> None:
        """Hear an event."""
        self.told.append((name, payload or {}))

    def state(self) -> None:
        """Hear that the state changed."""

    def print(self, limit_s: float = 5.0) -> Payload:
        """Print a slip within this time and return the answer, checked against its schema."""
        adapters.PRINT_S = limit_s
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
def desk(place: Path, way: str, take_s: float = 30.0) -> Iterator[Desk]:
    """Lend a desk; a slip in its presenter goes back after `take_s`."""
    lent = Desk(place, way, take_s)
    try:
        yield lent
    finally:
        lent.close()


def make_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for what will not come."""
    monkeypatch.setattr(adapters, "PRINT_S", 5.0)
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.3)
    monkeypatch.setattr("drivers.printer.device.POLL_S", 0.02)
    monkeypatch.setattr("drivers.transport.SLICE_S", 0.005)


def in_time() -> float:
    """Return a deadline ten seconds from now."""
    return time.monotonic() + 10
