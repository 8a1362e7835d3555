"""The camera's health by what it shows, on a source and a clock that the test moves."""

from __future__ import annotations

import base64
import queue
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.camera import device
from drivers.camera.device import Camera, StuckCamera
from drivers.camera.source import (
    FRAME_FILE,
    LONGEST_FRAME,
    BrokenFrame,
    FolderSource,
    Setup,
    Shot,
    open_source,
)
from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent, TransportLost
from tests.waiting import until


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class Frames:
    """A source that gives what the test puts in."""

    def __init__(self) -> None:
        self.queue: queue.SimpleQueue[Shot | DeviceError | None] = queue.SimpleQueue()
        self.closed = threading.Event()

    def read(self) -> Shot | None:
        """Return the next frame, or raise the next error."""
        try:
            shot = self.queue.get(timeout=0.05)
        except queue.Empty:
            return None
        if isinstance(shot, DeviceError):
            raise shot
        return shot

    def close(self) -> None:
        """Note it."""
        self.closed.set()


def jpeg(level: int) -> Shot:
    """Return a grey frame."""
    picture = np.full((48, 64, 3), level, np.uint8)
    return Shot(encoded=cv2.imencode(".jpg", picture)[1].tobytes())


class Bench:
    """A camera over such a source."""

    def __init__(self) -> None:
        self.clock, self.frames = Clock(), Frames()
        self.camera = Camera(self.frames, self.clock)
        self.given = 0

    def give(self, shot: Shot, after_s: float = 0.1) -> None:
        """Let the camera take one frame, a moment later."""
        self.clock.now += after_s
        self.frames.queue.put(shot)
        self.given += 1
        assert self.camera.wait(self.given - 1, 5.0) is not None


@pytest.fixture
def bench() -> Bench:
    """Lend a camera that gave one good frame."""
    bench = Bench()
    bench.give(jpeg(100))
    return bench


def test_a_living_stream_is_well(bench: Bench) -> None:
    """Frames that differ are a camera that works, however long."""
    for turn in range(60):
        bench.give(jpeg(100 + turn % 2 * 20))
        bench.camera.check()
    bench.camera.close()
    assert bench.frames.closed.is_set()


def test_no_frames_are_silence(bench: Bench) -> None:
    """After three seconds without a frame the camera is silent."""
    bench.clock.now += 2.5
    bench.camera.check()
    bench.clock.now += 1.0
    with pytest.raises(DeviceSilent):
        bench.camera.check()


def test_the_same_frame_is_frozen(bench: Bench) -> None:
    """A stream that repeats one frame for three seconds is no living camera."""
    for _ in range(25):
        bench.give(jpeg(100))
        bench.camera.check()
    for _ in range(10):
        bench.give(jpeg(100))
    with pytest.raises(DeviceFailed, match="same frame"):
        bench.camera.check()


def test_black_is_told(bench: Bench) -> None:
    """A black picture is told after two seconds, a dim one is not."""
    for turn in range(40):
        bench.give(jpeg(20 + turn % 2 * 20))
    bench.camera.check()
    for turn in range(40):
        bench.give(jpeg(turn % 2))
    with pytest.raises(DeviceFailed, match="black"):
        bench.camera.check()


def test_garbage_is_told(bench: Bench) -> None:
    """Frames that cannot be decoded are told as such after three seconds, and never as black."""
    for turn in range(28):
        bench.give(Shot(encoded=b"\xff\xd8 no picture %d" % turn))
        bench.camera.check()
    for turn in range(12):
        bench.give(Shot(encoded=b"\xff\xd8 still none %d" % turn))
    with pytest.raises(DeviceGarbled):
        bench.camera.check()


def test_a_lost_camera_is_told_at_once(bench: Bench) -> None:
    """The source's own word that the cable is out is passed on."""
    bench.frames.queue.put(TransportLost("pulled"))

    def lost() -> bool:
        try:
            bench.camera.check()
        except TransportLost:
            return True
        return False

    until(lost)
    assert bench.frames.closed.is_set()


def test_a_driver_that_never_returns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its process must end: the next opening says so instead of pretending."""
    monkeypatch.setattr(Camera, "_stuck", 0)
    monkeypatch.setattr(device, "_CLOSE_S", 0.05)
    hanging = threading.Event()
    frames = Frames()
    monkeypatch.setattr(frames, "read", lambda: hanging.wait(20) and None)
    Camera(frames).close()
    with pytest.raises(StuckCamera):
        Camera.open("anything", Setup(), lambda _port, _setup: Frames())
    hanging.set()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_camera_that_hangs_turned(turn: int) -> None:
    """The top of the thing is the top of the picture, whole and reduced."""
    seen = np.zeros((80, 120, 3), np.uint8)
    seen[:20] = 255  # the top
    hung = np.rot90(seen, turn // 90)  # as the sensor gives it
    shot = Shot(decoded=np.ascontiguousarray(hung), turn=turn)
    assert np.array_equal(shot.whole(), seen)
    assert shot.reduced(4).shape == (20, 30, 3)
    assert shot.reduced(4)[:5].mean() > 250


def test_a_folder_is_read_when_its_picture_is_replaced(tmp_path: Path) -> None:
    """Each replacement is one frame; a folder that goes is a lost camera."""
    folder = tmp_path / "camera"
    with pytest.raises(TransportLost):
        open_source(f"frames:{folder}", Setup())
    folder.mkdir()

    def put(level: int) -> None:
        fresh = folder / "fresh"
        fresh.write_bytes(jpeg(level).encoded)
        fresh.replace(folder / FRAME_FILE)

    put(10)
    source = open_source(str(folder), Setup())
    assert isinstance(source, FolderSource)
    assert source.read() == jpeg(10)
    assert source.read() is None
    put(20)
    assert source.read() == jpeg(20)
    (folder / FRAME_FILE).unlink()
    with pytest.raises(TransportLost):
        source.read()


def test_a_camera_that_is_not_there() -> None:
    """A path of the kernel that does not exist is told at once."""
    with pytest.raises(TransportLost):
        open_source("/dev/v4l/by-id/usb-nobody-video-index0", Setup())


def test_half_a_frame_is_broken() -> None:
    """What cannot be decoded raises one error, whatever the bytes."""
    for encoded in (b"", b"\x00", b"\xff\xd8\xff", jpeg(3).encoded[:40]):
        with pytest.raises(BrokenFrame):
            Shot(encoded=encoded).whole()


@pytest.mark.parametrize("form", [".png", ".bmp", ".tiff", ".webp"])
def test_only_jpeg_is_a_frame(form: str) -> None:
    """A camera sends nothing else, and OpenCV's other decoders are not for a stranger's bytes."""
    encoded = cv2.imencode(form, np.full((48, 64, 3), 90, np.uint8))[1].tobytes()
    for shot in (Shot(encoded=encoded), Shot(encoded=jpeg(3).encoded + bytes(LONGEST_FRAME))):
        with pytest.raises(BrokenFrame):
            shot.whole()
        with pytest.raises(BrokenFrame):
            shot.reduced(4)


def bomb() -> bytes:
    """Return 45 bytes of a PNG for which OpenCV takes 3 GB; what a fuzz campaign found."""
    return base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAAAAAA6mKC9wAAAGElEQVR4nGNg")


def huge() -> bytes:
    """Return a JPEG that says it has a thousand million dots."""
    encoded = bytearray(jpeg(3).encoded)
    start = encoded.index(b"\xff\xc0")
    encoded[start + 5 : start + 9] = b"\x7f\xff\x7f\xff"  # height and width
    return bytes(encoded)


@pytest.mark.parametrize("encoded", [huge(), bomb()], ids=["huge", "bomb"])
def test_a_frame_that_would_take_much_memory_is_broken(encoded: bytes) -> None:
    """Nothing is made room for; looked for in a process that saw no other frame."""
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from drivers.camera.source import BrokenFrame, Shot\n"
        "try:\n    Shot(encoded=sys.stdin.buffer.read()).whole()\n"
        "except BrokenFrame:\n"
        "    most = re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())\n"
        "    print(int(most[1]) // 1024)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=encoded, capture_output=True, check=True
    )
    assert int(done.stdout) < 500
