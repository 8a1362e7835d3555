"""Days that are over are summed once for each place; those that may still change, again and again.

Theory of operation. Summing a day reads a row of every terminal, which takes a second for ten
thousand of them, and nobody who looks at a page should wait for it. `start` begins a thread that
sums what may still change every `FRESH_S`, or more rarely where that would take more than
`1 / LEAST_REST` of a processor, and closes days that are over. Pages take what is there. Without
the thread, and where nothing is there yet, whoever looks waits.

A closed day never changes, so the newest `MOST_DAYS` of them that somebody asked for stay in
memory.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from fleet.reports.period import Period, minutes_of
from fleet.reports.summary import Summary, of_row, total
from fleet.store.model import Day, DaySummary, Terminal
from fleet.terminals.days import HALL, day_of
from fleet.terminals.writing import write_rows

SETTLING: Final = timedelta(hours=6)
"""After its end a day's last states are in, from terminals that come back in the night too."""
FRESH_S: Final = 60.0
LEAST_REST: Final = 20
MOST_DAYS: Final = 100
"""Closed days in memory: 30 MB with 158 places."""
_PART: Final = 5000
"""Rows of a day that are summed at once."""
_CLOSES: Final = 31
"""Days that the thread looks back for."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Sums:
    """A day's sums.

    Attributes:
        places: by code of the jurisdiction; empty for terminals that have none.
        whole: over all places.
    """

    places: Mapping[str, Summary] = field(default_factory=dict)
    whole: Summary = field(default_factory=Summary)

    @classmethod
    def over(cls, places: Mapping[str, Summary]) -> Sums:
        """Add the places up."""
        return cls(places, total(places.values()))

    def of(self, place: str) -> Summary:
        """Return the sums of a place; empty: of all."""
        return self.places.get(place, Summary()) if place else self.whole


class Closing:
    """Sums of days, kept as soon as nothing changes them any more."""

    def __init__(self, engine: Engine, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._fresh: dict[date, tuple[float, Sums]] = {}
        self._closed: dict[date, Sums] = {}
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="closing", daemon=True)

    def start(self) -> None:
        """Begin to sum before anybody looks."""
        self._thread.start()

    def stop(self) -> None:
        """Sum no more."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def of(self, period: Period, now: datetime) -> Mapping[date, Sums]:
        """Return the sums of each day; on days on which nobody reported they are zero."""
        kept = self._kept(period)
        return {day: kept.get(day) or self._known(day, now) for day in period.days()}

    def _kept(self, period: Period) -> Mapping[date, Sums]:
        """Return closed days, those from the database that memory has not."""
        closed = self._closed  # another thread may put another one in its place
        found = {day: closed[day] for day in period.days() if day in closed}
        missing = [day for day in period.days() if day not in found]
        rows: dict[date, dict[str, Summary]] = {}
        with self._engine.connect() as connection:
            wanted = select(DaySummary).where(DaySummary.day.in_(missing))
            for row in connection.execute(wanted) if missing else ():
                rows.setdefault(row.day, {})[row.jurisdiction] = Summary.from_json(row.body)
        read = {day: Sums.over(places) for day, places in rows.items()}
        with self._lock:
            newest = sorted({**self._closed, **read}.items())[-MOST_DAYS:]
            self._closed = dict(newest)
        return found | read

    def _known(self, day: date, now: datetime) -> Sums:
        """Return the sums of a day that is not closed, as new as they have to be."""
        known = self._fresh.get(day)
        if known is not None and self._is_good(known[0], day, now):
            return known[1]
        with self._lock:
            known = self._fresh.get(day)
            if known is not None and self._is_good(known[0], day, now):
                return known[1]
            return self._summed(day, now)

    def _is_good(self, at: float, day: date, now: datetime) -> bool:
        if self._thread.is_alive():
            return True
        return not _is_over(day, now) and self._monotonic() - at < FRESH_S

    def _summed(self, day: date, now: datetime) -> Sums:
        sums = Sums.over(self._sum(day, minutes_of(day, now)))
        self._fresh[day] = self._monotonic(), sums
        if _is_over(day, now):
            self._keep(day, sums.places)
        return sums

    def _sum(self, day: date, minutes: int) -> Mapping[str, Summary]:
        found: dict[str, Summary] = {}
        with self._engine.connect() as connection:
            for rows in _parts(connection, day):
                part: dict[str, list[Summary]] = {}
                for row in rows:
                    part.setdefault(row.jurisdiction, []).append(of_row(row, minutes))
                for place, own in part.items():
                    found[place] = total((found.get(place, Summary()), *own))
            for place, silent in self._silent(connection, day):
                dark = Summary(possible_minutes=silent * minutes)
                found[place] = total((found.get(place, Summary()), dark))
        return found

    @staticmethod
    def _silent(connection: Connection, day: date) -> Iterator[tuple[str, int]]:
        """Yield how many terminals of each place told nothing of a day that they were there for."""
        told = select(Day.terminal).where(Day.day == day, Day.terminal == Terminal.name).exists()
        began = datetime.combine(day, datetime.min.time(), HALL)
        wanted = (
            select(Terminal.jurisdiction, func.count())
            .where(Terminal.enrolled_at < began, ~told)
            .group_by(Terminal.jurisdiction)
        )
        yield from ((row[0], row[1]) for row in connection.execute(wanted))

    def _keep(self, day: date, places: Mapping[str, Summary]) -> None:
        """Keep the sums; a day of which nobody told is kept as well, so that it is asked once."""
        rows: list[dict[str, Any]] = [
            {"day": day, "jurisdiction": place, "body": own.to_json()}
            for place, own in (places or {"": Summary()}).items()
        ]
        with self._engine.execution_options(writes=True).begin() as connection:
            write_rows(connection, DaySummary, ["day", "jurisdiction"], rows)
        self._fresh.pop(day, None)

    # ---- before anybody looks

    def _run(self) -> None:
        pause = 0.0
        while not self._ending.wait(pause):
            began = self._monotonic()
            try:
                self._sum_open(datetime.now(UTC))
            except SQLAlchemyError as error:
                log.warning("days_not_summed", problem=type(error).__name__)
            pause = max(FRESH_S, LEAST_REST * (self._monotonic() - began))

    def _sum_open(self, now: datetime) -> None:
        """Sum the days that are not closed, the newest first."""
        today = day_of(now)
        period = Period(today - timedelta(days=_CLOSES), today)
        kept = self._kept(period)
        for day in sorted(period.days(), reverse=True):
            if day not in kept and not self._ending.is_set():
                self._summed(day, now)


def _parts(connection: Connection, day: date) -> Iterator[Sequence[Any]]:
    """Yield a day's rows some thousands at a time: no statement is long, and memory is bounded."""
    wanted = (
        select(Day, Terminal.jurisdiction)
        .join(Terminal, Terminal.name == Day.terminal)
        .where(Day.day == day)
        .order_by(Day.terminal)
        .limit(_PART)
    )
    after = ""
    while True:
        rows = connection.execute(wanted.where(Day.terminal > after)).all()
        yield rows
        if len(rows) < _PART:
            return
        after = rows[-1].terminal


def _is_over(day: date, now: datetime) -> bool:
    return day_of(now - SETTLING) > day
