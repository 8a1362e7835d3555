"""Audit events of a visit: types, counts and named reasons, never a value.

They go to the agent one by one on a thread of their own; an agent that is away costs events, not
time of the citizen.
"""

from __future__ import annotations

import queue
import threading
from pathlib import Path

import structlog

from kiosk.channel import ChannelError, Client

log = structlog.get_logger()
_CALL_S = 2.0


class Reporter:
    """Tells the agent what happened."""

    def __init__(self, agent: Path, secret: str) -> None:
        self._agent = agent
        self._secret = secret
        self._events: queue.SimpleQueue[tuple[str, dict[str, str | int]] | None]
        self._events = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="reporter", daemon=True)
        self._thread.start()

    def say(self, event: str, **fields: str | int) -> None:
        """Report an event of ``kiosk.audit``'s catalogue; returns at once."""
        self._events.put((event, fields))

    def finish(self, timeout: float) -> None:
        """Wait until all is told, at most ``timeout`` seconds."""
        self._events.put(None)
        self._thread.join(timeout)

    def _run(self) -> None:
        client: Client | None = None
        while (told := self._events.get()) is not None:
            event, fields = told
            try:
                client = client or Client(self._agent, "session", self._secret, timeout=_CALL_S)
                client.call("audit", event=event, fields=fields)
            except ChannelError as error:
                log.warning("event_not_reported", event_type=event, error=type(error).__name__)
                client = None
