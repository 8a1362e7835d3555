"""What the shell knows of a session process: whom it serves, where in its life it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Phase(StrEnum):
    """Where in its life a session process is."""

    WARMING = "warming"
    READY = "ready"
    ACTIVE = "active"
    LEAVING = "leaving"


class Kind(StrEnum):
    """Whom a session process serves."""

    VISIT = "visit"
    MAINTENANCE = "maintenance"


@dataclass(slots=True, kw_only=True)
class Slot:
    """What the policy knows of one session process."""

    name: int
    kind: Kind = Kind.VISIT
    phase: Phase = Phase.WARMING
    since: float
    frame: float
    visit: str | None = None
    local_no: str | None = None
    certain: bool = False
    explains: After | None = None
    """What its first page was told to explain, until that page was seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class After:
    """What the next page must explain: how the visit before ended.

    Attributes:
        how: crashed or hung.
        local_no: of what it had handed over, or None.
        certain: whether it is known to be stored; else it broke while handing over.
    """

    how: str
    local_no: str | None = None
    certain: bool = True
