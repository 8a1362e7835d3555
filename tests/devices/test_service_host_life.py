"""How a host ends and comes back, and what of it stays behind."""

from __future__ import annotations

import contextlib
import queue
import socket
import time

import psutil

from tests.devices.service_bench import Bench, Reading, is_alive
from tests.waiting import until

INSERT = "CardReader.InsertCardEvent"


def test_a_service_manager_that_does_not_listen_stops_nobody() -> None:
    """A full line to it loses words; the devices are served all the same."""
    with Bench() as bench:
        words = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        words.connect(str(bench.run / "notify"))
        words.setblocking(False)
        with words, contextlib.suppress(BlockingIOError):
            while True:
                words.send(b"full")
        limit = time.monotonic() + 2.5  # past the next word of the watchdog
        until(lambda: time.monotonic() > limit)
        assert bench.word("IdReader") == "online"
        bench.host.terminate()
        assert bench.host.wait(5) == 0


def test_a_client_survives_its_host() -> None:
    """SIGTERM ends host and workers in 2 s; the client says so, and finds the next host itself."""
    with Bench() as bench:
        client = bench.client("IdReader")
        there: queue.SimpleQueue[bool] = queue.SimpleQueue()
        client.on_connection(there.put)
        reading = Reading(client)
        assert there.get(timeout=5) is True
        assert reading.event() == INSERT
        workers = [pid for name in ("id-reader", "scanner") for pid in bench.workers(name)]
        bench.host.terminate()
        assert bench.host.wait(2.0) == 0
        assert reading.end() == "ServiceUnavailable"
        assert there.get(timeout=5) is False
        assert not [pid for pid in workers if is_alive(pid)]
        assert not bench.socket("IdReader").exists()
        bench.host = bench._start_host()
        assert there.get(timeout=10) is True
        bench.await_word("IdReader", "online")


def test_a_killed_host_leaves_nobody_behind() -> None:
    """Workers and their clean parent end with a host that had no time to say goodbye."""
    with Bench() as bench:
        reading = Reading(bench.client("IdReader"))
        assert reading.event() == INSERT
        family = [one.pid for one in psutil.Process(bench.host.pid).children(recursive=True)]
        bench.host.kill()
        bench.host.wait(2.0)
        assert reading.end() == "ServiceUnavailable"
        until(lambda: not any(is_alive(pid) for pid in family), timeout=3.0)
