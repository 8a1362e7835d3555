"""Descriptors on their way to a child of a fork server.

`multiprocessing` has two ways. Asked while the child is being started, it sends them along with it.
Asked before, it keeps a copy of each on a thread of ours until the child has come for it, for good
where the child dies first: a process that starts children for months would run out of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from multiprocessing.reduction import DupFd
from typing import Any


@dataclass(slots=True)
class PassedFile:
    """A descriptor that goes to a child as a descriptor of the same file.

    The child's is its own to close; ours may be closed once the child is started.
    """

    fd: int

    def __getstate__(self) -> Any:
        return DupFd(self.fd)  # pickled while the child is being started

    def __setstate__(self, state: Any) -> None:
        self.fd = state.detach()
