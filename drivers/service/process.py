"""What a device process asks of the kernel about itself."""

from __future__ import annotations

import ctypes
import os
import resource
import signal

import setproctitle

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def title(role: str) -> None:
    """Name this process in process lists."""
    setproctitle.setproctitle(f"kiosk-devices: {role}")


def end_with_parent() -> None:
    """Ask for SIGTERM when the parent ends; ends at once if it already has."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def leave_no_dump() -> None:
    """Forbid core files, and reading this process's memory by others of its user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
