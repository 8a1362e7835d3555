"""What every process of this room does first: be unreadable, and die with its parent."""

from __future__ import annotations

import signal

import setproctitle

from kiosk.channel.process import die_with_parent, leave_no_dump


def raise_walls(title: str, *, parent: int | None = None) -> None:
    """Name the process, forbid core dumps and reading its memory.

    Args:
        title: what ``ps`` shows.
        parent: process id of the parent to die with, at once; None to outlive it.
    """
    setproctitle.setproctitle(title)
    leave_no_dump()
    if parent is not None:
        die_with_parent(signal.SIGKILL, parent)
