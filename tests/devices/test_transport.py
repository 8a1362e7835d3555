"""The port under the devices: deadlines, limits, and one error for every way to lose it."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path

import pytest

from drivers.errors import TransportLost
from drivers.simulated.pty_port import PtyPort
from drivers.transport import Transport
from tests.waiting import until

HOURS_S = 10_000.0
"""A deadline that a test does not live to see."""


def test_a_read_returns_what_is_there(tmp_path: Path) -> None:
    """Not the whole, not after the deadline: as soon as there is something."""
    port = PtyPort(tmp_path / "p")
    with Transport.open(str(port.link)) as line:
        port.write(b"some bytes")
        assert line.read(time.monotonic() + HOURS_S) == b"some bytes"
        assert line.read(time.monotonic() + 0.1) == b""
    port.close()


def test_every_byte_crosses_both_ways(tmp_path: Path) -> None:
    """The line is transparent: nothing is echoed, translated or eaten."""
    port, every, heard = PtyPort(tmp_path / "p"), bytes(range(256)), bytearray()
    port.start(heard.extend)
    with Transport.open(str(port.link)) as line:
        line.write(every)
        until(lambda: bytes(heard) == every)
        port.write(every)
        got = b""
        while piece := line.read(time.monotonic() + 0.2):
            got += piece
        assert got == every
    port.close()


def test_draining_stops_at_silence_and_at_its_limit(tmp_path: Path) -> None:
    """What is dropped is counted; a line that never falls silent does not hold us."""
    port = PtyPort(tmp_path / "p")
    with Transport.open(str(port.link)) as line:
        port.write(b"x" * 100)
        assert line.drain(0.05) == 100
        talking = threading.Event()

        def talk() -> None:
            while not talking.wait(0.01):
                port.write(b"y")

        thread = threading.Thread(target=talk)
        thread.start()
        line.drain(0.2, limit_s=0.3)
        talking.set()
        thread.join()
    port.close()


def test_a_missing_port_is_lost(tmp_path: Path) -> None:
    """The one error, with the name of the port in it."""
    with pytest.raises(TransportLost, match="nothing-here"):
        Transport.open(str(tmp_path / "nothing-here"))


def test_every_use_of_a_pulled_port_is_the_one_error(tmp_path: Path) -> None:
    """Reading, writing and flushing all say lost; closing says nothing."""
    port = PtyPort(tmp_path / "p")
    line = Transport.open(str(port.link))
    port.unplug()
    with pytest.raises(TransportLost):
        line.read(time.monotonic() + 1)
    with pytest.raises(TransportLost):
        line.write(b"x")
    with pytest.raises(TransportLost):
        line.discard_input()
    line.close()
    with pytest.raises(TransportLost):
        line.read(time.monotonic() + 1)
    port.close()


def test_a_device_that_takes_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A peer that stopped does not block the writer for ever."""
    monkeypatch.setattr("drivers.transport.WRITE_LIMIT_S", 0.2)
    port = PtyPort(tmp_path / "p")
    with Transport.open(str(port.link)) as line, pytest.raises(TransportLost):
        line.write(b"x" * 100_000)
    port.close()


def test_a_device_on_the_network_is_the_same(tmp_path: Path) -> None:
    """`socket://` reads in pieces, and a hang-up is the one error."""
    server = socket.create_server(("127.0.0.1", 0))
    with Transport.open(f"socket://127.0.0.1:{server.getsockname()[1]}") as line:
        peer, _ = server.accept()
        peer.sendall(b"a" * 1500)
        got = b""
        while len(got) < 1500:
            got += line.read(time.monotonic() + 2)
        line.write(b"back")
        assert peer.recv(10) == b"back"
        peer.close()
        with pytest.raises(TransportLost):
            line.read(time.monotonic() + 2)
    server.close()


def test_a_replugged_port_is_a_new_line_behind_the_same_link(tmp_path: Path) -> None:
    """The link never points at a dead line, and is gone while unplugged."""
    port = PtyPort(tmp_path / "p")
    heard = bytearray()
    port.start(heard.extend)
    first = port.link.resolve()
    port.unplug()
    assert not port.link.is_symlink()
    assert not port.plugged
    assert port.write(b"into the air") == 0
    blocker = PtyPort(tmp_path / "other")
    port.replug()
    assert port.link.resolve() != first
    with Transport.open(str(port.link)) as line:
        line.write(b"hello")
        until(lambda: bytes(heard) == b"hello")
    port.close()
    port.close()
    port.unplug()
    port.replug()
    assert not port.plugged
    blocker.close()


def test_a_paced_line_keeps_its_speed(tmp_path: Path) -> None:
    """1152 bytes at 115200 baud take a tenth of a second."""
    port = PtyPort(tmp_path / "p", 115200)
    with Transport.open(str(port.link)):
        started = time.monotonic()
        assert port.write(bytes(1152)) == 1152
        assert time.monotonic() - started >= 0.1
    port.close()


def test_a_pulled_plug_ends_a_paced_write(tmp_path: Path) -> None:
    """Bytes that were still to come are never sent."""
    port = PtyPort(tmp_path / "p", 1200)
    threading.Timer(0.1, port.unplug).start()
    with Transport.open(str(port.link)):
        assert port.write(bytes(2000)) < 2000
    port.close()
