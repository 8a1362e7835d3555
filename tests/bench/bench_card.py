"""Card on the reader → person, over the wire time of its bytes.

The simulated reader paces its bytes at 115200 baud and takes no time of its own with the card
(a real module takes about 0.6 s, which is nobody's to save). Twice: to the person in the hands of
whoever asked the device service, and to the next page on the screen.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from drivers.service.client import Event, ServiceClient
from tests.bench.figure import Figure, median, percentile
from tests.devices.people import CARD
from tests.devices.service_bench import Bench
from tests.e2e.desk import Desk
from tests.waiting import until

ROUNDS = 9
READS = 40
POLL = 0.3
"""Seconds between two looks for a card; a reader must not be asked more often."""
EXCHANGES = {
    "find a card": (10, 15),
    "select it": (10, 19),
    "read text and photo": (10, 1295),
    "read the newest address": (10, 11),
}
"""Bytes of each request and its reply (SAM frames, citizen's card, no newer address)."""
WIRE = sum(map(sum, EXCHANGES.values())) * 10 / 115200
"""Seconds of these bytes at 115200 baud, ten bits a byte."""
AFTER_FOUND = WIRE - sum(EXCHANGES["find a card"]) * 10 / 115200
"""Seconds of the bytes that follow once a card was found."""


def measure() -> list[Figure]:
    """Return the read alone, and the read with the page it leads to."""
    return [*_reads(), _screens()]


def _reads() -> list[Figure]:
    """Put a card down while a read waits, at another moment of the poll each time."""
    waits, reads = [], []
    with Bench(pace="line") as bench:
        for number in range(READS):
            began, found, ended = _one_read(bench, POLL * (number % 10) / 10)
            waits.append(found - began)
            reads.append(ended - found)
    whole = [wait + read for wait, read in zip(waits, reads, strict=True)]
    return [
        Figure(
            name="card → person of the service, over wire time",
            value=percentile(whole, 0.95) / WIRE,
            limit=1.1 + POLL / WIRE,
            measured=f"p95 {percentile(whole, 0.95) * 1000:.0f} ms, median {_ms(whole)}",
            peer=f"wire {WIRE * 1000:.0f} ms, poll {POLL * 1000:.0f} ms",
            note=f"limit 1.1 x and one poll interval; {READS} reads",
        ),
        Figure(
            name="card found → person of the service, over wire time",
            value=median(reads) / AFTER_FOUND,
            limit=1.1,
            measured=f"median {_ms(reads)}, p95 {percentile(reads, 0.95) * 1000:.0f} ms",
            peer=f"wire {AFTER_FOUND * 1000:.0f} ms",
            note="without the poll: select, text and photo, newest address",
        ),
    ]


def _ms(times: list[float]) -> str:
    return f"{median(times) * 1000:.0f} ms"


def _one_read(bench: Bench, later_s: float) -> tuple[float, float, float]:
    """Return when the card was put down, when it was told to be found, and when it was read."""
    found: queue.SimpleQueue[float] = queue.SimpleQueue()
    waiting = threading.Event()

    def hear(event: Event) -> None:
        if event.name == "CardReader.InsertCardEvent":
            waiting.set()
        elif event.name == "CardReader.MediaInsertedEvent":
            found.put(time.perf_counter())

    bench.hear_notices()
    with bench.visit("IdReader") as client:
        asked = _Asked(client, hear)
        waiting.wait(5)
        time.sleep(0.05 + later_s)  # the moment within the poll is what is varied
        began = time.perf_counter()
        bench.simulator.id_reader.put(CARD)
        ended = asked.end()
    bench.simulator.id_reader.lift()
    return began, found.get(timeout=1), ended


class _Asked:
    """A read on its own thread, and the instant it was answered."""

    def __init__(self, client: ServiceClient, hear: Callable[[Event], None]) -> None:
        self._ended: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, args=(client, hear), daemon=True)
        self._thread.start()

    def _run(self, client: ServiceClient, hear: Callable[[Event], None]) -> None:
        done = client.call("XIdCard.Read", {"visit": "bench"}, 20.0, hear)
        if done.payload.get("card"):
            self._ended.put(time.perf_counter())

    def end(self) -> float:
        """Wait for the answer; return when it came."""
        return self._ended.get(timeout=20)


def _screens() -> Figure:
    """Put a card down in visit after visit; take the time until the next page is painted."""
    times: list[float] = []
    with Desk(pace="line") as desk:
        for _ in range(ROUNDS):
            desk.make_whole()
            desk.play_until("card")
            until(lambda: (s := desk.player.link.look()) and s.facts.get("phase") == "put")
            began = time.perf_counter()
            desk.player.devices.do("id-reader", put="chen-xiaoyun")
            desk.player.reach("consent")
            times.append(time.perf_counter() - began)
    return Figure(
        name="card → person on screen, worst, over wire time",
        value=max(times) / WIRE,
        limit=1.2 + POLL / WIRE,
        measured=f"worst {max(times) * 1000:.0f} ms, median {median(times) * 1000:.0f} ms",
        peer=f"wire {WIRE * 1000:.0f} ms, poll {POLL * 1000:.0f} ms",
        note=f"limit 1.2 x and one poll interval; {ROUNDS} visits",
    )
