"""What is on the stage, told to others: ids and places, no values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a target is, in dots from the upper left corner."""

    id: str
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is on the stage: ids and places, no values."""

    page: str
    settled: bool
    """Whether a frame with this page was drawn and no finger is down."""
    frame: int
    """How many frames were drawn."""
    spots: tuple[Spot, ...]
