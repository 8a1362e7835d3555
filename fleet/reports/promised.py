"""The four figures of a place's things (表单、材料、时间、环节), asked of ``kiosk effect``."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog

log = structlog.get_logger()
LONGEST_S: Final = 60.0
GOALS: Final = {"generated": 0.5, "materials": 0.6, "days": 0.7, "steps": 0.8}
"""What the documents ask for: less than this is told as not reached."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promised:
    """Shares of one thing, or of all; ``typical``: rests on examples nobody has confirmed."""

    thing: str
    shares: Mapping[str, float]
    typical: bool

    def reached(self, figure: str) -> bool:
        """Say whether a share is what the documents ask for."""
        return self.shares[figure] >= GOALS[figure]


class Figures:
    """Figures by place; each is counted once, in a process that has the catalogue."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Promised, ...]] = {}

    def of(self, place: str) -> tuple[Promised, ...]:
        """Return the total and then every thing; nothing where the catalogue does not tell."""
        with self._lock:
            if place not in self._known:
                self._known[place] = _asked(place)
            return self._known[place]


def _asked(place: str) -> tuple[Promised, ...]:
    command = [sys.executable, "-P", "-m", "kiosk", "effect", "--json", "--jurisdiction", place]
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_S)
        told = json.loads(done.stdout)
        return tuple(_read(row) for row in (told["total"], *told["things"]))
    except (OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        log.warning("effect_not_told", place=place, problem=type(error).__name__)
        return ()


def _read(row: Mapping[str, Any]) -> Promised:
    return Promised(
        thing=str(row["thing"]),
        shares={
            "generated": _share(row["generated"], row["fields"] - row["produced"]),
            "materials": _spared(row["asked"], row["materials_before"]),
            "days": _spared(row["days_after"], row["days_before"]),
            "steps": _spared(row["steps_after"], row["steps_before"]),
        },
        typical=row["basis"] != "confirmed",
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _spared(after: int, before: int) -> float:
    return 1 - _share(after, before) if before else 0.0
