"""Nobody begins for a while: what must not meet a citizen is done between two of them.

=========  ========  =============================================================
operation  fields    answer (role ``staff``)
=========  ========  =============================================================
``pause``  –         nothing; from now on sessions that are warmed serve nobody
``quiet``  –         ``quiet``: nobody is served any more
=========  ========  =============================================================

The pause belongs to the connection that asked for it: however its owner ends, citizens are served
again. It is kept nowhere, so a restart of this process ends it too; an upgrade that restarts all
needs no word to open the terminal again.

Who is served is known from the events of the shell, which alone sees a first touch, and from the
open relays. A visit whose end was never written (power, a killed shell) counts for `FORGOTTEN_S`.
Sessions outlive this process, so a new one reads from the log who was served by then.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from kiosk.agent.service import Out
from kiosk.agent.staff import ROLE
from kiosk.audit.reading import since
from kiosk.channel import Caller, Refused, Request
from kiosk.channel.server import Handler

SETTLE_S: Final = 3.0
"""Seconds in which an untouched page gives way to one that serves nobody."""
FORGOTTEN_S: Final = 1800.0
REASON: Final = "update"
"""Key of what is read meanwhile."""

log = structlog.get_logger()


class Pause:
    """Whether somebody asked for a pause, and whether it has come; safe from any thread."""

    def __init__(
        self,
        changed: Callable[[], None],
        relays: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what renews the pages that wait, how many relays are open, and a clock."""
        self._changed, self._relays, self._clock = changed, relays, clock
        self._owner: Caller | None = None
        self._since = 0.0
        self._served: dict[str, float] = {}
        self._lock = threading.Lock()

    def operations(self) -> Mapping[tuple[str, str], Handler]:
        """Return the table for the server."""
        return {(ROLE, "pause"): self.pause, (ROLE, "quiet"): self.quiet}

    def out(self) -> Out | None:
        """What sessions say that are warmed now, None when they serve."""
        return Out(reason=REASON) if self._owner is not None else None

    def heard(self, event: str, fields: Mapping[str, str | int]) -> None:
        """Follow the visits by the events that are written."""
        with self._lock:
            now = self._clock()
            if event == "visit_began":
                self._served = {v: at for v, at in self._served.items() if _counts(at, now)}
                self._served[str(fields.get("visit"))] = now
            elif event == "visit_ended":
                self._served.pop(str(fields.get("visit")), None)

    def remember(self, directory: Path) -> None:
        """Learn from the log in ``directory`` whose visit had not ended when it was written.

        Is it damaged, somebody may be served whom nobody can name.
        """
        try:
            for visit, ago in open_visits(directory):
                self._began(visit, ago)
        except (OSError, EOFError, ValueError) as error:
            log.warning("visits_not_known", problem=type(error).__name__)
            self._began("", 0.0)

    def pause(self, request: Request) -> None:
        """Begin a pause; one at a time."""
        with self._lock:
            if self._owner not in (None, request.caller):
                raise Refused("paused_already", "another command waits for a pause")
            self._owner, self._since = request.caller, self._clock()
        self._changed()

    def quiet(self, request: Request) -> Mapping[str, object]:
        """Say whether the caller's pause has come."""
        if self._owner is not request.caller:
            raise Refused("not_paused")
        return {"quiet": self._nobody()}

    def left(self, caller: Caller) -> None:
        """End the pause of a caller that is gone."""
        with self._lock:
            if self._owner is not caller:
                return
            self._owner = None
        self._changed()

    def _began(self, visit: str, ago: float) -> None:
        with self._lock:
            self._served[visit] = self._clock() - ago

    def _nobody(self) -> bool:
        with self._lock:
            now = self._clock()
            served = any(_counts(began, now) for began in self._served.values())
            return not served and not self._relays() and now - self._since >= SETTLE_S


def _counts(began: float, now: float) -> bool:
    return now - began < FORGOTTEN_S


def open_visits(directory: Path) -> Iterator[tuple[str, float]]:
    """Yield each visit without an end in the log in ``directory``, and the seconds since it began.

    Raises:
        OSError, EOFError, ValueError: the log is damaged: somebody may be served whom nobody can
            name.
    """
    now, ended = datetime.now(UTC), set[str]()
    for said in since(directory, now - timedelta(seconds=FORGOTTEN_S)):
        fields = said.raw.get("f")
        visit = str(fields.get("visit")) if isinstance(fields, dict) else ""
        if said.raw["e"] == "visit_ended":
            ended.add(visit)
        elif said.raw["e"] == "visit_began" and visit not in ended:
            yield visit, max(0.0, (now - said.at).total_seconds())
