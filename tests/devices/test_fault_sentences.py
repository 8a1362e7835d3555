"""Every fault of every simulated device, from its line to the sentence that the clerk reads.

Real pseudo-terminals and sockets, the real host with its workers, and the list of faults: what is
not here is the screen, which paints any sentence.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

import pytest

from drivers.service.client import ServiceClient
from drivers.service.roles import Role
from drivers.simulated.kinds import KINDS
from kiosk.journey.view_parts import Text
from kiosk.maintenance.conditions import of_device
from kiosk.maintenance.faults import faults, listed, told
from kiosk.session.maintenance import card_trials, face_trial, keypad_trial
from kiosk.session.maintenance.bench import SERVICES
from kiosk.session.maintenance.bench import Bench as StaffBench
from kiosk.session.maintenance.trials import Person, Trials
from kiosk.translation import Translator
from tests.devices.service_bench import Bench
from tests.waiting import PATIENCE_S, until

WORDS = Translator()
Command = Mapping[str, object]
UNPLUG, REPLUG = {"unplug": True}, {"replug": True}


@dataclass(frozen=True, slots=True)
class Case:
    """What is done to a device, which fault it is, and what heals it."""

    fault: str
    device: str
    does: Command
    heals: Command

    @property
    def part(self) -> str:
        """Whose fault it is."""
        return self.fault.partition(".")[0]


def _printer(word: str, does: Command, heals: Command) -> Case:
    return Case(f"receipt_printer.{word}", "printer", does, heals)


def _a4(word: str, does: Command, heals: Command) -> Case:
    return Case(f"a4_printer.{word}", "a4-printer", does, heals)


CASES = (
    *(
        Case(f"{part}.gone", device, UNPLUG, REPLUG)
        for part, device in {
            "id_reader": "id-reader",
            "scanner": "scanner",
            "receipt_printer": "printer",
            "document_camera": "camera",
            "ups": "ups",
            "panel": "panel",
            "keypad": "keypad",
            "face_camera": "face-camera",
            "camera_scanner": "camera-scanner",
            "social_card": "social-card",
            "a4_printer": "a4-printer",
        }.items()
    ),
    _printer("low", {"paper": "low"}, {"paper": "ok"}),
    _printer("out", {"paper": "out"}, {"paper": "ok"}),
    _printer("open", {"cover": "open"}, {"cover": "closed"}),
    _printer("failed", {"fault": "paper-jam"}, {"fault": None}),
    _printer("hot", {"fault": "overheated"}, {"fault": None}),
    _printer("failed", {"fault": "silence"}, {"fault": None}),
    _a4("low", {"paper": "low"}, {"paper": "ok"}),
    _a4("out", {"paper": "out"}, {"paper": "ok"}),
    _a4("jammed", {"jam": True}, {"jam": False}),
    _a4("toner_low", {"toner": "low"}, {"toner": "ok"}),
    _a4("failed", {"offline": True}, {"offline": False}),
    Case("ups.battery", "ups", {"power": "lost"}, {"power": "back", "charge": 100}),
    Case(
        "ups.battery_low",
        "ups",
        {"power": "lost", "charge": 5},
        {"power": "back", "charge": 100},
    ),
    Case(
        "panel.door_open",
        "panel",
        {"sensor": "cabinetFrontDoor", "word": "open"},
        {"sensor": "cabinetFrontDoor", "word": "closed"},
    ),
    Case(
        "panel.tampered",
        "panel",
        {"sensor": "tamperSensor", "word": "on"},
        {"sensor": "tamperSensor", "word": "off"},
    ),
)
NOT_MADE = frozenset(
    {
        *("id_reader.failed", "id_reader.fraud", "scanner.failed", "document_camera.failed"),
        *("camera_scanner.failed", "keypad.failed", "face_camera.failed", "social_card.failed"),
        *("panel.failed", "ups.failed", "a4_printer.open", "a4_printer.toner_out"),
        "receipt_printer.jammed",
    }
)
"""Faults that the tests of each driver bring about; the word is in the statuses tested there."""


class Hall:
    """A host with every device there is, watched as the agent watches it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._clients = {
            part: ServiceClient(bench.socket(name), name, bench.secrets[Role.AGENT])
            for part, name in SERVICES.items()
        }

    def faults(self, part: str) -> dict[str, str]:
        """Return what is wrong with a part, by id, in the words that a clerk reads."""
        status = self._clients[part].call("Common.Status", None, 5.0).payload
        found = faults(of_device(part, status))
        return {one.id: told(one, WORDS).title for one in found}

    def await_fault(self, case: Case) -> None:
        """Wait until it is told."""
        until(lambda: case.fault in self.faults(case.part))

    def await_well(self, part: str) -> None:
        """Wait until nothing is wrong with a part."""
        until(lambda: self.faults(part) == {})

    def close(self) -> None:
        """Hang up."""
        for client in self._clients.values():
            client.close()


@pytest.fixture(scope="module")
def hall() -> Iterator[Hall]:
    """All devices, well."""
    with Bench(others=KINDS) as bench, closing(Hall(bench)) as own:
        for part in SERVICES:
            own.await_well(part)
        yield own


def rounds() -> list[tuple[Case, ...]]:
    """Return the cases in as few rounds as may be: each device has one fault at a time."""
    made: list[list[Case]] = []
    for case in CASES:
        free = next((own for own in made if case.device not in {one.device for one in own}), None)
        if free is None:
            made.append([case])
        else:
            free.append(case)
    return [tuple(own) for own in made]


@pytest.mark.parametrize("cases", rounds(), ids=lambda own: f"{len(own)} devices")
def test_what_befalls_a_device_is_told_with_what_to_do(hall: Hall, cases: tuple[Case, ...]) -> None:
    """Each sentence is of its device, has steps and somebody to ring; healed, it goes away."""
    control = hall.bench.simulator.control
    for case in cases:
        control(case.device, case.does)
    try:
        for case in cases:
            hall.await_fault(case)
            assert hall.faults(case.part)[case.fault] == _said(case.fault)
    finally:
        for case in cases:
            control(case.device, case.heals)
    for case in cases:
        hall.await_well(case.part)


def _said(fault: str) -> str:
    """Return the title of a fault whose words are whole."""
    (own,) = [one for one in listed() if one.id == fault]
    said = told(own, WORDS)
    assert said.loss
    assert said.steps
    assert said.call
    return said.title


def test_no_fault_of_a_device_is_left_out() -> None:
    """Every fault of the list that a device can have is made here, or by the driver's own tests."""
    made = {case.fault for case in CASES}
    of_devices = {one.id for one in listed() if one.subject in SERVICES}
    assert made | NOT_MADE == of_devices
    assert not made & NOT_MADE


def test_a4_paper_proves_itself_on_a4(hall: Hall) -> None:
    """New paper in the tray: the page of proof comes from that printer, and no slip is wasted."""
    bench = hall.bench
    slips, pages = len(bench.simulator.papers()), _pages(hall)
    with _staff(hall) as staff:
        own = Trials(staff, WORDS, lambda: None)
        did = own.replenished("a4_printer", staff.begin("a4_printer"), "0317")
    assert (did.well, did.told.key) == (True, "upkeep.paper.well")
    assert _pages(hall) == pages + 1
    assert len(bench.simulator.papers()) == slips


def _pages(hall: Hall) -> int:
    """Return how many documents the A4 printer has put out."""
    return len(list((hall.bench.run / "papers").rglob("*.pdf")))


@contextmanager
def _staff(hall: Hall) -> Iterator[StaffBench]:
    """Take the devices over as maintenance does."""
    staff = StaffBench(hall.bench.run, hall.bench.secrets[Role.MAINTENANCE])
    try:
        assert staff.enter()
        yield staff
    finally:
        staff.close()


class Clerk:
    """Tries one part after the other, and does what the page says when it says so."""

    def __init__(self, hall: Hall, staff: StaffBench) -> None:
        self._hall, self._staff = hall, staff

    def tries(self, part: str, does: Mapping[str, tuple[str, list[Command]]]) -> str:
        """Test a part; return how that ended.

        Args:
            part: subject of the list of faults, or ``battery``.
            does: what is done to which device each time that the page says these words.
        """
        device = "ups" if part == "battery" else part
        todo = {words: (name, iter(commands)) for words, (name, commands) in does.items()}

        def said(words: Text) -> None:
            assert WORDS.text(words.key, **dict(words.values))
            name, commands = todo.get(words.key, ("", iter(())))
            command = next(commands, None)
            if command is not None:
                self._hall.bench.simulator.control(name, command)

        trials = Trials(self._staff, WORDS, lambda: None)
        did = trials.of(part, self._staff.begin(device), Person(say=said, ask=said))()
        assert did is not None
        assert did.well or did.hint is not None
        return did.told.key.removeprefix("upkeep.")


def test_staff_try_what_has_no_page_of_a_citizen(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keypad, face camera and UPS, well and unplugged; a card reader whose card is missing."""
    for module, name, seconds in (
        (card_trials, "CARD_S", 0.6),
        (keypad_trial, "KEY_S", 0.6),
        (face_trial, "FACE_S", 30.0),
        (face_trial, "LOOK_S", 0.5),
    ):
        monkeypatch.setattr(module, name, seconds)
    control = hall.bench.simulator.control
    keys = hall.bench.simulator.state()["keypad"]["keys"]  # type: ignore[index]
    with _staff(hall) as staff:
        clerk = Clerk(hall, staff)
        assert clerk.tries("id_reader", {}) == "test.card_nobody"
        assert clerk.tries("keypad", {}) == "keypad.none"
        presses: list[Command] = [{"press": key} for key in keys]
        for some, told in ((presses[:1], "left"), (presses, "all")):
            assert clerk.tries("keypad", {"upkeep.keypad.press": ("keypad", some)}) == (
                f"keypad.{told}"
            )
        assert clerk.tries("ups", {}) == "ups.well"
        one: dict[str, tuple[str, list[Command]]] = {
            "upkeep.face.stand": ("face-camera", [{"scene": "one"}])
        }
        assert clerk.tries("face_camera", one) == "face.well"
        control("face-camera", {"scene": "nobody"})
        for device in ("id-reader", "keypad", "ups", "face-camera"):
            control(device, UNPLUG)
        assert clerk.tries("id_reader", {}) == "test.card_no_reader"
        for part, told in (("keypad", "gone"), ("ups", "gone"), ("face_camera", "gone")):
            hall.await_fault(Case(f"{part}.gone", part, {}, {}))
            assert clerk.tries(part, {}) == f"{part.removesuffix('_camera')}.{told}"
        for device in ("id-reader", "keypad", "ups", "face-camera"):
            control(device, REPLUG)
        for part in ("id_reader", "keypad", "ups", "face_camera"):
            hall.await_well(part)


def test_a_key_that_bounces_does_not_keep_its_test_alive(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a key that was not pressed yet buys time; the others are still missing."""
    monkeypatch.setattr(keypad_trial, "KEY_S", 0.6)
    control = hall.bench.simulator.control
    (key, *_) = hall.bench.simulator.state()["keypad"]["keys"]  # type: ignore[index]
    over = threading.Event()

    def bounce() -> None:
        while not over.wait(0.05):
            control("keypad", {"press": key})

    with _staff(hall) as staff:
        told: list[str] = []
        clerk = Clerk(hall, staff)
        trying = threading.Thread(target=lambda: told.append(clerk.tries("keypad", {})))
        bouncing = threading.Thread(target=bounce)
        trying.start()
        bouncing.start()
        try:
            trying.join(PATIENCE_S)
            assert not trying.is_alive(), "it waits for as long as the key bounces"
        finally:
            over.set()
            bouncing.join()
            trying.join()
    assert told == ["keypad.left"]
