"""Every simulated device fails by chance when told to, the same way from the same seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.a4.ipp import Message, Operation, encode
from drivers.camera.source import BrokenFrame, FolderSource, Setup
from drivers.simulated.a4_printer import SimulatedA4Printer
from drivers.simulated.camera import SimulatedCamera
from drivers.simulated.camera_codes import SimulatedCodeCamera
from drivers.simulated.face_camera import SimulatedFaceCamera
from drivers.simulated.flakiness import Flakiness
from drivers.simulated.printer import SimulatedPrinter
from drivers.simulated.reader import SimulatedReader
from tests.devices.cabinet_bench import surroundings
from tests.devices.face_bench import simulated as face_camera
from tests.waiting import until

ASKED = encode(Message(code=Operation.GET_PRINTER_ATTRIBUTES, request_id=7, groups=()))
CAMERAS = ["document-camera", "scan-camera", "face-camera"]
DEVICES = [*CAMERAS, "a4-printer", "id-reader", "receipt-printer"]

Simulated = (
    SimulatedCamera
    | SimulatedCodeCamera
    | SimulatedFaceCamera
    | SimulatedA4Printer
    | SimulatedReader
    | SimulatedPrinter
)


@pytest.fixture
def device(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Simulated]:
    """Lend one simulated device behind `tmp_path / its name`."""
    place = tmp_path / request.param
    make: dict[str, Callable[[], Simulated]] = {
        "document-camera": lambda: SimulatedCamera(place),
        "scan-camera": lambda: SimulatedCodeCamera(place),
        "face-camera": lambda: face_camera(place),
        "a4-printer": lambda: SimulatedA4Printer(surroundings(place)),
        "id-reader": lambda: SimulatedReader(place),
        "receipt-printer": lambda: SimulatedPrinter(place, tmp_path),
    }
    with closing(make[request.param]()) as made:
        yield made


def test_chance_is_the_same_from_one_seed() -> None:
    """Said or from the start, a seed decides; another seed decides otherwise."""
    flaky = Flakiness(["lost", "garbled"], 7)

    def dealt(command: dict[str, object]) -> list[str | None]:
        flaky.control(command)
        return [flaky.fault() for _ in range(50)]

    first = dealt({"flaky": 0.5})
    assert {None, "lost", "garbled"} == set(first)
    assert dealt({"flaky": 0.5}) == dealt({"flaky": 0.5, "seed": 7}) == first
    assert dealt({"flaky": 0.5, "seed": 8}) != first
    assert set(dealt({"flaky": 0})) == {None}


@pytest.mark.parametrize("device", DEVICES, indirect=True)
def test_each_takes_chance_and_seed(device: Simulated) -> None:
    """The chance is shown; what is none changes nothing."""
    device.control({"flaky": 0.25, "seed": 3})
    assert device.state()["flaky"] == 0.25
    wrong: list[dict[str, object]] = [
        {"flaky": 2},
        {"flaky": True},
        {"flaky": "often"},
        {"flaky": 0.5, "seed": "x"},
        {"flaky": 0.5, "seed": True},
    ]
    for command in wrong:
        with pytest.raises(ValueError, match="number"):
            device.control(command)
    assert device.state()["flaky"] == 0.25


@pytest.mark.parametrize("device", CAMERAS, indirect=True)
def test_a_flaky_camera_spoils_frames(
    device: SimulatedCamera, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """At the chance of one no frame can be decoded, at none all can."""
    place = tmp_path / request.node.callspec.params["device"]
    until((place / "frame.jpg").exists)
    source = FolderSource(place, Setup())

    def decodes() -> bool:
        shot = source.read()
        try:
            return shot is not None and shot.reduced(4).size > 0
        except BrokenFrame:
            return False

    until(decodes)
    device.control({"flaky": 1, "seed": 1})
    until(lambda: not decodes())
    assert [decodes() for _ in range(3)] == [False] * 3
    device.control({"flaky": 0})
    until(decodes)


def test_a_flaky_a4_printer_loses_or_garbles_answers(tmp_path: Path) -> None:
    """Two printers of one seed lose and garble the same answers; mended, it answers all."""

    def answers(name: str) -> list[bytes | None]:
        with closing(SimulatedA4Printer(surroundings(tmp_path / name))) as printer:
            printer.control({"flaky": 0.6, "seed": 11})
            told = [printer.answer(ASKED) for _ in range(30)]
            printer.control({"fault": "none"})
            assert len({printer.answer(ASKED) for _ in range(10)}) == 1
            return told

    first = answers("one")
    assert len(set(first)) == 3
    assert answers("two") == first
