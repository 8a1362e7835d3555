"""Terminals of a period, summed by the database, the busiest or all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Engine, Select, case, func, select

from fleet.reports.period import MINUTES_OF_A_DAY, Period, minutes_of
from fleet.store.model import Day, Terminal
from fleet.terminals.days import day_of

MOST: Final = 50
_STEP: Final = 500
_MOST_KNOWN: Final = 32
FRESH_S: Final = 60.0

_SHOWN: Final = (Terminal.name, Terminal.title, Terminal.site, Terminal.jurisdiction)
_COUNTS: Final = tuple(
    func.sum(getattr(Day, name)).label(name)
    for name in ("visits", "submitted", "abandoned", "timed_out", "crashed", "slips_missing")
)


def busiest(engine: Engine, period: Period, jurisdiction: str, now: datetime) -> Sequence[Any]:
    """Return the busiest terminals; those that never reported are left out."""
    inner = (
        select(Day.terminal, *_sums(now))
        .where(Day.day.between(period.first, period.last))
        .group_by(Day.terminal)
        .order_by(func.sum(Day.visits).desc(), Day.terminal)
        .limit(MOST)
    )
    if jurisdiction:
        own = select(Terminal.name).where(Terminal.jurisdiction == jurisdiction)
        inner = inner.where(Day.terminal.in_(own))
    sums = inner.subquery()  # titles are joined to the few, not to all
    wanted = (
        select(*_SHOWN, *(own for own in sums.c if own.key != "terminal"))
        .join(sums, sums.c.terminal == Terminal.name)
        .order_by(sums.c.visits.desc(), Terminal.name)
    )
    with engine.connect() as connection:
        return connection.execute(wanted).all()


class Busiest:
    """The busiest terminals as pages show them: as fresh as the sums beside (`closing`)."""

    def __init__(self, engine: Engine, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._known: dict[tuple[Period, str], tuple[float, Sequence[Any]]] = {}

    def of(self, period: Period, jurisdiction: str, now: datetime) -> Sequence[Any]:
        """Return `busiest`, a minute old at most."""
        asked = period, jurisdiction
        at, rows = self._known.get(asked, (0.0, None))
        if rows is None or self._monotonic() - at > FRESH_S:
            rows = busiest(self._engine, period, jurisdiction, now)
            kept = [*self._known.items()][-_MOST_KNOWN:]
            self._known = {**dict(kept), asked: (self._monotonic(), rows)}
        return rows


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
    statement = (
        select(*_SHOWN, *_sums(now))
        .join(Day, Day.terminal == Terminal.name)
        .where(Day.day.between(period.first, period.last))
        .group_by(*_SHOWN)
    )
    return statement.where(Terminal.jurisdiction == jurisdiction) if jurisdiction else statement


def _sums(now: datetime) -> tuple[ColumnElement[Any], ...]:
    """Return the sums of a terminal's days."""
    today = day_of(now)
    minutes = case((Day.day == today, minutes_of(today, now)), else_=MINUTES_OF_A_DAY)
    return (
        *_COUNTS,
        func.sum(Day.seen_minutes).label("seen_minutes"),
        func.sum(minutes).label("possible_minutes"),
        func.count().label("days"),
    )
