"""The device service: a round trip, and how fast a pulled cable is noticed and healed.

The round trip is Common.Status through host and client as processes of a terminal use them, beside
a bare echo of the same bytes by the same web socket library.  The cables are those of every
simulated device that can be bound here, pulled all at once as if by their hub: out for a moment,
and out for so long that the service looks for them at its slowest.
"""

from __future__ import annotations

import queue
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from websockets.sync.client import unix_connect

from drivers.service.binding import SPECS
from drivers.service.client import Event
from drivers.service.status import device_word
from drivers.simulated.kinds import KINDS
from tests.bench.figure import Figure, median, percentile
from tests.devices.service_bench import Bench
from tests.waiting import until

CALLS: Final = 3000
WARM: Final = 200
OUT_S: Final = (0.5, 12.0)
"""Seconds the cables are out; the second is past the slowest look."""

FOUR: Final = {
    "id-reader": "id-reader",
    "scanner": "scanner",
    "receipt-printer": "printer",
    "document-camera": "camera",
}
"""The devices of every terminal, by what the simulator calls them."""

ECHO: Final = """
import asyncio, sys
from websockets.asyncio.server import unix_serve
async def echo(connection):
    async for data in connection:
        await connection.send(data)
async def main():
    async with unix_serve(echo, sys.argv[1], compression=None, ping_interval=None):
        print("ready", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


def measure() -> list[Figure]:
    """Measure on one host with every device that can be bound."""
    others = sorted(set(KINDS) & set(SPECS))
    with Bench(others=others) as bench:
        devices = {**FOUR, **{name: name for name in others}}
        for device in devices:
            bench.await_word(SPECS[device].service, "online", timeout=30)
        figures = [_round_trip(bench)]
        return [*figures, *_cables(bench, devices)]


def _round_trip(bench: Bench) -> Figure:
    ours, bare = _status_times(bench), _echo_times()
    return Figure(
        name="service round trip (Common.Status), p99",
        value=percentile(ours, 0.99) * 1000,
        unit="ms",
        limit=2.0,
        measured=f"median {median(ours) * 1e6:.0f} µs",
        peer=f"bare echo: p99 {percentile(bare, 0.99) * 1e3:.2f} ms, "
        f"median {median(bare) * 1e6:.0f} µs",
        note=f"{median(ours) / median(bare):.1f} x the echo's median; {CALLS} calls",
    )


def _status_times(bench: Bench) -> list[float]:
    client = bench.client("IdReader")
    times = []
    for _ in range(WARM + CALLS):
        began = time.perf_counter()
        client.call("Common.Status", None, 2.0)
        times.append(time.perf_counter() - began)
    return times[WARM:]


def _echo_times() -> list[float]:
    """Return the times of a bare echo between two processes."""
    text = '{"header":{"name":"Common.Status","type":"command","version":"2.0","requestId":1}}'
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "echo.sock")
        echo = subprocess.Popen([sys.executable, "-c", ECHO, path], stdout=subprocess.PIPE)
        assert echo.stdout is not None
        echo.stdout.readline()
        try:
            with unix_connect(path, compression=None, ping_interval=None, legacy=True) as line:
                times = []
                for _ in range(WARM + CALLS):
                    began = time.perf_counter()
                    line.send(text)
                    line.recv()
                    times.append(time.perf_counter() - began)
        finally:
            echo.kill()
            echo.wait()
    return times[WARM:]


class _Watch:
    """One device's words, with the time each was heard."""

    def __init__(self, bench: Bench, device: str) -> None:
        self.device = device
        self.heard: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        client = bench.client(SPECS[device].service)
        client.on_unsolicited(self._hear)
        client.connect()

    def _hear(self, event: Event) -> None:
        if event.name == "Common.StatusChangedEvent" and "common" in event.payload:
            self.heard.put((time.monotonic(), device_word(event.payload)))

    def wait(self, *, online: bool, since: float) -> float:
        """Return the seconds until the device is online, or is not."""
        while True:
            try:
                at, word = self.heard.get(timeout=30)
            except queue.Empty:
                raise AssertionError(f"{self.device} says nothing of its cable") from None
            if (word == "online") is online:
                return at - since


def _cables(bench: Bench, devices: dict[str, str]) -> list[Figure]:
    watches = [_Watch(bench, device) for device in devices]
    lost: dict[str, float] = {}
    back: dict[str, float] = {}
    for out_s in OUT_S:
        for times, command in ((lost, "unplug"), (back, "replug")):
            since = time.monotonic()
            for name in devices.values():
                bench.simulator.control(name, {command: True})
            for watch in watches:
                took = watch.wait(online=command == "replug", since=since)
                times[watch.device] = max(took, times.get(watch.device, 0.0))
            if command == "unplug":
                until(lambda: time.monotonic() - since > out_s, timeout=out_s + 5)  # noqa: B023
    return [
        _cable("device lost → noticed, worst", lost, 3.0),
        _cable("plugged in again → usable, worst", back, 10.0),
    ]


def _cable(name: str, times: dict[str, float], limit: float) -> Figure:
    each = ", ".join(f"{device} {took:.1f}" for device, took in sorted(times.items()))
    return Figure(
        name=name,
        value=max(times.values()),
        unit="s",
        limit=limit,
        measured=f"{len(times)} devices, pulled together",
        peer="–",
        note=f"s: {each}; out for {OUT_S[0]:g} s and {OUT_S[1]:g} s",
    )
