"""The pictures socket: who gets in, what nonsense does, and that no frame can be torn."""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from drivers.memory_file import NotSealed, read_sealed, sealed_file
from drivers.service.picture_shelf import MOST_CONNECTIONS, PictureServer, Shelf
from drivers.service.pictures import (
    LONGEST_PACKET,
    LiveFrame,
    NoSuchPicture,
    PicturesClient,
    PicturesUnavailable,
    receive_packet,
    send_packet,
)
from tests.devices.camera_bench import SERVICE, CameraBench, picture_id, take
from tests.waiting import PATIENCE_S, until


def test_a_sealed_file_never_changes() -> None:
    """Whoever has it, it cannot be written, grow or shrink."""
    descriptor = sealed_file("test", b"frame")
    for change in (
        lambda: os.pwrite(descriptor, b"X", 0),
        lambda: os.ftruncate(descriptor, 2),
        lambda: os.ftruncate(descriptor, 99),
    ):
        with pytest.raises(PermissionError):
            change()
    assert read_sealed(descriptor, 5) == b"frame"
    os.close(descriptor)


@pytest.mark.parametrize("size", [0, -1, 4, 6, 2**62])
def test_another_size_is_refused(size: int) -> None:
    """A told size that is not the file's is never read."""
    descriptor = sealed_file("test", b"frame")
    with pytest.raises(NotSealed):
        read_sealed(descriptor, size)
    os.close(descriptor)


def test_a_file_that_could_change_is_refused() -> None:
    """Neither an open memory file nor a file on disk is taken."""
    descriptor = os.memfd_create("open", os.MFD_ALLOW_SEALING)
    os.write(descriptor, b"frame")
    with tempfile.TemporaryFile() as file:
        file.write(b"frame")
        file.flush()
        for each in (descriptor, file.fileno()):
            with pytest.raises(NotSealed):
                read_sealed(each, 5)
    os.close(descriptor)


def painted(number: int) -> LiveFrame:
    """Return a frame of one colour, which is its number."""
    return LiveFrame(number=number, width=160, height=120, rgb=bytes([number % 251]) * 57600)


class Worker:
    """The worker's end, with a camera that paints as fast as it can."""

    def __init__(self) -> None:
        self.handing, arriving = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.shelf = Shelf(most=3)
        self.shelf.begin("visit")
        self.number = 0
        PictureServer(arriving, self.shelf, self.newest).start()

    def newest(self, after: int, wait_s: float) -> LiveFrame | None:
        """Paint the next frame."""
        del wait_s
        self.number = max(self.number, after) + 1
        return painted(self.number)

    def connect(self) -> socket.socket:
        """Return a session's admitted connection."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(PATIENCE_S)
        socket.send_fds(self.handing, [b"+"], [theirs.fileno()])
        theirs.close()
        return ours


@pytest.fixture
def worker() -> Worker:
    """Lend a worker's end."""
    return Worker()


def ask(line: socket.socket, **packet: object) -> tuple[object, bytes | None]:
    """Send a packet; return the error, or the number or size, and the file's bytes."""
    send_packet(line, packet)
    answer, descriptor = receive_packet(line)
    assert answer is not None
    if descriptor is None:
        return answer.get("error"), None
    data = read_sealed(descriptor, int(str(answer["size"])))
    os.close(descriptor)
    return answer.get("number", answer["size"]), data


def test_frames_are_whole(worker: Worker) -> None:
    """Read by several at once from a camera that never stops, each frame is of one colour."""
    torn: list[int] = []

    def read() -> None:
        with worker.connect() as line:
            receive_packet(line)
            for _ in range(8):
                number, data = ask(line, op="frame", visit="visit", after=0)
                assert data is not None
                if len(set(data)) != 1 or data[0] != int(str(number)) % 251:
                    torn.append(int(str(number)))

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(PATIENCE_S)
    assert worker.number >= 32
    assert torn == []


def test_the_oldest_picture_goes(worker: Worker) -> None:
    """Whoever takes many can take one more; the newest are there, nothing of the others is."""
    open_before = len(os.listdir("/proc/self/fd"))
    names = [worker.shelf.keep(f"jpeg {number}".encode(), ())[0] for number in range(30)]
    assert worker.shelf.count == 3
    assert len(os.listdir("/proc/self/fd")) == open_before + 3
    with worker.connect() as line:
        receive_packet(line)
        got = [ask(line, op="picture", visit="visit", picture=name) for name in names[-4:]]
    assert got == [("unknown", None), *((7, f"jpeg {number}".encode()) for number in (27, 28, 29))]


def test_what_is_lent_stays_itself(worker: Worker) -> None:
    """A picture on its way to somebody is not another one because the shelf goes on."""
    name, _ = worker.shelf.keep(b"mine", ())
    lent = worker.shelf.lend(name)
    assert lent is not None
    for _ in range(4):
        worker.shelf.keep(b"else", ())
    assert worker.shelf.lend(name) is None
    assert worker.shelf.bytes_of(lent) == b"mine"
    os.close(lent.descriptor)


def test_only_for_its_visit(worker: Worker) -> None:
    """Another visit, none, or nonsense gets neither frames nor pictures."""
    name, _ = worker.shelf.keep(b"jpeg", ())
    with worker.connect() as line:
        receive_packet(line)
        assert ask(line, op="picture", visit="visit", picture=name) == (4, b"jpeg")
        for visit in ("another", "", None, 7, ["visit"]):
            assert ask(line, op="frame", visit=visit, after=0) == ("refused", None)
            assert ask(line, op="picture", visit=visit, picture=name) == ("refused", None)
        for picture in ("0" * 32, "", None, 7, {"a": 1}, "../secret"):
            found = ask(line, op="picture", visit="visit", picture=picture)
            assert found == ("unknown", None)
        assert ask(line, op="erase", visit="visit") == ("unknown", None)
        assert ask(line, op="frame", visit="visit", after="x" * 2000)[1] is not None
        assert ask(line, op="frame", visit="visit", after=-(2**70))[1] is not None


def test_the_next_visit_finds_nothing(worker: Worker) -> None:
    """When a worker is told of another visit, what it kept is gone."""
    name, _ = worker.shelf.keep(b"jpeg", ())
    worker.shelf.begin("next")
    with worker.connect() as line:
        receive_packet(line)
        assert ask(line, op="picture", visit="visit", picture=name) == ("refused", None)
        assert ask(line, op="picture", visit="next", picture=name) == ("unknown", None)


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"[]",
        b"7",
        b"{",
        b"\xff" * 100,
        b"[" * 4000,
        b" " * (LONGEST_PACKET + 1),
        b'{"op":"' + b"x" * 60000 + b'"}',
    ],
)
def test_nonsense_ends_the_connection_alone(worker: Worker, data: bytes) -> None:
    """The talker is cut off; everybody else is served on."""
    with worker.connect() as talker, worker.connect() as other:
        receive_packet(talker)
        receive_packet(other)
        talker.send(data)
        assert receive_packet(talker) == (None, None)
        assert ask(other, op="frame", visit="visit", after=0)[1] is not None


def test_files_that_nobody_asked_for(worker: Worker) -> None:
    """Descriptors sent to the camera are closed, and the request is answered."""
    before = len(os.listdir("/proc/self/fd"))
    with worker.connect() as line:
        receive_packet(line)
        for _ in range(5):
            request = json.dumps({"op": "frame", "visit": "visit", "after": 0}).encode()
            socket.send_fds(line, [request], [0, 1, 2])
            _, descriptor = receive_packet(line)
            assert descriptor is not None
            os.close(descriptor)
    until(lambda: len(os.listdir("/proc/self/fd")) <= before)


def test_connections_have_a_limit(worker: Worker) -> None:
    """The ninth is closed, and taken once another has gone."""
    lines = [worker.connect() for _ in range(MOST_CONNECTIONS)]
    for line in lines:
        assert receive_packet(line)[0] == {"ready": True}
    with worker.connect() as late:
        assert receive_packet(late) == (None, None)
    lines.pop().close()

    def served() -> bool:
        with worker.connect() as again:
            return receive_packet(again)[0] is not None

    until(served)
    for line in lines:
        line.close()


# -- with the host in front


@pytest.fixture(scope="module")
def bench() -> Iterator[CameraBench]:
    """Lend one host to the tests of this file."""
    with CameraBench() as bench:
        yield bench


def call(path: Path, *packets: bytes) -> bytes:
    """Connect, send packets, and return the first answer; empty when there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
        line.settimeout(PATIENCE_S)
        line.connect(str(path))
        try:
            for packet in packets:
                line.send(packet)
            return line.recv(LONGEST_PACKET)
        except OSError:
            return b""


@pytest.mark.parametrize(
    "hello",
    [
        b'{"secret":"wrong"}',
        b'{"secret":7}',
        b'{"secret":null}',
        b"{}",
        b"hello",
        b"[" * 4000,
        b'{"secret":"' + b"x" * 50000 + b'"}',
        b'{"op":"picture","visit":"v","picture":"0"}',
    ],
)
def test_a_wrong_secret_is_refused(bench: CameraBench, hello: bytes) -> None:
    """Nobody gets past the host without the secret; it says no more than that."""
    request = b'{"op":"frame","visit":"visit-1","after":0}'
    assert call(bench.pictures_socket, hello, request) in (b'{"error":"refused"}', b"")


def test_silent_callers_are_let_go(bench: CameraBench) -> None:
    """Callers that say nothing lose their place, and others are served."""
    silent = []
    for _ in range(12):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        line.connect(str(bench.pictures_socket))
        line.settimeout(PATIENCE_S)
        silent.append(line)
    with bench.camera_visit() as client:
        take(client)
        with pytest.raises(NoSuchPicture):
            bench.pictures().picture("visit-1", "0" * 32)
    for line in silent:
        assert line.recv(64) == b""
        line.close()


def test_a_client_with_a_wrong_secret(bench: CameraBench) -> None:
    """The session's own client tells a refusal."""
    with pytest.raises(PicturesUnavailable, match="refused"):
        bench.pictures("wrong").picture("visit-1", "0" * 32)


def test_frames_stop_with_their_visit(bench: CameraBench) -> None:
    """Who watched one visit sees nothing of the next."""
    with bench.camera_visit() as client:
        old = bench.pictures()
        old.watch("visit-1")
        take(client, visit="visit-1")
        until(old.frame)
    bench.await_word(SERVICE, "online")
    with bench.camera_visit() as client:
        answer = take(client, visit="visit-2")
        fresh = bench.pictures()
        fresh.watch("visit-2")
        last = until(fresh.frame)
        until(lambda: (now := fresh.frame()) and now.number > last.number + 3)
        seen = old.frame()
        until(lambda: (now := fresh.frame()) and now.number > last.number + 6)
        assert old.frame() is seen
        with pytest.raises(NoSuchPicture):
            bench.pictures().picture("visit-1", picture_id(answer))
        old.stop()
        fresh.stop()


def test_a_frame_is_what_the_camera_sees(bench: CameraBench) -> None:
    """Red, green, blue from the top left: the blue card is blue."""
    bench.lay("bank_card")
    with bench.camera_visit() as client:
        take(client, "card")
        pictures = bench.pictures()
        assert isinstance(pictures, PicturesClient)
        pictures.watch("visit-1")
        frame = until(pictures.frame)
        dots = np.frombuffer(frame.rgb, np.uint8).reshape(frame.height, frame.width, 3)
        card = dots[frame.height // 2 + 25, frame.width // 2 - 20]
        assert card[2] > card[0] + 30
        pictures.stop()
    bench.lay("empty")
