"""The doctor: what it sees, what it asks, and what it says first."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from drivers import cli
from drivers.commands import doctor
from drivers.doctor.findings import LOSES, Report, conditions, findings, no_host
from drivers.doctor.identify import identify
from drivers.doctor.offers import offers
from drivers.doctor.owners import owners
from drivers.doctor.plugged import plugged
from drivers.doctor.seen import Owner, Plugged
from drivers.service.adapter import WorkerPlan
from drivers.service.options import path_of
from drivers.service.options import port as port_rule
from drivers.service.registry import SERVICES
from drivers.simulated.simulator import Simulator
from tests.devices.echo_adapter import ECHO
from tests.devices.service_bench import CARD, Bench

# -- what is plugged in -------------------------------------------------------------------------


def machine(root: Path) -> Path:
    """Return a machine with a USB serial adapter, a camera, a scanner that types, a printer."""
    usb = root / "sys/devices/pci0/usb1/1-1"
    for folder in ("1-1:1.0/ttyUSB0/tty/ttyUSB0", "1-1:1.1/video4linux/video0"):
        (usb / folder).mkdir(parents=True)
    ids = {"idVendor": "1a86", "idProduct": "7523", "manufacturer": "Maker", "product": "Line\n"}
    for name, text in ids.items():
        (usb / name).write_text(text)
    link(root / "sys/class/tty/ttyUSB0/device", usb / "1-1:1.0/ttyUSB0")
    link(root / "sys/class/video4linux/video0/device", usb / "1-1:1.1")
    node(root / "dev/ttyUSB0")
    node(root / "dev/video0")
    node(root / "dev/hidraw0")
    node(root / "dev/usb/lp0")
    link(root / "dev/serial/by-id/usb-Maker_Line-if00", root / "dev/ttyUSB0")
    link(root / "dev/serial/by-path/pci-0-usb-1", root / "dev/ttyUSB0")
    link(root / "dev/v4l/by-id/usb-Maker-video-index0", root / "dev/video0")
    return root


def link(place: Path, target: Path) -> None:
    """Make a symbolic link with its folders."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


def node(place: Path) -> None:
    """Make a file that stands for a device."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.touch()


def test_what_is_plugged_in_by_its_best_name(tmp_path: Path) -> None:
    """By identity rather than by place, with the USB ids, and each thing once."""
    found = plugged(machine(tmp_path))
    assert [(one.kind, one.name) for one in found] == [
        ("serial", "/dev/serial/by-id/usb-Maker_Line-if00"),
        ("camera", "/dev/v4l/by-id/usb-Maker-video-index0"),
        ("hidraw", "/dev/hidraw0"),
        ("printer", "/dev/usb/lp0"),
    ]
    serial = found[0]
    assert (serial.node, serial.usb, serial.model) == ("/dev/ttyUSB0", "1a86:7523", "Maker Line")


def test_an_empty_machine_has_nothing(tmp_path: Path) -> None:
    """No folder is missed."""
    assert plugged(tmp_path) == []


def test_who_has_a_port(tmp_path: Path) -> None:
    """Another process is named; we are not our own obstacle."""
    port = tmp_path / "port"
    port.touch()
    place = tmp_path / "proc" / "4711"
    link(place / "fd" / "3", port)
    (place / "comm").write_text("brltty\n")
    (tmp_path / "proc" / str(os.getpid()) / "fd").mkdir(parents=True)
    for named in (port, f"usb:{port}", f"hid-pos:{port}", f"hid-keyboard:{port}"):
        assert owners(str(named), tmp_path / "proc") == [Owner(pid=4711, name="brltty")]
    assert owners("socket://192.0.2.7:9100", tmp_path / "proc") == []


# -- what is wrong --------------------------------------------------------------------------------


def test_the_worst_for_citizens_comes_first() -> None:
    """The host before every device; the card reader before the keypad."""
    lost = [
        Report(device=device, port="/dev/x", present=False)
        for device in ("keypad", "scanner", "id-reader")
    ]
    order = [one.device for one in findings(lost, [], no_host("/run"))]
    assert order == ["host", "id-reader", "scanner", "keypad"]


def test_every_device_has_something_to_lose() -> None:
    """A device that the table forgets would come last and say nothing."""
    assert {spec.device for spec in SERVICES} <= set(LOSES)


@pytest.mark.parametrize(
    ("report", "problem", "step"),
    [
        (Report(device="scanner", port="/dev/x", present=False), "nothing", "by-id/free"),
        (Report(device="scanner", port="/dev/x", present=True, allowed=False), "user", "dialout"),
        (
            Report(device="scanner", port="hid-pos:/d", node="/dev/hidraw3", allowed=False),
            "user",
            "udev",
        ),
        (
            Report(
                device="scanner",
                port="/dev/x",
                word="noDevice",
                code="device.transport_lost",
                owners=(Owner(pid=7, name="brltty"),),
            ),
            r"brltty \(7\)",
            "one program",
        ),
        (
            Report(device="scanner", port="/dev/x", word="hardwareError", code="device.garbled"),
            "hardwareError",
            "baud rate",
        ),
        (
            Report(device="ups", port="/d", word="hardwareError", code="device.transport_stalled"),
            "hardwareError",
            "flow control",
        ),
        (
            Report(device="scanner", port="/d", word="noDevice", message="gone", asked="host"),
            "noDevice: gone",
            "cable",
        ),
    ],
)
def test_each_trouble_has_a_next_step(report: Report, problem: str, step: str) -> None:
    """What is wrong is named, and so is what to do about it."""
    free = Plugged(kind="serial", name="/dev/serial/by-id/free", node="/dev/ttyUSB7")
    (found,) = findings([report], [free])
    assert re.search(problem, found.problem)
    assert step in found.next


def test_what_must_be_filled_up_is_told() -> None:
    """A printer without paper is online, and yet nobody gets a slip."""
    status = {
        "common": {"device": "online"},
        "printer": {"paper": {"upper": "out"}, "toner": "full"},
        "auxiliaries": {"UPS": {"low": False, "engaged": True, "powering": True}},
        "xKeypad": {"keysHeld": ["up"]},
    }
    found = conditions(status)
    assert found == {
        "printer.paper.upper": "out",
        "auxiliaries.UPS.powering": "powering",
    }
    report = Report(device="receipt-printer", port="/dev/x", word="online", conditions=found)
    (told,) = findings([report], [])
    assert "printer.paper.upper is out" in told.problem
    assert "Fill it up." in told.next


def test_a_device_that_works_is_no_finding() -> None:
    """Nor is one that nobody could ask, when the host is the finding."""
    assert (
        findings([Report(device="scanner", port="/dev/x", present=True, word="online")], []) == []
    )
    assert findings([Report(device="scanner", port="/dev/x", present=True)], []) == []


SCANNER_KEYS = Plugged(
    kind="input", name="/dev/input/by-id/s-event-kbd", node="/dev/input/event3", place="/sys/1-2"
)
SCANNER_RAW = Plugged(
    kind="hidraw", name="/dev/hidraw0", node="/dev/hidraw0", usb="1eab:0010", place="/sys/1-2"
)
PRINTER = Plugged(kind="printer", name="/dev/usb/lp0", node="/dev/usb/lp0", usb="0483:5743")
KEYS = Plugged(
    kind="input", name="/dev/input/by-id/k-event-kbd", node="/dev/input/event4", place="/sys/1-3"
)
THERE = [SCANNER_KEYS, SCANNER_RAW, PRINTER, KEYS]


@pytest.mark.parametrize("device", sorted(LOSES))
def test_what_is_offered_is_what_the_host_takes(device: str) -> None:
    """Each name can be copied into the file of ports; one that moves comes with its rule."""
    for offer in offers(device, [*THERE, Plugged(kind="queue", name="A4")]):
        assert port_rule(offer.partition(",")[0]) is None


def test_a_printer_that_moves_comes_with_its_rule() -> None:
    """Names of the kernel change with the cables: udev is told to give it another."""
    lost = Report(device="receipt-printer", port="usb:/dev/yiduan/x", present=False)
    (found,) = findings([lost], THERE)
    assert "usb:/dev/yiduan/receipt-printer" in found.next
    for part in ('SUBSYSTEM=="usbmisc"', 'ATTRS{idVendor}=="0483"', 'ATTRS{idProduct}=="5743"'):
        assert part in found.next
    assert 'SYMLINK+="yiduan/receipt-printer"' in found.next


@pytest.mark.parametrize(
    ("port", "node"),
    [
        ("hid-keyboard:/dev/input/by-id/s-event-kbd", ""),
        ("hid-keyboard:/dev/yiduan/scanner", "/dev/input/event3"),
        ("hid-pos:/dev/yiduan/scanner", "/dev/hidraw0"),
    ],
)
def test_what_is_bound_is_not_offered_to_another(port: str, node: str) -> None:
    """Neither by its name, nor by its node, nor by the other face of the same device."""
    scanner = Report(device="scanner", port=port, node=node, present=True, word="online")
    lost = Report(device="keypad", port="/dev/input/by-id/gone", present=False)
    (found,) = findings([scanner, lost], THERE)
    assert found.next.endswith("there: /dev/input/by-id/k-event-kbd")


@pytest.mark.parametrize(
    ("port", "path"),
    [
        ("/dev/serial/by-id/x", "/dev/serial/by-id/x"),
        ("usb:/dev/yiduan/printer", "/dev/yiduan/printer"),
        ("hid-pos:/dev/yiduan/scanner", "/dev/yiduan/scanner"),
        ("hid-keyboard:/dev/input/by-id/x", "/dev/input/by-id/x"),
        ("pcsc:ACS ACR39U", ""),
        ("socket://192.0.2.7:9100", ""),
        ("ipp://192.0.2.7/ipp/print", ""),
        ("A4", ""),
    ],
)
def test_the_path_in_a_port(port: str, path: str) -> None:
    """What is looked at before it is opened; nothing where only opening tells."""
    assert path_of(port) == path


# -- who answers ---------------------------------------------------------------------------------


def test_a_driver_that_hangs_or_crashes_is_an_answer(tmp_path: Path) -> None:
    """The doctor outlives it, and says which of the two it was."""
    plan = WorkerPlan(device="echo", adapter=ECHO.adapter, port=str(tmp_path))
    assert identify(plan).word == "online"
    assert identify(plan, 0.01).code == "device.hung"
    (tmp_path / "dies").touch()
    assert identify(plan).code == "device.bug"
    (tmp_path / "missing").touch()
    (tmp_path / "dies").unlink()
    answer = identify(plan)
    assert (answer.word, answer.code) == ("noDevice", "device.transport_lost")


def run(
    capsys: pytest.CaptureFixture[str], file: Path, *more: str
) -> tuple[int, dict[str, object]]:
    """Run the command; return its exit code and its one line."""
    code = cli.main(["doctor", "--config", str(file), "--json", *more])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    """Lend a host that was started from a file."""
    with Bench(file={}) as bench:
        yield bench


def test_beside_a_running_host(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """The host is asked; a pulled cable is the first finding; no citizen is in it."""
    bench.simulator.id_reader.put(CARD)
    file = bench.run / "host.yaml"
    _, seen = run(capsys, file)
    devices = {one["device"]: one for one in listed(seen["devices"])}
    assert (devices["id-reader"]["word"], devices["id-reader"]["asked"]) == ("online", "host")
    assert devices["id-reader"]["model"]
    bench.simulator.id_reader.port.unplug()
    bench.await_word("IdReader", "noDevice")
    code, seen = run(capsys, file)
    assert code == 1
    first = listed(seen["findings"])[0]
    assert (first["device"], first["loses"]) == ("id-reader", LOSES["id-reader"])
    assert CARD.id_no not in json.dumps(seen)
    bench.simulator.id_reader.port.replug()
    bench.simulator.id_reader.lift()


def test_a_host_that_cannot_be_asked(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its secrets nothing is opened beside it, and that is what is said."""
    file = tmp_path / "ports.yaml"
    file.write_text("devices: {}")
    code, seen = run(capsys, file, "--run", str(bench.run))
    assert code == 1
    assert [one["asked"] for one in listed(seen["devices"])] == ["nobody"] * 4
    first = listed(seen["findings"])[0]
    assert "secrets" in str(first["problem"])
    assert "--secrets" in str(first["next"])
    secrets = str(bench.run / "secrets.json")
    _, seen = run(capsys, file, "--run", str(bench.run), "--secrets", secrets)
    assert {one["asked"] for one in listed(seen["devices"])} == {"host"}


def listed(value: object) -> list[dict[str, object]]:
    """Return a list of the document."""
    assert isinstance(value, list)
    return value


def test_without_a_host(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each device is opened, asked and closed again; that nobody serves them is said first."""
    simulator = Simulator(tmp_path, paper_dir=tmp_path / "papers")
    try:
        file = tmp_path / "host.yaml"
        camera = {"port": str(tmp_path / "nowhere")}
        file.write_text(yaml.safe_dump({"run": ".", "devices": {"document-camera": camera}}))
        code, seen = run(capsys, file)
    finally:
        simulator.close()
    words = {one["device"]: one["word"] for one in listed(seen["devices"])}
    assert words == {
        "id-reader": "online",
        "scanner": "online",
        "receipt-printer": "online",
        "document-camera": "",
    }
    assert (code, [one["device"] for one in listed(seen["findings"])]) == (
        1,
        ["host", "document-camera"],
    )


def test_the_same_for_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong by number, what is lost, and the next step."""
    file = tmp_path / "host.yaml"
    file.write_text("run: .")
    assert cli.main(["doctor", "--config", str(file)]) == 1
    said = capsys.readouterr().out
    assert "1. host: no host serves" in said
    assert re.search(r"id-reader +not plugged in", said)
    assert "Lost: nobody can be identified by their card." in said
    assert "Next: Check its cable and power." in said
    assert "Nothing is wrong" not in said


def test_a_port_with_a_prefix_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whether it is there and may be opened is known before anything is opened."""
    file = tmp_path / "host.yaml"
    (tmp_path / "devices").mkdir()
    printer = {"port": f"usb:{tmp_path}/nowhere"}
    file.write_text(yaml.safe_dump({"run": ".", "devices": {"receipt-printer": printer}}))
    _, seen = run(capsys, file)
    (report,) = [one for one in listed(seen["devices"]) if one["device"] == "receipt-printer"]
    assert (report["present"], report["asked"]) == (False, "nobody")


def test_without_a_file_nothing_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not say that all is well with devices it has never heard of."""
    monkeypatch.setattr(doctor, "CONFIG", tmp_path / "devices.yaml")
    assert cli.main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert "Nothing is wrong" not in said
    assert str(tmp_path / "devices.yaml") in said
    assert "--config FILE" in said
    assert cli.main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["config"] is None


def test_a_wrong_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its key, before anything is opened."""
    file = tmp_path / "host.yaml"
    file.write_text("devices: {camera: {}}")
    code, trouble = run(capsys, file)
    assert code == 1
    assert "devices.camera" in str(trouble["error"])
