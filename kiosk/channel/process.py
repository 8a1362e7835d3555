"""What every one of our processes does first: who it dies with, and what it never leaves.

Linux only (`prctl`).
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import os
import resource
import select
import signal

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_M_ARENA_MAX = -8
"""Of <malloc.h>."""
_F_SETSIG = 10
"""Of <fcntl.h> on Linux; Python has no name for it."""


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


def die_with_pipe(fd: int) -> None:
    """End at once when the last writer of a pipe is gone: the kernel sees to it, however we hang.

    For who must outlive the process that forked it, but not the one that wanted it. Nothing may
    ever be written to the pipe.

    Args:
        fd: the reading end; it stays open.
    """
    fcntl.fcntl(fd, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(fd, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([fd], [], [], 0)[0]:  # it was gone before the kernel was told
        os.kill(os.getpid(), signal.SIGKILL)


def leave_no_dump() -> None:
    """Forbid core dumps, and other processes of this user to read our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _prctl(_PR_SET_DUMPABLE, 0)


def one_arena() -> None:
    """Let all threads allocate from one arena (mallopt(3)); before the first thread is started.

    Left alone glibc makes up to eight a core, one for each thread that finds the others taken, and
    returns of none what was used once: an endpoint that serves each connection on a thread of its
    own grew by 13 kB a visit. Python's threads take turns anyway, so none waits for it.
    """
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def settle() -> None:
    """Take what was made for good out of the garbage collector's sight; once, when all is up.

    Then `gc.collect` costs under a millisecond, for it sees what came since, and can be called
    whenever a process has nothing else to do. By itself the collector looks at all only when what
    is new has become a quarter of what is old, hundreds of visits later.
    """
    gc.collect()
    gc.freeze()


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
