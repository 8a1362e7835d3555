"""What several errands share: threads that may not fail, and moments."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import structlog

from kiosk.journey.facts import Fact
from kiosk.journey.intents import Intent, IntentKind

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
