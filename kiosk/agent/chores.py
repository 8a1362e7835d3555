"""What the agent looks after besides delivering: alarms by the minute, checks by the day."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from kiosk.agent import events
from kiosk.outbox import Outbox, OutboxUnusable

DAY = 24 * 3600.0
MINUTE = 60.0
HOUR = 3600
JUMP = 300.0
"""Seconds by which a clock that is kept right never differs from one look to the next."""

Note = Callable[..., None]


class Chores:
    """Done in passing by the agent's loop, by a clock that can't be set."""

    def __init__(self, outbox: Outbox, note: Note, *, overdue: float, tombstones: float) -> None:
        """Take what is looked after.

        Args:
            outbox: the store.
            note: takes an event and its fields for the log.
            overdue: age in seconds at which a waiting submission is an alarm.
            tombstones: seconds for which numbers of delivered submissions are kept.
        """
        self._outbox = outbox
        self._note = note
        self._overdue = overdue
        self._tombstones = tombstones
        self._alarmed: frozenset[str] = frozenset()
        self._seen: dict[str, float] = {}
        self._offset = _offset()
        self._reported: Path | None = None
        self._next_minute = time.monotonic()
        self._next_day = time.monotonic() + DAY

    def do(self) -> None:
        """Do what is due."""
        self._report_damage()
        now = time.monotonic()
        if now >= self._next_minute:
            self._next_minute = now + MINUTE
            self._watch_clock()
            self._alarm()
        if now >= self._next_day:
            self._next_day = now + DAY
            self._outbox.forget(older_than=self._tombstones)
            threading.Thread(target=self._inspect, name="inspect", daemon=True).start()

    def _report_damage(self) -> None:
        kept = self._outbox.damaged
        if kept is not None and kept != self._reported:
            self._reported = kept
            self._note(events.OUTBOX_DAMAGED, kept=kept.name)

    def _watch_clock(self) -> None:
        """Say that the clock was set; nothing that is decided here hangs on it."""
        offset = _offset()
        jump, self._offset = offset - self._offset, offset
        if abs(jump) > JUMP:
            self._note(events.CLOCK_JUMPED, seconds=int(jump))

    def _alarm(self) -> None:
        """Alarm once about each submission that has waited too long.

        By the terminal's clock, or by the time it was seen here: set back, the clock would
        hide that somebody waits.
        """
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        waiting = self._outbox.waiting()
        self._seen = {one.local_no: self._seen.get(one.local_no, now) for one in waiting}
        ages = {
            one.local_no: max(one.age_s, int(now - self._seen[one.local_no])) for one in waiting
        }
        late = {local_no: age for local_no, age in ages.items() if age > self._overdue}
        for local_no in sorted(late.keys() - self._alarmed):
            hours = late[local_no] // HOUR
            self._note(events.SUBMISSION_OVERDUE, local_no=local_no, hours=hours)
        self._alarmed = frozenset(late)

    def _inspect(self) -> None:
        try:
            self._outbox.inspect()
        except OutboxUnusable:
            self._note(events.OUTBOX_DAMAGED, kept=self._outbox.path.name)


def _offset() -> float:
    """Return the clock's distance from the time since the start of the machine."""
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
