"""What terminals report is kept once, newest wins, alarms begin and end with their faults."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, select, update

from fleet.store import Base, open_store
from fleet.store.model import Alarm, Day, Terminal
from fleet.terminals import Intake, Level, taking_in
from fleet.terminals.days import count_minute
from fleet.terminals.writing import write_rows
from kiosk.status import Reported
from kiosk.status.state import Day as Counts
from kiosk.status.state import Device, Service, Update, Versions
from tests.fleet_databases import engine, enrolled, postgres_url, url
from tests.waiting import until

__all__ = ["engine", "postgres_url", "url"]


def state(name: str, sequence: int = 1, **changes: Any) -> Reported:
    """Return a state of a terminal."""
    own: dict[str, Any] = {
        "terminal": name,
        "sequence": sequence,
        "at": "2026-11-03T02:00:00Z",
        "service": Service.FREE,
        "versions": Versions(software="1.4.0", release="2026.11.3"),
        "devices": (Device(device="receipt-printer", word="online", paper="full"),),
    }
    return Reported(**{**own, **changes})


def row(engine: Engine, name: str) -> Any:
    """Return a terminal's row."""
    with engine.connect() as connection:
        return connection.execute(select(Terminal).where(Terminal.name == name)).one()


def alarms(engine: Engine) -> list[tuple[str, bool]]:
    """Return every alarm: which fault, and whether it is over."""
    with engine.connect() as connection:
        rows = connection.execute(select(Alarm.fault, Alarm.ended_at).order_by(Alarm.id))
        return [(fault, ended is not None) for fault, ended in rows]


def test_the_tables_are_those_of_the_model(engine: Engine, url: str) -> None:
    """Revisions and model do not differ; opening again changes nothing."""
    again = open_store(url)
    with again.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    again.dispose()


def test_a_state_becomes_a_row_a_day_and_alarms(engine: Engine) -> None:
    """What lists need stands beside it; the listener hears of it after the commit."""
    enrolled(engine, "T-1")
    heard: list[str] = []
    own = Intake(engine, lambda changed: heard.extend(one.name for one in changed))
    faults = ("receipt_printer.low", "scanner.gone")
    own.here("T-1", here=True)
    own.state(state("T-1", faults=faults, day=Counts(visits=4, submitted=3)))
    assert own.write() == 1
    kept = row(engine, "T-1")
    assert (kept.level, kept.service, kept.release_version) == (Level.SOME, "free", "2026.11.3")
    assert (kept.paper, kept.visits, kept.title, kept.here) == ("full", 4, "T-1 号机", True)
    assert alarms(engine) == [("receipt_printer.low", False), ("scanner.gone", False)]
    with engine.connect() as connection:
        day = connection.execute(select(Day)).one()
    assert (day.terminal, day.day, day.submitted) == ("T-1", date(2026, 11, 3), 3)
    assert heard == ["T-1"]


def test_alarms_end_and_begin_anew(engine: Engine) -> None:
    """A fault that goes and comes is two alarms; one that stays is one."""
    enrolled(engine, "T-1")
    own = Intake(engine)
    for sequence, faults in enumerate([("ups.battery",), ("ups.battery",), (), ("ups.battery",)]):
        own.state(state("T-1", sequence, faults=faults))
        own.write()
    assert alarms(engine) == [("ups.battery", True), ("ups.battery", False)]


def test_an_older_state_changes_nothing(engine: Engine) -> None:
    """The broker brings the retained one again, or two ways cross."""
    enrolled(engine, "T-1")
    own = Intake(engine)
    own.state(state("T-1", 5, faults=("ups.battery",)))
    own.state(state("T-1", 4))
    own.write()
    own.state(state("T-1", 3))
    own.write()
    assert row(engine, "T-1").level == Level.SOON
    assert row(engine, "T-1").state["sequence"] == 5


def test_a_clock_that_was_ahead_does_not_freeze_a_terminal(engine: Engine) -> None:
    """Its state of a year to come is kept, and the next one of today replaces it all the same."""
    enrolled(engine, "T-1", "T-2")
    own = Intake(engine)
    for name in ("T-1", "T-2"):
        own.state(state(name, 5, at="2096-01-01T00:00:00Z"))
    own.state(state("T-2", 6, faults=("ups.battery",)))  # before the first one was written
    own.write()
    own.state(state("T-1", 6, faults=("ups.battery",)))
    own.write()
    for name in ("T-1", "T-2"):
        assert (row(engine, name).state["sequence"], row(engine, name).level) == (6, Level.SOON)
    assert alarms(engine) == [("ups.battery", False)] * 2


def test_a_terminal_that_is_gone_is_an_alarm(engine: Engine) -> None:
    """Its last state stays; coming back ends the alarm."""
    enrolled(engine, "T-1")
    own = Intake(engine)
    own.state(state("T-1"))
    own.here("T-1", here=False)
    own.write()
    assert (row(engine, "T-1").level, row(engine, "T-1").software) == (Level.GONE, "1.4.0")
    assert alarms(engine) == [("terminal.gone", False)]
    own.here("T-1", here=True)
    own.write()
    assert row(engine, "T-1").level == Level.WELL
    assert alarms(engine) == [("terminal.gone", True)]


def test_what_the_office_says_meanwhile_stays(engine: Engine) -> None:
    """A place is changed while a state of that terminal is on its way into the table."""
    enrolled(engine, "T-1")
    own = Intake(engine)
    own.state(state("T-1"))
    with engine.connect() as connection:
        kept = taking_in._kept(connection, {"T-1"})
    with engine.begin() as connection:
        connection.execute(update(Terminal).values(title="大厅东门", ring=0))
        stale = taking_in._row(kept["T-1"], state("T-1"), None, datetime.now(UTC))
        assert stale is not None
        write_rows(connection, Terminal, ["name"], [stale], kept=taking_in.OFFICE)
    assert (row(engine, "T-1").title, row(engine, "T-1").ring) == ("大厅东门", 0)
    assert row(engine, "T-1").software == "1.4.0"


def test_who_is_not_enrolled_is_counted_and_not_kept(engine: Engine) -> None:
    """A certificate of ours, and still no terminal of the list."""
    own = Intake(engine)
    own.state(state("T-9"))
    own.write()
    assert own.unknown == 1
    with engine.connect() as connection:
        assert connection.execute(select(Terminal)).all() == []


def test_a_thousand_at_once_are_one_batch(engine: Engine) -> None:
    """And the thread writes them by itself; minutes count for who is there."""
    names = [f"T-{number}" for number in range(1000)]
    enrolled(engine, *names)
    heard: list[Sequence[object]] = []
    own = Intake(engine, heard.append)
    for name in names:
        own.state(state(name))
    own.start()
    until(lambda: sum(map(len, heard)) == 1000)
    own.stop()
    with engine.connect() as connection:
        days = set(connection.scalars(select(Day.day)))
    assert days == {date(2026, 11, 3)}


def test_minutes_are_counted_for_who_is_there(engine: Engine) -> None:
    """Connected minutes of the day are what the online rate is made of."""
    enrolled(engine, "T-1", "T-2")
    own = Intake(engine)
    at = state("T-1")
    own.state(at)
    own.state(state("T-2"))
    own.here("T-2", here=False)
    own.write()
    count_minute(engine, datetime.fromisoformat(at.at))
    own.state(state("T-1", 2))
    own.write()
    with engine.connect() as connection:
        minutes = dict(connection.execute(select(Day.terminal, Day.seen_minutes)).all())
    assert minutes == {"T-1": 1, "T-2": 0}


def test_who_has_no_releases_is_not_well(engine: Engine) -> None:
    """It looked, and nothing was ever published for its group; who never looked knows nothing."""
    updates: dict[str, dict[str, Any]] = {
        "T-0001": {"group": "nogroup", "look": "ok"},
        "T-0002": {"group": "stable", "look": "ok", "seen": 3},
        "T-0003": {"group": "stable", "look": "release.unreachable"},
        "T-0004": {},
    }
    enrolled(engine, *updates)
    intake = Intake(engine)
    for name, own in updates.items():
        intake.state(state(name, update=Update(**own)))
    intake.write()
    told = [Level(row(engine, name).level) for name in updates]
    assert told == [Level.SOON, Level.WELL, Level.WELL, Level.WELL]


def test_a_row_that_cannot_be_read_stops_nobody(engine: Engine) -> None:
    """An older program kept it otherwise: the next state of its terminal takes its place."""
    enrolled(engine, "T-1", "T-2")
    with engine.begin() as connection:
        older = update(Terminal).where(Terminal.name == "T-1").values(state={"form": "older"})
        connection.execute(older)
    own = Intake(engine)
    own.here("T-1", here=True)
    own.state(state("T-2"))
    assert own.write() == 2
    assert row(engine, "T-2").state["terminal"] == "T-2"
    own.state(state("T-1"))
    own.write()
    assert row(engine, "T-1").state["terminal"] == "T-1"
