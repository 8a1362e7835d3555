"""A USB printer's character device, played by a pseudo-terminal."""

from __future__ import annotations

import os
import threading
import time
import tty
from collections.abc import Iterator

import pytest

from drivers.errors import TransportLost, TransportStalled
from drivers.service.options import port
from drivers.transport import Transport
from tests.waiting import PATIENCE_S


@pytest.fixture
def ends() -> Iterator[tuple[int, str]]:
    """Lend the printer's end and the name of ours."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, f"usb:{os.ttyname(slave)}"
    for end in (master, slave):
        try:
            os.close(end)
        except OSError:
            continue  # the test closed it


def test_bytes_cross_both_ways(ends: tuple[int, str]) -> None:
    """What is written arrives, what is answered is read as soon as it is there."""
    master, name = ends
    every = bytes(range(256))
    with Transport.open(name) as line:
        line.write(every)
        assert os.read(master, 300) == every
        os.write(master, b"\x12\x00")
        assert line.read(time.monotonic() + 5) == b"\x12\x00"
        assert line.read(time.monotonic() + 0.05) == b""
        os.write(master, every)
        assert line.read(time.monotonic() + 5) + line.arrived() == every
        os.write(master, b"old")
        line.discard_input()
        assert line.arrived() == b""


def test_one_owner(ends: tuple[int, str]) -> None:
    """Two of our processes never share a printer."""
    _, name = ends
    with Transport.open(name), pytest.raises(TransportLost):
        Transport.open(name)
    Transport.open(name).close()


def test_a_printer_that_takes_nothing(
    ends: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own error, after the limit."""
    monkeypatch.setattr("drivers.transport.WRITE_LIMIT_S", 0.1)
    with Transport.open(ends[1]) as line, pytest.raises(TransportStalled):
        line.write(bytes(100_000))


def test_a_slow_printer_gets_all_of_it(ends: tuple[int, str]) -> None:
    """A full buffer is waited for, as long as bytes go on."""
    master, name = ends
    data, got = bytes(50_000), bytearray()

    def take() -> None:
        while len(got) < len(data):
            got.extend(os.read(master, 1000))

    taking = threading.Thread(target=take)
    taking.start()
    with Transport.open(name) as line:
        line.write(data)
        taking.join(PATIENCE_S)
    assert bytes(got) == data


def test_a_pulled_printer_is_lost(ends: tuple[int, str]) -> None:
    """Reading and writing say so; closing says nothing."""
    master, name = ends
    line = Transport.open(name)
    os.close(master)
    with pytest.raises(TransportLost):
        line.read(time.monotonic() + 1)
    with pytest.raises(TransportLost):
        line.write(b"x")
    line.close()
    line.close()


def test_there_is_no_such_printer() -> None:
    """Named in the error."""
    with pytest.raises(TransportLost, match="lp7"):
        Transport.open("usb:/nowhere/lp7")


@pytest.mark.parametrize("name", ["/dev/usb/lp0", "usb:/dev/usb/lp3"])
def test_a_name_that_moves_is_refused(name: str) -> None:
    """A cable in another socket must not make another printer of it."""
    assert port(name) is not None
    assert port("usb:/dev/yiduan/receipt-printer") is None
