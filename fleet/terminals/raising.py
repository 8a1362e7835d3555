"""What is found in a terminal's log counts in its level, as well as what it tells of itself.

Theory of operation
-------------------
Two threads write a level: the one that takes states in and the one that finds things in logs. So
that neither writes over what the other has just found, each first holds the terminal's row and then
reads the alarms: whoever comes second sees what the first one committed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, select, update

from fleet.store.model import Alarm, Terminal
from fleet.terminals.level import LOG, Level, level_of
from kiosk.status import Reported

MOST_NAMES: Final = 10_000
"""Names in one statement: PostgreSQL takes 65,535 values, SQLite 32,766."""


def raised(connection: Connection, levels: Mapping[str, int]) -> dict[str, int]:
    """Raise levels that were just written to those of open findings; return the raised ones."""
    found = _found(connection, levels)
    higher = {name: level for name, level in found.items() if level > levels[name]}
    for name, level in higher.items():
        connection.execute(update(Terminal).where(Terminal.name == name).values(level=level))
    return higher


def reckon(connection: Connection, terminal: str) -> None:
    """Write a terminal's level anew, after a finding has come or gone."""
    wanted = select(Terminal.here, Terminal.here_at, Terminal.state).where(
        Terminal.name == terminal
    )
    row = connection.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        return
    level = max(int(_own(row)), _found(connection, [terminal]).get(terminal, 0))
    connection.execute(update(Terminal).where(Terminal.name == terminal).values(level=level))


def levels(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Return the written levels of these terminals, by name."""
    every, found = list(names), dict[str, int]()
    for start in range(0, len(every), MOST_NAMES):
        part = every[start : start + MOST_NAMES]
        wanted = select(Terminal.name, Terminal.level).where(Terminal.name.in_(part))
        found |= {row.name: row.level for row in connection.execute(wanted)}
    return found


def _own(row: Any) -> Level:
    """Return the level that a terminal has without its log."""
    if not row.here:
        never = row.here_at is None and row.state is None  # it was let in just now
        return Level.WELL if never else Level.GONE
    state = Reported.model_validate_json(json.dumps(row.state)) if row.state else None
    return Level.WELL if state is None else level_of(state)


def _found(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Return the worst level of what is found in the logs of these, by terminal."""
    wanted = (
        select(Alarm.terminal, func.max(Alarm.level))
        .where(Alarm.ended_at.is_(None), Alarm.fault.like(f"{LOG}%"))
        .where(Alarm.terminal.in_(list(names)))
        .group_by(Alarm.terminal)
    )
    return {name: int(level) for name, level in connection.execute(wanted)}
