"""Passes a picture of the page to the agent, or the word why there is none.

The shell never looks into it: the session's memory file goes on as it came. Each has a connection
and a thread of its own, so that the display waits for nobody; they are rare, and the agent asks for
one at a time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import structlog

from kiosk.channel import ChannelError, Client

ANSWER_S: Final = 5.0

log = structlog.get_logger()


class Pictures:
    """The way to the agent."""

    def __init__(self, agent_socket: Path, secret: str) -> None:
        self._path, self._secret = agent_socket, secret

    def hand_over(self, file: int) -> None:
        """Pass a memory file on, and close it."""
        self._begin("", (file,))

    def refuse(self, why: str) -> None:
        """Say why there is no picture."""
        self._begin(why, ())

    def _begin(self, why: str, files: Sequence[int]) -> None:
        threading.Thread(target=self._say, args=(why, files), name="picture", daemon=True).start()

    def _say(self, why: str, files: Sequence[int]) -> None:
        try:
            with Client(self._path, "shell", self._secret, timeout=ANSWER_S) as client:
                client.call("picture", fds=files, why=why)
        except ChannelError as error:  # who asked for it is told that nothing came
            log.warning("picture_not_passed_on", problem=type(error).__name__)
        finally:
            for file in files:
                os.close(file)
