"""What a long-lived process of ours does first: its name, its parent, its log."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from typing import Final

import setproctitle
import structlog

_PR_SET_PDEATHSIG: Final = 1


def become(name: str, *, with_parent: bool) -> None:
    """Take a process name, log JSON lines to stderr, and end with the parent where asked.

    Only event types, counts and addresses are logged.  The log of the web server is cut down to
    what names no request, because a request's path may hold a slip's token.
    """
    setproctitle.setproctitle(name)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    logging.disable(logging.CRITICAL)
    if with_parent:
        end_with_parent()


def end_with_parent() -> None:
    """Ask the kernel for SIGTERM when the parent ends (Linux, prctl(2))."""
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
