"""Watches the terminal: each fault of the list is an event when it begins and when it is over.

Theory of operation
-------------------
A thread looks every `LOOK_S`. A fault that two looks in a row have seen has begun; one that was not
seen for `AWAY_S` is over, so that a loose plug does not fill the log. What has begun is written to
a small file, so that a restart says nothing twice and what was mended meanwhile is said to be over.
Whatever goes wrong in a look is logged by its type; the next look comes at its time.

Its faults are what the centre is told and makes alarms of: sentence, event and alarm of a fault are
one line of the same list (`kiosk.maintenance.faults`).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from kiosk.audit import Event
from kiosk.channel import last_words
from kiosk.crypto.provision import write_private
from kiosk.maintenance.faults import Condition, faults
from kiosk.maintenance.standing import Standing

LOOK_S: Final = 10.0
AWAY_S: Final = 60.0
FILE: Final = "faults.json"
_BEGAN: Final = Event("fault_began")
_OVER: Final = Event("fault_over")

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """What the watch works with.

    Attributes:
        sights: yields what is not as it should be; may take seconds.
        note: takes an event and its fields for the log.
        file: of what has begun.
    """

    sights: Callable[[], Iterable[Condition]]
    note: Callable[..., None]
    file: Path


class Watch:
    """One thread; ``start`` and ``stop``."""

    def __init__(self, looks: Looks, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Take up what had begun."""
        self._looks, self._clock = looks, clock
        begun, stands = _kept(looks.file)
        self._standing = Standing(stands)
        self._lock = threading.Lock()
        self._written = (sorted(begun), self._standing.as_document())
        self._seen: dict[str, float] = dict.fromkeys(begun, clock())
        """What has begun, and when it was seen last."""
        self._new: frozenset[str] = frozenset()
        """What one look has seen, and not yet a second one."""
        self._conditions: tuple[Condition, ...] = ()
        self._trouble = ""
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what has begun stays begun."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(LOOK_S * 2)

    def heard(self, event: str, fields: Mapping[str, object], at: datetime | None = None) -> None:
        """Take an event that was written to the log; from any thread."""
        with self._lock:
            self._standing.heard(event, fields, at or datetime.now(UTC))

    def conditions(self) -> tuple[Condition, ...]:
        """Return what the last look saw and what stands; from any thread."""
        return (*self._conditions, *self.stands())

    def look(self) -> None:
        """Look once, and say what began and what is over."""
        seen = tuple(self._looks.sights())
        now = self._clock()
        self._conditions = seen
        there = {one.id for one in faults((*seen, *self.stands()))}
        begun = there & self._new - self._seen.keys()
        self._new = frozenset(there - self._seen.keys() - begun)
        for fault in sorted(begun):
            self._looks.note(_BEGAN, fault=fault)
        over = {one for one, last in self._seen.items() if one not in there and _away(last, now)}
        for fault in sorted(over):
            self._looks.note(_OVER, fault=fault)
        kept = self._seen.keys() - over | begun
        self._seen = {one: now if one in there else self._seen[one] for one in kept}
        self._keep()

    def stands(self) -> tuple[Condition, ...]:
        """Return what events say is wrong until something says otherwise; from any thread."""
        with self._lock:
            return tuple(self._standing.conditions(datetime.now(UTC)))

    def _run(self) -> None:
        while not self._ending.wait(LOOK_S):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - a bug in one look must not end all of them
                self._wrong(error)

    def _keep(self) -> None:
        """Write down what has begun and what stands, when that is news."""
        with self._lock:
            now = (sorted(self._seen), self._standing.as_document())
        if now == self._written:
            return
        told = {"begun": now[0], "stands": now[1]}
        try:
            write_private(self._looks.file, json.dumps(told).encode())
        except OSError as error:  # a full disk is one of the faults; tried at the next look
            self._wrong(error)
            return
        self._written = now

    def _wrong(self, error: Exception) -> None:
        trouble = " ".join((type(error).__name__, *last_words.places(error)))
        if trouble != self._trouble:
            self._trouble = trouble
            log.warning("look_failed", problem=trouble)


def _away(last: float, now: float) -> bool:
    return now - last >= AWAY_S


def _kept(path: Path) -> tuple[list[str], object]:
    """Return what had begun and what stood; nothing of a file that can't be read."""
    try:
        told = json.loads(path.read_bytes())
        return [str(one) for one in told["begun"]], told["stands"]
    except (OSError, ValueError, LookupError, TypeError):
        return [], None
