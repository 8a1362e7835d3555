"""A fleet that falls silent is written down in parts, and rows are held in one order by all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Select, event, func, select, text, update

from fleet.heads import Taking, taking
from fleet.store.model import Alarm, Terminal
from fleet.terminals import Intake, Level
from tests.fleet.test_heads import AUTHORITY, Story
from tests.fleet.test_taking_in import state
from tests.fleet_databases import engine, enrolled, postgres_url, url
from tests.waiting import until

__all__ = ["engine", "postgres_url", "url"]
LONG_AGO = datetime.now(UTC) - timedelta(days=1)
FIRST, SECOND = "T-2", "T1"
"""By code point; a database that sorts as people do has them the other way round."""


@contextmanager
def counted(engine: Engine) -> Iterator[dict[str, int]]:
    """Count statements and transactions that are written."""
    told = {"statements": 0, "commits": 0}
    hears = {
        "before_cursor_execute": lambda *_: told.update(statements=told["statements"] + 1),
        "commit": lambda *_: told.update(commits=told["commits"] + 1),
    }
    for name, hear in hears.items():
        event.listen(engine, name, hear)
    yield told
    for name, hear in hears.items():
        event.remove(engine, name, hear)


def connected(engine: Engine, *names: str) -> None:
    """Let terminals be there for a day."""
    enrolled(engine, *names)
    with engine.begin() as connection:
        connection.execute(update(Terminal).values(here=True, here_at=LONG_AGO))


def judges(engine: Engine, place: Path, told: list[Collection[str]] | None = None) -> Taking:
    """Return who takes heads in."""
    (place / "ca.crt").write_bytes(AUTHORITY.issued.certificate)
    heard: list[Collection[str]] = [] if told is None else told
    return Taking(engine, place / "ca.crt", heard.append)


def open_alarms(engine: Engine) -> int:
    """Return how many alarms are open."""
    with engine.connect() as connection:
        wanted = select(func.count()).select_from(Alarm).where(Alarm.ended_at.is_(None))
        return int(connection.scalar(wanted) or 0)


def test_a_fleet_that_falls_silent_is_written_in_parts(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few statements a part, whatever is in it; each part is told when it is written."""
    monkeypatch.setattr(taking, "PART", 40)
    names = [f"T-{number:03}" for number in range(100)]
    connected(engine, *names)
    told: list[Collection[str]] = []
    own = judges(engine, tmp_path, told)
    with counted(own._engine) as cost:
        own.look()
    assert open_alarms(engine) == 100
    assert list(map(len, told)) == [40, 40, 20]
    assert cost["commits"] == 3
    assert cost["statements"] < 25, cost
    with engine.begin() as connection:
        levels = select(Terminal.level, func.count()).group_by(Terminal.level)
        assert connection.execute(levels).all() == [(Level.SOON, 100)]
        connection.execute(update(Terminal).values(here_at=datetime.now(UTC)))
    own.look()
    assert open_alarms(engine) == 0
    assert list(map(len, told)) == [40, 40, 20] * 2


def _foreign(engine: Engine, place: Path) -> Callable[[], object]:
    """Let both terminals send what is signed by another, the later one first."""
    own = judges(engine, place)
    for name in (SECOND, FIRST):
        own.head(name, Story().sent(), fresh=False)
    return own.write


def _silent(engine: Engine, place: Path) -> Callable[[], object]:
    return judges(engine, place).look


def _states(engine: Engine, _place: Path) -> Callable[[], object]:
    own = Intake(engine)
    for name in (SECOND, FIRST):
        own.state(state(name))
    return own.write


def _hold(name: str) -> Select[str]:
    wanted = select(Terminal.name).where(Terminal.name == name)
    return wanted.with_for_update(key_share=True, nowait=True)


def _waits(engine: Engine) -> bool:
    wanted = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with engine.connect() as connection:
        own = connection.scalar(text(f"{wanted} AND datname = current_database()"))
    return bool(own)


@pytest.mark.postgres
@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("work", [_foreign, _silent, _states])
def test_rows_of_terminals_are_held_in_one_order(
    engine: Engine, tmp_path: Path, work: Callable[[Engine, Path], Callable[[], object]]
) -> None:
    """Who waits for the first one holds no later one: else two wait for each other."""
    connected(engine, SECOND, FIRST)  # as they lie on the disk
    write = work(engine, tmp_path)
    thread = threading.Thread(target=write)
    with engine.begin() as connection:
        assert connection.scalars(_hold(FIRST)).all() == [FIRST]
        thread.start()
        until(lambda: _waits(engine))
        assert connection.scalars(_hold(SECOND)).all() == [SECOND]
    thread.join()
