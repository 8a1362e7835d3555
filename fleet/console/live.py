"""Tells open pages what changed, as server-sent events.

Theory of operation
-------------------
The thread that takes states in hands every committed change to the hub. Each open page said which
terminals it shows, at most `MOST_NAMES`; of those the hub keeps the newest values, by name, so that
a page which reads slowly costs memory by terminals and never by changes. Each page is looked at
every `PERIOD_S`: what has gathered goes out as one event. Figures over all terminals are counted
once for all pages, at most every `FIGURES_S`. A page whose person is signed out is told so, and
ends.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine

from fleet.console.words import cells
from fleet.terminals import finding
from fleet.terminals.taking_in import Changed

PERIOD_S: Final = 0.5
FIGURES_S: Final = 2.0
STILL_S: Final = 15.0
"""Between signs of life, each of which asks whether the person is still signed in."""
MOST_NAMES: Final = 64
MOST_PAGES: Final = 200

Figures = Callable[[], Mapping[str, str]]


def seen_now(engine: Engine, names: Collection[str]) -> list[Changed]:
    """Return what pages show of these terminals, after something else than a state changed it."""
    rows = finding.named(engine, sorted(names))
    return [Changed(name=name, values=row) for name, row in rows.items()]


class Full(Exception):
    """There are as many open pages as may be; this one is not live."""


class Browser:
    """One open page."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take which terminals it shows."""
        self.names = frozenset(names[:MOST_NAMES])
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.figures = -2
        """Number of the figures it was told last."""


class Hub:
    """All open pages."""

    def __init__(self, figures: Figures) -> None:
        """Take what counts the figures over all terminals; it may take a while."""
        self._count = figures
        self._browsers: set[Browser] = set()
        self._lock = threading.Lock()
        self._changes = 0
        self._figures: Mapping[str, str] = {}
        self._counted_at = -FIGURES_S
        self._counted = -1
        self._counting = asyncio.Lock()
        self.closed = False

    def changed(self, changes: Sequence[Changed]) -> None:
        """Take what was committed; returns at once, on any thread."""
        rows = {one.name: one.values for one in changes}
        with self._lock:
            self._changes += 1
            for browser in self._browsers:
                for name in browser.names & rows.keys():
                    browser.rows[name] = rows[name]

    def renewed(self, terminal: str) -> None:
        """Take that a terminal answered a command or sent a file: its page is read again."""
        with self._lock:
            for browser in self._browsers:
                if terminal in browser.names:
                    browser.rows.setdefault(terminal, {})

    def close(self) -> None:
        """End all streams."""
        self.closed = True

    def open(self, names: Sequence[str]) -> Browser:
        """Let a page in.

        Raises:
            Full: there are too many.
        """
        browser = Browser(names)
        with self._lock:
            if len(self._browsers) >= MOST_PAGES:
                raise Full
            self._browsers.add(browser)
        return browser

    def begin(self, browser: Browser, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Take how its terminals are now: something may have changed since the page was made."""
        with self._lock:
            browser.rows = {**rows, **browser.rows}

    async def stream(self, browser: Browser, signed_in: Callable[[], bool]) -> AsyncIterator[str]:
        """Yield events until the page is closed or its person is signed out."""
        still = time.monotonic()
        try:
            yield "retry: 2000\nevent: here\ndata: {}\n\n"
            while not self.closed:
                for kind, data in await self._news(browser):
                    yield f"event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
                if time.monotonic() - still > STILL_S:
                    still = time.monotonic()
                    if not await run_in_threadpool(signed_in):
                        yield "event: over\ndata: {}\n\n"
                        return
                    yield ": still here\n\n"
                await asyncio.sleep(PERIOD_S)
        finally:
            with self._lock:
                self._browsers.discard(browser)

    async def _news(self, browser: Browser) -> list[tuple[str, Any]]:
        """Return what a page has not been told: at most one event, two when figures are new."""
        with self._lock:
            rows, browser.rows = browser.rows, {}
        news: list[tuple[str, Any]] = []
        if rows:
            told = {name: cells(row) if row else None for name, row in rows.items()}
            news.append(("terminals", told))
        await self._recount()
        if browser.figures != self._counted:
            browser.figures = self._counted
            news.append(("figures", dict(self._figures)))
        return news

    async def _recount(self) -> None:
        """Count the figures again when something changed and they are old."""
        async with self._counting:
            if self._changes == self._counted or time.monotonic() - self._counted_at < FIGURES_S:
                return
            changes, self._counted_at = self._changes, time.monotonic()
            self._figures = await run_in_threadpool(self._count)
            self._counted = changes
