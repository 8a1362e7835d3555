"""Pad, board, UPS and card: how soon a key, a contact, an outage, or a holder is known."""

from __future__ import annotations

import math
import tempfile
import threading
import time
from pathlib import Path

from drivers.panel import board_profile
from drivers.panel.board import Board
from drivers.service.client import ServiceClient
from drivers.simulated.device import Surroundings
from drivers.simulated.keypad import SimulatedKeypad
from drivers.simulated.panel import SimulatedBoard
from drivers.simulated.pty_port import BITS_PER_BYTE
from drivers.simulated.social_card import SimulatedSocialSlot
from drivers.simulated.ups import SimulatedUps
from drivers.social_card.device import SocialCardReader
from drivers.social_card.wire import WireSlot
from drivers.transport import Transport
from tests.bench.figure import Figure, median, percentile
from tests.devices.cabinet_bench import CabinetBench, listen, part, surroundings
from tests.waiting import until

BAUD = 9600
LOOKS = 100
KEYS = 200
READS = 100
OUTAGES = 5

LOOK_BYTES = 8 + 6
"""A question for eight contacts and its answer."""


def measure() -> list[Figure]:
    """Measure a look over its bytes, and the way of a key and of an outage through the service."""
    with tempfile.TemporaryDirectory() as place:
        figures = [_look(Path(place)), _card(Path(place))]
    bench = CabinetBench()
    pad = SimulatedKeypad(surroundings(bench.link("keypad")))
    ups = SimulatedUps(surroundings(bench.link("ups")))
    bench.add("keypad", pad)
    bench.add("ups", ups)
    with bench:
        for service in ("Keypad", "Ups"):
            bench.await_word(service, "online", timeout=30)
        with bench.visit("Keypad") as client:
            figures.append(_keys(client, pad))
        with bench.visit("Ups") as client:
            figures.append(_outages(client, ups))
    return figures


def _look(place: Path) -> Figure:
    """Return the time of a look over that of its bytes."""
    simulated = SimulatedBoard(
        Surroundings(link=place / "panel", baud=BAUD, papers=place, options={})
    )
    wire = LOOK_BYTES * BITS_PER_BYTE / BAUD
    times: list[float] = []
    with Transport.open(str(place / "panel"), baudrate=BAUD) as transport:
        board = Board(transport, board_profile.load("cabinet-8"), baudrate=BAUD)
        for _ in range(LOOKS):
            began = time.perf_counter()
            board.look()
            times.append(time.perf_counter() - began)
    simulated.close()
    return Figure(
        name="panel: a look at eight contacts, over its bytes at 9600 baud",
        value=median(times) / wire,
        limit=1.5,
        measured=f"{median(times) * 1000:.1f} ms",
        peer=f"{wire * 1000:.1f} ms of bytes",
        note="with the gap between frames",
    )


class _Recorded(WireSlot):
    """A slot that keeps what the card was asked."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.asked: list[bytes] = []

    def transmit(self, command: bytes) -> bytes:
        """Ask, and keep the question."""
        self.asked.append(command)
        return super().transmit(command)


def _card(place: Path) -> Figure:
    """Return the time of reading a card over that of its bare questions on the same socket."""
    simulated = SimulatedSocialSlot(surroundings(place / "card"))
    slot = _Recorded(str(place / "card"))
    reader = SocialCardReader(slot)
    simulated.control({"insert": True})
    ours, bare = [], []
    for _ in range(READS):
        slot.asked.clear()
        began = time.perf_counter()
        reader.read(math.inf, cancelled=threading.Event(), on_progress=lambda _: None)
        ours.append(time.perf_counter() - began)
        questions = list(slot.asked)
        began = time.perf_counter()
        slot.present()
        slot.power_on()
        for question in questions:
            slot.transmit(question)
        slot.power_off()
        bare.append(time.perf_counter() - began)
    slot.close()
    simulated.close()
    return Figure(
        name="social card: a read, over its bare questions",
        value=median(ours) / median(bare),
        limit=1.5,
        measured=f"{median(ours) * 1000:.2f} ms",
        peer=f"{median(bare) * 1000:.2f} ms, {len(questions)} questions",
        note="on a socket; a card's chip takes some hundred times as long",
    )


def _keys(client: ServiceClient, pad: SimulatedKeypad) -> Figure:
    """Return the time from a key's bytes to its event at a client."""
    heard = listen(client, "XKeypad.KeyEvent")
    times: list[float] = []
    for _ in range(KEYS):
        began = time.perf_counter()
        pad.control({"press": "down"})
        heard.get(timeout=5)
        times.append((time.perf_counter() - began) * 1000)
        heard.get(timeout=5)
        time.sleep(0.03)  # beyond the time in which a second press is a bounce
    return Figure(
        name="keypad: key to event at a client, p99",
        value=percentile(times, 0.99),
        unit="ms",
        limit=100,
        measured=f"median {median(times):.1f} ms",
        note="first feedback is owed within 100 ms",
    )


def _outages(client: ServiceClient, ups: SimulatedUps) -> Figure:
    """Return the longest time from an outage to its event, at the usual pace of questions."""
    heard = listen(client, "XUps.PowerEvent")
    times: list[float] = []
    for _ in range(OUTAGES):
        until(lambda: part(client, "xUps")["power"] == "onLine")
        began = time.perf_counter()
        ups.control({"power": "lost"})
        while heard.get(timeout=10)["power"] != "onBattery":
            pass
        times.append(time.perf_counter() - began)
        ups.control({"power": "back"})
    return Figure(
        name="ups: mains lost to event, longest",
        value=max(times),
        unit="s",
        limit=3,
        measured=f"median {median(times):.2f} s",
        note="three readings must agree",
    )
