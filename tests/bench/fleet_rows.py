"""A province's fleet as rows: what terminals, their days, alarms, logs and commands are made of.

States go in by the way that terminals' own do (`fleet.terminals.Intake`). What has grown over weeks
is multiplied by the database itself. Counts follow from a seed; nothing of it is anybody's.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, insert, text

from fleet.people import Role
from fleet.people.signing_in import add
from fleet.rollouts import ledger
from fleet.rollouts.course import Course, Ring, Step
from fleet.store.model import Answer, Expected, Order, Terminal
from fleet.terminals import Intake
from kiosk.maintenance.faults import listed
from kiosk.status import Reported
from kiosk.status.rings import group_of, ring_by_lot
from kiosk.status.state import (
    Day,
    Device,
    LeftAt,
    Machine,
    Outbox,
    Service,
    ThingDay,
    Update,
    Versions,
)

PLACES: Final = 158
"""Counties of a large province."""
DAYS: Final = 30
RELEASE: Final = "2026.11.4"
THINGS: Final = ("open-a-shop", "birth", "retire", "buy-a-house", "move-in", "job-loss", "hire")
PAGES: Final = ("guide", "card", "form", "materials", "review", "sign")
DEVICES: Final = ("id-reader", "document-camera", "scanner", "receipt-printer", "keypad", "ups")
PASSWORD: Final = "correct horse battery"
_FAULTS: Final = tuple(one.id for one in listed())
_BATCH: Final = 1000
_EVER: Final = "SET LOCAL statement_timeout = 0"


def name_of(number: int) -> str:
    """Return a terminal's id."""
    return f"T-{number:06d}"


def fill(engine: Engine, count: int, seed: int) -> None:
    """Fill an empty database with so many terminals and what they have told in `DAYS` days."""
    chance = random.Random(seed)  # noqa: S311 - the same fleet for a seed
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for start in range(0, count, _BATCH):
            numbers = range(start, min(count, start + _BATCH))
            connection.execute(insert(Terminal), [_enrolled(one, now) for one in numbers])
    intake = Intake(engine)
    for number in range(count):
        gone = chance.random() < 0.01
        intake.state(state_of(number, chance, now, sequence=1))
        intake.here(name_of(number), not gone)
        if number % _BATCH == _BATCH - 1:
            intake.write()
    while intake.write():
        pass
    _history(engine, now)
    _others(engine, now, count)


_GROWN: Final = {
    "terminal": "title, site, kind, jurisdiction, release_group, ring, enrolled_at, here, here_at, "
    "seen_at, state, service, level, software, release_version, paper, waiting, refused, visits",
    "day": "day, visits, submitted, abandoned, timed_out, crashed, slips_missing, ratings, hours, "
    "seen_minutes, things, left_at",
    "alarm": "fault, level, began_at, ended_at",
    "audit_log": "life, sequence, digest, first_line, origin, at, received_at, certified_from",
}


def grow(engine: Engine, times: int) -> None:
    """Let there be so many times the terminals, with all that hangs on each."""
    with engine.begin() as connection:
        connection.execute(text(_EVER))
        for table, columns in _GROWN.items():
            name = "name" if table == "terminal" else "terminal"
            connection.execute(
                text(
                    f"INSERT INTO {table} ({name}, {columns}) "  # noqa: S608 - names of our own
                    f"SELECT {name} || '-' || n, {columns} FROM {table} "
                    "CROSS JOIN generate_series(2, :times) AS n"
                ),
                {"times": times},
            )
    _vacuum(engine)


def _enrolled(number: int, now: datetime) -> dict[str, Any]:
    ring = ring_by_lot(name_of(number))
    county = number % PLACES
    return {
        "name": name_of(number),
        "title": f"{county} 县 {number // PLACES + 1} 号机",
        "site": f"{county} 县政务服务大厅 {number // PLACES % 3 + 1} 层",
        "kind": ("hall", "bank", "post")[number % 3],
        "jurisdiction": f"41{county:04d}",
        "release_group": group_of("", ring),
        "ring": ring,
        "latitude": 34 + county / 100,
        "longitude": 113 + number % 97 / 100,
        "enrolled_at": now - timedelta(days=300),
    }


def state_of(number: int, chance: random.Random, now: datetime, *, sequence: int) -> Reported:
    """Return what a terminal tells at some time of its day."""
    group = group_of("", ring_by_lot(name_of(number)))
    faults = chance.sample(_FAULTS, chance.randint(1, 3)) if chance.random() < 0.05 else []
    visits = chance.randint(0, 60)
    took = group in {"canary", "early"}
    return Reported(
        terminal=name_of(number),
        sequence=sequence,
        at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        service=chance.choice((Service.FREE, Service.VISITED)),
        faults=tuple(faults),
        versions=Versions(software="1.4.0", release=RELEASE if took else "2026.11.3"),
        update=Update(
            group=group,
            version=7,
            seen=8 if took else 7,
            look="ok",
            wanted=RELEASE if took else "2026.11.3",
            wanted_version=8 if took else 7,
            step="committed",
            since=f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}",
        ),
        devices=tuple(
            Device(device=one, word="online", paper="full" if "printer" in one else None)
            for one in DEVICES
        ),
        outbox=Outbox(waiting=chance.randint(0, 2), oldest_s=chance.randint(0, 90)),
        day=_day(visits, chance),
        machine=Machine(disk_free_mb=41_000, memory_free_mb=5_000, degrees=51, up_s=90_000),
    )


def _day(visits: int, chance: random.Random) -> Day:
    hours = [0] * 24
    for _ in range(visits):
        hours[chance.choice((8, 9, 10, 11, 14, 15, 16))] += 1
    filed = visits * 6 // 10
    return Day(
        visits=visits,
        submitted=filed,
        abandoned=visits // 10,
        timed_out=visits // 20,
        ratings=(0, 0, 1, visits // 8, visits // 4),
        hours=tuple(hours),
        things=tuple(
            ThingDay(thing=one, visits=visits // 5, filed=visits // 7, seconds=visits * 60)
            for one in chance.sample(THINGS, 5)
        ),
        left=tuple(LeftAt(page=one, visits=visits // 15) for one in chance.sample(PAGES, 3)),
    )


_DAYS: Final = """
INSERT INTO day (terminal, day, visits, submitted, abandoned, timed_out, crashed, slips_missing,
                 ratings, hours, seen_minutes, things, left_at)
SELECT terminal, day - n, visits, submitted, abandoned, timed_out, crashed, slips_missing,
       ratings, hours, 1440, things, left_at
FROM day CROSS JOIN generate_series(1, :days) AS n ORDER BY n DESC, terminal
"""
_LOGS: Final = (
    """
INSERT INTO audit_log (terminal, life, sequence, digest, first_line, origin, at, received_at,
                       certified_from)
SELECT name, 1, 900, md5(name) || md5(name), 1, md5(name) || md5(name), :now, :now, :now
FROM terminal
""",
    """
INSERT INTO audit_head (terminal, life, sequence, digest, at, received_at, body, signature,
                        certificate, finding, explained)
SELECT name, 1, n * 30, md5(name) || md5(name), :now, :now, repeat('x', 300), repeat('s', 96),
       md5(name) || md5(name), '', ''
FROM terminal CROSS JOIN generate_series(1, :heads) AS n
""",
)
_ENTRIES: Final = """
INSERT INTO entry (sequence, at, person, action, subject, detail, digest)
SELECT n + 1000, CAST(:now AS timestamptz) - n * interval '1 minute', '0021', 'command_given',
       'T-000001', 'in_service', md5(n::text) || md5(n::text)
FROM generate_series(1, 20000) AS n
"""
_OVER: Final = """
INSERT INTO alarm (terminal, fault, level, began_at, ended_at)
SELECT name, 'receipt_printer.out', 2, CAST(:now AS timestamptz) - n * interval '1 day',
       CAST(:now AS timestamptz) - n * interval '23 hours'
FROM terminal CROSS JOIN generate_series(1, 10) AS n
"""


def _history(engine: Engine, now: datetime) -> None:
    """Let days and logs have grown."""
    with engine.begin() as connection:
        connection.execute(text(_EVER))
        connection.execute(text(_DAYS), {"days": DAYS})
        connection.execute(text(_LOGS[0]), {"now": now})
        connection.execute(text(_LOGS[1]), {"now": now, "heads": 30})
        connection.execute(text(_ENTRIES), {"now": now})
        connection.execute(text(_OVER), {"now": now})
    _vacuum(engine)


def _vacuum(engine: Engine) -> None:
    """Do what the database does by itself within a day."""
    raw = engine.raw_connection()
    try:
        raw.rollback()
        raw.driver_connection.autocommit = True  # type: ignore[union-attr]
        cursor = raw.cursor()
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
    finally:
        raw.detach()
        raw.close()


def _others(engine: Engine, now: datetime, count: int) -> None:
    """Let there be commands with answers, a rollout under way, and awaited terminals."""
    for number in range(12):
        add(engine, f"p{number:03d}", Role.VIEWER, PASSWORD, must_change=False)
    with engine.begin() as connection:
        orders = list(_orders(now))
        connection.execute(insert(Order), orders)
        for order in orders:
            everybody = order["recipient"] == "@all"
            names = range(count) if everybody else (int(order["id"][1:]) % count,)
            answers = [_answer(order["id"], one, now) for one in names]
            for start in range(0, len(answers), _BATCH):
                connection.execute(insert(Answer), answers[start : start + _BATCH])
        rings = tuple(
            Ring(group=group_of("", ring), opened_at=now - timedelta(hours=3 - ring))
            if ring < 2
            else Ring(group=group_of("", ring))
            for ring in range(4)
        )
        for number in range(30):
            step = Step.DONE if number < 29 else Step.WATCHING
            course = Course(step=step, rings=rings, at=1)
            release = RELEASE if step is Step.WATCHING else f"2026.10.{number}"
            ledger.add(connection, release, course, note="", by="p000", now=now)
        connection.execute(insert(Expected), [_awaited(one, now) for one in range(500)])


def _orders(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(2000):
        yield {
            "id": f"c{number:06d}",
            "recipient": "@all" if number < 3 else name_of(number % 500),
            "kind": "in_service",
            "argument": "",
            "given_by": "p000",
            "issued_at": now - timedelta(minutes=number),
            "expires_at": now + timedelta(hours=1),
        }


def _answer(order: str, number: int, now: datetime) -> dict[str, Any]:
    return {"command": order, "terminal": name_of(number), "outcome": "done", "why": None} | {
        "at": now
    }


def _awaited(number: int, now: datetime) -> dict[str, Any]:
    return {
        "name": f"W-{number:06d}",
        "title": "新机",
        "site": "大厅",
        "kind": "hall",
        "jurisdiction": "410000",
        "release_group": "stable",
        "ring": 3,
        "latitude": None,
        "longitude": None,
        "batch": f"b{number // 100}",
        "imported_by": "p000",
        "imported_at": now,
    }
