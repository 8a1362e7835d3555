"""The device host's line to the service manager (sd_notify(3)), which it never waits for.

A manager that is slow for some seconds leaves no room on its socket.  A blocking word would hold up
all devices; a word that is dropped would be missed when it is the only one that says *ready*: the
manager would wait for it until it starts a healthy host anew.  So what finds no room is owed and
said with a later word, in order; a beat is said now or not at all, for the next one says the same.
"""

from __future__ import annotations

import errno
import socket
from collections import deque
from collections.abc import Mapping
from typing import Final

READY: Final = "READY=1"
BEAT: Final = "WATCHDOG=1"
STOPPING: Final = "STOPPING=1"
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS})


class ManagerLine:
    """Tells the manager, when there is one.

    Args:
        environment: where ``NOTIFY_SOCKET`` stands; a leading ``@`` is the abstract namespace.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._owed: deque[str] = deque()

    def tell(self, word: str) -> None:
        """Say a word, now or with one of the next; a beat only now."""
        if not self._address:
            return
        self._owed.append(word)
        while self._owed and self._said(self._owed[0]):
            self._owed.popleft()
        if word == BEAT and self._owed:
            self._owed.pop()

    def _said(self, word: str) -> bool:
        """Say whether a word went out; one to a manager that is gone counts as said."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as line:
            try:
                line.connect(self._address.replace("@", "\0", 1))
                line.send(word.encode())
            except OSError as error:
                return error.errno not in _FULL
        return True
