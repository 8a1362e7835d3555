"""Terminals of a period, summed by the database, the busiest or all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, Select, case, func, select

from fleet.reports.period import MINUTES_OF_A_DAY, Period, minutes_of
from fleet.store.model import Day, Terminal
from fleet.terminals.days import day_of

MOST: Final = 50
_STEP: Final = 500

_SUMS: Final = tuple(
    func.sum(getattr(Day, name)).label(name)
    for name in ("visits", "submitted", "abandoned", "timed_out", "crashed", "slips_missing")
)


def busiest(engine: Engine, period: Period, jurisdiction: str, now: datetime) -> Sequence[Any]:
    """Return the busiest terminals; those that never reported are left out."""
    wanted = (
        _all(period, jurisdiction, now)
        .order_by(func.sum(Day.visits).desc(), Terminal.name)
        .limit(MOST)
    )
    with engine.connect() as connection:
        return connection.execute(wanted).all()


def every(engine: Engine, period: Period, jurisdiction: str, now: datetime) -> Iterator[Any]:
    """Yield all terminals by name, for a file of any length."""
    after = ""
    while True:
        wanted = _all(period, jurisdiction, now).where(Terminal.name > after)
        with engine.connect() as connection:
            rows = connection.execute(wanted.order_by(Terminal.name).limit(_STEP)).all()
        yield from rows
        if len(rows) < _STEP:
            return
        after = rows[-1].name


def _all(period: Period, jurisdiction: str, now: datetime) -> Select[Any]:
    today = day_of(now)
    minutes = case((Day.day == today, minutes_of(today, now)), else_=MINUTES_OF_A_DAY)
    statement = (
        select(
            *(Terminal.name, Terminal.title, Terminal.site, Terminal.jurisdiction),
            *_SUMS,
            func.sum(Day.seen_minutes).label("seen_minutes"),
            func.sum(minutes).label("possible_minutes"),
            func.count().label("days"),
        )
        .join(Day, Day.terminal == Terminal.name)
        .where(Day.day.between(period.first, period.last))
        .group_by(Terminal.name, Terminal.title, Terminal.site, Terminal.jurisdiction)
    )
    return statement.where(Terminal.jurisdiction == jurisdiction) if jurisdiction else statement
