"""Every trouble of a printer, with every way of proof, through the adapter of the service.

The rules that hold for each pair: "printed" is claimed only of a whole, cut sheet; denied only of
one that is not; what is left in the printer never comes out later; the trouble has its name.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.errors import TransportLost, TransportStalled
from drivers.printer.device import ReceiptPrinter
from drivers.printer.encoder import encode
from drivers.printer.profiles import Profile, load
from drivers.printer.receipt import Receipt
from drivers.printer.result import PrintResult
from drivers.service.interfaces.printer import PRINT
from drivers.simulated.printer import SimulatedPrinter
from drivers.transport import Transport
from tests.devices.printer_desk import LINES, WAYS, Desk, desk, in_time, make_short
from tests.devices.printer_line import LostLine
from tests.devices.slips import lines, slip
from tests.waiting import PATIENCE_S, until

TROUBLES = {
    "paper-out": "paperOut",
    "paper-jam": "paperJammed",
    "cover-open": "coverOpen",
    "cutter": "cutterError",
    "overheated": "overheated",
    "printer-error": "printerError",
    "offline": "offline",
}
AT_ONCE = 10**9
"""Baud rate of a line in memory, on which no answer is waited for."""
UNTOLD = {
    "echo": {},
    "none": {"overheated", "printer-error", "offline"},
}
"""Troubles that a way's printer has no bit for."""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for what will not come."""
    make_short(monkeypatch)


@pytest.mark.parametrize("way", WAYS)
def test_a_well_printer(tmp_path: Path, way: str) -> None:
    """The proof is the one its model offers; without any it is "unknown" and no error."""
    with desk(tmp_path, way) as at:
        answer = at.print()
        expected = (True, way) if way != "none" else ("unknown", "none")
        assert (answer["printed"], answer["confirmedBy"]) == expected
        assert "errorCode" not in answer
        (sheet,) = at.printer.papers()
        assert (sheet["complete"], sheet["unknown"]) == (True, [])


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("way", WAYS)
def test_a_trouble_before_and_in_the_middle(tmp_path: Path, way: str, trouble: str) -> None:
    """It is named, nothing is claimed that is not so, and no ghost comes out afterwards."""
    if trouble in UNTOLD.get(way, ()):
        pytest.skip("this model has no bit for it")
    with desk(tmp_path, way) as at:
        at.printer.control({"fault": trouble} if trouble != "paper-out" else {"paper": "out"})
        answer = at.print()
        named = TROUBLES[trouble]
        if trouble == "paper-jam" and way not in ("presenter", "none"):
            named = "printerError"  # ESC/POS has one bit for everything mechanical
        assert (answer["printed"], answer.get("errorCode")) == (False, named)
        assert at.printer.papers() == []
        mend(at)
        at.printer.control({"fail_during": trouble, "after_lines": 1})
        answer = at.print(0.35 if trouble == "overheated" else 5.0)  # that one is waited for
        assert (answer["printed"] in (False, "unknown"), answer.get("errorCode")) == (True, named)
        if answer["printed"] is False:  # then nobody finds a whole slip in the mouth
            assert not any(sheet["complete"] for sheet in at.printer.papers())
        mend(at)
        sheets = len(at.printer.papers())
        assert at.print()["printed"] in (True, "unknown")
        until(lambda: at.printer.papers()[-1]["complete"])
        assert len(at.printer.papers()) == sheets + 1


def mend(at: Desk) -> None:
    """Do what staff would, and look until the printer is well."""
    closed = {"fault": "none", "paper": "ok", "cover": "closed"}
    at.printer.control(closed)
    until(lambda: at.look() and at.words["device"] == "online")


@pytest.mark.parametrize(
    ("way", "fault"),
    [
        *((way, "silence") for way in WAYS if way != "none"),
        *(
            (way, fault)
            for way in ("process-id", "buffer-order")
            for fault in ("garbage", "power-off")
        ),
    ],
)
def test_no_answer_is_never_a_yes(tmp_path: Path, way: str, fault: str) -> None:
    """Silent, garbled or dead in the middle of a job: nobody knows."""
    with desk(tmp_path, way, answer_s=0.1) as at:
        at.printer.control({"fail_during": fault, "after_lines": 1})
        answer = at.print(0.25)
        assert (answer["printed"], answer.get("errorCode")) == ("unknown", "noAnswer")


def test_a_power_cycle_in_the_middle_is_never_a_yes(tmp_path: Path) -> None:
    """Power comes back while bands are still being sent: the proof would prove half a slip."""
    simulated = SimulatedPrinter(tmp_path / "printer", tmp_path / "papers", 38400, dots_a_second=0)
    profile = replace(load("simulated-80mm"), answer_s=0.1, band_bytes=64, qr="bitmap")
    with Transport.open(str(tmp_path / "printer")) as port:
        driver = ReceiptPrinter(port, profile, baudrate=38400)
        results: list[PrintResult] = []
        job = threading.Thread(
            target=lambda: results.append(driver.print_receipt(slip(), in_time()))
        )
        job.start()
        until(lambda: simulated.state()["lines_on_sheet"])
        simulated.control({"power": "off"})
        threading.Event().wait(0.25)
        simulated.control({"power": "on"})
        job.join(PATIENCE_S)
    assert (results[0].printed, results[0].error_code) == ("unknown", "noAnswer")
    simulated.close()


def test_answers_that_get_lost_by_chance_never_make_it_lie(tmp_path: Path) -> None:
    """One answer in ten is lost or garbled, the same ones in every run."""
    with desk(tmp_path, "process-id") as at:
        at.printer.control({"flaky": 0.1, "seed": 5})
        for _ in range(4):
            before = len(at.printer.papers())
            printed = at.print(0.6)["printed"]
            came = [sheet["complete"] for sheet in at.printer.papers()[before:]]
            assert printed is not True or came == [True]
            assert printed is not False or True not in came
        with pytest.raises(ValueError, match="flaky"):
            at.printer.control({"flaky": 2})


def test_a_printer_that_asks_for_a_pause_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """After XOFF nothing but questions is sent, until XON; one that never comes is "stalled"."""
    profile = replace(WAYS["process-id"][1], band_bytes=64)
    clean = LostLine(profile.status, limit=None)
    ReceiptPrinter(clean, profile).print_receipt(slip(), in_time())
    line = LostLine(profile.status, limit=None)
    question = b"\x10\x04\x01"
    line.hold_from = clean.written.index(question, clean.written.index(b"\x1c&")) + len(question)
    result = ReceiptPrinter(line, profile).print_receipt(slip(), in_time())
    assert result.printed is True
    held = {line.while_held[at : at + 2] for at in range(0, len(line.while_held), 3)}
    assert held == {b"\x10\x04"}
    monkeypatch.setattr("drivers.printer.device.HELD_S", 0.2)
    line = LostLine(profile.status, limit=None)
    line.hold_from, line.asks_held = 60, 10**6
    result = ReceiptPrinter(line, profile).print_receipt(slip(), in_time())
    assert (result.printed, result.error_code) == (False, "stalled")


@pytest.mark.parametrize("told", ["status", "order"])
def test_paper_that_ends_while_the_buffer_drains(tmp_path: Path, told: str) -> None:
    """Everything was processed, and then the paper was out: nobody knows what came first."""
    profile = replace(WAYS["buffer-order"][1], settle_s=0.3)
    line = LostLine(profile.status, limit=None)
    line.paper_after_proof = b"\x72" if told == "status" else b"\x12"
    line.paper_in_order = b"\x0c" if told == "order" else b"\x00"
    result = ReceiptPrinter(line, profile).print_receipt(slip(), in_time())
    assert (result.printed, result.error_code) == ("unknown", "paperOut")


def test_an_overheated_head_is_waited_for(tmp_path: Path) -> None:
    """It cools by itself: the slip comes out whole, and is printed once."""
    with desk(tmp_path, "process-id") as at:
        at.printer.control({"fail_during": "overheated", "after_lines": 2})
        cooling = threading.Timer(0.5, lambda: at.printer.control({"fault": "none"}))
        cooling.start()
        answer = at.print()
        assert (answer["printed"], answer["confirmedBy"]) == (True, "process-id")
        assert [sheet["complete"] for sheet in at.printer.papers()] == [True]


@pytest.mark.parametrize(
    ("command", "word", "own"),
    [
        ({"cover": "open"}, "userError", ("cover", "open")),
        ({"fault": "cutter"}, "hardwareError", ("cutter", "fault")),
        ({"fault": "overheated"}, "deviceBusy", ("head", "hot")),
        ({"fault": "printer-error"}, "hardwareError", ("error", "unrecoverable")),
        ({"fault": "offline"}, "offline", ("line", "offline")),
        ({"fault": "silence"}, "hardwareError", ("line", "unknown")),
        ({"fault": "garbage"}, "hardwareError", ("line", "unknown")),
    ],
)
def test_each_trouble_has_its_word_in_the_status(
    tmp_path: Path, command: dict[str, object], word: str, own: tuple[str, str]
) -> None:
    """The standard's word for the device, and our own for what the standard has no place for."""
    with desk(tmp_path, "process-id", answer_s=0.15) as at:
        until(lambda: at.look() and at.words["device"] == "online")
        at.printer.control(command)
        until(lambda: at.look() and at.words["device"] == word)
        assert at.words[own[0]] == own[1]


def test_a_sensor_that_bounces_is_told_to_nobody(tmp_path: Path) -> None:
    """Low for one look is not low; low for three looks is told once."""
    with desk(tmp_path, "buffer-order") as at:
        at.printer.control({"paper": "low"})
        at.adapter.poll(at)
        at.printer.control({"paper": "ok"})
        for _ in range(4):
            at.adapter.poll(at)
        assert at.told == []
        at.printer.control({"paper": "low"})
        told = at.poll_until("Printer.PaperThresholdEvent")
        assert told == {"paperSource": "upper", "threshold": "low"}
        at.adapter.poll(at)
        assert len(at.told) == 1


def test_what_a_dead_worker_left_does_not_come_out(tmp_path: Path) -> None:
    """Opening the port clears the printer, before anybody prints or mends anything."""
    with desk(tmp_path, "process-id") as at:
        at.adapter.close()
        at.printer.control({"paper": "out"})
        with Transport.open(str(tmp_path / "printer")) as port:
            port.write(encode(slip(), load("simulated-80mm")).stream)
            until(lambda: at.printer.state()["waiting_bytes"])
        at.adapter.open()
        at.printer.control({"paper": "ok"})
        until(lambda: at.look() and at.words["device"] == "online")
        assert at.printer.papers() == []


def test_a_printer_that_takes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stalled is its own word, in bounded time; the device is given up and tried again."""
    monkeypatch.setattr("drivers.transport.WRITE_LIMIT_S", 0.2)
    with desk(tmp_path, "buffer-order") as at:
        content = {"title": "", "lines": [{"big": "长䶮" * 100}] * 3}
        at.printer.control({"fail_next": "stalled"})
        outcome = at.adapter.run(PRINT, {"receipt": content}, at, threading.Event())
        assert outcome.payload["errorCode"] == "stalled"
        assert outcome.payload["printed"] is not True
        told = at.words
        assert (told.pop("device"), told.pop("line")) == ("hardwareError", "stalled")
        assert set(told.values()) == {"unknown"}
        with pytest.raises(TransportStalled):
            at.look()


@pytest.mark.parametrize("way", LINES)
def test_plugged_out_at_every_byte(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the line breaks: no before the last band, nobody knows within it, never a wrong yes.

    And nothing that the printer said before is told of it afterwards.
    """
    profile, short, clean, rest_at = in_small_bands(way, monkeypatch)
    rest = encode(short, profile).bands[-1] + encode(short, profile).ending
    for lost_at in range(len(clean.written) + 1):
        line = LostLine(profile.status, limit=lost_at)
        result = ReceiptPrinter(line, profile, baudrate=AT_ONCE).print_receipt(short, in_time())
        if lost_at <= rest_at:
            assert (result.printed, result.error_code) == (False, "offline"), lost_at
        elif lost_at < rest_at + len(rest):
            assert (result.printed, result.error_code) == ("unknown", "offline"), lost_at
        else:
            assert result.printed in (True, "unknown"), lost_at
        assert result.port_lost or result.error_code != "offline", lost_at
        assert not (result.port_lost and result.status.answered), lost_at
    assert result.printed is True or way == "none"


@pytest.mark.parametrize("way", LINES)
def test_paper_that_ends_at_every_byte(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No is said only of a slip whose last lines were never sent; yes only of a proved one."""
    profile, short, clean, rest_at = in_small_bands(way, monkeypatch)
    job = encode(short, profile)
    heard = set()
    for out_from in range(0, len(clean.written) + 1, 2):  # a question has three bytes
        line = LostLine(profile.status, limit=None)
        line.out_from = out_from
        result = ReceiptPrinter(line, profile, baudrate=AT_ONCE).print_receipt(short, in_time())
        begun = job.bands[-1] + job.ending in line.written
        assert (result.printed is False) == (not begun), out_from
        named = result.error_code == "paperOut" or way == "none"  # that one is asked no more
        assert result.printed is True or named, out_from
        assert result.printed is not True or out_from > rest_at + len(job.ending)
        heard.add(result.printed)
    assert heard >= {False, "unknown"}


def in_small_bands(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> tuple[Profile, Receipt, LostLine, int]:
    """Return a profile, a slip of some bands, a line it went well on, and where the rest began."""
    monkeypatch.setattr("drivers.printer.device.SILENT_WAIT_S", 0.003)
    monkeypatch.setattr("drivers.printer.device.POLL_S", 0.001)
    profile = replace(LINES[way], answer_s=0.0001, settle_s=0.0, band_bytes=64)
    short = lines({"label": "编号", "value": "L01"}, {"text": "䶮"}, {"text": "好"})
    job, clean = encode(short, profile), LostLine(profile.status, limit=None)
    assert len(job.bands) > 1
    ReceiptPrinter(clean, profile, baudrate=AT_ONCE).print_receipt(short, in_time())
    return profile, short, clean, clean.written.index(job.bands[-1] + job.ending)


@pytest.mark.parametrize("way", ["process-id", "none"])
def test_a_printer_pulled_in_the_middle_says_nothing_more(tmp_path: Path, way: str) -> None:
    """The status after it holds no word from before, and the device is not there."""
    with desk(tmp_path, way) as at:
        at.printer.unplug_after(40)
        answer = at.print()
        assert (answer["printed"] in (False, "unknown"), answer["errorCode"]) == (True, "offline")
        told = at.words
        assert told.pop("device") == "noDevice"
        assert set(told.values()) == {"unknown"}
        with pytest.raises(TransportLost):
            at.look()


@pytest.mark.parametrize("lost_at", range(20, 420, 50))
def test_plugged_out_on_a_real_line(tmp_path: Path, lost_at: int) -> None:
    """The same on a pseudo-terminal: what is said of the slip is what became of it."""
    printer = SimulatedPrinter(tmp_path / "printer", tmp_path / "papers")
    port = Transport.open(str(tmp_path / "printer"))
    printer.unplug_after(lost_at)
    driver = ReceiptPrinter(port, replace(load("simulated-80mm"), answer_s=0.2))
    result = driver.print_receipt(slip(), in_time())
    assert result.printed in (False, "unknown")
    assert result.error_code == "offline"
    if result.printed is False:
        assert not any(sheet["complete"] for sheet in printer.papers())
    port.close()
    printer.close()
