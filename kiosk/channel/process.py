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


def die_with_parent(number: signal.Signals = signal.SIGTERM) -> None:
    """End when the process that started us ends.

    Raises:
        OSError: the kernel refused.
    """
    _prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() == 1:  # it was faster than we were
        os.kill(os.getpid(), number)


def leave_no_dump() -> None:
    """Forbid core dumps, and other processes of this user to read our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
