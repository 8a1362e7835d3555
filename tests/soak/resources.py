"""Memory, files, threads and sockets of the processes that live on, and how they grow.

Memory is `RssAnon` of ``/proc/PID/status``: what the process itself has written, whether or not a
forked child shares it. Growth is the slope of a straight line through all lives of a process at
once (each life with its own height), after `WARM_UP_S` of each. Neighbouring samples hang together,
so means of blocks of `BLOCK_S` stand for them; the interval is 95 %.
"""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil

from tests.soak.terminal import Terminal

WARM_UP_S = 240.0
"""Seconds in which a process loads what it will always need."""
BLOCK_S = 60.0
LEAST_BLOCKS = 10
"""Fewer blocks say nothing."""
MOST_MB_PER_HOUR = 0.5
STRAY = 1
"""Files, threads or sockets by which quiet moments may differ."""
KEPT = ("files", "threads", "sockets")


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """How a process grew.

    Attributes:
        process: its name.
        hours: of all its lives together, without their warm-up.
        lives: how many were long enough.
        slope, low, high: MB an hour, with the ends of the 95 % interval; None: too short to say.
        drift: by how many files, threads and sockets the last quarter of a life has more than the
            quarter after its warm-up (medians), the worst life.
    """

    process: str
    hours: float
    lives: int
    slope: float | None
    low: float | None
    high: float | None
    drift: dict[str, int]

    @property
    def verdict(self) -> str:
        """``ok``, ``GROWS``, or ``open`` when the run was too short to tell."""
        if any(count > STRAY for count in self.drift.values()):
            return "GROWS"
        if self.low is None or self.high is None:
            return "open"
        if self.high <= MOST_MB_PER_HOUR:
            return "ok"
        return "GROWS" if self.low > MOST_MB_PER_HOUR else "open"

    def line(self) -> str:
        """Return it for a person."""
        slope = "too short to say"
        if self.slope is not None:
            slope = f"{self.slope:+.2f} MB/h [{self.low:+.2f}, {self.high:+.2f}]"
        drift = ", ".join(f"{count:+d} {name}" for name, count in self.drift.items())
        return f"{self.process}: {slope} over {self.hours:.2f} h; {drift}; {self.verdict}"

    def told(self) -> dict[str, object]:
        """Return it for a machine."""
        return asdict(self) | {"verdict": self.verdict}


def growths(taken: Iterable[Sample]) -> list[Growth]:
    """Return the growth of every process, by name."""
    by_process: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for one in taken:
        by_process[one.process][one.life].append(one)
    return [_growth(name, by_process[name]) for name in sorted(by_process)]


def _growth(name: str, lives: dict[str, list[Sample]]) -> Growth:
    warm = [w for life in lives.values() if len(w := _warm(life)) > 1]
    blocks = [b for life in warm if len(b := _blocks(life)) > 1]
    slope, low, high = _slope(blocks)
    return Growth(
        process=name,
        hours=sum(life[-1].at - life[0].at for life in warm) / 3600,
        lives=len(warm),
        slope=slope,
        low=low,
        high=high,
        drift={kept: max((_drift(life, kept) for life in warm), default=0) for kept in KEPT},
    )


def _warm(life: list[Sample]) -> list[Sample]:
    return [one for one in life if one.at - life[0].at >= WARM_UP_S]


def _blocks(life: list[Sample]) -> list[tuple[float, float]]:
    """Return hours and MB of each block of a life, about the life's own middle."""
    found: dict[int, list[Sample]] = defaultdict(list)
    for one in life:
        found[int((one.at - life[0].at) / BLOCK_S)].append(one)
    means = [
        (float(np.mean([o.at for o in block])) / 3600, float(np.mean([o.memory for o in block])))
        for block in found.values()
    ]
    hour, memory = (float(np.mean([mean[k] for mean in means])) for k in (0, 1))
    return [(own_hour - hour, own_memory - memory) for own_hour, own_memory in means]


def _slope(
    lives: list[list[tuple[float, float]]],
) -> tuple[float | None, float | None, float | None]:
    """Fit one slope through all lives; None when there are too few blocks."""
    points = np.array([point for life in lives for point in life])
    if len(points) < LEAST_BLOCKS + len(lives):
        return None, None, None
    x, y = points.T
    spread = float((x**2).sum())
    slope = float((x * y).sum()) / spread
    freedom = len(points) - len(lives) - 1
    error = float(np.sqrt(((y - slope * x) ** 2).sum() / freedom / spread))
    width = _student(freedom) * error
    return slope, slope - width, slope + width


def _student(freedom: int) -> float:
    """Return the 97.5 % quantile of Student's t (Cornish-Fisher, good to 0.01 from 8 on)."""
    z = 1.959964
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2


def _drift(life: list[Sample], kept: str) -> int:
    quarter = max(1, len(life) // 4)
    counts = [getattr(one, kept) for one in life]
    return int(np.median(counts[-quarter:]) - np.median(counts[:quarter]))
