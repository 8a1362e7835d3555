"""Terminals on a map: near ones together, so that a picture of any number stays readable and quick.

Theory of operation
-------------------
A map shows a box of degrees. It is cut into cells of about `CELL` points of the picture; the
database counts the terminals of each cell and level, so what is read grows with the picture and
not with the terminals. A cell with one terminal is that terminal; any other is a mark with its
count, which leads to the box of its terminals. Degrees of longitude are drawn as wide as they are
at the middle of the box (equirectangular): right for a city and for a province.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from sqlalchemy import Engine, Float, Select, cast, func, select

from fleet.store.model import Terminal
from fleet.terminals.finding import Wanted, chosen
from fleet.terminals.holding import in_maintenance_until
from fleet.terminals.level import Level

WIDTH: Final = 900
HEIGHT: Final = 620
"""Of the picture, in points."""
EDGE: Final = 40
"""Points at each side that stay free, so that no mark is cut."""
CELL: Final = 44
FEW: Final = 50
"""Terminals that are told one by one."""
LEAST: Final = 0.004
"""Degrees of latitude that a box is high at least, some 440 m."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the earth, in degrees north and east."""

    south: float
    west: float
    north: float
    east: float

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read ``south,west,north,east``; none when it is not a box."""
        try:
            south, west, north, east = (float(part) for part in text.split(","))
        except ValueError:
            return None
        fits = -90 <= south <= north <= 90 and -180 <= west <= east <= 180
        return cls(south, west, north, east) if fits else None

    def __str__(self) -> str:
        return f"{self.south:.5f},{self.west:.5f},{self.north:.5f},{self.east:.5f}"


@dataclass(frozen=True, slots=True)
class Frame:
    """A box as it is drawn: its middle, and the points of a degree of latitude and longitude."""

    latitude: float
    longitude: float
    up: float
    along: float

    @classmethod
    def around(cls, box: Box) -> Self:
        """Return the frame in which all of a box is seen."""
        middle = (box.south + box.north) / 2
        narrow = max(math.cos(math.radians(middle)), 0.05)
        high = max(box.north - box.south, LEAST)
        wide = max((box.east - box.west) * narrow, LEAST)
        up = min((HEIGHT - 2 * EDGE) / high, (WIDTH - 2 * EDGE) / wide)
        return cls(middle, (box.west + box.east) / 2, up, up * narrow)

    def x(self, longitude: float) -> float:
        """Return points from the left."""
        return round(WIDTH / 2 + (longitude - self.longitude) * self.along, 1)

    def y(self, latitude: float) -> float:
        """Return points from the top."""
        return round(HEIGHT / 2 - (latitude - self.latitude) * self.up, 1)


@dataclass(slots=True)
class Mark:
    """One terminal, or several that are near one another.

    Attributes:
        name: of the terminal; of several, of one with the worst level.
        title: of the same.
        levels: how many are at each level.
        box: where they are.
        x, y: their middle in the picture.
    """

    name: str
    title: str
    box: Box
    levels: dict[Level, int] = field(default_factory=dict)
    x: float = 0.0
    y: float = 0.0

    @property
    def count(self) -> int:
        """How many they are."""
        return sum(self.levels.values())

    @property
    def level(self) -> Level:
        """The worst of them."""
        return max(self.levels)


@dataclass(frozen=True, kw_only=True, slots=True)
class Map:
    """What a map shows.

    Attributes:
        marks: worst first.
        rows: the terminals one by one, worst first, where they are few or at one place.
        levels: how many terminals of the box are at each level.
        without: terminals that were asked for and have no place.
    """

    marks: Sequence[Mark]
    rows: Sequence[Any]
    levels: Mapping[Level, int]
    without: int


def drawn(engine: Engine, wanted: Wanted, box: Box | None = None) -> Map:
    """Return the map of the wanted terminals in a box, or around all of them."""
    placed = Terminal.latitude.is_not(None) & Terminal.longitude.is_not(None)
    with engine.connect() as connection:
        without = chosen(select(func.count()).select_from(Terminal).where(~placed), wanted)
        missing = int(connection.scalar(without) or 0)
        seen = box or _bounds(connection.execute(chosen(_BOUNDS.where(placed), wanted)).one())
        if seen is None:
            return Map(marks=(), rows=(), levels={}, without=missing)
        frame = Frame.around(seen)
        here = (placed, *_inside(seen))
        marks = _marks(connection.execute(chosen(_cells(frame).where(*here), wanted)).all(), frame)
        levels = {level: sum(own.levels.get(level, 0) for own in marks) for level in Level}
        few = len(marks) == 1 or sum(levels.values()) <= FEW
        until = in_maintenance_until().label("maintained_until")
        each = chosen(_EACH.add_columns(until).where(*here), wanted)
        rows = connection.execute(each).all() if few else ()
    return Map(marks=marks, rows=rows, levels=levels, without=missing)


_SOUTH, _NORTH = func.min(Terminal.latitude), func.max(Terminal.latitude)
_WEST, _EAST = func.min(Terminal.longitude), func.max(Terminal.longitude)
_BOUNDS: Final[Any] = select(_SOUTH, _WEST, _NORTH, _EAST)
_EACH: Final[Any] = (
    select(Terminal.name, Terminal.title, Terminal.site, Terminal.level)
    .order_by(Terminal.level.desc(), Terminal.name)
    .limit(FEW)
)


def _bounds(row: Any) -> Box | None:
    return None if row[0] is None else Box(*map(float, row))


def _inside(box: Box) -> Sequence[Any]:
    return (
        Terminal.latitude.between(box.south - 1e-5, box.north + 1e-5),
        Terminal.longitude.between(box.west - 1e-5, box.east + 1e-5),
    )


def _cells(frame: Frame) -> Select[Any]:
    up = func.floor(cast((Terminal.latitude - frame.latitude) * (frame.up / CELL), Float))
    along = func.floor(cast((Terminal.longitude - frame.longitude) * (frame.along / CELL), Float))
    return select(
        *(up.label("up"), along.label("along"), Terminal.level, func.count().label("count")),
        *(func.min(Terminal.name).label("name"), func.min(Terminal.title).label("title")),
        *(_SOUTH.label("south"), _WEST.label("west"), _NORTH.label("north"), _EAST.label("east")),
    ).group_by("up", "along", Terminal.level)


def _marks(rows: Sequence[Any], frame: Frame) -> Sequence[Mark]:
    found: dict[tuple[float, float], Mark] = {}
    for row in sorted(rows, key=lambda own: -own.level):
        box = Box(row.south, row.west, row.north, row.east)
        mark = found.setdefault((row.up, row.along), Mark(row.name, row.title, box))
        mark.levels[Level(row.level)] = row.count
        mark.box = _both(mark.box, box)
    for mark in found.values():
        mark.x = frame.x((mark.box.west + mark.box.east) / 2)
        mark.y = frame.y((mark.box.south + mark.box.north) / 2)
    return sorted(found.values(), key=lambda own: (-own.level, -own.levels[own.level], own.name))


def _both(one: Box, other: Box) -> Box:
    return Box(
        min(one.south, other.south),
        min(one.west, other.west),
        max(one.north, other.north),
        max(one.east, other.east),
    )
