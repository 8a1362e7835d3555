"""Takes in what terminals report: many at a time, each once, in one transaction a batch.

Theory of operation
-------------------
The bus's thread only puts states into a dictionary by terminal: of two states the newer one stays,
so a flood costs memory by terminals and not by messages. A thread of its own writes what has come
every `BATCH_S` with a handful of statements whatever the number of terminals: which of them are
enrolled, their rows, their day's counts, alarms that began and ended. A state older than the one
that is kept is thrown away (retained ones come again after every connection), but for one that a
terminal's clock dated ahead of the centre's: after its clock was set nothing would be newer for
years. Listeners are told what changed after the commit, so that nobody sees what a failed
transaction took back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from fleet.store.model import Terminal
from fleet.terminals import alarms, days
from fleet.terminals.kept import read_back
from fleet.terminals.level import GONE, Level, level_of
from fleet.terminals.raising import raised
from fleet.terminals.writing import write_rows
from kiosk.status import Reported

BATCH_S: Final = 0.2
AHEAD: Final = timedelta(minutes=10)
"""How far a terminal's clock may be ahead before its state's time says nothing."""
MOST: Final = 1000
"""Terminals a transaction."""
OFFICE: Final = (
    *("title", "site", "kind", "jurisdiction", "release_group", "ring", "enrolled_at"),
    *("latitude", "longitude", "replaces"),
)
"""Columns that the office alone writes; a state changes none of them."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """What a page shows of a terminal that changed."""

    name: str
    values: Mapping[str, Any]


Listener = Callable[[Sequence[Changed]], None]


class Intake:
    """Everything that terminals say goes through here."""

    def __init__(self, engine: Engine, listener: Listener = lambda _changed: None) -> None:
        """Take the database and who is told what changed."""
        self._engine = engine.execution_options(writes=True)
        self._listener = listener
        self._states: dict[str, Reported] = {}
        self._here: dict[str, bool] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="taking-in", daemon=True)
        self.unknown = 0
        """Messages of terminals that are not enrolled."""

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def state(self, state: Reported) -> None:
        """Take a state; returns at once."""
        with self._lock:
            before = self._states.get(state.terminal)
            if before is None or _order(before) <= _order(state) or _ahead(before):
                self._states[state.terminal] = state

    def here(self, terminal: str, here: bool) -> None:
        """Take that a terminal came or went; returns at once."""
        with self._lock:
            self._here[terminal] = here

    def write(self) -> int:
        """Write what has come; returns how many terminals it was of.

        Raises:
            SQLAlchemyError: it is kept and written the next time.
        """
        with self._lock:
            names = sorted({*self._states, *self._here})[:MOST]
            states = {name: self._states.pop(name) for name in names if name in self._states}
            here = {name: self._here.pop(name) for name in names if name in self._here}
        if not names:
            return 0
        try:
            with self._engine.begin() as connection:
                changed = self._written(connection, states, here, datetime.now(UTC))
        except SQLAlchemyError:
            self._put_back(states, here)
            raise
        self._listener(changed)
        return len(names)

    def _written(
        self,
        connection: Connection,
        states: Mapping[str, Reported],
        here: Mapping[str, bool],
        now: datetime,
    ) -> list[Changed]:
        kept = _kept(connection, {*states, *here})
        self.unknown += len({*states, *here} - set(kept))
        rows: dict[str, dict[str, Any]] = {}
        for name, row in sorted(kept.items()):  # rows are held in one order: `raising`
            own = _row(row, states.get(name), here.get(name), now)
            if own is not None:
                rows[name] = own
        write_rows(connection, Terminal, ["name"], list(rows.values()), kept=OFFICE)
        for name, level in raised(connection, _levels(rows)).items():
            rows[name]["level"] = level
        fresh = [states[name] for name in rows if name in states]
        days.keep(connection, fresh)
        alarms.keep(connection, {name: _faults(one) for name, one in rows.items()}, now)
        return [Changed(name=name, values=one) for name, one in rows.items()]

    def _put_back(self, states: Mapping[str, Reported], here: Mapping[str, bool]) -> None:
        with self._lock:
            self._states = {**states, **self._states}
            self._here = {**here, **self._here}

    def _run(self) -> None:
        minute = time.monotonic() + 60
        while not self._ending.wait(BATCH_S):
            self._try(self._drain)
            if time.monotonic() >= minute:
                minute += 60
                self._try(lambda: days.count_minute(self._engine, datetime.now(UTC)))
        self._try(self._drain)

    def _drain(self) -> None:
        while self.write() == MOST:
            pass

    @staticmethod
    def _try(work: Callable[[], None]) -> None:
        try:
            work()
        except SQLAlchemyError as error:
            log.warning("not_taken_in", problem=type(error).__name__)


def _order(state: Reported) -> tuple[str, int]:
    return state.at, state.sequence


def _newer(state: Reported, before: Reported, now: datetime) -> bool:
    return _order(state) > _order(before) or (_ahead(before, now) and state != before)


def _ahead(state: Reported, now: datetime | None = None) -> bool:
    """Say whether a state is from a time that has not come."""
    return datetime.fromisoformat(state.at) > (now or datetime.now(UTC)) + AHEAD


def _kept(connection: Connection, names: set[str]) -> dict[str, Any]:
    """Return the enrolled ones among these with what decides whether a state is newer."""
    columns = (
        *(Terminal.name, Terminal.title, Terminal.kind, Terminal.site, Terminal.jurisdiction),
        *(Terminal.group, Terminal.ring, Terminal.enrolled_at),
        *(Terminal.here, Terminal.here_at, Terminal.seen_at, Terminal.state),
    )
    rows = connection.execute(select(*columns).where(Terminal.name.in_(names)))
    return {row.name: row for row in rows}


def _row(
    kept: Any, state: Reported | None, here: bool | None, now: datetime
) -> dict[str, Any] | None:
    """Return a terminal's new row, or none when nothing of this is news."""
    before = read_back(kept.state)
    if state is not None and before is not None and not _newer(state, before, now):
        state = None
    if state is None and here is None:
        return None
    shown = state or before
    there = kept.here or state is not None if here is None else here
    return {
        **_office(kept),
        "here": there,
        "here_at": kept.here_at if there == kept.here else now,
        "seen_at": now if state is not None or there else kept.seen_at,
        "state": None if shown is None else shown.model_dump(mode="json"),
        **_follows(shown, there=there),
    }


def _levels(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    return {name: int(row["level"]) for name, row in rows.items()}


def _office(kept: Any) -> dict[str, Any]:
    """Return what the office says of it, which a new row needs and an old one keeps."""
    return {
        "name": kept.name,
        "title": kept.title,
        "site": kept.site,
        "kind": kept.kind,
        "jurisdiction": kept.jurisdiction,
        "release_group": kept.release_group,
        "ring": kept.ring,
        "enrolled_at": kept.enrolled_at,
    }


def _follows(state: Reported | None, *, there: bool) -> dict[str, Any]:
    """Return the columns that follow from a state."""
    if state is None:
        return {
            "service": "unknown",
            "level": Level.WELL if there else Level.GONE,
            "software": "",
            "release_version": "",
            "paper": "",
            "waiting": 0,
            "refused": 0,
            "visits": 0,
        }
    papers = {one.device: one.paper for one in state.devices}
    return {
        "service": state.service.value,
        "level": int(level_of(state) if there else Level.GONE),
        "software": state.versions.software,
        "release_version": state.versions.release or "",
        "paper": papers.get("receipt-printer") or "",
        "waiting": state.outbox.waiting,
        "refused": state.outbox.refused,
        "visits": state.day.visits,
    }


def _faults(row: Mapping[str, Any]) -> tuple[str, ...]:
    state = row["state"]
    told = tuple(state["faults"]) if state else ()
    return told if row["here"] else (*told, GONE)
