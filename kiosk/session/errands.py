"""What several errands share: threads that may not fail, and moments."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import structlog

from kiosk.domain.receipt import Printed
from kiosk.journey.facts import Fact, Print, Trouble
from kiosk.journey.intents import Intent, IntentKind


class Stopped(Exception):
    """Nobody waits for this errand any more."""


log = structlog.get_logger()

Post = Callable[[Intent], None]
"""Hands an intent to the screen's thread; safe from any thread."""

CHINA = timezone(timedelta(hours=8))


def now() -> datetime:
    """Return the moment in China's time zone, to the second."""
    return datetime.now(CHINA).replace(microsecond=0)


def answer(kind: IntentKind, ticket: int, fact: Fact | None = None) -> Intent:
    """Return the intent that answers an effect."""
    return Intent(kind=kind, ticket=ticket, fact=fact)


def start(name: str, work: Callable[[], None], otherwise: Callable[[], None]) -> None:
    """Run ``work`` on a thread; when it fails in a way nobody foresaw, run ``otherwise``.

    The error's type is logged, never its words: they may hold what a citizen said.
    """

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - a screen must not wait for ever for a bug
            # No traceback: its lines may hold what a citizen said.
            problem = type(error).__name__
            log.error("errand_failed", errand=name, error=problem)  # noqa: TRY400
            otherwise()

    threading.Thread(target=run, name=name, daemon=True).start()


@dataclass(frozen=True, slots=True)
class Ends:
    """How an errand is answered: well, or with a `Trouble`; ``reason`` when nobody foresaw it."""

    ticket: int
    well: IntentKind
    ill: IntentKind
    reason: str


class Errands:
    """Sends work to threads and posts how it ended."""

    def __init__(self, post: Post) -> None:
        self._post = post

    def send(self, name: str, work: Callable[[], Fact], ends: Ends) -> None:
        """Run an errand that ends with a fact."""

        def run() -> None:
            try:
                found = work()
            except Stopped:
                return
            kind = ends.ill if isinstance(found, Trouble) else ends.well
            self._post(answer(kind, ends.ticket, found))

        def otherwise() -> None:
            self._post(answer(ends.ill, ends.ticket, Trouble(reason=ends.reason)))

        start(name, run, otherwise)

    def paper(self, work: Callable[[], Fact], kind: IntentKind, ticket: int) -> None:
        """Run an errand of the printer; when it fails nobody knows whether paper came."""

        def otherwise() -> None:
            unknown = Print(printed=Printed.UNKNOWN, reason="error")
            self._post(answer(kind, ticket, unknown))

        start("print", lambda: self._post(answer(kind, ticket, work())), otherwise)
