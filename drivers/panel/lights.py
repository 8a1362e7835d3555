"""Which lamp of a guide light is lit at an instant. Pure.

Boards have coils that are on or off, so blinking is done here.  All lights blink in one time: lamps
that blink against each other look like a fault.  The standard gives no numbers for its flash
rates; these are ours, the quickest below three flashes a second (WCAG 2.3.1: seizures).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass


class FlashRate(enum.StrEnum):
    """How a light shows (``lights.*.flashRate``)."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Color(enum.StrEnum):
    """The standard's colours."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    WHITE = "white"


HALF_PERIOD_S: Mapping[FlashRate, float] = {
    FlashRate.SLOW: 1.0,
    FlashRate.MEDIUM: 0.5,
    FlashRate.QUICK: 0.25,
}
"""Seconds a blinking lamp is lit, and then dark."""

NAMES = frozenset(
    {
        "cardReader",
        "pinPad",
        "receiptPrinter",
        "passbookPrinter",
        "documentPrinter",
        "scanner",
        "contactless",
        "cardReader2",
        "statusGood",
        "statusWarning",
        "statusBad",
        "statusSupervisor",
        "statusInService",
        "fasciaLight",
    }
)
"""Lights of the standard (Lights.Status) that a terminal of this kind can have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """One light: the coil of each of its colours."""

    name: str
    coils: Mapping[Color, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """How a light is to be seen."""

    rate: FlashRate = FlashRate.OFF
    color: Color | None = None
    """None is the light's first colour."""


class UnknownLight(ValueError):
    """There is no such light, or not in that colour."""


class Lamps:
    """All lights of a board: what is asked of them, and which coil is on when. Never changes.

    Args:
        lights: What is wired, by name.
        coils: How many coils the board has.
        shown: How lights are to be seen; off where it says nothing.
    """

    def __init__(
        self, lights: Mapping[str, Light], coils: int, shown: Mapping[str, Shown] | None = None
    ) -> None:
        self._lights = dict(lights)
        self._coils = coils
        off = {name: Shown(color=next(iter(light.coils))) for name, light in lights.items()}
        self._shown = off | dict(shown or {})

    @property
    def shown(self) -> Mapping[str, Shown]:
        """How every light is to be seen."""
        return dict(self._shown)

    def showing(self, orders: Mapping[str, Shown]) -> Lamps:
        """Return the lamps with orders for some lights, all others as they are.

        Raises:
            UnknownLight: One of them cannot be carried out.
        """
        taken: dict[str, Shown] = {}
        for name, order in orders.items():
            light = self._lights.get(name)
            if light is None:
                raise UnknownLight("there is no such light")
            color = order.color or next(iter(light.coils))
            if color not in light.coils:
                raise UnknownLight(f"{name} is not wired in {color}")
            taken[name] = Shown(rate=order.rate, color=color)
        return Lamps(self._lights, self._coils, self._shown | taken)

    def coils(self, now: float) -> tuple[bool, ...]:
        """Return the wanted state of every coil at an instant (seconds of a steady clock)."""
        wanted = [False] * self._coils
        for name, shown in self._shown.items():
            if shown.color is not None and _lit(shown.rate, now):
                wanted[self._lights[name].coils[shown.color]] = True
        return tuple(wanted)

    def next_change(self, now: float) -> float:
        """Return how many seconds from `now` the wanted state changes by itself; inf if never."""
        halves = {HALF_PERIOD_S.get(shown.rate) for shown in self._shown.values()} - {None}
        return min((half - now % half for half in halves if half), default=math.inf)


def _lit(rate: FlashRate, now: float) -> bool:
    half = HALF_PERIOD_S.get(rate)
    if half is None:
        return rate is FlashRate.CONTINUOUS
    return int(now / half) % 2 == 0
