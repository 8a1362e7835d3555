"""What is wrong with a line of a table although each of its cells is written well.

A cell's pattern can't tell that a place does not exist, that nobody has a group, or that a terminal
stands in the sea of another continent. What is told here is known without asking anybody: the
table of GB/T 2260, the groups that the centre has, and the box of degrees that China lies in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from standards import division
from standards.errors import CodeError

if TYPE_CHECKING:
    from fleet.terminals.importing import Line

NORTH: Final = (3.0, 54.0)
EAST: Final = (73.0, 136.0)
"""Degrees that China lies between: 曾母暗沙 to 漠河, the Pamirs to the mouth of the Ussuri."""


class Doubt(NamedTuple):
    """A column of a line, and why it can't be.

    ``no_place``, ``no_group``, ``alone`` (one of latitude and longitude without the other),
    ``swapped`` and ``abroad``.
    """

    column: str
    why: str


def doubts(line: Line, groups: Collection[str]) -> Iterator[Doubt]:
    """Yield what can't be in a line whose cells are written well.

    Args:
        line: the line.
        groups: that there are.
    """
    if not is_place(line.jurisdiction):
        yield Doubt("jurisdiction", "no_place")
    if line.release_group not in groups:
        yield Doubt("release_group", "no_group")
    yield from _of_degrees(line.latitude, line.longitude)


def is_place(code: str) -> bool:
    """Say whether a code of six digits lies in a place that GB/T 2260 has."""
    try:
        division.place_of(code)
    except CodeError:
        return False
    return True


def _of_degrees(latitude: float | None, longitude: float | None) -> Iterator[Doubt]:
    if latitude is None or longitude is None:
        if latitude is not None:
            yield Doubt("longitude", "alone")
        elif longitude is not None:
            yield Doubt("latitude", "alone")
        return
    if _within(longitude, NORTH) and _within(latitude, EAST):
        yield Doubt("latitude", "swapped")
        return
    for column, degrees, box in (("latitude", latitude, NORTH), ("longitude", longitude, EAST)):
        if not _within(degrees, box):
            yield Doubt(column, "abroad")


def _within(degrees: float, box: tuple[float, float]) -> bool:
    return box[0] <= degrees <= box[1]
