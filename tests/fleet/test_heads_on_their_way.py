"""Heads over a real broker: from an agent's log to the centre's database and an auditor's check."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from fleet.bus import Centre, Ears
from fleet.cli import main as fleet
from fleet.heads import Taking
from fleet.store.model import AuditHead
from kiosk.agent.reporting import heads as signing
from kiosk.agent.reporting import reporter
from kiosk.agent.reporting.assembly import Bus as AgentBus
from kiosk.audit import AuditLog as Log
from kiosk.audit import Event, verify
from kiosk.audit.reading import newest
from kiosk.audit.signed_head import SignedHead, received
from kiosk.cli import main as kiosk
from kiosk.crypto.certificates import Authority
from kiosk.crypto.provision import write_private
from tests import broker
from tests.broker import CENTRE, bus
from tests.faults.terminal import agent_thread, make
from tests.fleet.test_reporting import Hall, reporting
from tests.fleet_databases import engine, enrolled, postgres_url, url
from tests.waiting import until

__all__ = ["bus", "engine", "postgres_url", "url"]


@contextmanager
def listening(bus: broker.Bus, taking: Taking) -> Iterator[None]:
    """Be the centre on the bus."""
    own = Centre(
        bus.address(CENTRE),
        Ears(head=lambda name, data, fresh: taking.head(name, data, fresh=fresh)),
        name="centre-heads",
    )
    own.start()
    try:
        until(lambda: own.connected)
        yield
    finally:
        own.stop()


class Scene:
    """A terminal with a log, a broker, and a centre with its database."""

    def __init__(self, bus: broker.Bus, engine: Engine, place: Path) -> None:
        self.bus, self.engine, self.place = bus, engine, place
        self.name = f"T-{uuid.uuid4().hex[:8]}"
        enrolled(engine, self.name)
        self.hall = Hall(bus, place, self.name)
        self.path = place / "audit" / "audit.log"
        self.log = Log(self.path)
        self.hall.told = replace(self.hall.told, head=lambda: self.log.head)
        self.taking = Taking(engine, bus.place / "ca.crt")

    def happen(self, count: int) -> None:
        """Let something happen at the terminal."""
        for _ in range(count):
            self.log.append(Event("agent_started"), entries=0)

    def cut(self, lines: int) -> None:
        """Take lines away while the agent is down."""
        self.log.close()
        whole = self.path.read_bytes().splitlines(keepends=True)
        self.path.write_bytes(b"".join(whole[:lines]))
        self.log = Log(self.path)

    def came(self, test: Callable[[Any], bool]) -> None:
        """Wait until a head came that is so."""

        def there() -> bool:
            self.taking.write()
            with self.engine.connect() as connection:
                return any(test(row) for row in connection.execute(select(AuditHead)))

        until(there)


@pytest.fixture
def scene(
    bus: broker.Bus, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A terminal that signs whenever it has a reason to."""
    monkeypatch.setattr(signing, "APART_S", 0.0)
    monkeypatch.setattr(signing, "EVERY_S", 0.0)
    monkeypatch.setattr(reporter, "LOOK_S", 0.2)
    own = Scene(bus, engine, tmp_path)
    yield own
    own.log.close()


def test_the_whole_way(scene: Scene, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Over a real broker: a log that was cut is found by the auditor and by the centre."""
    out, place, authority = scene.place / "told.json", scene.place, scene.bus.place / "ca.crt"
    held = ["audit", "verify", "--state", str(place), "--heads", str(out)]
    proven = [*held, "--authority", str(authority)]
    scene.happen(5)
    with listening(scene.bus, scene.taking):
        with reporting(scene.bus, scene.hall):
            scene.came(lambda row: row.sequence == 5)
            scene.happen(3)
            scene.came(lambda row: row.sequence == 8)
        assert fleet(["heads", "export", scene.name, "--db", url, "--out", str(out)]) == 0
        assert kiosk(proven) == 0
        assert re.search(r"holds all \d+ heads", capsys.readouterr().out)
        scene.cut(6)
        assert kiosk(proven) == 1
        assert "the end that the centre was told of is missing" in capsys.readouterr().out
        assert kiosk([*held, "--until", "2026-01-01T00:00:00"]) == 0
        with reporting(scene.bus, scene.hall):
            scene.came(lambda row: row.finding == "cut")
    assert scene.hall.events[-1:] == ["audit_not_followed"]
    (place / "x.pem").write_bytes(Authority.create("x").issued.certificate)
    assert kiosk([*held, "--authority", str(place / "x.pem")]) == 2
    assert "untrusted" in capsys.readouterr().err


def test_a_whole_agent_tells_its_log_to_its_very_end(
    bus: broker.Bus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last head is of the line that says that it stopped."""
    monkeypatch.setattr(signing, "APART_S", 0.0)
    heads: list[SignedHead] = []

    def heard(_name: str, data: bytes, _fresh: bool) -> None:
        authority = [bus.authority.certificate]
        heads.append(received(data, authority, datetime.now(UTC)).head)

    state, run = tmp_path / "agent", tmp_path / "run"
    make(state)
    address = bus.address("T-0020")
    for name, path in {
        "ca.crt": address.authority,
        "terminal.crt": address.certificate,
        "terminal.pem": address.key,
    }.items():
        write_private(state / "keys" / name, path.read_bytes())
    own = Centre(bus.address(CENTRE), Ears(head=heard), name="centre-agent")
    own.start()
    try:
        until(lambda: own.connected)
        wanted = AgentBus(host="localhost", port=bus.port)
        with agent_thread(state, run, "https://localhost:9", bus=wanted):
            until(lambda: heads)
    finally:
        own.stop()
    told = json.loads((state / "heads.json").read_text())["last"]  # waits until it was taken
    assert told["sequence"] == verify(state / "audit").head.sequence
    (last,) = newest(state / "audit", 1)
    assert last.raw["e"] == "agent_stopped"
