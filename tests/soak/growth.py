"""How a process grew in a soak, and whether that may be.

Of each life the first `WARM_UP_S` are left out, in which a process loads what it will always need.
Then memory has a slope with its interval (`slope`) over medians of `POINT_S`, and files, threads
and sockets must not be more at the end of a life than they were after its warm-up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from tests.soak.resources import Sample
from tests.soak.slope import Slope, slope

WARM_UP_S = 300.0
POINT_S = 60.0
MOST_MB_PER_HOUR = 0.5
STRAY = 1
"""Files, threads or sockets by which quiet moments may differ."""
KEPT = ("files", "threads", "sockets")
OTHERS = frozenset({"intake"})
"""Processes that stand on the other end of the wire: told, not bound."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Growth:
    """How a process grew.

    Attributes:
        process: its name.
        hours: of all its lives together, without their warm-up.
        lives: how many were longer than that.
        memory: MB of its own, median of the last `POINT_S`.
        slope: MB an hour; None: too short to say.
        most: the most files, threads and sockets that were counted.
        drift: by how many the last quarter of a life has more than the quarter after its warm-up
            (medians), the worst life.
    """

    process: str
    hours: float
    lives: int
    memory: float
    slope: Slope | None
    most: dict[str, int]
    drift: dict[str, int]

    @property
    def verdict(self) -> str:
        """``ok``, ``GROWS``, or ``open`` when the run was too short to tell; ``–``: not ours."""
        if self.process in OTHERS:
            return "–"
        if any(count > STRAY for count in self.drift.values()):
            return "GROWS"
        if self.slope is None:
            return "open"
        if self.slope.high <= MOST_MB_PER_HOUR:
            return "ok"
        return "GROWS" if self.slope.low > MOST_MB_PER_HOUR else "open"

    def told(self) -> dict[str, object]:
        """Return it for a machine."""
        return asdict(self) | {"verdict": self.verdict}


def growths(taken: Iterable[Sample]) -> list[Growth]:
    """Return the growth of every process, by name."""
    by_process: dict[str, dict[str, list[Sample]]] = defaultdict(lambda: defaultdict(list))
    for one in taken:
        by_process[one.process][one.life].append(one)
    return [_growth(name, list(by_process[name].values())) for name in sorted(by_process)]


def _growth(name: str, lives: Sequence[list[Sample]]) -> Growth:
    warm = [life for life in map(_warm, lives) if len(life) > 1]
    last = [one.memory for one in lives[-1] if one.at > lives[-1][-1].at - POINT_S]
    return Growth(
        process=name,
        hours=sum(life[-1].at - life[0].at for life in warm) / 3600,
        lives=len(warm),
        memory=float(np.median(last)),
        slope=slope([_points(life) for life in warm]),
        most={k: max(getattr(one, k) for life in lives for one in life) for k in KEPT},
        drift={k: max((_drift(life, k) for life in warm), default=0) for k in KEPT},
    )


def _warm(life: list[Sample]) -> list[Sample]:
    return [one for one in life if one.at - life[0].at >= WARM_UP_S]


def _points(life: list[Sample]) -> list[tuple[float, float]]:
    """Return hours and MB of each `POINT_S` of a life."""
    found: dict[int, list[Sample]] = defaultdict(list)
    for one in life:
        found[int((one.at - life[0].at) / POINT_S)].append(one)
    return [
        (
            float(np.median([(one.at - life[0].at) / 3600 for one in part])),
            float(np.median([one.memory for one in part])),
        )
        for part in found.values()
    ]


def _drift(life: list[Sample], kept: str) -> int:
    quarter = max(1, len(life) // 4)
    counts = [getattr(one, kept) for one in life]
    return int(np.median(counts[-quarter:]) - np.median(counts[:quarter]))
