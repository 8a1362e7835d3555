"""One measured figure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """What was measured, beside its limit.

    Attributes:
        name: what it is.
        value: the figure, in ``unit``; lower is better.
        unit: ``x`` for a ratio, ``ms`` …
        limit: what it may be at most; None when it is only reported.
        measured: our own absolute figure, with its unit.
        peer: the bare peer's absolute figure, with its unit.
        note: what else must be known to read it.
    """

    name: str
    value: float
    unit: str = "x"
    limit: float | None = None
    measured: str = ""
    peer: str = ""
    note: str = ""

    @property
    def verdict(self) -> str:
        """``ok``, ``MISSED``, or nothing when there is no limit."""
        if self.limit is None:
            return ""
        return "ok" if self.value <= self.limit else "MISSED"

    def line(self) -> str:
        """Return the figure as one JSON line."""
        return json.dumps(asdict(self) | {"verdict": self.verdict}, ensure_ascii=False)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which ``share`` (0–1) of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: list[float]) -> float:
    """Return the middle value."""
    return percentile(values, 0.5)
