"""Writing so that a power cut leaves the step before or the step after.

A file is written beside, brought down to the disk, renamed into place, and the directory that
holds the name is brought down, too (rename(2) and fsync(2); a name is not on the disk before its
directory is).
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.release.errors import NoRoom

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


def put(path: Path, data: bytes) -> None:
    """Put a file in place whole.

    Raises:
        OSError: the disk does not take it; what was there is there.
    """
    beside = path.with_name(f".{path.name}.part")
    write(beside, data)
    beside.replace(path)
    flush(path.parent)


def write(path: Path | str, data: bytes) -> None:
    """Write a file down to the disk; its name is not there for sure before its directory is.

    A release is a hundred of them: what a buffered file costs besides is left out.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush(directory: Path) -> None:
    """Bring a directory's names down to the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def point(link: Path, target: Path) -> None:
    """Let a name point elsewhere, from one instant to the next."""
    beside = link.with_name(f".{link.name}.part")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.replace(link)
    flush(link.parent)


@contextmanager
def room() -> Iterator[None]:
    """Tell a disk that takes nothing from other faults.

    Raises:
        NoRoom: it is full, worn out or read-only.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom(f"the disk does not take the release: {error.strerror}") from error
        raise
