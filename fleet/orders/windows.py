"""Maintenance windows: a group or place is stopped at a time, and goes on at another, by itself.

Theory of operation
-------------------
::

    planned --begins--> begun --ends, or cancelled--> ended
       |------cancelled------> cancelled
       |------its end passed while nobody kept it----> missed

The keeper looks every few seconds. A command is given before its step is written down, so that a
death in between gives it twice and never not at all. The command to stop expires with the window:
a terminal that was away is not stopped after its end. The one to go on is good for as long as any
command may be, for a terminal that lost its line in a window must not stay stopped.

Windows overlap, of the same group and of others, and a terminal is let go on when the last one
that stopped it has ended. It keeps apart itself who stopped it (`kiosk.agent.service`), so both
commands name their window. The broker keeps one command a group: behind an end the stops of
windows that are still open are given again, for whoever was away. A stop is dated with its
window's beginning, so that one that is given again is known, and what a person said since holds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from fleet import journal
from fleet.errors import FleetError
from fleet.orders.desk import NotGiven, Wanted
from fleet.store.model import Window
from kiosk.status.command import LONGEST, Kind

LOOK_S: Final = 5.0
FURTHEST: Final = timedelta(days=90)
_OPEN: Final = ("planned", "begun")

Give = Callable[[Wanted], object]
log = structlog.get_logger()


class WindowRefused(FleetError):
    """The times are none; ``why`` is ``order``, ``past``, ``far`` or ``long``."""

    def __init__(self, why: str) -> None:
        """Keep why."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """What somebody plans.

    Attributes:
        group: name of a group or place, or ``all``.
        words: what citizens read.
        begins_at: from when.
        ends_at: until when.
        by: work number.
    """

    group: str
    words: str
    begins_at: datetime
    ends_at: datetime
    by: str


class Windows:
    """All windows of one console."""

    def __init__(
        self, engine: Engine, give: Give, changed: Callable[[], None] = lambda: None
    ) -> None:
        """Take the database, who gives commands (raises `NotGiven`), who is told of each step."""
        self._engine = engine.execution_options(writes=True)
        self._give = give
        self._changed = changed
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="windows", daemon=True)

    def start(self) -> None:
        """Begin to keep them."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def plan(self, wanted: Planned, now: datetime | None = None) -> None:
        """Write a window down; it begins now at the earliest.

        Raises:
            WindowRefused: its times are none.
        """
        now = now or datetime.now(UTC)
        _check(wanted, now)
        wanted = replace(wanted, begins_at=max(wanted.begins_at, now))
        values = {
            "recipient": f"@{wanted.group}",
            "words": wanted.words,
            "begins_at": wanted.begins_at,
            "ends_at": wanted.ends_at,
            "step": "planned",
            "planned_by": wanted.by,
        }
        with self._engine.begin() as connection:
            connection.execute(insert(Window).values(**values))
            detail = f"{wanted.begins_at:%F %R} – {wanted.ends_at:%F %R} {wanted.words}"
            journal.append(connection, wanted.by, "window_planned", wanted.group, detail=detail)

    def cancel(self, window: int, by: str) -> None:
        """Let a window not begin; one that has begun ends with the next look."""
        with self._engine.begin() as connection:
            row = connection.execute(select(Window).where(Window.id == window)).one_or_none()
            if row is None or row.step not in _OPEN:
                return
            values: dict[str, Any] = {"ends_at": datetime.now(UTC)}
            if row.step == "planned":
                values = {"step": "cancelled"}
            connection.execute(update(Window).where(Window.id == window).values(**values))
            journal.append(connection, by, "window_cancelled", row.recipient.removeprefix("@"))

    def open(self) -> Sequence[Any]:
        """Return the windows that are planned or have begun, the next one first."""
        wanted = select(Window).where(Window.step.in_(_OPEN)).order_by(Window.begins_at)
        with self._engine.connect() as connection:
            return connection.execute(wanted).all()

    def keep(self, now: datetime | None = None) -> None:
        """Do what is due; what could not be given is tried with the next look."""
        now = now or datetime.now(UTC)
        for row in self.open():
            if row.step == "planned" and row.ends_at <= now:
                self._mark(row, "missed")
            elif row.step == "planned" and row.begins_at <= now:
                self._done(row, (_stop(row),), "begun")
            elif row.step == "begun" and row.ends_at <= now:
                others = [one for one in self.open() if one.step == "begun" and one.ends_at > now]
                again = (_stop(one) for one in others)
                self._done(row, (_wanted(row, Kind.IN_SERVICE, LONGEST), *again), "ended")

    def _done(self, row: Any, commands: Sequence[Wanted], step: str) -> None:
        try:
            for command in commands:
                self._give(command)
        except NotGiven as refused:
            log.warning("window_not_kept", window=row.id, problem=str(refused))
            return
        self._mark(row, step)

    def _mark(self, row: Any, step: str) -> None:
        with self._engine.begin() as connection:
            connection.execute(update(Window).where(Window.id == row.id).values(step=step))
        self._changed()

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                self.keep()
            except SQLAlchemyError as error:
                log.warning("windows_not_kept", problem=type(error).__name__)


def _stop(row: Any) -> Wanted:
    own = _wanted(row, Kind.OUT_OF_SERVICE, row.ends_at - row.begins_at)
    return replace(own, argument=row.words, since=row.begins_at)


def _wanted(row: Any, kind: Kind, good_for: timedelta) -> Wanted:
    return Wanted(
        recipient=row.recipient,
        kind=kind,
        argument="",
        by=row.planned_by,
        good_for=good_for,
        window=row.id,
    )


def _check(wanted: Planned, now: datetime) -> None:
    if wanted.begins_at >= wanted.ends_at:
        raise WindowRefused("order")
    if wanted.ends_at <= now:
        raise WindowRefused("past")
    if wanted.begins_at - now > FURTHEST:
        raise WindowRefused("far")
    if wanted.ends_at - wanted.begins_at > LONGEST:
        raise WindowRefused("long")
