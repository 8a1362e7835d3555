"""A service manager that does not keep up stops no screen, and hears everything in the end."""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import pytest

from intake.service import server
from intake.service.server import Ports
from intake.service.workers import Parent, Worker
from kiosk.channel.service_manager import BEAT, MOST_OWED, READY, ServiceManager
from kiosk.shell import succession
from kiosk.shell.policy import Policy
from kiosk.shell.shell import Shell
from tests.waiting import until

PATIENCE_S = 5.0


class Slow:
    """A service manager whose queue is full of words of others."""

    def __init__(self, place: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(place / "notify"))
        self.environment = {"NOTIFY_SOCKET": str(place / "notify")}
        while self._spoke():
            pass

    def _spoke(self) -> bool:
        """Let another service say a word; no room of its own socket is used up before the queue."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as other:
            other.connect(self.environment["NOTIFY_SOCKET"])
            try:
                other.send(b"STATUS=others")
            except BlockingIOError:
                return False
            return True

    def hears(self) -> list[str]:
        """Take what came, without the words of others."""
        heard = []
        while select.select([self._socket], [], [], 0)[0]:
            said, fds, _, _ = socket.recv_fds(self._socket, 4096, 3)
            heard.append(said.decode())
            for fd in fds:
                os.close(fd)
        return [own for own in heard if own != "STATUS=others"]

    def close(self) -> None:
        """Be gone."""
        self._socket.close()


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Slow]:
    """A manager with no room."""
    made = Slow(tmp_path)
    yield made
    made.close()


def _in_time(work: object) -> None:
    """Fail when it waits."""
    assert callable(work)
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE_S)
    assert not thread.is_alive(), "it waits for the service manager"


def test_a_full_line_stops_nobody_and_loses_no_word(slow: Slow) -> None:
    """Words wait in order, with their descriptors; a beat that found no room is not made up."""
    line = ServiceManager(slow.environment)
    reading, writing = os.pipe()

    def speak() -> None:
        line.tell(READY)
        line.tell("FDSTORE=1\nFDNAME=1.control", writing)
        line.tell(BEAT)

    _in_time(speak)
    os.close(writing)
    assert line.owed == 2
    assert slow.hears() == []
    line.tell(BEAT)
    assert slow.hears() == [READY, "FDSTORE=1\nFDNAME=1.control", BEAT]
    assert select.select([reading], [], [], 0)[0], "no copy of the descriptor is left behind"
    os.close(reading)


def test_the_shell_draws_on_while_the_line_is_full(
    slow: Slow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ready, beats and descriptors: nothing of them makes the loop wait; all but beats are said."""
    monkeypatch.setenv("NOTIFY_SOCKET", slow.environment["NOTIFY_SOCKET"])
    shell = Shell(tmp_path / "agent.sock", "")
    _in_time(shell._announce)
    _in_time(shell._beat)
    slow.hears()
    shell._beat()
    assert slow.hears() == [READY, BEAT]
    shell._succession.note(Policy())
    assert slow.hears() == ["FDSTORE=1\nFDNAME=memory"]


@pytest.fixture
def listening(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two sockets of an intake whose service manager has no room."""
    monkeypatch.setenv("NOTIFY_SOCKET", slow.environment["NOTIFY_SOCKET"])
    with socket.create_server(("127.0.0.1", 0)) as api, socket.socket() as pages:
        pages.bind(("127.0.0.1", 0))
        yield api, pages


def _ports(place: Path) -> Ports:
    none = place / "none"
    return Ports(
        host="127.0.0.1",
        api=0,
        pages=0,
        certificate=none,
        key=none,
        authority=none,
        ready_file=None,
    )


def test_the_intake_serves_on_while_the_line_is_full(
    slow: Slow, tmp_path: Path, listening: tuple[socket.socket, socket.socket]
) -> None:
    """One that serves alone is told to be ready as soon as there is room, database or not."""
    own = server.ServiceManager(_ports(tmp_path))
    _in_time(lambda: own.ready(listening))
    _in_time(lambda: own.alive(database=True))
    assert slow.hears() == []
    own.alive(database=False)
    own.alive(database=True)
    assert slow.hears() == [READY, BEAT]


def test_a_parent_of_workers_keeps_them_while_the_line_is_full(
    slow: Slow, tmp_path: Path, listening: tuple[socket.socket, socket.socket]
) -> None:
    """It looks after them meanwhile, and says later that all serve."""
    api, pages = listening
    parent = Parent(count=1, ports=_ports(tmp_path), make=Mock())
    parent.workers, parent.pages = [Worker(place=1, api=api, ready=True)], pages
    _in_time(parent._announce)
    assert (parent.announced, slow.hears()) == (True, [])
    parent._announce()
    parent._announce()
    assert slow.hears() == [READY]


def test_an_end_waits_for_room_and_not_for_ever(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell that stops ends without a manager that hangs, and gives a slow one its time."""
    monkeypatch.setattr(succession, "BARRIER_S", 0.1)
    shell = succession.Succession(slow.environment)
    shell.forget()
    _in_time(shell.settle)
    assert slow.hears() == []
    monkeypatch.setattr(succession, "BARRIER_S", 60.0)
    ending = threading.Thread(target=shell.settle, daemon=True)
    ending.start()
    heard: list[str] = []

    def ended() -> bool:
        heard.extend(slow.hears())
        return not ending.is_alive()

    until(ended)
    assert heard[:2] == ["FDSTORE=1\nFDNAME=memory", "FDSTOREREMOVE=1\nFDNAME=memory"]


def test_a_manager_that_never_listens_fills_no_memory(slow: Slow) -> None:
    """The oldest words go first; one that is gone is told nothing."""
    line = ServiceManager(slow.environment)
    for number in range(MOST_OWED + 5):
        line.tell(f"STATUS={number}")
    assert line.owed == MOST_OWED
    slow.close()
    assert line.catch_up()
