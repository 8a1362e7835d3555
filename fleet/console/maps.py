"""Where terminals are, at a glance: a picture, and beside it the same as a list."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from fleet.console.door import Looking
from fleet.console.framing import framed
from fleet.console.rendering import page
from fleet.console.services import Rooms
from fleet.terminals import finding, mapping
from fleet.terminals.level import Level

LISTED: Final = 40
"""Marks in the list beside the picture, worst first."""

router = APIRouter()


def _shown(
    rooms: Rooms,
    q: Annotated[str, Query(max_length=100)] = "",
    level: Annotated[str, Query(max_length=1)] = "",
    box: Annotated[str, Query(max_length=60)] = "",
) -> dict[str, Any]:
    chosen = int(level) if level in {str(own.value) for own in Level} else None
    wanted = finding.Wanted(words=q, level=chosen)
    part = mapping.Box.read(box)
    return {
        "drawn": mapping.drawn(rooms.engine, wanted, part),
        "wanted": wanted,
        "box": part,
        "listed": LISTED,
        "size": (mapping.WIDTH, mapping.HEIGHT),
    }


Shown = Annotated[dict[str, Any], Depends(_shown)]


@router.get("/map")
def whole(rooms: Rooms, who: Looking, shown: Shown) -> Response:
    """Show where terminals are and how they are."""
    return framed("map.html", rooms, who, here="terminals", **shown)


@router.get("/map/now")
def now(who: Looking, shown: Shown) -> Response:
    """Return the part of that page that changes."""
    del who
    return page("map_now.html", **shown)
