"""The real driver and the simulated printer over a real pseudo-terminal."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from drivers.errors import TransportLost
from drivers.printer.device import ReceiptPrinter
from drivers.printer.profiles import Profile, load
from drivers.printer.result import PrintResult
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.printer_condition import ControlError
from drivers.transport import Transport
from tests.devices.printer_desk import make_short
from tests.devices.slips import PRINTED, URL, lines, slip
from tests.waiting import PATIENCE_S, until

EPSON = replace(load("simulated-80mm"), answer_s=0.3)
GENERIC = replace(load("generic-80mm"), answer_s=0.3, settle_s=0.3)


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for what will not come."""
    make_short(monkeypatch)
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.4)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """A printer that knows GS ( H, plugged in."""
    printer = SimulatedPrinter(tmp_path / "printer", tmp_path / "papers")
    yield printer
    printer.close()


@pytest.fixture
def board(tmp_path: Path) -> Iterator[SimulatedPrinter]:
    """A printer that does not know GS ( H, as most Chinese boards."""
    printer = SimulatedPrinter(tmp_path / "printer", tmp_path / "papers", model="board")
    yield printer
    printer.close()


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[ReceiptPrinter]:
    """The driver on the port of whichever printer the test plugged in."""
    printer = open_driver(tmp_path)
    yield printer
    printer.close()


def open_driver(tmp_path: Path, profile: Profile = EPSON) -> ReceiptPrinter:
    """Open the port as the worker does."""
    return ReceiptPrinter(Transport.open(str(tmp_path / "printer")), profile)


def in_time(seconds: float = 10.0) -> float:
    """Return a deadline."""
    return time.monotonic() + seconds


def test_printed_means_the_process_id_came_back(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """The normal case: True, and the paper is there with every line, cut and whole."""
    result = driver.print_receipt(slip(), in_time())
    assert result == PrintResult(printed=True, confirmed_by="process-id")
    (paper,) = machine.papers()
    assert (paper["text"], paper["qr"]) == (PRINTED, [URL])
    assert (paper["cut"], paper["complete"], paper["unknown"]) == (True, True, [])
    assert Image.open(str(paper["png"])).width == 640


def test_a_board_without_process_ids_proves_by_order(
    board: SimulatedPrinter, tmp_path: Path
) -> None:
    """GS r is answered behind the data, then the status stays clean."""
    driver = open_driver(tmp_path, GENERIC)
    result = driver.print_receipt(slip(), in_time())
    assert result == PrintResult(printed=True, confirmed_by="buffer-order")
    assert len(board.papers()) == 1
    driver.close()


def test_an_id_that_never_comes_is_unknown(board: SimulatedPrinter, driver: ReceiptPrinter) -> None:
    """The wrong profile for the board: paper comes out, and we do not claim to know."""
    result = driver.print_receipt(slip(), in_time(0.8))
    assert result == PrintResult(printed="unknown", error_code="noAnswer")


def test_a_printer_without_proof_is_never_better_than_unknown(
    machine: SimulatedPrinter, tmp_path: Path
) -> None:
    """Profile `none`: the paper comes out, the answer stays honest."""
    driver = open_driver(tmp_path, replace(EPSON, confirm="none"))
    assert driver.print_receipt(slip(), in_time(0.8)).printed == "unknown"
    assert machine.papers()[0]["complete"] is True
    driver.close()


def test_confirmation_waits_for_the_end_of_the_job(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """While a slow printer prints, nobody is told that it has printed."""
    machine.control({"slow_line_s": 0.1})
    results: list[PrintResult] = []
    job = threading.Thread(target=lambda: results.append(driver.print_receipt(slip(), in_time(20))))
    job.start()
    until(lambda: machine.state()["lines_on_sheet"] == 4)
    assert results == []
    assert machine.papers() == []
    job.join(timeout=PATIENCE_S)
    assert results == [PrintResult(printed=True, confirmed_by="process-id")]
    assert machine.papers()[0]["complete"] is True


def test_status_says_what_the_sensors_see(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """Each sensor changes its own word."""
    assert driver.status().trouble is None
    assert driver.status().paper == "full"
    machine.control({"paper": "low"})
    assert (driver.status().paper, driver.status().trouble) == ("low", None)
    machine.control({"paper": "out"})
    assert driver.status().paper == "out"
    machine.control({"paper": "ok", "cover": "open"})
    assert (driver.status().cover, driver.status().line) == ("open", "offline")
    machine.control({"cover": "closed", "fault": "cutter"})
    assert driver.status().cutter == "fault"
    machine.control({"fault": "none"})
    assert driver.status().trouble is None


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ({"paper": "out"}, "paperOut"),
        ({"cover": "open"}, "coverOpen"),
        ({"fault": "cutter"}, "cutterError"),
        ({"fault": "printer-error"}, "printerError"),
        ({"fault": "offline"}, "offline"),
    ],
)
def test_a_trouble_before_the_job_sends_nothing(
    machine: SimulatedPrinter, driver: ReceiptPrinter, before: dict[str, Any], code: str
) -> None:
    """False with its cause, and no paper, not even when the trouble is over."""
    machine.control(before)
    result = driver.print_receipt(slip(), in_time())
    assert result == PrintResult(printed=False, error_code=code)
    machine.control({"paper": "ok", "cover": "closed", "fault": "none"})
    assert driver.print_receipt(lines({"text": "下一张"}), in_time()).printed is True
    assert [paper["text"] for paper in machine.papers()] == [["下一张"]]


@pytest.mark.parametrize(
    ("accident", "code"), [("paper-out", "paperOut"), ("cover-open", "coverOpen")]
)
def test_a_trouble_in_the_middle_is_never_a_print_and_leaves_no_ghost(
    machine: SimulatedPrinter, driver: ReceiptPrinter, accident: str, code: str
) -> None:
    """Never yes; no ghost when paper is put in, the next slip is whole."""
    machine.control({"fail_during": accident, "after_lines": 3})
    result = driver.print_receipt(slip(), in_time())
    assert (result.printed in (False, "unknown"), result.error_code) == (True, code)
    machine.control({"paper": "ok", "cover": "closed"})
    assert driver.print_receipt(lines({"text": "下一张"}), in_time()).printed is True
    torn, following = machine.papers()
    assert (torn["text"], torn["cut"], torn["complete"]) == (PRINTED[:3], False, False)
    assert (following["text"], following["complete"]) == (["下一张"], True)


def test_a_printer_left_half_way_by_somebody_else_is_cleared_first(
    machine: SimulatedPrinter, tmp_path: Path
) -> None:
    """A worker died with a job in the printer: the next citizen does not get that slip."""
    port = Transport.open(str(tmp_path / "printer"))
    machine.control({"fault": "offline"})
    port.write("别人的凭条\n".encode("gbk"))
    until(lambda: machine.state()["waiting_bytes"])
    port.close()
    driver = open_driver(tmp_path)
    assert driver.print_receipt(slip(), in_time()).error_code == "offline"
    machine.control({"fault": "none"})
    assert driver.print_receipt(slip(), in_time()).printed is True
    assert [paper["text"] for paper in machine.papers()] == [PRINTED]
    driver.close()


def test_a_cutter_fault_is_unknown(machine: SimulatedPrinter, driver: ReceiptPrinter) -> None:
    """The text is on the paper but may hang inside: look at the mouth."""
    machine.control({"fail_next": "cutter"})
    result = driver.print_receipt(slip(), in_time())
    assert result == PrintResult(printed="unknown", error_code="cutterError")


@pytest.mark.parametrize("fault", ["silence", "garbage"])
def test_no_usable_answer_is_unknown(
    machine: SimulatedPrinter, driver: ReceiptPrinter, fault: str
) -> None:
    """It prints and does not say so: the paper is there, the answer is honest."""
    machine.control({"fault": fault})
    assert driver.status().answered is False
    result = driver.print_receipt(slip(), in_time(1.5))
    assert result == PrintResult(printed="unknown", error_code="noAnswer")
    until(lambda: len(machine.papers()) == 1)


def test_a_printer_that_falls_silent_in_the_middle_is_unknown(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """Nothing contradicts and nothing proves."""
    machine.control({"fail_during": "silence"})
    assert driver.print_receipt(slip(), in_time(1)).printed == "unknown"


def test_power_cut_in_the_middle(machine: SimulatedPrinter, driver: ReceiptPrinter) -> None:
    """The printer dies: unknown, its sheet is torn, and nothing comes out at power-up."""
    machine.control({"fail_during": "power-off"})
    assert driver.print_receipt(slip(), in_time(1)).printed == "unknown"
    machine.control({"power": "on"})
    assert driver.print_receipt(lines({"text": "好"}), in_time()).printed is True
    assert [paper["complete"] for paper in machine.papers()] == [False, True]


def test_unplugged_in_the_middle(machine: SimulatedPrinter, driver: ReceiptPrinter) -> None:
    """A lost port is never "printed"; the device is spent."""
    machine.control({"slow_line_s": 0.1})

    def pull_in_the_middle() -> None:
        until(lambda: machine.state()["lines_on_sheet"] == 2)
        machine.unplug()

    pull = threading.Thread(target=pull_in_the_middle)
    pull.start()
    result = driver.print_receipt(slip(), in_time())
    pull.join(timeout=PATIENCE_S)
    assert (result.printed is True, result.error_code) == (False, "offline")
    with pytest.raises(TransportLost):
        driver.status()


def test_unplugged_before_the_job(machine: SimulatedPrinter, driver: ReceiptPrinter) -> None:
    """Nothing was sent, so nothing was printed."""
    machine.unplug()
    result = driver.print_receipt(slip(), in_time())
    assert result == PrintResult(printed=False, error_code="offline")


def test_replugged_printer_works_again(
    machine: SimulatedPrinter, driver: ReceiptPrinter, tmp_path: Path
) -> None:
    """A new device on the same link."""
    machine.control({"unplug": True})
    machine.control({"replug": True})
    again = open_driver(tmp_path)
    assert again.print_receipt(slip(), in_time()).printed is True
    again.close()


def test_a_paced_line_prints_the_same(tmp_path: Path) -> None:
    """At 115200 baud with a real paper speed the slip still arrives whole."""
    printer = SimulatedPrinter(tmp_path / "printer", tmp_path / "papers", pace_baud=115200)
    driver = open_driver(tmp_path)
    started = time.monotonic()
    assert driver.print_receipt(slip(), in_time()).printed is True
    assert time.monotonic() - started > 0.3
    assert printer.papers()[0]["text"] == PRINTED
    driver.close()
    printer.close()


def test_a_deadline_in_the_past_prints_nothing(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """Nobody waits any more: the job is not begun."""
    result = driver.print_receipt(slip(), time.monotonic() - 1)
    assert result == PrintResult(printed=False, error_code="timeout")
    assert machine.papers() == []


def test_a_question_inside_a_picture_is_answered(machine: SimulatedPrinter, tmp_path: Path) -> None:
    """The simulator is as merciless as the real thing: real-time bytes act anywhere."""
    with Transport.open(str(tmp_path / "printer")) as port:
        port.write(b"\x1dv0\x00\x03\x00\x01\x00\x10\x04\x01")
        assert port.read(in_time()) == b"\x12"


def test_a_bitmap_qr_survives_real_time_commands(machine: SimulatedPrinter, tmp_path: Path) -> None:
    """Dots that spell DLE EOT would be answered as a question; none are sent."""
    driver = open_driver(tmp_path, replace(EPSON, qr="bitmap"))
    for number in range(3):
        part = {"qr": f"https://yiduan.example.cn/p/{number}"}
        assert driver.print_receipt(lines(part), in_time()).printed is True
    driver.close()


@pytest.mark.parametrize(
    "command",
    [{"paper": "much"}, {"fault": "fire"}, {"dance": True}, {"slow_line_s": -1}, {"times": "x"}],
)
def test_the_control_page_is_told_what_is_wrong(
    machine: SimulatedPrinter, command: dict[str, Any]
) -> None:
    """A wrong command changes nothing."""
    before = machine.state()
    with pytest.raises(ControlError):
        machine.control(command | {"cover": "open"})
    assert machine.state() == before


def test_it_says_who_it_is(
    machine: SimulatedPrinter, driver: ReceiptPrinter, tmp_path: Path
) -> None:
    """Model, firmware and serial number by GS I; a stopped printer is not asked."""
    driver.status()
    told = driver.identify()
    assert told == {"model": "SIM-80", "firmware": "1.04 ESC/POS", "serial": "SIM0000001"}
    machine.control({"paper": "out"})
    driver.status()
    assert driver.identify() == {}


def test_changes_it_tells_by_itself_confuse_nothing(
    machine: SimulatedPrinter, driver: ReceiptPrinter
) -> None:
    """Automatic status arrives between answers, and the answers keep their meaning."""
    assert driver.print_receipt(lines({"text": "甲"}), in_time()).printed is True
    for paper, cover in (("low", "closed"), ("ok", "open"), ("low", "open"), ("ok", "closed")):
        machine.control({"paper": paper, "cover": cover})
        status = driver.status()
        assert (status.paper, status.cover) == ("full" if paper == "ok" else paper, cover)
