"""What every process of this room does first: be unreadable, and die with its parent."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

import setproctitle

_SET_PDEATHSIG = 1
_SET_DUMPABLE = 4


def raise_walls(title: str, *, parent: int | None = None) -> None:
    """Name the process, forbid core dumps and reading its memory.

    Args:
        title: what ``ps`` shows.
        parent: process id of the parent to die with, at once; None to outlive it.
    """
    setproctitle.setproctitle(title)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_SET_DUMPABLE, 0)
    if parent is not None:
        die_with(parent, signal.SIGKILL)


def die_with(parent: int, by: signal.Signals) -> None:
    """Let the kernel send ``by`` when the parent ends; end now if it has already."""
    _prctl(_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
