"""Words for the service manager that nobody waits for (sd_notify(3)).

A datagram to a socket whose queue is full waits until there is room.  Whoever draws a screen or
feeds a watchdog must not: a service manager that is slow for some seconds would take a healthy
process for a hung one.  So a word that finds no room is owed and said later, in order; a beat that
finds none is not said at all, for the next one says the same.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

READY: Final = "READY=1"
BEAT: Final = "WATCHDOG=1"
BARRIER: Final = "BARRIER=1"
MOST_OWED: Final = 512
"""Words that are kept; a manager so far behind starts us anew, and the oldest go first."""
_FULL: Final = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ETOOMANYREFS})


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """What is owed; its descriptors are copies, so that their owner may close them meanwhile."""

    words: str
    fds: tuple[int, ...] = ()

    def close(self) -> None:
        for fd in self.fds:
            os.close(fd)


class ServiceManager:
    """The line to the service manager; without one every word is lost, and that is all right.

    Args:
        environment: where ``NOTIFY_SOCKET`` stands.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._owed: deque[_Word] = deque()

    @property
    def there(self) -> bool:
        """Whether somebody may listen."""
        return bool(self._address)

    @property
    def owed(self) -> int:
        """How many words found no room so far."""
        return len(self._owed)

    def tell(self, words: str, *fds: int) -> None:
        """Say a word, now or when there is room; a beat only now."""
        if not self._address:
            return
        if words == BEAT:
            if self.catch_up():
                self._said(_Word(words=words))
            return
        self._owed.append(_Word(words=words, fds=tuple(os.dup(fd) for fd in fds)))
        if len(self._owed) > MOST_OWED:
            self._owed.popleft().close()
        self.catch_up()

    def catch_up(self) -> bool:
        """Say what is owed as far as there is room; return whether nothing is owed any more."""
        while self._owed:
            word = self._owed.popleft()  # first, for a signal's handler may speak in between
            if not self._said(word):
                self._owed.appendleft(word)
                return False
            word.close()
        return True

    def settle(self, within: float) -> None:
        """Wait until it did all that it was told, or so many seconds went by."""
        until = time.monotonic() + within
        heard, told = os.pipe()
        self.tell(BARRIER, told)
        os.close(told)
        while not self.catch_up() and self._room(until - time.monotonic()):
            pass
        select.select([heard], [], [], max(0.0, until - time.monotonic()))
        os.close(heard)

    def _said(self, word: _Word) -> bool:
        """Say whether a word went out; one to a manager that is gone counts as said."""
        try:
            with self._link() as link:
                socket.send_fds(link, [word.words.encode()], word.fds)
        except OSError as error:
            return error.errno not in _FULL
        return True

    def _room(self, within: float) -> bool:
        """Wait for room; say whether there was some in time, or nobody is there to have any."""
        if within <= 0:
            return False
        try:
            with self._link() as link:
                return bool(select.select([], [link], [], within)[1])
        except OSError:
            return True

    def _link(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            link.connect(self._address.replace("@", "\0", 1))
        except OSError:
            link.close()
            raise
        return link
