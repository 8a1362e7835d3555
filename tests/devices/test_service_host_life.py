"""How a host ends and comes back, and what of it stays behind."""

from __future__ import annotations

import contextlib
import queue
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.devices.service_bench import Bench, Reading, is_alive
from tests.waiting import PATIENCE_S, until

INSERT = "CardReader.InsertCardEvent"


@pytest.fixture(scope="module")
def deaf() -> Iterator[Bench]:
    """Lend a bench whose service manager hears nothing from the host's first word on."""
    bench = Bench()  # the host has yet to load its code when the line is full
    while not is_full(bench.run / "notify"):
        _fill(bench.run / "notify")
    with bench:
        yield bench


def _fill(line: Path) -> None:
    """Say what one sender may: its own bound can be lower than that of who does not listen."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as words:
        words.connect(str(line))
        words.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while True:
                words.send(b"full")


@pytest.fixture
def bench(deaf: Bench) -> Bench:
    """Lend the bench with a host, whatever the test before did to it."""
    if deaf.host.poll() is not None:
        deaf.host = deaf._start_host()
        deaf.await_word("IdReader", "online")
    return deaf


def is_full(line: Path) -> bool:
    """Say whether a line to the service manager takes no word."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as words:
        words.connect(str(line))
        words.setblocking(False)
        try:
            words.send(b"one more")
        except BlockingIOError:
            return True
    return False


def test_a_service_manager_that_does_not_listen_stops_nobody(bench: Bench) -> None:
    """A full line to it loses words; the devices are served, and the host ends as it should.

    How it ends is in the next test: on this bench the line is full all the time.
    """
    assert is_full(bench.run / "notify")
    assert bench.word("IdReader") == "online"


def test_a_service_manager_that_hears_late_is_told_that_the_host_is_ready(bench: Bench) -> None:
    """It would wait for that word, and start a host anew that serves."""
    heard: list[str] = []

    def told() -> bool:
        with contextlib.suppress(BlockingIOError):
            while True:
                heard.append(bench.systemd.recv(64, socket.MSG_DONTWAIT).decode())
        return heard[-1:] == ["WATCHDOG=1"]

    until(told)
    while not is_full(bench.run / "notify"):
        _fill(bench.run / "notify")
    assert [word for word in heard if "=" in word] == ["READY=1", "WATCHDOG=1"]


def test_a_client_survives_its_host(bench: Bench) -> None:
    """SIGTERM ends host and workers in 2 s; the client says so, and finds the next host itself."""
    client = bench.client("IdReader")
    there: queue.SimpleQueue[bool] = queue.SimpleQueue()
    client.on_connection(there.put)
    reading = Reading(client)
    assert there.get(timeout=PATIENCE_S) is True
    assert reading.event() == INSERT
    workers = [pid for name in ("id-reader", "scanner") for pid in bench.workers(name)]
    bench.host.terminate()
    assert bench.host.wait(PATIENCE_S) == 0
    assert reading.end() == "ServiceUnavailable"
    assert there.get(timeout=PATIENCE_S) is False
    assert not [pid for pid in workers if is_alive(pid)]
    assert not bench.socket("IdReader").exists()
    bench.host = bench._start_host()
    assert there.get(timeout=PATIENCE_S) is True
    bench.await_word("IdReader", "online")


def test_a_killed_host_leaves_nobody_behind(bench: Bench) -> None:
    """Workers and their clean parent end with a host that had no time to say goodbye."""
    reading = Reading(bench.client("IdReader"))
    assert reading.event() == INSERT
    family = [one.pid for one in psutil.Process(bench.host.pid).children(recursive=True)]
    bench.host.kill()
    bench.host.wait(PATIENCE_S)
    assert reading.end() == "ServiceUnavailable"
    until(lambda: not any(is_alive(pid) for pid in family))


def test_a_host_whose_nursery_stands_still_ends(bench: Bench) -> None:
    """No worker could follow, and nobody else would know: the service manager starts another."""
    worker = psutil.Process(bench.workers("id-reader")[0])
    nursery = worker.parent()
    assert nursery is not None
    nursery.suspend()
    worker.kill()
    try:
        assert bench.host.wait(PATIENCE_S) != 0
    finally:
        nursery.kill()
    assert "nursery_hung" in bench.log.read_text()
