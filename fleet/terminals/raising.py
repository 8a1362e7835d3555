"""What is found in a terminal's log counts in its level, as well as what it tells of itself.

Theory of operation
-------------------
Two threads write a level: the one that takes states in and the one that finds things in logs. So
that neither writes over what the other has just found, each first holds the terminal's row and then
reads the alarms: whoever comes second sees what the first one committed. Both hold many rows in one
transaction, and hold them in the order of names, by code point: so neither waits for the other
while the other waits for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Select, bindparam, collate, func, select, update

from fleet.store.model import Alarm, Terminal
from fleet.terminals.kept import read_back
from fleet.terminals.level import LOG, Level, level_of
from fleet.terminals.parts import in_parts


def raised(connection: Connection, levels: Mapping[str, int]) -> dict[str, int]:
    """Raise levels that were just written to those of open findings; return the raised ones."""
    found = _found(connection, levels)
    higher = {name: level for name, level in found.items() if level > levels[name]}
    for name, level in higher.items():
        connection.execute(update(Terminal).where(Terminal.name == name).values(level=level))
    return higher


def reckon(connection: Connection, names: Collection[str]) -> list[str]:
    """Write levels anew, after a finding has come or gone; return whose level is another one.

    Args:
        connection: in a writing transaction.
        names: of terminals, as many as a statement takes (`fleet.terminals.parts`).
    """
    rows = connection.execute(_held(connection, names)).all()
    found = _found(connection, names)
    new = {row.name: max(int(_own(row)), found.get(row.name, 0)) for row in rows}
    other = [row.name for row in rows if new[row.name] != row.level]
    if other:
        statement = update(Terminal.__table__).where(Terminal.name == bindparam("of"))  # type: ignore[arg-type]
        values = [{"of": name, "level": new[name]} for name in other]
        connection.execute(statement.values(level=bindparam("level")), values)
    return other


def levels(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """Return the written levels of these terminals, by name."""
    found = dict[str, int]()
    for part in in_parts(names):
        wanted = select(Terminal.name, Terminal.level).where(Terminal.name.in_(part))
        found |= {row.name: row.level for row in connection.execute(wanted)}
    return found


def _held(connection: Connection, names: Collection[str]) -> Select[Any]:
    """Return what holds these terminals' rows, in an order that is Python's on both databases."""
    columns = (Terminal.name, Terminal.level, Terminal.here, Terminal.here_at, Terminal.state)
    wanted = select(*columns).where(Terminal.name.in_(list(names)))
    if connection.dialect.name != "postgresql":
        return wanted.order_by(Terminal.name)  # one writes at a time
    return wanted.order_by(collate(Terminal.name, "C")).with_for_update(key_share=True)


def _own(row: Any) -> Level:
    """Return the level that a terminal has without its log."""
    if not row.here:
        never = row.here_at is None and row.state is None  # it was let in just now
        return Level.WELL if never else Level.GONE
    state = read_back(row.state)
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
