"""Memory files: written once, sealed, handed to another process, gone with their last holder.

A seal is the kernel's promise that a file can neither be written nor grow nor shrink any more, so
who reads it can never see half of one picture and half of the next.
"""

from __future__ import annotations

import fcntl
import os

MOST_BYTES = 64 * 1024 * 1024
"""Largest memory file taken: more than any frame or picture has."""

SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


class NotSealed(Exception):
    """A descriptor that is no sealed memory file of the size that was told."""


def sealed_file(name: str, data: bytes | memoryview) -> int:
    """Return the descriptor of a memory file that nobody can change any more."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        left = memoryview(data).cast("B")
        while left:
            left = left[os.write(descriptor, left) :]
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def read_sealed(descriptor: int, size: int) -> bytes:
    """Return what a sealed memory file holds; the descriptor stays open.

    Raises:
        NotSealed: it is not sealed, or not of that size.
    """
    try:
        seals = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
    except OSError as error:
        raise NotSealed("not a memory file") from error
    if seals & SEALS != SEALS:
        raise NotSealed("a memory file that could still change")
    if not 0 < size <= MOST_BYTES or os.fstat(descriptor).st_size != size:
        raise NotSealed("a memory file of another size than was told")
    return os.pread(descriptor, size, 0)
