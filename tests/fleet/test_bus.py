"""Terminals and centre over a real mosquitto: who may say what, and what a loss leaves."""

from __future__ import annotations

import multiprocessing
import ssl
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from fleet.bus import Centre, Ears
from kiosk.agent.reporting.line import Line
from kiosk.crypto.certificates import Authority
from kiosk.status import Reported, topics
from kiosk.status.address import Address
from kiosk.status.command import Command, Done, Kind, sign
from kiosk.status.state import Service, Versions
from tests.broker import CENTRE, Bus, bus, running
from tests.waiting import until

__all__ = ["bus"]


def state(terminal: str, sequence: int = 1) -> Reported:
    """Return a state of a terminal."""
    return Reported(
        terminal=terminal,
        sequence=sequence,
        at="2026-11-03T02:00:00Z",
        service=Service.FREE,
        versions=Versions(software="1.4.0"),
    )


class Desk:
    """What the centre heard."""

    def __init__(self) -> None:
        self.states: dict[str, Reported] = {}
        self.here: dict[str, bool] = {}
        self.done: list[Done] = []

    def ears(self) -> Ears:
        """Return ears that remember."""
        return Ears(
            state=lambda one: self.states.update({one.terminal: one}),
            here=lambda name, here: self.here.update({name: here}),
            done=self.done.append,
        )


@contextmanager
def centre(bus: Bus) -> Iterator[tuple[Centre, Desk]]:
    """Be the centre."""
    desk = Desk()
    own = Centre(bus.address(CENTRE), desk.ears(), name=f"centre-{uuid.uuid4()}")
    own.start()
    try:
        until(lambda: own.connected)
        yield own, desk
    finally:
        own.stop()


@contextmanager
def terminal(bus: Bus, name: str, *groups: str) -> Iterator[Line]:
    """Be a terminal that is connected."""
    line = Line(bus.address(name), name, frozenset({"all", *groups}))
    line.start()
    try:
        until(lambda: line.connected)
        yield line
    finally:
        line.stop()


def test_a_state_is_there_for_whoever_comes_later(bus: Bus) -> None:
    """The centre was away; it reads the newest state, and that the terminal left in order."""
    with terminal(bus, "T-0001") as line:
        assert line.tell(state("T-0001"))
        assert line.tell(state("T-0001", 2))
        with centre(bus) as (_, desk):
            until(lambda: desk.states.get("T-0001") == state("T-0001", 2))
            until(lambda: desk.here.get("T-0001"))
    with centre(bus) as (_, desk):
        until(lambda: desk.here.get("T-0001") is False)


def _connect_and_stay(address: Address) -> None:
    """Be a terminal until somebody kills it."""
    Line(address, "T-0002", frozenset({"all"})).start()
    threading.Event().wait()


def test_a_terminal_that_dies_is_told_as_gone(bus: Bus) -> None:
    """Its last will speaks for it."""
    with centre(bus) as (_, desk):
        process = multiprocessing.get_context("fork").Process(
            target=_connect_and_stay, args=(bus.address("T-0002"),)
        )
        process.start()
        try:
            until(lambda: desk.here.get("T-0002"))
        finally:
            process.kill()
            process.join()
        until(lambda: desk.here.get("T-0002") is False)


def test_nobody_speaks_in_anothers_name(bus: Bus) -> None:
    """The broker drops it: the certificate's name is the one that counts, not what is written."""
    with centre(bus) as (_, desk), terminal(bus, "T-0003") as line:
        line._client.publish(topics.reported("T-0004"), state("T-0004").to_bytes(), qos=1)
        line._client.publish(topics.command("T-0004"), b"x", qos=1)
        line.tell(state("T-0003"))
        until(lambda: "T-0003" in desk.states)
        assert "T-0004" not in desk.states


def test_a_state_with_anothers_name_is_thrown_away(bus: Bus) -> None:
    """And what is no state is counted; the next good one is heard."""
    with centre(bus) as (own, desk), terminal(bus, "T-0005") as line:
        line._client.publish(topics.reported("T-0005"), state("T-0006").to_bytes(), qos=1)
        line._client.publish(topics.reported("T-0005"), b"{}", qos=1)
        line.tell(state("T-0005"))
        until(lambda: "T-0005" in desk.states)
        assert own.refused == 2
        assert "T-0006" not in desk.states


def test_strangers_do_not_get_in(bus: Bus) -> None:
    """Without a certificate, and with one of another authority."""
    foreign = Bus(authority=Authority.create("others"), place=bus.place, port=bus.port)
    stranger = Line(foreign.address("T-0007"), "T-0007", frozenset())
    stranger.start()
    bare = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    bare.tls_set_context(ssl.create_default_context(cafile=bus.place / "ca.crt"))
    bare.connect_async("localhost", bus.port)
    bare.loop_start()
    try:
        with terminal(bus, "T-0008") as line, centre(bus) as (_, desk):
            line.tell(state("T-0008"))
            until(lambda: "T-0008" in desk.states)
        assert not stranger.connected
        assert not bare.is_connected()
    finally:
        stranger.stop()
        bare.disconnect()
        bare.loop_stop()


def test_a_renewed_certificate_is_shown_at_the_next_connection(bus: Bus) -> None:
    """The files changed since the line was prepared; what it read first nobody lets in."""
    foreign = Bus(authority=Authority.create("others"), place=bus.place, port=bus.port)
    line = Line(foreign.address("T-0012"), "T-0012", frozenset())
    bus.address("T-0012")  # over the same files
    line.start()
    try:
        until(lambda: line.connected)
    finally:
        line.stop()


def test_a_command_reaches_its_terminal_or_its_group(bus: Bus) -> None:
    """Also a terminal that was away when it was given; nobody else hears it."""
    key = Ed25519PrivateKey.generate()
    now = datetime.now(UTC)

    def command(recipient: str) -> bytes:
        return sign(
            Command(
                id=f"c-{recipient.removeprefix('@')}",
                to=recipient,
                kind=Kind.IN_SERVICE,
                by="0021",
                issued_at=now,
                expires_at=now + timedelta(minutes=5),
            ),
            key,
        )

    with centre(bus) as (own, _), terminal(bus, "T-0009") as other:
        assert own.command("T-0010", command("T-0010"), good_for_s=300)
        assert own.command("@canary", command("@canary"), good_for_s=300)
        with terminal(bus, "T-0010", "canary") as line:
            heard = {(one := line.heard.get(timeout=40)).name: one for _ in range(2)}
        assert heard["T-0010"].data == command("T-0010")
        assert heard["canary"].kind == topics.ORDER
        assert other.heard.empty()


def test_a_broker_that_comes_back_knows_and_is_told_again() -> None:
    """Terminals come back by themselves; retained states survive the broker's stop."""
    with tempfile.TemporaryDirectory(prefix="bus-") as place:
        with running(Path(place)) as first:
            line = Line(first.address("T-0011"), "T-0011", frozenset())
            line._client.reconnect_delay_set(min_delay=1, max_delay=1)
            line.start()
            until(lambda: line.connected)
            line.tell(state("T-0011"))
            with centre(first) as (_, desk):
                until(lambda: "T-0011" in desk.states)
        try:
            until(lambda: not line.connected)
            assert not line.tell(state("T-0011", 2))
            with running(Path(place), first.port) as second, centre(second) as (_, desk):
                until(lambda: desk.states.get("T-0011") == state("T-0011"))
                until(lambda: line.connected)
                until(lambda: desk.here.get("T-0011"))
        finally:
            line.stop()


def test_a_centre_that_is_slow_loses_nobody(bus: Bus) -> None:
    """A town's terminals come back at once, and the centre reads them later than they come."""
    told, goes_on, first = set[str](), threading.Event(), threading.Event()

    def here(name: str, _here: bool) -> None:
        first.set()
        goes_on.wait(60)
        told.add(name)

    own = Centre(bus.address(CENTRE), Ears(here=here), name=f"centre-{uuid.uuid4()}")
    sender = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    sender.tls_set_context(bus.address(CENTRE).tls())
    sender.max_inflight_messages_set(15)  # fewer than the broker takes at once
    sender.connect("localhost", bus.port)
    sender.loop_start()
    own.start()
    names = {f"SLOW-{number:04d}" for number in range(3000)}
    try:
        until(lambda: sender.publish(topics.here("SLOW-0000"), b"1", qos=1) and first.wait(0.1))
        last = [sender.publish(topics.here(name), b"1", qos=1) for name in sorted(names)][-1]
        last.wait_for_publish(60)
        goes_on.set()
        until(lambda: told >= names)
    finally:
        goes_on.set()
        own.stop()
        sender.disconnect()
        sender.loop_stop()
