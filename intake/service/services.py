"""What the two applications of the intake share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from intake.office.decisions import NoRules, Rules
from intake.people.enterprises import Licences
from intake.province.numbers import ProvincialNumbers
from intake.receiving.catalogues import Catalogues
from intake.receiving.numbers import CHINA
from intake.receiving.verification import Registry
from intake.records.store import Store
from intake.registers.prefill import Registers
from intake.service.pace import Pace


def utc_now() -> datetime:
    """Return the time by which filings are stamped."""
    return datetime.now(UTC)


def china_time(moment: datetime) -> str:
    """Return a moment as RFC 3339 in legal time, to the second."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


class Bell:
    """Wakes the live pages when something was filed; rung from any thread."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Event] = set()
        self.closed = False

    def hang_up_in(self, loop: asyncio.AbstractEventLoop) -> None:
        """Say in which loop the pages wait."""
        self._loop = loop

    def ring(self) -> None:
        """Wake every page."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def close(self) -> None:
        """Wake every page for the last time."""
        self.closed = True
        self.ring()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after some seconds."""
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(woken.wait(), seconds)
        finally:
            self._waiting.discard(woken)

    def _wake(self) -> None:
        for woken in self._waiting:
            woken.set()


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """The store and everything a request is held against."""

    store: Store
    registry: Registry
    catalogues: Catalogues
    registers: Registers
    rules: Rules = field(default_factory=NoRules)
    pace: Pace | None = None
    bell: Bell = field(default_factory=Bell)
    now: Callable[[], datetime] = utc_now

    @property
    def licences(self) -> Licences:
        """The codes of electronic business licences, and who signed in with them."""
        return Licences(self.store.engine)

    @property
    def provincial(self) -> ProvincialNumbers:
        """The province's numbers beside ours."""
        return ProvincialNumbers(self.store.engine)
