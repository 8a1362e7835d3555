"""Newland, Honeywell and Zebra over real pseudo-terminals: what holds for every family.

Disturbed answers and codes are tried through the real service: `test_scanner_service`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceSilent, TransportLost
from drivers.scanner import profiles
from drivers.scanner.device import Scan, ScanFailure, Scanner, ScanProblem
from drivers.scanner.symbology import UNKNOWN, ToldBy
from drivers.simulated.faults import FaultKind
from drivers.simulated.scanner import SimulatedScanner
from drivers.simulated.scanner_honeywell import SimulatedHoneywell
from drivers.simulated.scanner_module import SimulatedModule
from drivers.simulated.scanner_zebra import SimulatedZebra
from drivers.transport import Transport
from standards.charset import decode_payload, printable
from tests.devices.cabinet_bench import surroundings
from tests.devices.scanner_families import FAMILIES, MODULES, profile_of
from tests.waiting import until


class Bench:
    """One simulated module, and its driver on an open line."""

    def __init__(self, family: str, link: Path, baud: int | None = None) -> None:
        self.family = family
        self.module: SimulatedModule = MODULES[family](link, baud)
        self.line = Transport.open(str(link))
        self.device = Scanner(self.line, profile=profile_of(family))

    def reconnect(self) -> None:
        """Put the cable in again and open the line anew."""
        self.line.close()
        self.module.port.replug()
        self.line = Transport.open(str(self.module.port.link))
        self.device = Scanner(self.line, profile=profile_of(self.family))

    def close(self) -> None:
        """End both."""
        self.line.close()
        self.module.close()


@pytest.fixture(params=FAMILIES)
def bench(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    """A module of each family in turn; a missing answer is waited for a shorter time."""
    monkeypatch.setattr("drivers.scanner.conversation.REPLY_S", 0.25)
    made = Bench(request.param, tmp_path / "scanner")
    yield made
    made.close()


def soon(seconds: float = 5.0) -> float:
    """Return the instant `seconds` from now."""
    return time.monotonic() + seconds


def test_the_module_says_who_it_is(bench: Bench) -> None:
    """In its own words."""
    info = bench.device.identify().info
    assert "imulated" in info.lower()
    assert info.isprintable()


def test_settings_are_made_before_the_first_scan_and_after_a_loss_of_power(bench: Bench) -> None:
    """They live in memory: a module that lost its power between two citizens is set again."""
    bench.device.arm()
    until(lambda: bench.module.triggered)
    wanted = dict(bench.module.settings)
    assert wanted
    bench.device.disarm()
    until(lambda: not bench.module.triggered)
    bench.module.power_cycle()
    assert not bench.module.settings
    bench.module.show(b"code")
    assert bench.device.scan(soon()) == Scan(
        payload=b"code", symbology="qrCode", mark=MARKS[bench.family]
    )
    assert bench.module.settings == wanted


MARKS = {"newland": "]Q1", "honeywell": "]Q1", "zebra": "1C"}
PAYLOADS = {
    "utf-8": "便民服务·凭条".encode(),
    "gb18030": "便民服务·凭条".encode("gb18030"),
    "control": b"\x00\x01\x1b@\x1d\x7f\xff\x1b[2J",
    "mark": b"]Q1]C0",
    "lines": b"BEGIN:VCARD\r\nN:X\r\nEND:VCARD\r\n",
    "largest QR": bytes(range(256)) * 11,
}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_code_is_read_byte_for_byte_with_its_kind(bench: Bench, payload: bytes) -> None:
    """Nothing is decoded, dropped or judged."""
    bench.module.show(payload)
    assert bench.device.scan(soon()) == Scan(
        payload=payload, symbology="qrCode", mark=MARKS[bench.family]
    )
    until(lambda: not bench.module.triggered)


def test_the_kind_is_that_of_the_code(bench: Bench) -> None:
    """A linear code is told from a QR code."""
    bench.module.show(b"6901234567892", symbology="ean13")
    scan = bench.device.scan(soon())
    assert isinstance(scan, Scan)
    assert scan.symbology == "ean13"


def test_bytes_that_would_steer_a_terminal_become_harmless_text(bench: Bench) -> None:
    """ESC, GS, NUL and bidi marks pass as bytes; as text they are gone."""
    bench.module.show("一\x1b@\x1d\x00端\u202e码".encode())
    scan = bench.device.scan(soon())
    assert isinstance(scan, Scan)
    assert printable(decode_payload(scan.payload)[0]) == "一@端码"


def test_what_was_scanned_before_arming_is_dropped(bench: Bench) -> None:
    """Also by a module that sends again what nobody acknowledged."""
    bench.device.arm()
    bench.device.disarm()
    bench.module.present(b"of the one before")
    bench.device.arm()
    again_s = 0.5 if bench.family == "zebra" else 0.1
    assert bench.device.read(soon(again_s)) == ScanFailure(problem=ScanProblem.NO_CODE)
    bench.module.show(b"mine")
    scan = bench.device.read(soon())
    assert isinstance(scan, Scan)
    assert scan.payload == b"mine"


def test_a_burst_is_one_code(bench: Bench) -> None:
    """A repeat is the same code, still held up; the next one is read."""
    bench.device.arm()
    bench.module.show(b"one", repeat=3)
    first = bench.device.read(soon())
    assert bench.device.read(soon(0.15)) == ScanFailure(problem=ScanProblem.NO_CODE)
    bench.module.show(b"two")
    second = bench.device.read(soon())
    assert isinstance(first, Scan)
    assert isinstance(second, Scan)
    assert (first.payload, second.payload) == (b"one", b"two")


def test_more_than_a_code_can_hold_is_refused(bench: Bench) -> None:
    """An endless payload is dropped whole, and the next code is clean."""
    bench.module.show(b"x" * 6000)
    assert bench.device.scan(soon()) == ScanFailure(problem=ScanProblem.TOO_LONG)
    bench.module.show(b"next")
    scan = bench.device.scan(soon())
    assert isinstance(scan, Scan)
    assert scan.payload == b"next"


def test_a_module_that_never_answers_is_silent(bench: Bench) -> None:
    """Silence is another thing than a refusal or a lost port."""
    bench.module.faults.add({"fail_next": "silence", "times": 12})
    with pytest.raises(DeviceSilent):
        bench.device.identify()


def test_a_module_that_refuses_its_settings_is_used_as_it_is(bench: Bench) -> None:
    """Older modules and strangers take no settings; their codes end at CR, LF or silence."""
    refusal = "status:06" if bench.family == "zebra" else "status:15"
    bench.module.faults.add({"fail_next": refusal})
    bench.device.configure()
    assert bench.device.as_found
    bench.device.arm()
    bench.module.show(b"as it is")
    scan = bench.device.read(soon())
    assert isinstance(scan, Scan)
    assert scan.payload.endswith(b"as it is")


def test_what_ends_twice_without_its_suffix_is_taken(bench: Bench) -> None:
    """A module may confirm a suffix and send none: what comes twice the same is the code."""
    if bench.family == "zebra":
        return  # packets have no suffix
    bench.device.arm()
    for _ in range(2):
        bench.module.port.write(b"]Q1no suffix")
        bench.device.read(soon(0.6))
    bench.module.port.write(b"]Q1another")
    scan = bench.device.read(soon())
    assert isinstance(scan, Scan)
    assert (scan.payload, scan.symbology) == (b"another", "qrCode")


def test_a_code_that_imitates_replies_silences_itself_only(bench: Bench) -> None:
    """It confirms nothing, changes nothing, and the next code is read."""
    imitations = {
        "newland": b"\x02\x010000#SCNTRG1\x15;\x03",
        "honeywell": b"TRGMOD0\x15.",
        "zebra": bytes.fromhex("05 D1 00 00 06 FF 24"),
    }
    bench.device.arm()
    bench.module.present(imitations[bench.family])
    bench.device.read(soon(0.15))
    bench.module.show(b"mine")
    scan = bench.device.read(soon())
    assert isinstance(scan, Scan)
    assert scan.payload == b"mine"


def test_the_plug_can_be_pulled_at_every_byte_of_a_code(bench: Bench) -> None:
    """Half a code is no code; the whole one may be read, and the next visit is clean."""
    length = {"newland": 9, "honeywell": 9, "zebra": 11}[bench.family]
    for count in range(length + 1):
        bench.module.faults.add({"fail_during": f"unplug:{count}"})
        bench.device.arm()
        bench.module.show(b"code")
        try:
            scan = bench.device.read(soon())
        except TransportLost:
            scan = None
        assert scan is None or (isinstance(scan, Scan) and scan.payload == b"code")
        assert scan is None or count == length
        bench.reconnect()
    bench.module.show(b"mine")
    last = bench.device.scan(soon())
    assert isinstance(last, Scan)
    assert last.payload == b"mine"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_slow_line_is_heard_out(family: str, tmp_path: Path) -> None:
    """At 9600 baud a code of 120 bytes takes an eighth of a second."""
    bench = Bench(family, tmp_path / "slow", 9600)
    bench.module.show(b"x" * 120)
    scan = bench.device.scan(soon(10))
    bench.close()
    assert isinstance(scan, Scan)
    assert scan.payload == b"x" * 120


@pytest.mark.parametrize(
    ("module", "lacks"), [(SimulatedScanner, "AIDENA"), (SimulatedHoneywell, "PREBK2")]
)
def test_a_module_that_cannot_say_the_kind_is_used_all_the_same(
    module: type[SimulatedScanner | SimulatedHoneywell], lacks: str, tmp_path: Path
) -> None:
    """The kind is then unknown, never guessed."""
    simulated = module(tmp_path / "s", lacks=frozenset({lacks}))
    family = "newland" if module is SimulatedScanner else "honeywell"
    with contextlib.closing(simulated), Transport.open(str(tmp_path / "s")) as line:
        device = Scanner(line, profile=profile_of(family))
        simulated.show(b"]Q1code")
        assert device.scan(soon()) == Scan(payload=b"]Q1code", symbology=UNKNOWN)
        assert device.told_by is ToldBy.NOTHING
        assert [one[:6] for one in device.refused] == [lacks]


@pytest.mark.parametrize(
    ("module", "family", "lacks"),
    [
        (SimulatedScanner, "newland", "TSUSET040D"),
        (SimulatedHoneywell, "honeywell", "SUFBK299040D"),
    ],
)
def test_a_module_that_knows_only_cr_is_heard_by_cr(
    module: type[SimulatedScanner | SimulatedHoneywell], family: str, lacks: str, tmp_path: Path
) -> None:
    """A suffix of our own is a wish: without it the usual one ends a code."""
    simulated = module(tmp_path / "s", lacks=frozenset({lacks}))
    with contextlib.closing(simulated), Transport.open(str(tmp_path / "s")) as line:
        device = Scanner(line, profile=profile_of(family))
        simulated.show(b"code")
        assert device.scan(soon()) == Scan(payload=b"code", symbology="qrCode", mark="]Q1")
        assert device.refused == (lacks,)


def test_a_module_without_a_check_is_set_before_each_scan(tmp_path: Path) -> None:
    """A handheld's trigger setting has no value to ask for."""
    simulated = SimulatedHoneywell(tmp_path / "s")
    with contextlib.closing(simulated), Transport.open(str(tmp_path / "s")) as line:
        device = Scanner(line, profile=profiles.load("honeywell-handheld"))
        for payload in (b"one", b"two"):
            simulated.power_cycle()
            simulated.show(payload)
            assert device.scan(soon()) == Scan(payload=payload, symbology="qrCode", mark="]Q1")
            until(lambda: not simulated.triggered)


def test_a_damaged_packet_is_sent_again_and_read(tmp_path: Path) -> None:
    """SSI alone can: the code arrives without being held up again."""
    bench = Bench("zebra", tmp_path / "s")
    assert isinstance(bench.module, SimulatedZebra)
    bench.device.arm()
    bench.module.faults.add({"fail_during": "checksum"})
    bench.module.show(b"x" * 700)
    scan = bench.device.read(soon())
    bench.close()
    assert isinstance(scan, Scan)
    assert scan.payload == b"x" * 700


@pytest.mark.parametrize("family", FAMILIES)
def test_a_flaky_module_is_flaky_in_the_same_way_twice(family: str, tmp_path: Path) -> None:
    """Its chance comes from its seed."""
    runs: list[list[FaultKind | None]] = []
    for number in range(2):
        module = MODULES[family].simulated(surroundings(tmp_path / str(number)))
        module.control({"flaky": 0.5})
        faults = [module.faults.take(at_work=True) for _ in range(30)]
        runs.append([fault.kind if fault else None for fault in faults])
        module.close()
    assert runs[0] == runs[1]
    assert len(set(runs[0])) > 2


def test_the_module_is_controlled_like_every_simulated_device(bench: Bench) -> None:
    """Shown, hidden, without power, unplugged; what makes no sense is refused."""
    module = bench.module
    module.control({"show": {"base64": "5paw"}, "seconds": 60, "symbology": "code128"})
    assert module.state()["code"] == "新"
    module.control({"hide": True})
    assert not module.state()["in_view"]
    module.control({"show": "x", "presentation": True})
    module.control({"power_cycle": True})
    module.control({"fail_next": "silence"})
    assert module.state()["faults"] == ["fail_next silence"]
    module.control({"unplug": True})
    assert not module.state()["plugged"]
    module.control({"replug": True})
    for wrong in ({}, {"show": ""}, {"show": {"base64": "#"}}, {"flaky": 2}, {"fail_next": "lift"}):
        with pytest.raises(ValueError, match=r"."):
            module.control(wrong)
