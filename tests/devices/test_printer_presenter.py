"""A slip in a presenter: seen, told, taken or taken back, and never the next visit's."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from drivers.service.adapters import receipt_printer as adapters
from drivers.service.interfaces.printer import RETRACT
from tests.devices.printer_desk import desk, make_short
from tests.waiting import until


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for what will not come."""
    make_short(monkeypatch)


def test_a_slip_in_the_presenter_is_taken(tmp_path: Path) -> None:
    """Presented to the caller, taken told to everyone."""
    with desk(tmp_path, "presenter") as at:
        at.print()
        assert at.told == [("Printer.MediaPresentedEvent", {"wadIndex": 1, "totalWads": 1})]
        printer = at.adapter.state().status["printer"]
        assert isinstance(printer, dict)
        assert printer["media"] == "entering"
        at.printer.control({"take": True})
        until(lambda: at.look() and at.told[-1][0] == "Printer.MediaTakenEvent")
        assert at.printer.state()["retracted"] == 0


def test_a_slip_that_nobody_takes_goes_back(tmp_path: Path) -> None:
    """After its time, told to everyone."""
    with desk(tmp_path, "presenter", take_s=0.2) as at:
        at.print()
        assert at.poll_until("Printer.MediaAutoRetractedEvent") == {"result": "ok"}
        assert at.printer.state()["retracted"] == 1


def test_the_next_slip_never_meets_the_last_one(tmp_path: Path) -> None:
    """What still hangs there goes back before the first line, so that it proves nothing."""
    with desk(tmp_path, "presenter") as at:
        at.print()
        assert at.print()["printed"] is True
        assert at.printer.state()["retracted"] == 1


def test_the_next_visit_never_finds_the_last_slip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new worker takes back what it finds, soon, without being asked."""
    monkeypatch.setattr(adapters, "LEFT_S", 0.3)
    with desk(tmp_path, "presenter") as at:
        at.print()
        at.adapter.close()
        at.adapter.open()
        at.told.clear()
        at.poll_until("Printer.MediaAutoRetractedEvent")
        assert at.printer.state()["exit"] == "empty"


def test_taking_back_when_asked(tmp_path: Path) -> None:
    """RetractMedia: done, or nothing was there."""
    with desk(tmp_path, "presenter") as at:
        never = threading.Event()
        at.print()
        assert at.adapter.run(RETRACT, {}, at, never).code == "success"
        refused = at.adapter.run(RETRACT, {}, at, never)
        assert refused.payload == {"errorCode": "noMediaPresent"}
