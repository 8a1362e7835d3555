"""The scanner over a real pseudo-terminal: armed, deaf, and in trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceFailed, DeviceSilent, TransportLost
from drivers.scanner.codec import Framing
from drivers.scanner.device import Scan, ScanFailure, Scanner, ScanProblem
from drivers.scanner.profiles import Profile
from drivers.simulated.scanner import SimulatedScanner
from drivers.transport import Transport
from tests.waiting import until


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedScanner]:
    """A scanner that sees nothing."""
    scanner = SimulatedScanner(tmp_path / "scanner")
    yield scanner
    scanner.close()


@pytest.fixture
def transport(simulated: SimulatedScanner) -> Iterator[Transport]:
    """The open line to that scanner."""
    with Transport.open(str(simulated.port.link)) as line:
        yield line


@pytest.fixture
def device(transport: Transport) -> Scanner:
    """The driver of that scanner."""
    return Scanner(transport)


def soon(seconds: float = 5.0) -> float:
    """Return the instant `seconds` from now."""
    return time.monotonic() + seconds


def test_the_scanner_says_who_it_is(device: Scanner) -> None:
    """The query's answer is kept as it came."""
    assert device.identify().info == "Yiduan simulated scanner 1.0"


def test_what_a_scanner_says_of_itself_is_one_short_line(
    device: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands in the answer, it can be shown and logged."""
    monkeypatch.setattr("drivers.simulated.scanner.INFO", b"EM20\r\n1.0\x1b[2J\xff " + b"x" * 900)
    info = device.identify().info
    assert info.startswith("EM20 1.0 [2J x")
    assert info.isprintable()
    assert len(info) <= 200


def test_an_old_engine_says_only_that_it_is_alive(
    simulated: SimulatedScanner, device: Scanner
) -> None:
    """No answer to the query, but one to the question older engines know."""
    simulated.faults.add({"fail_next": "silence"})
    assert device.identify().info == ""


@pytest.mark.parametrize(
    "payload",
    [
        b"https://example.invalid/p/L0003261122.0123456789abcdef",
        "便民服务·凭条".encode(),
        "便民服务·凭条".encode("gb18030"),
        b"\x00\x01\x1b@\x7f\xff",
        b"x" * 4096,
    ],
    ids=["url", "utf-8", "gb18030", "control bytes", "4 kB"],
)
def test_a_code_is_read_byte_for_byte(
    simulated: SimulatedScanner, device: Scanner, payload: bytes
) -> None:
    """Nothing is decoded, dropped or judged."""
    simulated.show(payload)
    assert device.scan(soon()) == Scan(payload=payload)
    assert not device.armed
    until(lambda: not simulated.triggered)


@pytest.mark.parametrize("suffix", [b"", b"\n", b"\r\n"])
def test_the_suffix_does_not_matter(tmp_path: Path, suffix: bytes) -> None:
    """With another suffix or none, silence ends the payload."""
    simulated = SimulatedScanner(tmp_path / "s", suffix=suffix)
    with Transport.open(str(simulated.port.link)) as line:
        simulated.show(b"code")
        assert Scanner(line).scan(soon()) == Scan(payload=b"code")
    simulated.close()


def test_a_code_of_several_lines_can_be_read_whole(
    simulated: SimulatedScanner, transport: Transport
) -> None:
    """With silence alone as the end, line ends are data."""
    simulated.show(b"BEGIN\r\nEND")
    device = Scanner(transport, profile=Profile(framing=Framing.GAP))
    assert device.scan(soon()) == Scan(payload=b"BEGIN\r\nEND")


def test_a_code_shown_while_waiting_is_read(simulated: SimulatedScanner, device: Scanner) -> None:
    """The wait ends with the code."""
    device.arm()
    until(lambda: simulated.triggered)
    simulated.show(b"late")
    assert device.read(soon()) == Scan(payload=b"late")


def test_what_was_scanned_before_arming_is_dropped(
    simulated: SimulatedScanner, device: Scanner
) -> None:
    """A code sent while nobody asked never reaches the next citizen."""
    simulated.present(b"of the one before")
    simulated.present(b"half a code without an end"[:10])
    device.arm()
    assert device.read(soon(0.2)) == ScanFailure(problem=ScanProblem.NO_CODE)
    simulated.show(b"mine")
    assert device.read(soon()) == Scan(payload=b"mine")


def test_what_comes_while_arming_is_dropped(tmp_path: Path) -> None:
    """A code whose tail is still on the wire when the light goes on is dropped too."""
    simulated = SimulatedScanner(tmp_path / "s", 9600)
    with Transport.open(str(simulated.port.link)) as line:
        sender = threading.Thread(target=simulated.present, args=(b"o" * 300,))
        sender.start()
        device = Scanner(line, profile=Profile(gap_s=0.15))
        device.arm()
        assert device.read(soon(0.2)) == ScanFailure(problem=ScanProblem.NO_CODE)
        sender.join()
    simulated.close()


def test_reading_needs_arming(simulated: SimulatedScanner, device: Scanner) -> None:
    """A read that was not asked for is a mistake of the caller."""
    with pytest.raises(RuntimeError):
        device.read(soon())
    device.arm()
    device.disarm()
    with pytest.raises(RuntimeError):
        device.read(soon())


def test_a_burst_is_one_code(simulated: SimulatedScanner, device: Scanner) -> None:
    """A repeat within its window is the same code, still held up."""
    device.arm()
    simulated.show(b"twice", repeat=3)
    assert device.read(soon()) == Scan(payload=b"twice")
    assert device.read(soon(0.3)) == ScanFailure(problem=ScanProblem.NO_CODE)


def test_another_code_after_a_repeat_is_read(simulated: SimulatedScanner, device: Scanner) -> None:
    """The light goes on again after a repeat, so that the next code is seen."""
    device.arm()
    simulated.show(b"one", repeat=2)
    assert device.read(soon()) == Scan(payload=b"one")
    simulated.show(b"two")
    assert device.read(soon()) == Scan(payload=b"two")


def test_a_code_that_stays_held_up_is_read_by_each_who_asks(
    simulated: SimulatedScanner, device: Scanner
) -> None:
    """The citizen who holds a phone still is not told there is no code the second time."""
    for _ in range(2):
        simulated.show(b"held")
        assert device.scan(soon(3.0)) == Scan(payload=b"held")


def test_a_code_sent_again_and_again_is_given_again_after_its_window(
    simulated: SimulatedScanner, device: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Repeats do not put the window off for ever."""
    monkeypatch.setattr("drivers.scanner.device.REPEAT_WINDOW_S", 0.3)
    device.arm()
    done = threading.Event()

    def hold_up() -> None:
        while not done.wait(0.1):
            simulated.present(b"held")

    holding = threading.Thread(target=hold_up)
    holding.start()
    try:
        assert device.read(soon()) == Scan(payload=b"held")
        assert device.read(soon(3.0)) == Scan(payload=b"held")
    finally:
        done.set()
        holding.join()


def test_the_light_is_renewed(
    simulated: SimulatedScanner, device: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that stopped looking by itself is told to look on."""
    monkeypatch.setattr("drivers.scanner.device.RETRIGGER_S", 0.1)
    device.arm()
    simulated._triggered = False
    simulated.show(b"code")
    assert device.read(soon()) == Scan(payload=b"code")


def test_more_than_a_code_can_hold_is_refused(simulated: SimulatedScanner, device: Scanner) -> None:
    """An endless payload is dropped whole, and the next code is clean."""
    simulated.show(b"x" * 6000)
    assert device.scan(soon()) == ScanFailure(problem=ScanProblem.TOO_LONG)
    simulated.show(b"next")
    assert device.scan(soon()) == Scan(payload=b"next")


def test_a_cancel_ends_the_wait(device: Scanner) -> None:
    """The caller does not wait for the deadline."""
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    found = device.scan(soon(10_000), cancelled=cancelled)
    assert found == ScanFailure(problem=ScanProblem.CANCELLED)


def test_one_unanswered_trigger_is_sent_again(simulated: SimulatedScanner, device: Scanner) -> None:
    """A lost reply costs half a second."""
    simulated.faults.add({"fail_next": "silence"})
    device.arm()
    simulated.show(b"code")
    assert device.read(soon()) == Scan(payload=b"code")


def test_a_scanner_that_never_answers_is_silent(
    simulated: SimulatedScanner, device: Scanner
) -> None:
    """Silence is another thing than a refusal or a lost port."""
    simulated.faults.add({"fail_next": "silence", "times": 2})
    with pytest.raises(DeviceSilent):
        device.arm()


def test_a_refused_trigger_is_a_failed_device(simulated: SimulatedScanner, device: Scanner) -> None:
    """A scanner set to another mode cannot be used; staff must act."""
    simulated.faults.add({"fail_next": "status:15"})
    with pytest.raises(DeviceFailed):
        device.arm()


def test_a_foreign_reply_is_not_taken_for_ours(
    simulated: SimulatedScanner, device: Scanner
) -> None:
    """The reply to another command is passed over; ours is asked for again."""
    simulated.faults.add({"fail_next": "foreign"})
    device.arm()
    assert device.armed


@pytest.mark.parametrize("count", [0, 3])
def test_the_plug_pulled_inside_a_code_is_a_lost_transport(
    simulated: SimulatedScanner, device: Scanner, count: int
) -> None:
    """Half a code is no code."""
    simulated.faults.add({"fail_during": f"unplug:{count}"})
    device.arm()
    simulated.show(b"code")
    with pytest.raises(TransportLost):
        device.read(soon())
    simulated.port.replug()
    with Transport.open(str(simulated.port.link)) as line:
        simulated.show(b"code")
        assert Scanner(line).scan(soon()) == Scan(payload=b"code")


def test_a_code_taken_away_is_not_read(simulated: SimulatedScanner, device: Scanner) -> None:
    """Hidden before the light went on, or held up too short a time."""
    simulated.show(b"gone")
    simulated.hide()
    simulated.show(b"short", hold_s=0.001)
    until(lambda: simulated.in_view is None)
    assert device.scan(soon(0.2)) == ScanFailure(problem=ScanProblem.NO_CODE)
