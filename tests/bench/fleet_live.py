"""A thousand changes a second, from the broker through the console into an open page."""

from __future__ import annotations

import json
import random
import threading
import time
from datetime import UTC, datetime
from typing import Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from sqlalchemy import Engine, select

from fleet.store.model import Terminal
from kiosk.status import topics
from tests.bench.figure import Figure, percentile
from tests.bench.fleet_console import Browser
from tests.bench.fleet_rows import name_of, state_of
from tests.broker import CENTRE, Bus
from tests.waiting import until

RATE: Final = 1000
SECONDS: Final = 40
WATCHED: Final = 50
LIMIT: Final = 1.05
"""Of the time in which changes came, the time in which they are written: not falling behind."""


class Page:
    """An open page that shows some terminals, and when it was told of which visits of which."""

    def __init__(self, browser: Browser, names: list[str]) -> None:
        self.told: dict[tuple[str, str], float] = {}
        url = f"{browser.base}/live?names={','.join(names)}"
        self._answer = browser.session.get(url, stream=True, timeout=60)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        kind = ""
        for line in self._answer.iter_lines(decode_unicode=True):
            if line.startswith("event:"):
                kind = line.removeprefix("event: ")
            elif line.startswith("data:") and kind == "terminals":
                now = time.monotonic()
                for name, cells in json.loads(line.removeprefix("data: ")).items():
                    if cells:
                        self.told.setdefault((name, cells["visits"]), now)


def measure(engine: Engine, bus: Bus, browser: Browser, terminals: int) -> list[Figure]:
    """Send changes at a steady rate, and see when they are written and shown."""
    watched = [name_of(one * (terminals // WATCHED)) for one in range(WATCHED)]
    page = Page(browser, watched)
    messages = list(_messages(terminals))
    client = _client(bus)
    sent: dict[tuple[str, str], float] = {}
    began = time.monotonic()
    for number, (name, visits, data) in enumerate(messages):
        late = began + number / RATE - time.monotonic()
        if late > 0:
            time.sleep(late)
        client.publish(topics.reported(name), data, qos=1, retain=True)
        if name in page_names(watched):
            sent[name, f"{visits:,}"] = time.monotonic()
    sending = time.monotonic() - began
    last = {name: visits for name, visits, _ in messages}
    until(lambda: _written(engine) == last, 120)
    writing = time.monotonic() - began
    time.sleep(2)
    client.disconnect()
    client.loop_stop()
    lags = [
        (at, page.told[key] - at)
        for key, at in sorted(sent.items(), key=lambda o: o[1])
        if key in page.told
    ]
    third = len(lags) // 3
    first, end = [lag for _, lag in lags[:third]], [lag for _, lag in lags[-third:]]
    return [
        Figure(
            name=f"{RATE:,} changes a second for {SECONDS} s, written, against sent",
            value=writing / sending,
            limit=LIMIT,
            measured=f"{writing:.1f} s",
            peer=f"{sending:.1f} s",
            note=f"{len(messages) / sending:.0f} a second were sent",
        ),
        Figure(
            name="from the broker to an open page, last third of that time, p95",
            value=percentile(end, 0.95) * 1000,
            unit="ms",
            measured=f"{len(lags)} of {len(sent)} changes shown",
            peer=f"{percentile(first, 0.95) * 1000:.0f} ms in the first third",
            note="a page gathers for half a second",
        ),
    ]


def page_names(watched: list[str]) -> frozenset[str]:
    """Return the watched names for a quick look."""
    return frozenset(watched)


def _messages(terminals: int) -> list[tuple[str, int, bytes]]:
    """Make what is sent before the clock runs: each terminal in turn, other visits each time."""
    chance = random.Random(7)  # noqa: S311 - the same for each run
    now = datetime.now(UTC)
    made = []
    for number in range(RATE * SECONDS):
        turn, own = divmod(number, terminals)
        state = state_of(own, chance, now, sequence=10 + turn)
        visits = 1000 + turn
        state = state.model_copy(update={"day": state.day.model_copy(update={"visits": visits})})
        made.append((state.terminal, visits, state.to_bytes()))
    return made


def _client(bus: Bus) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2, client_id="bench", protocol=MQTTProtocolVersion.MQTTv5
    )
    address = bus.address(CENTRE)
    client.tls_set_context(address.tls())
    client.max_inflight_messages_set(500)
    client.connect(address.host, address.port)
    client.loop_start()
    until(client.is_connected)
    return client


def _written(engine: Engine) -> dict[str, int]:
    time.sleep(0.1)
    wanted = select(Terminal.name, Terminal.visits).where(Terminal.visits >= 1000)
    with engine.connect() as connection:
        return {row.name: row.visits for row in connection.execute(wanted)}
