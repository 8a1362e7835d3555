"""Passes audit events to the agent without ever making the display wait."""

from __future__ import annotations

import threading
import time
from collections import deque
from pathlib import Path

import structlog

from kiosk.audit import Event
from kiosk.channel import ChannelError, Client, Refused
from kiosk.shell.policy import Record

log = structlog.get_logger()
KEPT = 1000
"""Events kept while the agent can't be reached; the oldest go first."""
RETRY = 1.0


class Reporter:
    """A thread that hands events over in order, as soon as the agent is there."""

    def __init__(self, agent_socket: Path, secret: str) -> None:
        self._path, self._secret = agent_socket, secret
        self._unsaid: deque[Record] = deque(maxlen=KEPT)
        self._more = threading.Semaphore(0)
        threading.Thread(target=self._run, name="reporter", daemon=True).start()

    def say(self, record: Record) -> None:
        """Queue one event."""
        self._unsaid.append(record)
        self._more.release()

    def _run(self) -> None:
        client: Client | None = None
        while True:
            self._more.acquire()
            while self._unsaid:
                client = self._deliver(client)
                if client is None:
                    time.sleep(RETRY)

    def _deliver(self, client: Client | None) -> Client | None:
        """Hand over the oldest event; None when the agent is not there."""
        try:
            client = client or Client(self._path, "shell", self._secret, timeout=5)
            record = self._unsaid[0]
            client.call("audit", event=Event(record.event).value, fields=record.fields)
        except ChannelError as error:
            if not (isinstance(error, Refused) and error.code == "bad_request"):
                log.warning("agent_unreachable", problem=type(error).__name__)
                return None
            # It would be refused for ever, and the others must not wait for it.
            log.warning("event_refused", event_type=self._unsaid[0].event)
        self._unsaid.popleft()
        return client
