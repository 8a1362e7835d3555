"""Events on their way to the log: noticed on any thread, written by the agent's loop.

A disk that takes no line lets them wait, in their order, until it takes them again: what happened
while it was full is what somebody asks for afterwards. At most `MOST` wait; the oldest go first,
and how many went is said once the log can be written.
"""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable
from typing import Final

import structlog

from kiosk.audit import AuditLog, Event

MOST: Final = 2000
_LOST: Final = Event("events_lost")

log = structlog.get_logger()


class Notes:
    """What is to be written to the log."""

    def __init__(self, audit: AuditLog, ring: Callable[[], None]) -> None:
        """Take the log, and what wakes the loop."""
        self._audit, self._ring = audit, ring
        self._new: queue.SimpleQueue[tuple[Event, dict[str, str | int]]] = queue.SimpleQueue()
        self._waiting: deque[tuple[Event, dict[str, str | int]]] = deque()
        self._lost = 0
        self._trouble = ""

    def put(self, event: Event, **fields: str | int) -> None:
        """Remember an event; returns at once, from any thread."""
        self._new.put((event, fields))
        self._ring()

    def write(self) -> None:
        """Write what waits, as far as the disk takes it; for one thread."""
        while not self._new.empty():
            self._waiting.append(self._new.get())
        while len(self._waiting) > MOST:
            self._waiting.popleft()
            self._lost += 1
        while self._waiting and self._written(*self._waiting[0]):
            self._waiting.popleft()
        if self._lost and not self._waiting and self._written(_LOST, {"count": self._lost}):
            self._lost = 0

    def _written(self, event: Event, fields: dict[str, str | int]) -> bool:
        """Say whether an event needs to wait no longer: it is written, or is none."""
        try:
            self._audit.append(event, **fields)
        except OSError as error:
            self._say(event, error)
            return False
        except ValueError as error:
            self._say(event, error)
        else:
            self._trouble = ""
        return True

    def _say(self, event: Event, error: Exception) -> None:
        kind = type(error).__name__
        if kind != self._trouble:
            self._trouble = kind
            log.warning("audit_failed", event_type=event.value, problem=kind)
