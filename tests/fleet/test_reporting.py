"""A whole agent on the bus: what it tells, and what it does when it is asked."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.agent.centre import acts
from kiosk.agent.reporting import reporter
from kiosk.agent.reporting.assembly import COMMAND_KEYS, Bus, Reports, Told
from kiosk.agent.reporting.orders import OrderFailed
from kiosk.agent.reporting.tally import HALL, Tally
from kiosk.agent.service import Out
from kiosk.agent.service import Service as OutOfService
from kiosk.agent.wishes import Wishes
from kiosk.audit import AuditLog, Event
from kiosk.maintenance.keeping import Keeping
from kiosk.outbox.records import Counts, State
from kiosk.status.command import Command, Kind, key_id, sign
from kiosk.status.state import Service, Versions
from tests import broker
from tests.broker import bus
from tests.fleet.test_bus import centre
from tests.waiting import until

__all__ = ["bus"]
KEY = Ed25519PrivateKey.generate()
TYPED = "13900001234"
"""Stands for what a message could quote."""
NOON = datetime(2026, 11, 3, 12, 0, tzinfo=HALL)


class Hall:
    """A terminal without its agent: what reporting needs of it."""

    def __init__(self, bus: broker.Bus, place: Path, name: str) -> None:
        self.out = False
        self.events: list[str] = []
        self.beaten = threading.Event()
        self.name, self.place = name, place
        self._keys(bus)
        self.told = Told(
            terminal=name,
            state_dir=place,
            run_dir=place / "run",
            secret="",
            versions=lambda: Versions(software="1.4.0"),
            service=lambda: Service.OUT if self.out else Service.FREE,
            counts=self._counts,
            acts={Kind.OUT_OF_SERVICE: self._stop, Kind.IN_SERVICE: self._busy},
            wanted=lambda group, version: self.events.append(f"{group}={version}"),
            note=lambda event, **_fields: self.events.append(event.value),
            beat=self.beaten.set,
        )

    def _keys(self, bus: broker.Bus) -> None:
        keys = self.place / "keys"
        keys.mkdir()
        address = bus.address(self.name)
        for name, path in {
            "ca.crt": address.authority,
            "terminal.crt": address.certificate,
            "terminal.pem": address.key,
        }.items():
            (keys / name).write_bytes(path.read_bytes())
        public = KEY.public_key()
        told = {"public": base64.b64encode(public.public_bytes_raw()).decode()}
        told_kinds = {key_id(public): {**told, "kinds": [kind.value for kind in Kind]}}
        (keys / COMMAND_KEYS).write_text(json.dumps(told_kinds))

    @staticmethod
    def _counts() -> Counts:
        by_state = {**dict.fromkeys(State, 0), State.STORED: 2, State.REFUSED: 1}
        return Counts(by_state=by_state, sealed_bytes=0, oldest_s=40)

    def _stop(self, _command: Command) -> None:
        self.out = True

    @staticmethod
    def _busy(_command: Command) -> None:
        raise OrderFailed("visited")


@contextmanager
def reporting(bus: broker.Bus, hall: Hall) -> Iterator[Reports]:
    """Let a terminal report."""
    own = Reports(Bus(host="localhost", port=bus.port, groups=frozenset({"canary"})), hall.told)
    own.start()
    try:
        yield own
    finally:
        own.stop()


def given(name: str, to: str, kind: Kind) -> bytes:
    """Return a command of the centre."""
    now = datetime.now(UTC)
    command = Command(
        id=name, to=to, kind=kind, by="0021", issued_at=now, expires_at=now + timedelta(hours=1)
    )
    return sign(command, KEY)


def test_a_terminal_tells_its_state_and_does_what_it_is_asked(
    bus: broker.Bus, tmp_path: Path
) -> None:
    """Out of service by a command to its group; the state says so; the answer comes once each."""
    hall = Hall(bus, tmp_path, "T-0101")
    with centre(bus) as (own, desk), reporting(bus, hall):
        state = until(lambda: desk.states.get("T-0101"))
        assert (state.service, state.outbox.waiting, state.outbox.refused) == ("free", 2, 1)
        own.command("@canary", given("stop-0001", "@canary", Kind.OUT_OF_SERVICE), good_for_s=60)
        until(lambda: desk.done)
        until(lambda: desk.states["T-0101"].service is Service.OUT)
        own.command("T-0101", given("open-0001", "T-0101", Kind.IN_SERVICE), good_for_s=60)
        until(lambda: len(desk.done) == 2)
        own.command("T-0101", b"\xff", good_for_s=60)
        own.nudge("canary", "2026.11.4")
        until(lambda: "canary=2026.11.4" in hall.events)
    assert hall.beaten.is_set()
    assert [(one.id, one.outcome, one.why) for one in desk.done] == [
        ("stop-0001", "done", None),
        ("open-0001", "failed", "visited"),
    ]
    assert [one for one in hall.events if one.startswith("command")] == [
        "command_done",
        "command_done",
        "command_refused",
    ]


def _failures(said: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [line for line in said if line["event"] == "report_failed"]


def test_a_bug_in_a_report_ends_neither_reports_nor_commands(
    bus: broker.Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While no state can be made, commands are obeyed; once it can, it is told."""
    monkeypatch.setattr(reporter, "LOOK_S", 0.2)
    hall = Hall(bus, tmp_path, "T-0105")
    broken = True

    def versions() -> Versions:
        if broken:
            raise KeyError(TYPED)
        return Versions(software="1.4.0")

    hall.told = replace(hall.told, versions=versions)
    with (
        structlog.testing.capture_logs() as said,
        centre(bus) as (own, desk),
        reporting(bus, hall),
    ):
        until(lambda: _failures(said))
        own.command("T-0105", given("stop-0005", "T-0105", Kind.OUT_OF_SERVICE), good_for_s=60)
        until(lambda: desk.done)
        broken = False
        assert until(lambda: desk.states.get("T-0105")).service is Service.OUT
    assert [(line["problem"], line["where"][-1]) for line in _failures(said)] == [
        ("KeyError", "test_reporting.py:" + str(versions.__code__.co_firstlineno + 2))
    ]
    assert TYPED not in str(said)


def test_a_terminal_without_a_broker_starts_and_stops(tmp_path: Path, bus: broker.Bus) -> None:
    """Nobody listens there: nothing is waited for."""
    hall = Hall(bus, tmp_path, "T-0102")
    own = Reports(Bus(host="localhost", port=9), hall.told)
    own.start()
    own.stop()
    assert not own._reporter._thread.is_alive()
    assert hall.events == []


@pytest.mark.parametrize(
    ("said", "reason"), [("设备检修，请到 2 号窗口", "own"), ("", "maintenance")]
)
def test_citizens_read_the_centres_sentence(tmp_path: Path, said: str, reason: str) -> None:
    """Its words, else the usual ones; in service again nothing is left of them."""
    service = OutOfService(Keeping(tmp_path), lambda *_, **__: None, lambda: None)
    now = datetime.now(UTC)
    command = Command(
        id="stop-0009",
        to="T-0105",
        kind=Kind.OUT_OF_SERVICE,
        argument=said,
        by="0021",
        issued_at=now,
        expires_at=now + timedelta(hours=1),
    )
    does = acts(service, Wishes())
    does[Kind.OUT_OF_SERVICE](command)
    assert service.out == Out(reason=reason, words=said)
    does[Kind.IN_SERVICE](command)
    assert service.out is None


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"x": {"public": "?", "kinds": ["fly"]}}'])
def test_damaged_command_keys_are_nobodys(damage: bytes, bus: broker.Bus, tmp_path: Path) -> None:
    """Then no command is believed; the terminal goes on."""
    hall = Hall(bus, tmp_path, "T-0103")
    (tmp_path / "keys" / COMMAND_KEYS).write_bytes(damage)
    with centre(bus) as (own, _), reporting(bus, hall):
        own.command("T-0103", given("stop-0002", "T-0103", Kind.OUT_OF_SERVICE), good_for_s=60)
        until(lambda: "command_refused" in hall.events)
    assert not hall.out


def test_the_days_counts_come_from_the_log_and_end_at_midnight(tmp_path: Path) -> None:
    """Types alone are counted; the hall's midnight begins a new day; older events count no more."""
    tally = Tally()
    events: list[tuple[str, dict[str, object]]] = [
        ("visit_began", {"visit": "v1"}),
        ("submission_stored", {"local_no": "L1", "bytes": 9}),
        ("visit_rated", {"grade": 5}),
        ("receipt_not_printed", {"visit": "v1", "reason": "paperOut"}),
        ("visit_ended", {"visit": "v1", "how": "finished"}),
        ("visit_began", {"visit": "v2"}),
        ("visit_ended", {"visit": "v2", "how": "timed_out"}),
    ]
    for event, fields in events:
        tally.heard(event, fields, NOON)
    day = tally.day(NOON)
    assert (day.visits, day.submitted, day.timed_out, day.slips_missing) == (2, 1, 1, 1)
    assert (day.ratings, day.hours[12]) == ((0, 0, 0, 0, 1), 2)
    tally.heard("visit_began", {}, NOON - timedelta(days=1))
    assert tally.day(NOON).visits == 2
    assert tally.day(NOON + timedelta(hours=12)).visits == 0


def test_the_day_tells_things_and_where_they_were_left() -> None:
    """By thing and by page; what no catalogue and no page is called counts nowhere."""
    tally = Tally()
    for thing, filed, page, seconds in (
        ("newborn", 1, "receipt", 300),
        ("newborn", 0, "materials", 90),
        ("newborn", 1, "receipt", 9_999_999),
        ("retirement", 0, "materials", 20),
        ("none", 0, "home", 5),
        ("newborn", 0, "13812345678", 5),
        ("410702199001011234", 0, "form", 5),
    ):
        fields = {"thing": thing, "filed": filed, "page": page, "seconds": seconds}
        tally.heard("visit_outcome", fields, NOON)
    day = tally.day(NOON)
    told = [(own.thing, own.visits, own.filed, own.seconds) for own in day.things]
    assert told == [("newborn", 3, 2, 7_500), ("retirement", 1, 0, 0)]
    assert [(own.page, own.visits) for own in day.left] == [("materials", 2)]


def test_a_restart_keeps_the_days_counts(bus: broker.Bus, tmp_path: Path) -> None:
    """What the log has of today is counted again."""
    hall = Hall(bus, tmp_path, "T-0104")
    log = AuditLog(tmp_path / "audit" / "audit.log")
    log.append(Event("visit_began"), visit="v-0001")
    log.close()
    own = Reports(Bus(host="localhost", port=9), hall.told)
    assert own.state(0, datetime.now(UTC)).day.visits == 1
