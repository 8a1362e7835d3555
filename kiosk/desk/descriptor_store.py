"""The service manager's descriptor store, on a desk.

systemd keeps descriptors that a service sends it, and hands them to the service's next start as
descriptors from 3 on (``FileDescriptorStoreMax=``, sd_notify(3), sd_listen_fds(3)). One is dropped
when its other end hangs up.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FIRST_FD: Final = 3
_OUT_OF_THE_WAY: Final = 200
"""Kept ones are numbered from here on, so that none stands where one is handed out."""


class DescriptorStore:
    """What one service gave to be kept."""

    def __init__(self) -> None:
        self._kept: dict[str, int] = {}

    def hear(self, notice: bytes, files: Sequence[int]) -> None:
        """Take a notice of the service with the descriptors that came with it."""
        words = dict(line.partition("=")[::2] for line in notice.decode().splitlines())
        name = words.get("FDNAME", "stored")
        if "FDSTOREREMOVE" in words and name in self._kept:
            os.close(self._kept.pop(name))
        for fd in files:
            if "FDSTORE" in words:
                if name in self._kept:
                    os.close(self._kept[name])
                self._kept[name] = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
            os.close(fd)  # of a barrier that is all: what was told before is done

    def starting(self, command: Sequence[str]) -> tuple[Sequence[str], Sequence[int]]:
        """Return the command that starts the service with what is kept, and what it inherits."""
        self._drop_the_dead()
        if not self._kept:
            return command, ()
        places = enumerate(self._kept.values(), start=FIRST_FD)
        moves = " ".join(f"{place}<&{fd} {fd}<&-" for place, fd in places)
        names = ":".join(self._kept)
        script = (
            f'LISTEN_PID=$$ LISTEN_FDS={len(self._kept)} LISTEN_FDNAMES={names} exec "$@" {moves}'
        )
        return ["bash", "-c", script, "-", *command], tuple(self._kept.values())

    def processes(self) -> list[int]:
        """Return the ids of the processes whose descriptors are kept."""
        told = (Path(f"/proc/self/fdinfo/{fd}").read_text() for fd in list(self._kept.values()))
        found = (re.search(r"^Pid:\s+(\d+)$", text, re.MULTILINE) for text in told)
        return [int(one[1]) for one in found if one]

    def close(self) -> None:
        """Empty the store, as for a service that is stopped."""
        while self._kept:
            os.close(self._kept.popitem()[1])

    def _drop_the_dead(self) -> None:
        for name, fd in list(self._kept.items()):
            look = select.poll()
            try:
                look.register(fd, 0)
            except OSError:
                continue
            if any(seen & (select.POLLHUP | select.POLLERR) for _, seen in look.poll(0)):
                os.close(self._kept.pop(name))
