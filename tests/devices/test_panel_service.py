"""Pad, board and UPS through the real service, with every fault their simulators can show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drivers.service.client import CommandFailed, ServiceClient
from drivers.simulated.device import SimulatedDevice
from drivers.simulated.keypad import SimulatedKeypad
from drivers.simulated.panel import SimulatedBoard
from drivers.simulated.ups import SimulatedUps
from tests.devices.cabinet_bench import CabinetBench, listen, part, surroundings
from tests.devices.service_schema import check
from tests.waiting import PATIENCE_S, until


class Cabinet:
    """The bench, its three devices, and one long visit to each of them."""

    def __init__(self, bench: CabinetBench) -> None:
        self.bench = bench
        self.visits: dict[str, ServiceClient] = {}
        self.keypad = SimulatedKeypad(surroundings(bench.link("keypad")))
        self.board = SimulatedBoard(surroundings(bench.link("panel")))
        self.ups = SimulatedUps(surroundings(bench.link("ups")))
        bench.add("keypad", self.keypad, profile="arrows")
        bench.add("panel", self.board, profile="cabinet-8", baudrate=9600)
        bench.add("ups", self.ups, profile="megatec", look_s=0.05)


@pytest.fixture(scope="module")
def cabinet() -> Iterator[Cabinet]:
    """Lend one host to the tests of this file."""
    bench = CabinetBench()
    made = Cabinet(bench)
    with bench, ExitStack() as visits:
        for service in ("Keypad", "Panel", "Ups"):
            bench.await_word(service, "online")
            made.visits[service] = visits.enter_context(bench.visit(service))
        yield made


@pytest.fixture
def pad(cabinet: Cabinet) -> Iterator[ServiceClient]:
    """Lend a visit's client of a pad that is plugged in and well."""
    yield from lent(cabinet, "Keypad")


@pytest.fixture
def panel(cabinet: Cabinet) -> Iterator[ServiceClient]:
    """Lend a visit's client of a board that is plugged in and well."""
    yield from lent(cabinet, "Panel")


@pytest.fixture
def ups(cabinet: Cabinet) -> Iterator[ServiceClient]:
    """Lend a visit's client of a UPS on mains."""
    yield from lent(cabinet, "Ups")


def lent(cabinet: Cabinet, service: str) -> Iterator[ServiceClient]:
    """Lend the visit's client, and put everything right again."""
    yield cabinet.visits[service]
    for device in (cabinet.keypad, cabinet.board, cabinet.ups):
        device.control({"fault": None})
        device.control({"flaky": 0})
        device.control({"replug": True})
    cabinet.ups.control({"power": "back", "charge": 100, "drain": 0, "broken": False})
    cabinet.bench.await_word(service, "online")


def test_keys_are_events(cabinet: Cabinet, pad: ServiceClient) -> None:
    """A press and its release, in order, for whoever is connected; a foreign key is nothing."""
    heard = listen(pad, "XKeypad.KeyEvent")
    cabinet.keypad.control({"stranger": True})
    for key in ("down", "select"):
        cabinet.keypad.control({"press": key})
    cabinet.keypad.control({"hold": "up"})
    cabinet.keypad.control({"repeat": "up"})
    cabinet.keypad.control({"release": "up"})
    events = [heard.get(timeout=PATIENCE_S) for _ in range(7)]
    for event in events:
        check("XKeypad.KeyEvent", event)
    assert [(event["key"], event["action"]) for event in events] == [
        *((key, action) for key in ("down", "select") for action in ("pressed", "released")),
        *(("up", action) for action in ("pressed", "repeated", "released")),
    ]


def test_a_headset(cabinet: Cabinet, pad: ServiceClient) -> None:
    """The jack is the standard's word, and is told when it changes."""
    changes = listen(pad, "Common.StatusChangedEvent")
    for where, word in (("in", "present"), ("out", "notPresent")):
        cabinet.keypad.control({"headset": where})
        assert changes.get(timeout=PATIENCE_S)["auxiliaries"] == {"enhancedAudioSensor": word}
        assert part(pad, "xKeypad")["headset"] == word
    check("XKeypad.status", part(pad, "xKeypad"))


def test_keys_lost_on_the_way(cabinet: Cabinet, pad: ServiceClient) -> None:
    """What the kernel dropped is released; bytes in pieces are whole keys."""
    heard = listen(pad, "XKeypad.KeyEvent")
    cabinet.keypad.control({"hold": "left"})
    cabinet.keypad.control({"overrun": True})
    cabinet.keypad.control({"fail_next": "split"})
    cabinet.keypad.control({"press": "right"})
    got = [tuple(heard.get(timeout=PATIENCE_S).values()) for _ in range(4)]
    assert got == [
        ("left", "pressed"),
        ("left", "released"),
        ("right", "pressed"),
        ("right", "released"),
    ]


def test_a_pad_that_is_none(cabinet: Cabinet, pad: ServiceClient) -> None:
    """What no kernel sends makes the pad be opened again; keys work after that."""
    cabinet.keypad.control({"fail_next": "truncated"})
    cabinet.keypad.control({"press": "up"})
    heard = listen(pad, "XKeypad.KeyEvent")

    def works() -> bool:
        cabinet.keypad.control({"press": "help"})
        while not heard.empty():
            if heard.get()["key"] == "help":
                return True
        return False

    until(works, every=0.2)


def test_the_plug(cabinet: Cabinet) -> None:
    """Pulled is told within seconds; put back each is usable without a restart."""
    devices: dict[str, SimulatedDevice] = {
        "Keypad": cabinet.keypad,
        "Panel": cabinet.board,
        "Ups": cabinet.ups,
    }
    for device in devices.values():
        device.control({"unplug": True})
    for service in devices:
        cabinet.bench.await_word(service, "noDevice")
        assert part(cabinet.visits[service], "auxiliaries") == {}
    for device in devices.values():
        device.control({"replug": True})
    for service in devices:
        cabinet.bench.await_word(service, "online")


SENSORS = {
    "cabinetFrontDoor": ("open", "closed"),
    "tamperSensor": ("on", "off"),
    "proximitySensor": ("present", "notPresent"),
    "operatorSwitch": ("supervisor", "run"),
    "handsetSensor": ("offTheHook", "onTheHook"),
}


def test_sensors(cabinet: Cabinet, panel: ServiceClient) -> None:
    """Each is told as an event in the standard's words, once, and again when it is over."""
    changes = listen(panel, "Common.StatusChangedEvent")
    for number in (0, 1):
        wanted = {sensor: words[number] for sensor, words in SENSORS.items()}
        for sensor, word in wanted.items():
            cabinet.board.control({"sensor": sensor, "word": word})
        told: list[tuple[object, object]] = []
        while len(told) < len(SENSORS):
            change = changes.get(timeout=PATIENCE_S)["auxiliaries"]
            assert isinstance(change, dict)
            told += change.items()
        assert dict(told) == wanted
    assert changes.empty()


def test_a_door_that_bounces_is_told_once(cabinet: Cabinet, panel: ServiceClient) -> None:
    """Contacts that open and close within the sensor's time say nothing."""
    changes = listen(panel, "Common.StatusChangedEvent")
    looks = cabinet.board.state()["looks"]
    cabinet.board.control({"bounce": "cabinetFrontDoor", "times": 1})
    until(lambda: int(str(cabinet.board.state()["looks"])) > int(str(looks)) + 4)
    assert changes.empty()


def test_guide_lights(cabinet: Cabinet, panel: ServiceClient) -> None:
    """A light is switched when the command ends, is told, blinks, and ends with the visit."""
    order = {"scanner": {"default": {"flashRate": "continuous", "color": "green"}}}
    with cabinet.bench.visit("Panel") as leaving:
        leaving.call("Lights.SetLight", order, 10.0)
        assert cabinet.board.lit()["scanner"] == ["green"]
        assert part(panel, "lights")["scanner"] == order["scanner"]
        leaving.call("Lights.SetLight", {"fasciaLight": {"default": {"flashRate": "quick"}}}, 10.0)
        for lit in ([], ["white"], []):
            until(lambda lit=lit: cabinet.board.lit()["fasciaLight"] == lit)  # type: ignore[misc]
    until(lambda: not any(cabinet.board.lit().values()))


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"cardReader2": {"default": {"flashRate": "slow"}}}, "invalidLight"),
        ({"scanner": {"default": {"flashRate": "slow", "color": "red"}}}, "invalidLight"),
        ({"scanner": {"default": {"flashRate": "fast"}}}, "invalidData"),
        ({"scanner": "on"}, "invalidData"),
        ({}, "invalidData"),
    ],
)
def test_lights_that_are_not_there(
    cabinet: Cabinet, panel: ServiceClient, order: dict[str, object], code: str
) -> None:
    """Are refused by the standard's words, and nothing is switched."""
    with pytest.raises(CommandFailed) as caught:
        panel.call("Lights.SetLight", order, 10.0)
    assert code in {caught.value.completion_code, caught.value.error_code}
    assert cabinet.board.lit()["scanner"] == []


def test_one_bad_answer_of_the_board(cabinet: Cabinet, panel: ServiceClient) -> None:
    """Is asked again; nothing is told but what is true."""
    changes = listen(panel, "Common.StatusChangedEvent")
    for fault in ("checksum", "split", "garbage", "status:6"):
        cabinet.board.control({"fail_next": fault})
    until(lambda: not cabinet.board.state()["faults"])
    looks = int(str(cabinet.board.state()["looks"]))
    until(lambda: int(str(cabinet.board.state()["looks"])) > looks + 1)
    assert changes.empty()


@pytest.mark.parametrize("fault", ["silence", "status:4", "status:6"])
def test_a_board_that_does_not_work(cabinet: Cabinet, panel: ServiceClient, fault: str) -> None:
    """Is told as broken, with no word of a door that nobody can see, and comes back by itself."""
    cabinet.board.control({"fail_next": fault, "times": 1000})
    cabinet.bench.await_word("Panel", "hardwareError")
    assert part(panel, "auxiliaries") == {}
    with pytest.raises(CommandFailed) as caught:
        panel.call("Lights.SetLight", {"scanner": {"default": {"flashRate": "slow"}}}, 5.0)
    assert caught.value.error_code == "lightError"
    cabinet.board.control({"fault": None})
    panel.call("Lights.SetLight", {"scanner": {"default": {"flashRate": "off"}}}, 5.0)
    assert part(panel, "auxiliaries")["cabinetFrontDoor"] == "closed"


def test_the_mains(cabinet: Cabinet, ups: ServiceClient) -> None:
    """Lost, nearly empty, back: each told once, in the standard's flags and in ours."""
    until(lambda: part(ups, "xUps")["power"] == "onLine")
    heard = listen(ups, "XUps.PowerEvent")
    cabinet.ups.control({"power": "lost"})
    assert heard.get(timeout=PATIENCE_S) == {"power": "onBattery"}
    flags = {"low": False, "engaged": True, "powering": True, "recovered": False}
    assert part(ups, "auxiliaries")["UPS"] == flags
    cabinet.ups.control({"charge": 15})
    assert heard.get(timeout=PATIENCE_S) == {"power": "lowBattery"}
    cabinet.ups.control({"power": "back", "charge": 60})
    event = heard.get(timeout=PATIENCE_S)
    check("XUps.PowerEvent", event)
    assert event == {"power": "onLine"}
    flags = {"low": False, "engaged": True, "powering": False, "recovered": True}
    assert part(ups, "auxiliaries")["UPS"] == flags
    check("XUps.status", part(ups, "xUps"))
    assert heard.empty()


@pytest.mark.parametrize("fault", ["status:0", "garbage", "foreign", "split"])
def test_two_bad_readings_of_the_ups(cabinet: Cabinet, ups: ServiceClient, fault: str) -> None:
    """Say nothing, whatever is in them; `status` is a reading without mains."""
    until(lambda: part(ups, "xUps")["power"] == "onLine")
    changes = listen(ups, "Common.StatusChangedEvent")
    cabinet.ups.control({"fail_during": fault, "times": 2})
    looks = int(str(cabinet.ups.state()["looks"]))
    until(lambda: int(str(cabinet.ups.state()["looks"])) > looks + 3)
    assert changes.empty()


def test_a_ups_that_failed(cabinet: Cabinet, ups: ServiceClient) -> None:
    """Cannot step in: staff must act."""
    cabinet.ups.control({"broken": True})
    cabinet.bench.await_word("Ups", "hardwareError")
    assert part(ups, "xUps")["health"] == "fault"
    assert part(ups, "xUps")["power"] == "onLine"


def test_a_ups_that_does_not_answer(cabinet: Cabinet, ups: ServiceClient) -> None:
    """Nobody knows where the power comes from, and that is what is told."""
    cabinet.ups.control({"fail_next": "foreign", "times": 1000})
    cabinet.bench.await_word("Ups", "hardwareError")
    assert part(ups, "xUps") == {"power": "unknown", "health": "unknown"}
    assert part(ups, "auxiliaries") == {}


def test_a_line_with_one_answer_in_ten_wrong(cabinet: Cabinet, panel: ServiceClient) -> None:
    """By chance, but the same in every run: of a sensor the truth is told, or nothing."""
    true = dict(part(panel, "auxiliaries"))
    assert true.items() >= {sensor: words[1] for sensor, words in SENSORS.items()}.items()
    changes = listen(panel, "Common.StatusChangedEvent")
    looks = int(str(cabinet.board.state()["looks"]))
    cabinet.board.control({"flaky": 0.1})  # of the first ten answers, two are lost or damaged
    until(lambda: int(str(cabinet.board.state()["looks"])) > looks + 10)
    cabinet.board.control({"flaky": 0})
    while not changes.empty():
        told = changes.get().get("auxiliaries")
        assert isinstance(told, dict)
        assert all(word in {None, true[sensor]} for sensor, word in told.items())
