"""Groups and places: how many terminals each has, how many are there, how many are stopped.

A terminal belongs to its group of releases and to the place it works for; both are names that a
command can be given to, and ``all`` is everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, case, func, select

from fleet.store.model import Terminal
from kiosk.status import topics
from kiosk.status.rings import EARLIER, LAST, RINGS, group_of, line_of, ring_of

EVERYBODYS: Final = (*EARLIER, LAST)
"""The groups of everybody's line, which there always are."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """A group, and how its terminals are.

    Attributes:
        name: what commands to it are given to.
        sort: ``all``, ``group`` or ``place``.
        terminals: that belong to it.
        here: of them connected.
        out: of them out of service.
    """

    name: str
    sort: str
    terminals: int
    here: int
    out: int


def counted(engine: Engine) -> Sequence[Counted]:
    """Return everybody, each group, and each place that is no group's name."""
    numbers = (
        func.count().label("terminals"),
        func.coalesce(func.sum(case((Terminal.here, 1), else_=0)), 0).label("here"),
        func.coalesce(func.sum(case((Terminal.service == "out", 1), else_=0)), 0).label("out"),
    )
    found: dict[str, Counted] = {}
    with engine.connect() as connection:
        everybody = connection.execute(select(*numbers)).one()
        found[topics.ALL] = _counted(topics.ALL, "all", everybody)
        for sort, column in (("group", Terminal.group), ("place", Terminal.jurisdiction)):
            wanted = select(column.label("own"), *numbers).group_by(column).order_by(column)
            for row in connection.execute(wanted):
                if row.own:
                    found.setdefault(row.own, _counted(row.own, sort, row))
    return tuple(found.values())


def there_are(engine: Engine, released: Iterable[str] | None) -> tuple[str, ...]:
    """Return the groups that a terminal may be put into, each line's first ring first.

    Args:
        engine: of the fleet's database.
        released: groups that something was made for; None: nobody here knows. Then those that
            terminals are in, and the rings of their places, are all that is known.
    """
    if released is None:
        with engine.connect() as connection:
            in_use = set(connection.scalars(select(Terminal.group).distinct()))
            own = set(connection.scalars(select(Terminal.jurisdiction).distinct()))
        rings = {group_of(place, ring) for place in own if place for ring in range(RINGS)}
        released = in_use | rings
    known = {*EVERYBODYS, *released}
    return tuple(sorted(known, key=lambda name: (line_of(name), ring_of(name), name)))


def named(engine: Engine, name: str) -> Counted | None:
    """Return one of them; none when there is no such."""
    return next((one for one in counted(engine) if one.name == name), None)


def _counted(name: str, sort: str, row: Any) -> Counted:
    return Counted(
        name=name,
        sort=sort,
        terminals=int(row.terminals),
        here=int(row.here),
        out=int(row.out),
    )
