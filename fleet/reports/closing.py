"""Days that are over are summed once for each place; the others when somebody looks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine, select

from fleet.reports.period import Period, minutes_of
from fleet.reports.summary import Summary, of_row, total
from fleet.store.model import Day, DaySummary, Terminal
from fleet.terminals.days import day_of
from fleet.terminals.writing import write_rows

Places = Mapping[str, Summary]
"""By code of the jurisdiction; empty for terminals that have none."""

SETTLING: Final = timedelta(hours=6)
"""After its end a day's last states are in, from terminals that come back in the night too."""
FRESH_S: Final = 60.0


class Closing:
    """Sums of days, kept as soon as nothing changes them any more."""

    def __init__(self, engine: Engine, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._fresh: dict[date, tuple[float, Places]] = {}

    def of(self, period: Period, now: datetime) -> Mapping[date, Places]:
        """Return the sums of each day by place; days on which nobody reported have none."""
        with self._lock:
            kept = self._kept(period)
            missing = [day for day in period.days() if day not in kept]
            return kept | {day: self._summed(day, now) for day in missing}

    def _kept(self, period: Period) -> dict[date, Places]:
        wanted = select(DaySummary).where(DaySummary.day.between(period.first, period.last))
        found: dict[date, dict[str, Summary]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(wanted):
                found.setdefault(row.day, {})[row.jurisdiction] = Summary.from_json(row.body)
        return dict(found)

    def _summed(self, day: date, now: datetime) -> Places:
        over = day_of(now - SETTLING) > day
        known = self._fresh.get(day)
        if known is not None and not over and self._monotonic() - known[0] < FRESH_S:
            return known[1]
        places = self._sum(day, minutes_of(day, now))
        self._fresh[day] = self._monotonic(), places
        if over:
            self._keep(day, places)
        return places

    def _sum(self, day: date, minutes: int) -> Places:
        wanted = (
            select(Day, Terminal.jurisdiction)
            .join(Terminal, Terminal.name == Day.terminal)
            .where(Day.day == day)
        )
        found: dict[str, list[Summary]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(wanted):
                found.setdefault(row.jurisdiction, []).append(of_row(row, minutes))
        return {place: total(rows) for place, rows in found.items()}

    def _keep(self, day: date, places: Places) -> None:
        """Keep the sums; a day of which nobody told is kept as well, so that it is asked once."""
        rows: list[dict[str, Any]] = [
            {"day": day, "jurisdiction": place, "body": own.to_json()}
            for place, own in (places or {"": Summary()}).items()
        ]
        self._fresh.pop(day, None)
        with self._engine.execution_options(writes=True).begin() as connection:
            write_rows(connection, DaySummary, ["day", "jurisdiction"], rows)
