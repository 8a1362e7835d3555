"""What differs from model to model: speed of the line, settings, a network in between, bad luck."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.errors import DeviceSilent, TransportLost
from drivers.id_reader.codec import (
    BAUDRATES,
    Command,
    Reply,
    ReplyReceiver,
    Request,
    Status,
    frame,
)
from drivers.id_reader.device import IdReader, Latched, ReaderOptions
from drivers.id_reader.outcomes import CardProblem, CardReading, ReadFailure
from drivers.id_reader.probing import open_reader, reset_reader
from drivers.service.interfaces.id_reader import OPTIONS, capabilities
from drivers.simulated.faults import FaultKind
from drivers.simulated.flakiness import Flakiness
from drivers.simulated.reader import SimulatedReader, spoilt
from drivers.simulated.reader_condition import FLAKY_FAULTS, Condition
from drivers.simulated.serial_server import SerialServer
from drivers.transport import Transport
from tests.devices.id_line import ScriptedLine, answers
from tests.devices.people import CARD
from tests.waiting import until

FAST = ReaderOptions(poll_s=0.02)


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[SimulatedReader]:
    """A reader with nothing on it."""
    reader = SimulatedReader(tmp_path / "id-reader")
    yield reader
    reader.close()


def read_at(port: str, options: ReaderOptions = FAST, **more: int) -> tuple[object, int | None]:
    """Open a reader, read its card; return the outcome and the speed it was found at."""
    opened = open_reader(port, options, **more)
    with opened.transport:
        return opened.reader.read(time.monotonic() + 5), opened.baudrate


@pytest.mark.parametrize("speed", BAUDRATES)
def test_a_reader_is_found_at_any_of_its_speeds(
    simulated: SimulatedReader, speed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes at another speed are noise to it, and it does not answer noise."""
    monkeypatch.setattr("drivers.id_reader.probing.PROBE_S", (0.1, 1.0))
    simulated.baud = speed
    simulated.put(CARD)
    reading, found = read_at(str(simulated.port.link))
    assert isinstance(reading, CardReading)
    assert found == speed


def test_a_speed_that_was_given_is_the_only_one_tried(
    simulated: SimulatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who knows better is believed."""
    monkeypatch.setattr("drivers.id_reader.device.WAKE_TRIES", 1)
    monkeypatch.setattr("drivers.id_reader.exchange.ANSWER_S", dict.fromkeys(Command, 0.15))
    simulated.baud = 57600
    with pytest.raises(DeviceSilent):
        open_reader(str(simulated.port.link), FAST, baudrate=115200)
    assert open_reader(str(simulated.port.link), FAST, baudrate=57600).identity.sam_id


def test_a_reader_is_told_another_speed(simulated: SimulatedReader) -> None:
    """It answers at the old one and talks at the new one from then on."""
    opened = open_reader(str(simulated.port.link), FAST)
    with opened.transport:
        opened.reader.set_baudrate(38400)
    again = open_reader(str(simulated.port.link), FAST, first=38400)
    again.transport.close()
    assert again.baudrate == 38400
    assert again.description == "SAM module (GA/T 467), 38400 baud"
    with pytest.raises(KeyError):
        opened.reader.set_baudrate(4800)


def test_nobody_there_at_any_speed_is_silence(
    simulated: SimulatedReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port is there, the reader is not: another thing than a lost port."""
    monkeypatch.setattr("drivers.id_reader.probing.PROBE_S", (0.06,))
    simulated.condition = Condition.DEAD
    with pytest.raises(DeviceSilent, match="115200, 57600, 38400, 19200, 9600"):
        open_reader(str(simulated.port.link), FAST)
    simulated.port.unplug()
    with pytest.raises(TransportLost):
        open_reader(str(simulated.port.link), FAST)


def test_a_reader_behind_a_network_is_read(simulated: SimulatedReader) -> None:
    """No speed is looked for: the box at the other end has it."""
    simulated.put(CARD, newest_address="河南省新乡市平原路2号")
    with SerialServer(simulated.port.link) as box:
        reading, found = read_at(box.url)
    assert isinstance(reading, CardReading)
    assert (reading.card, reading.newest_address) == (CARD, "河南省新乡市平原路2号")
    assert found is None


def test_a_network_that_breaks_is_a_lost_transport(simulated: SimulatedReader) -> None:
    """Wherever it breaks, and it can be opened again."""
    with SerialServer(simulated.port.link) as box:
        opened = open_reader(box.url, FAST)
        box.hang_up()
        with opened.transport, pytest.raises(TransportLost):
            until(opened.reader.check)
        open_reader(box.url, FAST).transport.close()
        gone = box.url
    with pytest.raises(TransportLost):
        open_reader(gone, FAST)


def test_a_reset_reaches_a_reader(simulated: SimulatedReader) -> None:
    """A latched card is found again after it."""
    simulated.put(CARD)
    read_at(str(simulated.port.link))
    reset_reader(str(simulated.port.link))
    reading, _ = read_at(str(simulated.port.link), dataclasses.replace(FAST, latched=Latched.LIFT))
    assert isinstance(reading, CardReading)


@pytest.mark.parametrize("latched", [Latched.READ, Latched.RESET])
def test_a_card_left_lying_is_read_where_that_is_allowed(
    simulated: SimulatedReader, latched: Latched
) -> None:
    """By selecting it, or by a reset of the field."""
    simulated.put(CARD)
    for _ in range(2):
        reading, _ = read_at(str(simulated.port.link), dataclasses.replace(FAST, latched=latched))
        assert isinstance(reading, CardReading)


@pytest.mark.parametrize("has_some", [True, False])
def test_fingerprints_come_when_they_are_asked_for(
    simulated: SimulatedReader, has_some: bool
) -> None:
    """Two templates of 512 bytes, or none on the card; text and photo as ever."""
    simulated.put(CARD, fingerprints=has_some)
    options = dataclasses.replace(FAST, fingerprints=True)
    reading, _ = read_at(str(simulated.port.link), options)
    assert isinstance(reading, CardReading)
    assert reading.card == CARD
    assert len(reading.fingerprints) == (1024 if has_some else 0)


def test_the_card_serial_is_there_once_a_card_is_selected(simulated: SimulatedReader) -> None:
    """28 bytes; None without a card."""
    opened = open_reader(str(simulated.port.link), dataclasses.replace(FAST, max_rf_frame=80))
    with opened.transport:
        assert opened.reader.card_serial() is None
        simulated.put(CARD)
        opened.reader.read(time.monotonic() + 5)
        assert opened.reader.card_serial() == bytes(28)


def test_a_reader_that_is_not_asked_for_the_address_does_not_tell(
    simulated: SimulatedReader,
) -> None:
    """That it was not asked is not taken for "there is none"."""
    simulated.put(CARD, newest_address="河南省新乡市平原路2号")
    options = dataclasses.replace(FAST, newest_address=False)
    reading, _ = read_at(str(simulated.port.link), options)
    assert isinstance(reading, CardReading)
    assert reading.newest_address is None


def watched(reader: IdReader) -> None:
    """Read a card and watch it for a while."""
    reader.read(time.monotonic() + 5)
    for _ in range(20):
        reader.card_present()


@pytest.mark.parametrize("count", range(0, 1450, 53))
def test_the_cable_pulled_after_any_count_of_bytes_is_a_lost_transport(
    simulated: SimulatedReader, count: int
) -> None:
    """The same on a real line as in `test_id_reader_line`, at fewer places."""
    simulated.put(CARD)
    with Transport.open(str(simulated.port.link)) as line:
        reader = IdReader(line, FAST)
        simulated.unplug_after = count
        with pytest.raises(TransportLost):
            watched(reader)


@pytest.mark.parametrize("seed", range(40))
def test_a_flaky_reader_reads_or_says_why(seed: int) -> None:
    """One answer in four is not what it should be; nothing hangs, nobody is half read."""
    table, luck = answers(), Flakiness(FLAKY_FAULTS, seed)
    luck.set(0.25)

    def answer(request: Request) -> bytes:
        good = table[request.command]
        fault = luck.fault()
        if fault is None:
            return good
        return b"" if fault.kind is FaultKind.SILENCE else spoilt(fault, good)

    line = ScriptedLine(answer)
    outcome = IdReader(line, ReaderOptions(poll_s=0), clock=line.clock).read(line.now + 30)
    if isinstance(outcome, ReadFailure):
        assert outcome.problem in set(CardProblem) - {CardProblem.CANCELLED}
    else:
        assert outcome.card == CARD


def test_every_option_has_a_rule_and_odd_values_are_refused() -> None:
    """A wrong file is refused with what would be right."""
    good: dict[str, object] = {
        "baudrate": "auto",
        "kinds": "citizen, hmt",
        "poll_s": 0.3,
        "latched": "lift",
        "no_content": "present",
        "newest_address": "ask",
        "max_rf_frame": 80,
        "photo_decoder": "/opt/wlt/decode --bmp",
        "photo_function": "unpack",
        "photo_flag": 1,
        "photo_order": "backwards",
        "photo_limit_s": 2,
    }
    bad: dict[str, object] = {
        "baudrate": 4800,
        "kinds": "passport",
        "poll_s": 0,
        "latched": "maybe",
        "no_content": True,
        "newest_address": True,
        "max_rf_frame": 1000,
        "photo_decoder": "decode",
        "photo_function": "a b",
        "photo_flag": -1,
        "photo_order": "up",
        "photo_limit_s": 60,
    }
    assert set(good) == set(bad) == set(OPTIONS)
    for key, rule in OPTIONS.items():
        assert rule(good[key]) is None, key
        assert rule(bad[key]), key


def test_the_capabilities_follow_the_options() -> None:
    """Kinds and decoder as they were set up."""
    plain = capabilities({})["xIdCard"]
    assert isinstance(plain, dict)
    assert (plain["cardKinds"], plain["photoDecoder"]) == (["citizen"], False)
    set_up = capabilities({"kinds": "citizen,hmt", "photo_decoder": "/x"})["xIdCard"]
    assert isinstance(set_up, dict)
    assert (set_up["cardKinds"], set_up["photoDecoder"]) == (["citizen", "hmt"], True)


def test_the_simulator_refuses_what_a_module_refuses(simulated: SimulatedReader) -> None:
    """A command nobody knows, a command with data it does not take, a speed it has not."""
    asked = {
        b"\x77\x01": Status.BAD_COMMAND,
        Command.FIND_CARD.value + b"\0": Status.BAD_LENGTH,
        Command.SET_MAX_RF_FRAME.value: Status.BAD_LENGTH,
        Command.SET_BAUDRATE.value + b"\x09": Status.BAD_COMMAND,
    }
    with Transport.open(str(simulated.port.link)) as line:
        for body, status in asked.items():
            line.write(frame(body))
            ear, heard = ReplyReceiver(), []
            while not heard:
                heard = ear.receive(line.read(time.monotonic() + 5))
            assert isinstance(heard[0], Reply)
            assert heard[0].status is status


@pytest.mark.parametrize(
    "command",
    [
        {"flaky": 2},
        {"flaky": 0.5, "seed": "x"},
        {"baud": 4800},
        {"condition": "tired"},
        {"unplug_after": -1},
        {"put": {"name": "x"}},
        {"dance": True},
        {"lift": False},
        {"unplug": None},
        {},
    ],
)
def test_the_simulator_refuses_what_it_does_not_understand(
    simulated: SimulatedReader, command: dict[str, object]
) -> None:
    """And does nothing of it."""
    before = simulated.state()
    with pytest.raises(ValueError):
        simulated.control(command)
    assert simulated.state() == before


def test_the_simulator_takes_a_record_of_any_kind(simulated: SimulatedReader) -> None:
    """What a control page posts: a permit, with an address that came later."""
    record = {
        "kind": "hmt",
        "name": "林小明",
        "sex": "男",
        "birth_date": "1992-07-08",
        "address": "河南省新乡市卫滨区",
        "id_no": "814000199207080016",
        "issuer": "新乡市公安局",
        "valid_from": "2022-01-01",
        "valid_to": "2027-01-01",
        "newest_address": "河南省新乡市平原路2号",
    }
    simulated.control({"put": record})
    assert simulated.card is not None
    assert simulated.card.kind.value == "hmt"
    simulated.control({"lift": True})
    assert simulated.state()["card"] is None
