"""Pad, board and UPS as devices on real ptys and sockets, the plug pulled at every byte."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.panel import board_profile, keypad_profile
from drivers.panel.board import Board
from drivers.panel.input_events import EVENT_BYTES, EventType, InputEvent
from drivers.panel.keypad import Keypad
from drivers.panel.keys import Action, Headset, HeadsetEvent, Key, KeyEvent, PadEvent
from drivers.service.adapters.panel import PanelAdapter
from drivers.simulated.keypad import SimulatedKeypad
from drivers.simulated.panel import SimulatedBoard
from drivers.simulated.ups import SimulatedUps
from drivers.transport import Transport
from drivers.ups import profiles
from drivers.ups.device import make
from drivers.ups.power import NOTHING, Health, Power
from tests.devices.cabinet_bench import surroundings
from tests.waiting import until

ARROWS = keypad_profile.load("arrows")
CABINET = board_profile.load("cabinet-8")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait shortly for answers that do not come."""
    monkeypatch.setattr("drivers.panel.board.ANSWER_S", 0.1)
    monkeypatch.setattr("drivers.ups.device.ANSWER_S", 0.1)


@pytest.fixture
def simulated_pad(tmp_path: Path) -> Iterator[SimulatedKeypad]:
    """Lend a pad."""
    pad = SimulatedKeypad(surroundings(tmp_path / "keypad"))
    yield pad
    pad.close()


@pytest.fixture
def simulated_board(tmp_path: Path) -> Iterator[SimulatedBoard]:
    """Lend a board."""
    board = SimulatedBoard(surroundings(tmp_path / "panel"))
    yield board
    board.close()


@pytest.fixture
def simulated_ups(tmp_path: Path) -> Iterator[SimulatedUps]:
    """Lend a UPS that speaks Megatec."""
    ups = SimulatedUps(surroundings(tmp_path / "ups"))
    yield ups
    ups.close()


@pytest.fixture
def server() -> Iterator[SimulatedUps]:
    """Lend a NUT server."""
    ups = SimulatedUps(surroundings(Path("nowhere"), protocol="nut", name="kiosk"))
    yield ups
    ups.close()


def happened(pad: Keypad) -> list[PadEvent]:
    """Return what happens within a second."""
    return pad.read(time.monotonic() + 1.0)


def all_that_happens(pad: Keypad) -> None:
    """Read until the pad is gone."""
    while True:
        happened(pad)


def test_what_was_pressed_before_is_dropped(simulated_pad: SimulatedKeypad) -> None:
    """A key of before the pad was opened is not told."""
    simulated_pad.control({"press": "select"})
    pad = Keypad.open(ARROWS, str(simulated_pad.port.link))
    simulated_pad.control({"headset": "in"})
    assert happened(pad) == [HeadsetEvent(headset=Headset.PRESENT)]
    pad.close()


def test_a_worn_contact_on_the_wire(simulated_pad: SimulatedKeypad) -> None:
    """Three closings within 20 ms are one press."""
    pad = Keypad.open(ARROWS, str(simulated_pad.port.link))
    simulated_pad.control({"bounce": "select"})
    simulated_pad.control({"press": "help"})
    last = KeyEvent(key=Key.HELP, action=Action.RELEASED)
    events: list[KeyEvent] = []
    while last not in events:
        events += [one for one in happened(pad) if isinstance(one, KeyEvent)]
    assert [event.action for event in events if event.key is Key.SELECT] == ["pressed", "released"]
    pad.close()


def test_a_pipe_carries_a_pad_too(tmp_path: Path) -> None:
    """Any descriptor does; its end is a pad that is gone, other bytes are no pad."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = os.open(pipe, os.O_RDWR)
    pad = Keypad.open(ARROWS, str(pipe))
    os.write(writing, InputEvent(type=EventType.KEY, code=103, value=1).pack() + b"\xff")
    assert len(happened(pad)) == 1
    os.write(writing, b"\xff" * (EVENT_BYTES - 1))
    with pytest.raises(DeviceGarbled):
        happened(pad)
    os.close(writing)
    with pytest.raises(TransportLost):
        happened(pad)
    pad.close()


def test_a_pad_of_two_nodes(simulated_pad: SimulatedKeypad, tmp_path: Path) -> None:
    """Keys of both are told; if one is gone, the pad is."""
    second = SimulatedKeypad(surroundings(tmp_path / "volume"))
    pad = Keypad.open(ARROWS, str(simulated_pad.port.link), str(second.port.link))
    for one, key in ((simulated_pad, Key.UP), (second, Key.VOLUME_UP)):
        one.control({"hold": key})
        assert happened(pad) == [KeyEvent(key=key, action=Action.PRESSED)]
    second.control({"headset": "in"})
    happened(pad)
    assert pad.headset is Headset.PRESENT
    second.close()
    with pytest.raises(TransportLost):
        all_that_happens(pad)
    pad.close()
    with pytest.raises(TransportLost):
        Keypad.open(ARROWS, str(simulated_pad.port.link), str(second.port.link))


def test_no_pad(tmp_path: Path) -> None:
    """A path that is not there."""
    with pytest.raises(TransportLost):
        Keypad.open(ARROWS, str(tmp_path / "none"))


def test_an_input_node_without_its_device(tmp_path: Path) -> None:
    """A real node of a pad that is not there any more: the way to the kernel's own nodes."""
    node = tmp_path / "event-kbd"
    try:
        os.mknod(node, 0o600 | stat.S_IFCHR, os.makedev(13, 95))
    except PermissionError:
        pytest.skip("mknod: only root can make a device node")
    with pytest.raises(TransportLost):
        Keypad.open(ARROWS, str(node))


def test_a_key_that_something_leans_on(
    simulated_pad: SimulatedKeypad, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Is named as stuck, until it is released."""
    monkeypatch.setattr("drivers.panel.keypad.STUCK_S", 0.0)
    pad = Keypad.open(ARROWS, str(simulated_pad.port.link))
    simulated_pad.control({"hold": "help"})
    happened(pad)
    assert until(pad.stuck) == ["help"]
    simulated_pad.control({"release": "help"})
    happened(pad)
    assert pad.stuck() == []
    pad.close()


def test_a_pad_pulled_at_every_byte(simulated_pad: SimulatedKeypad) -> None:
    """Whatever came before: first keys, then the loss, never anything else."""
    for byte in range(0, 4 * EVENT_BYTES + 1, 5):
        pad = Keypad.open(ARROWS, str(simulated_pad.port.link))
        simulated_pad.control({"fail_next": f"unplug:{byte}"})
        simulated_pad.control({"press": "up"})
        with pytest.raises(TransportLost):
            all_that_happens(pad)
        pad.close()
        simulated_pad.control({"replug": True})


def test_a_board_pulled_at_every_byte(simulated_board: SimulatedBoard) -> None:
    """Of the answer to a look: lost, or (after the last byte) answered."""
    for byte in range(7):
        with Transport.open(str(simulated_board.port.link)) as transport:
            board = Board(transport, CABINET)
            simulated_board.control({"fail_next": f"unplug:{byte}"})
            try:
                assert board.look() is not None
                assert byte == 6
            except TransportLost:
                pass
        simulated_board.control({"replug": True})


@pytest.mark.usefixtures("impatient")
def test_one_bad_answer_is_asked_again(simulated_board: SimulatedBoard) -> None:
    """The contacts that are told then are the right ones, even in pieces."""
    with Transport.open(str(simulated_board.port.link)) as transport:
        board = Board(transport, CABINET)
        well = board.look()
        assert well is not None
        for fault in ("silence", "checksum", "truncated", "foreign"):
            simulated_board.control({"fail_next": fault})
            simulated_board.control({"fail_next": "split"})
            assert board.look() == well


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silence", DeviceSilent),
        ("checksum", DeviceGarbled),
        ("truncated", DeviceGarbled),
        ("foreign", DeviceGarbled),
        ("status:2", DeviceFailed),
    ],
)
def test_a_board_that_goes_on_so(
    simulated_board: SimulatedBoard, fault: str, error: type[DeviceError]
) -> None:
    """Each trouble has its name."""
    with Transport.open(str(simulated_board.port.link)) as transport:
        simulated_board.control({"fail_next": fault, "times": 2})
        with pytest.raises(error):
            Board(transport, CABINET).look()


def test_a_board_with_single_orders_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, simulated_board: SimulatedBoard
) -> None:
    """Coil by coil, only those that change; a board at another address is silent."""
    text = (board_profile.CONFIG_DIR / "panel-board-cabinet-8.yaml").read_text()
    (tmp_path / "panel-board-x.yaml").write_text(text.replace("write: many", "write: single"))
    single = board_profile.load("x", tmp_path)
    with Transport.open(str(simulated_board.port.link)) as transport:
        board = Board(transport, single)
        board.switch((False, True) + (False,) * 6)
        board.switch((False, True, True) + (False,) * 5)
        assert [name for name, lit in simulated_board.lit().items() if lit] == [
            "scanner",
            "receiptPrinter",
        ]
    monkeypatch.setattr("drivers.panel.board.ANSWER_S", 0.1)
    with pytest.raises(DeviceSilent):
        PanelAdapter(str(simulated_board.port.link), {"unit": "2"}).open()


def test_a_board_with_fewer_contacts_than_its_file_says(
    tmp_path: Path, simulated_board: SimulatedBoard
) -> None:
    """Refuses the question, which is staff's to mend."""
    text = (board_profile.CONFIG_DIR / "panel-board-cabinet-8.yaml").read_text()
    (tmp_path / "panel-board-x.yaml").write_text(
        text.replace("inputs: {address: 0, count: 8}", "inputs: {address: 0, count: 16}")
    )
    with (
        Transport.open(str(simulated_board.port.link)) as transport,
        pytest.raises(DeviceFailed, match="ILLEGAL_ADDRESS"),
    ):
        Board(transport, board_profile.load("x", tmp_path)).identify()


def test_a_ups_pulled_at_every_byte(simulated_ups: SimulatedUps, tmp_path: Path) -> None:
    """Of the answer: lost, or (after the last byte) answered."""
    for byte in range(48):
        with Transport.open(str(tmp_path / "ups")) as transport:
            ups = make(transport, profiles.load("megatec"))
            simulated_ups.control({"fail_next": f"unplug:{byte}"})
            try:
                while ups.read() is NOTHING:
                    pass  # a slow machine; the third raises
                assert byte == 47
            except TransportLost:
                pass
        simulated_ups.control({"replug": True})


def test_who_the_ups_is(simulated_ups: SimulatedUps, tmp_path: Path) -> None:
    """What it says of itself; one that does not know the question is still a UPS."""
    with Transport.open(str(tmp_path / "ups")) as transport:
        ups = make(transport, profiles.load("megatec"))
        assert ups.identify() == "Yiduan Simulated 1.0"
        simulated_ups.control({"fail_during": "split"})
        simulated_ups.control({"fail_next": "split"})
        assert ups.read().power is Power.ON_LINE


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("fault", "error"), [("silence", DeviceSilent), ("truncated", DeviceGarbled)]
)
def test_a_ups_that_goes_on_so(
    simulated_ups: SimulatedUps, tmp_path: Path, fault: str, error: type[DeviceError]
) -> None:
    """Two bad answers are readings of nothing, the third has its name."""
    with Transport.open(str(tmp_path / "ups")) as transport:
        ups = make(transport, profiles.load("megatec"))
        simulated_ups.control({"fail_next": fault, "times": 3})
        assert [ups.read(), ups.read()] == [NOTHING, NOTHING]
        with pytest.raises(error):
            ups.read()


@pytest.mark.parametrize("protocol", ["megatec", "nut"])
def test_a_ups_that_counts_down(tmp_path: Path, protocol: str) -> None:
    """It will cut the power, mains or not."""
    simulated = SimulatedUps(surroundings(tmp_path / "ups", protocol=protocol, name="kiosk"))
    port = simulated.url if protocol == "nut" else str(tmp_path / "ups")
    with Transport.open(port) as transport:
        ups = make(transport, profiles.load(protocol))
        simulated.control({"shutdown": True})
        assert ups.read().power is Power.LOW_BATTERY
        simulated.control({"shutdown": False})
        assert ups.read().power is Power.ON_LINE
    simulated.close()


def test_a_ups_behind_a_server(server: SimulatedUps) -> None:
    """Minutes, charge and charger, which Megatec cannot tell."""
    with Transport.open(server.url) as transport:
        ups = make(transport, profiles.load("nut"))
        assert ups.identify() == "Yiduan Simulated"
        server.control({"power": "lost", "charge": 50})
        reading = ups.read()
        assert (reading.power, reading.charge, reading.minutes_left) == (Power.ON_BATTERY, 50, 15)
        server.control({"charge": 30})
        server.control({"drain": 25})
        assert ups.read().power is Power.LOW_BATTERY
        server.control({"power": "back", "charger": "trouble"})
        assert ups.read().health is Health.CHARGER_TROUBLE


def test_a_server_that_lost_its_ups(server: SimulatedUps) -> None:
    """Stale data are no data; the third time the UPS is silent."""
    with Transport.open(server.url) as transport:
        ups = make(transport, profiles.load("nut"))
        server.control({"fail_during": "foreign", "times": 3})
        assert [ups.read(), ups.read()] == [NOTHING, NOTHING]
        with pytest.raises(DeviceSilent):
            ups.read()


def test_a_server_without_our_ups() -> None:
    """The name in our file, or in NUT's, is wrong: staff must act."""
    other = SimulatedUps(surroundings(Path("nowhere"), protocol="nut", name="other"))
    with (
        Transport.open(other.url) as transport,
        pytest.raises(DeviceFailed, match="UNKNOWN-UPS"),
    ):
        make(transport, profiles.load("nut")).read()
    other.close()


def test_a_server_that_ends(server: SimulatedUps) -> None:
    """Is a lost port, and usable once it is back."""
    with Transport.open(server.url) as transport:
        ups = make(transport, profiles.load("nut"))
        assert ups.read() is not NOTHING
        server.control({"unplug": True})
        with pytest.raises(TransportLost):
            until(lambda: ups.read().power is Power.LOW_BATTERY)
    server.control({"replug": True})
    with Transport.open(server.url) as transport:
        assert make(transport, profiles.load("nut")).read() is not NOTHING
