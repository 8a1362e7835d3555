"""Card on the reader → person on the screen, over the wire time of its bytes.

The simulated reader paces its bytes at 115200 baud and takes no time of its own with the card
(a real module takes about 0.6 s, which is nobody's to save).
"""

from __future__ import annotations

import time

from tests.bench.figure import Figure, median
from tests.e2e.desk import Desk
from tests.waiting import until

ROUNDS = 9
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


def measure() -> list[Figure]:
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
    return [
        Figure(
            name="card → person on screen, worst, over wire time",
            value=max(times) / WIRE,
            limit=1.2 + POLL / WIRE,
            measured=f"worst {max(times) * 1000:.0f} ms, median {median(times) * 1000:.0f} ms",
            peer=f"wire {WIRE * 1000:.0f} ms, poll {POLL * 1000:.0f} ms",
            note=f"limit 1.2 x and one poll interval; {ROUNDS} visits",
        )
    ]
