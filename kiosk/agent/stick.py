"""The USB stick of staff: a mounted directory; files are written whole and under names of ours.

A directory that is left over where a stick was mounted is no stick: what is written there stays on
the inner disk, and nobody has it in the hand. So it has to be a mount before and after the write.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from kiosk.domain.calendar import LEGAL_TIME
from kiosk.outbox import Entry, exporting

_PIECE = 1 << 16
MOST = 64 << 20


class NoStick(Exception):
    """There is none, or nothing can be written on it; staff put in another one."""


class Stick:
    """A place for files that leave the terminal."""

    def __init__(self, place: Path, *, folder: bool = False) -> None:
        """Take where it is mounted; at a desk, and only there, a plain ``folder`` stands for it."""
        self._place, self._folder = place, folder

    @property
    def there(self) -> bool:
        """Whether something can be written."""
        mounted = self._folder or os.path.ismount(self._place)
        return mounted and self._place.is_dir() and os.access(self._place, os.W_OK | os.X_OK)

    def check(self) -> None:
        """See that it is there; also after a write, for it may have been pulled meanwhile.

        Raises:
            NoStick: there is none.
        """
        if not self.there:
            raise NoStick(str(self._place))

    def path(self, name: str, ending: str) -> Path:
        """Return a new file's path.

        Raises:
            NoStick: there is none.
        """
        self.check()
        now = datetime.now(LEGAL_TIME)
        return self._place / f"{name}-{now:%Y%m%d-%H%M%S}.{ending}"

    def copy(self, entry: Entry, pieces: Iterable[bytes]) -> Path:
        """Write a sealed copy, in the form of ``kiosk outbox export``.

        Raises:
            NoStick: there is none, or none any more.
            OSError: it is full, or was pulled.
        """
        self.check()
        path = self._place / exporting.name(entry.local_no, entry.row)
        if not path.exists():  # it is there since the last export: what is sealed never changes
            _write(exporting.open_new(path), path, pieces)
        self.check()
        return path

    def take(self, path: Path, fd: int) -> None:
        """Copy a file that was handed over.

        Raises:
            NoStick: there is none any more.
            OSError: it is full, or was pulled.
        """
        os.lseek(fd, 0, os.SEEK_SET)
        pieces = iter(lambda: os.read(fd, _PIECE), b"")
        _write(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), path, pieces)
        self.check()


def _write(fd: int, path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file whole; half a one is removed."""
    try:
        with os.fdopen(fd, "wb") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise
