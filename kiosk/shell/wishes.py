"""What is asked of the shell by command: maintenance mode, fresh sessions, the end of a stuck one.

The shell listens nowhere. A thread asks the agent, which keeps the question open until somebody
wishes for something, and wakes the shell's loop through a pipe.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from pathlib import Path
from typing import Final

import structlog

from kiosk.channel import ChannelError, Client, Refused

log = structlog.get_logger()
MAINTENANCE: Final = "maintenance"
RENEW: Final = "renew"
FREE: Final = "free"
PICTURE: Final = "picture"
ASK_S: Final = 20.0
"""Seconds for which one question stays open."""
RETRY_S: Final = 1.0


class Wishes:
    """A readable end for the loop's selector, and what was wished for."""

    def __init__(self, agent_socket: Path, secret: str) -> None:
        self._path, self._secret = agent_socket, secret
        self._reading, self._writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._heard: deque[str] = deque()

    def fileno(self) -> int:
        """Return what becomes readable with a wish."""
        return self._reading

    def start(self) -> None:
        """Begin to ask."""
        threading.Thread(target=self._run, name="wishes", daemon=True).start()

    def taken(self) -> list[str]:
        """Return what was wished for since the last look."""
        os.read(self._reading, 64)
        return [self._heard.popleft() for _ in range(len(self._heard))]

    def _run(self) -> None:
        client: Client | None = None
        while True:
            try:
                client = client or Client(self._path, "shell", self._secret, timeout=ASK_S + 5)
                wish = client.call("wish", wait=ASK_S).get("wish")
            except ChannelError as error:
                self._gone(client, error)
                client = None
                continue
            if wish in {MAINTENANCE, RENEW, FREE, PICTURE}:
                self._heard.append(str(wish))
                os.write(self._writing, b"w")

    def _gone(self, client: Client | None, error: ChannelError) -> None:
        """Wait a little: the agent is being restarted, or is another one."""
        if isinstance(error, Refused):
            log.warning("wishes_refused", problem=error.code)
        if client is not None:
            client.close()
        time.sleep(RETRY_S)
