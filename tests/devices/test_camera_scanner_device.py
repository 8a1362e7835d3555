"""The scan camera as a device, on a simulated camera: what it reads, drops and survives."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.camera import device as health
from drivers.camera.source import Setup
from drivers.child_process import Ending
from drivers.decoder.codes import Code, Symbology
from drivers.decoder.device import MOST_LOSSES, CodeCamera, ReadFailure, ReadProblem
from drivers.decoder.reader import CodesNotRead
from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from drivers.simulated.camera_codes import MOST_BYTES, SimulatedCodeCamera
from tests.waiting import until

READ_S = 20.0
"""Longer than any read needs on a busy machine."""


@contextmanager
def opened(place: Path) -> Iterator[tuple[SimulatedCodeCamera, CodeCamera]]:
    """Lend a simulated camera before which nothing is shown, opened."""
    simulated = SimulatedCodeCamera(place, seed=3)
    try:
        camera = CodeCamera.open(str(place))
        yield simulated, camera
        camera.close()
    finally:
        simulated.close()


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[SimulatedCodeCamera, CodeCamera]]:
    """Lend one pair to the tests that do not lose it."""
    with opened(tmp_path_factory.mktemp("shared") / "scan-camera") as pair:
        yield pair


@pytest.fixture
def simulated(shared: tuple[SimulatedCodeCamera, CodeCamera]) -> Iterator[SimulatedCodeCamera]:
    """Lend the simulated camera, well, with nothing before it."""
    yield shared[0]
    shared[0].control({"flaky": 0})
    shared[0].control({"hide": True})


@pytest.fixture
def camera(
    shared: tuple[SimulatedCodeCamera, CodeCamera], simulated: SimulatedCodeCamera
) -> Iterator[CodeCamera]:
    """Lend the camera, not armed."""
    del simulated
    yield shared[1]
    shared[1].disarm()


def read(camera: CodeCamera, seconds: float = READ_S) -> Code | ReadProblem:
    """Read one code."""
    outcome = camera.read(time.monotonic() + seconds)
    if isinstance(outcome, ReadFailure):
        return outcome.problem
    (code,) = outcome
    return code


@pytest.mark.parametrize("look", ["straight", "turned", "blurred", "screen", "inverted"])
def test_a_code_held_up(simulated: SimulatedCodeCamera, camera: CodeCamera, look: str) -> None:
    """However it is held, it is read while the camera is armed."""
    camera.arm()
    simulated.control({"show": "本机号 L400123", "look": look})
    code = read(camera)
    assert isinstance(code, Code)
    assert (code.text, code.symbology) == ("本机号 L400123", "qrCode")


@pytest.mark.parametrize("symbology", ["code128", "pdf417"])
def test_other_kinds(simulated: SimulatedCodeCamera, camera: CodeCamera, symbology: str) -> None:
    """A linear code is believed at its second frame; others are found in their turn."""
    simulated.control({"show": "AB-1234567", "symbology": symbology})
    camera.arm()
    code = read(camera)
    assert isinstance(code, Code)
    assert (code.symbology, code.data) == (symbology, b"AB-1234567")


def test_a_code_from_before_is_dropped(simulated: SimulatedCodeCamera, camera: CodeCamera) -> None:
    """What was held up and taken away before anybody asked is never read."""
    simulated.control({"show": "before"})
    seen = simulated.frames
    until(lambda: simulated.frames > seen + 1)
    simulated.control({"hide": True})
    camera.arm()
    assert read(camera, 0.5) is ReadProblem.NO_CODE


def test_blind_unless_armed(simulated: SimulatedCodeCamera, camera: CodeCamera) -> None:
    """Without arming nothing is read, and after disarming neither."""
    simulated.control({"show": "unasked"})
    with pytest.raises(RuntimeError):
        camera.read(time.monotonic() + 1)
    camera.arm()
    camera.disarm()
    with pytest.raises(RuntimeError):
        camera.read(time.monotonic() + 1)


def test_only_the_wanted_kinds(simulated: SimulatedCodeCamera, camera: CodeCamera) -> None:
    """A QR code is passed over when a linear one is asked for; the next read asks anew."""
    simulated.control({"show": "qr"})
    camera.arm({Symbology.CODE_128})
    assert read(camera, 0.6) is ReadProblem.NO_CODE
    camera.arm()
    assert isinstance(read(camera), Code)


def test_a_read_is_given_up(camera: CodeCamera) -> None:
    """Cancelling ends a read soon."""
    cancelled = threading.Event()
    threading.Timer(0.2, cancelled.set).start()
    camera.arm()
    outcome = camera.read(time.monotonic() + READ_S, cancelled=cancelled)
    assert outcome == ReadFailure(problem=ReadProblem.CANCELLED)


def test_a_killed_decoding_process(simulated: SimulatedCodeCamera, camera: CodeCamera) -> None:
    """It is replaced within the read, before a code is shown and while one is."""
    camera.arm()
    assert read(camera, 0.5) is ReadProblem.NO_CODE
    first = camera.decoding
    assert first is not None
    os.kill(first, signal.SIGKILL)
    simulated.control({"show": "after"})
    code = read(camera)
    assert isinstance(code, Code)
    assert (code.data, camera.decoding != first) == (b"after", True)


def test_a_decoding_process_that_never_stays(
    simulated: SimulatedCodeCamera, camera: CodeCamera, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some losses in a row the device says that it is broken."""
    losses: list[int] = []

    def dies(*_: object) -> None:
        losses.append(1)
        raise CodesNotRead(Ending.ENDED)

    monkeypatch.setattr(camera._reader, "frame", dies)
    camera.arm()
    with pytest.raises(DeviceFailed):
        read(camera)
    assert len(losses) == MOST_LOSSES


def test_a_camera_that_is_pulled_out_while_a_code_is_waited_for(tmp_path: Path) -> None:
    """The read ends at once; what else can be wrong is tried through the service."""
    with opened(tmp_path / "scan-camera") as (simulated, camera):
        camera.arm()
        simulated.control({"unplug": True})
        with pytest.raises(TransportLost):
            read(camera)
        camera.close()


def test_pulled_out_as_a_code_is_seen(tmp_path: Path) -> None:
    """The cable goes with the first frame of the code: lost, or read just before, never wrong."""
    with opened(tmp_path / "scan-camera") as (simulated, camera):
        simulated.control({"fail_during": "unplug"})
        camera.arm()
        simulated.control({"show": "just then"})
        with contextlib.suppress(TransportLost):
            code = read(camera)
            assert isinstance(code, Code)
            assert code.data == b"just then"


def test_spoiled_frames_are_passed_over(simulated: SimulatedCodeCamera, camera: CodeCamera) -> None:
    """One bad frame, and half of all, delay a read and do not end it."""
    simulated.control({"fail_next": "garbled"})
    simulated.control({"flaky": 0.5, "seed": 11})
    camera.arm()
    simulated.control({"show": "through"})
    code = read(camera)
    assert isinstance(code, Code)
    assert code.data == b"through"


@pytest.mark.parametrize(
    ("fault", "limit", "error"),
    [
        ("silent", "SILENT_S", DeviceSilent("the camera gives no frames")),
        ("freeze", "FROZEN_S", DeviceFailed("the camera gives the same frame again and again")),
        ("black", "BLACK_S", DeviceFailed("the camera's picture is black: lid, lamp or sensor")),
        ("garbled", "SILENT_S", DeviceGarbled("the camera's frames cannot be decoded")),
    ],
)
def test_each_fault_ends_a_read_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, limit: str, error: DeviceError
) -> None:
    """What is wrong with the camera is told as it is; the limit alone is shorter than on duty."""
    with opened(tmp_path / "scan-camera") as (simulated, camera):
        camera.arm()
        monkeypatch.setattr(health, limit, 1.5 if fault == "garbled" else 0.5)
        monkeypatch.setattr(health, "FROZEN_FRAMES", 4)
        monkeypatch.setattr(health, "_LOOK_S", 0.05)
        simulated.control({"fault": fault})
        with pytest.raises(type(error), match=str(error)):
            camera.read(time.monotonic() + READ_S)


def test_there_is_no_camera(tmp_path: Path) -> None:
    """A path without a camera is lost, and no process stays behind."""
    with pytest.raises(TransportLost):
        CodeCamera.open(str(tmp_path / "nowhere"), Setup(width=1280, height=720))


def test_a_camera_that_comes_back(tmp_path: Path) -> None:
    """Pulled out it cannot be opened; put in again it reads."""
    place = tmp_path / "scan-camera"
    with opened(place) as (simulated, _):
        simulated.control({"unplug": True})
        with pytest.raises(TransportLost):
            CodeCamera.open(str(place))
        simulated.control({"replug": True})
        simulated.control({"show": "again"})
        camera = CodeCamera.open(str(place))
        camera.arm()
        assert isinstance(read(camera), Code)
        camera.close()


@pytest.mark.parametrize(
    "command",
    [
        {},
        {"show": ""},
        {"show": "x" * (MOST_BYTES + 1)},
        {"show": {"base64": "?"}},
        {"show": "x", "symbology": "itf"},
        {"show": "中", "symbology": "code128"},
        {"show": "12X", "symbology": "ean13"},
        {"show": "A" * 100, "symbology": "code39"},
        {"show": "x", "look": "upside"},
        {"fault": "smoke"},
        {"fail_next": "black"},
        {"flaky": 2},
        {"flaky": 0.1, "seed": "x"},
    ],
)
def test_commands_that_are_not_understood(
    simulated: SimulatedCodeCamera, command: dict[str, object]
) -> None:
    """A wrong command is refused and nothing changes."""
    before = {**simulated.state(), "frames": 0}
    with pytest.raises(ValueError):
        simulated.control(command)
    assert {**simulated.state(), "frames": 0} == before
