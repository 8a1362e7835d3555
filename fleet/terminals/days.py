"""The counts of days: what reports are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Connection, Engine, select, update

from fleet.store.model import Day, Terminal
from fleet.terminals.writing import write_rows
from kiosk.status import Reported

HALL: Final = timezone(timedelta(hours=8))


def day_of(at: datetime) -> date:
    """Return the day in the halls (UTC+8)."""
    return at.astimezone(HALL).date()


def keep(connection: Connection, states: Sequence[Reported]) -> None:
    """Keep each state's counts under the day it is of; a newer state replaces them."""
    rows: list[dict[str, Any]] = []
    for state in states:
        counts = state.day.model_dump(mode="json")
        counts["left_at"] = counts.pop("left")
        day = day_of(datetime.fromisoformat(state.at))
        rows.append({"terminal": state.terminal, "day": day, **counts})
    minutes = _minutes(connection, rows)
    for row in rows:
        row["seen_minutes"] = minutes.get((row["terminal"], row["day"]), 0)
    write_rows(connection, Day, ["terminal", "day"], rows)


def count_minute(engine: Engine, now: datetime) -> None:
    """Count a minute for every terminal that is connected now."""
    here = select(Terminal.name).where(Terminal.here)
    with engine.begin() as connection:
        connection.execute(
            update(Day)
            .where(Day.day == day_of(now), Day.terminal.in_(here))
            .values(seen_minutes=Day.seen_minutes + 1)
        )


def _minutes(connection: Connection, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, date], int]:
    names = [row["terminal"] for row in rows]
    days = {row["day"] for row in rows}
    told = connection.execute(
        select(Day.terminal, Day.day, Day.seen_minutes).where(
            Day.terminal.in_(names), Day.day.in_(days)
        )
    )
    return {(terminal, day): minutes for terminal, day, minutes in told}
