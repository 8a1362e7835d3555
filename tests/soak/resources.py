"""Memory, files, threads and sockets of the processes that live on.

Memory is `RssAnon` of ``/proc/PID/status``: what the process itself has written, whether or not a
forked child shares it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.soak.terminal import Terminal


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One process at one quiet moment.

    Attributes:
        at: seconds since the epoch.
        process: its name.
        life: which run of it: process id and start.
        memory: MB of its own.
        files, threads, sockets: how many it has open.
    """

    at: float
    process: str
    life: str
    memory: float
    files: int
    threads: int
    sockets: int


def samples(terminal: Terminal) -> Iterator[Sample]:
    """Yield a sample of every process that lives on."""
    for name, process in terminal.long_lived():
        with contextlib.suppress(psutil.NoSuchProcess, OSError):
            links = _links(process.pid)
            yield Sample(
                at=time.time(),
                process=name,
                life=f"{process.pid}@{process.create_time():.2f}",
                memory=_own_megabytes(process.pid),
                files=len(links),
                threads=process.num_threads(),
                sockets=sum(link.startswith("socket:") for link in links),
            )


def _links(pid: int) -> list[str]:
    links = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(str(entry.readlink()))
    return links


def _own_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0
