"""What every one of our processes does first: who it dies with, and what it never leaves.

Linux only (`prctl`).
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def die_with_parent(number: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """End when the process that started us ends.

    Args:
        number: the signal that the kernel sends then.
        parent: process id of that process; by default whoever is our parent now.

    Raises:
        OSError: the kernel refused.
    """
    expected = os.getppid() if parent is None else parent
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != expected or expected == 1:  # it was faster than we were
        os.kill(os.getpid(), number)


def leave_no_dump() -> None:
    """Forbid core dumps, and other processes of this user to read our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
