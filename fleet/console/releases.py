"""The pages of releases: where each is, what it changes for whom, and who signed."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from fleet.console import previews
from fleet.console.door import Looking
from fleet.console.framing import framed
from fleet.console.parts import by_release, part_of, parts_of
from fleet.console.rendering import page, trouble
from fleet.console.services import Rooms
from fleet.errors import FleetError
from fleet.people import Right
from fleet.release import comparing
from fleet.rollouts import ledger

MOST: Final = 200
"""Changes on a page; how many more there are is told."""

router = APIRouter()


@router.get("/releases")
def releases(rooms: Rooms, who: Looking) -> Response:
    """Show every release that is there, and those that were rolled out."""
    try:
        found = {} if rooms.repository is None else by_release(rooms.repository)
    except FleetError as error:
        return trouble("发布库读不出来", str(error), 503)
    rows = ledger.newest(rooms.engine, 50)
    return framed("releases.html", rooms, who, found=found, rows=rows)


@router.get("/releases/{name}")
def release(name: str, rooms: Rooms, who: Looking) -> Response:
    """Show one release: for whom, who signed, what it changes, and what can be done."""
    parts = parts_of(rooms, name)
    own = [row for row in ledger.newest(rooms.engine, 500) if row.release == name]
    if not parts and not own:
        return trouble("没有这个发布", "请从列表里选一个。", 404)
    ready = bool(parts) and all(one.where == "signed" for one in parts) and not own
    values: dict[str, Any] = {
        "name": name,
        "parts": parts,
        "rollouts": own,
        "ready": ready and who.may(Right.RELEASE),
        "pictures": {one.part.group: previews.values(rooms, name, one.part) for one in parts},
        "sorts": {one.part.group: previews.sorts(rooms.engine, one.part.group) for one in parts},
        "may_paint": who.may(Right.RELEASE),
    }
    return framed("release.html", rooms, who, **values)


@router.get("/releases/{name}/changes/{group}")
def changes(name: str, group: str, rooms: Rooms, who: Looking) -> Response:
    """Return the part of a release's page that says what it changes for a group."""
    del who
    part = part_of(rooms, name, group)
    if part is None or rooms.repository is None:
        return Response(status_code=404)
    try:
        told = comparing.changes(rooms.repository, part)
    except FleetError as error:
        return page("changes.html", told=(), more=0, problem=str(error), first=False)
    first = told is None
    lines = told or ()
    more = max(0, len(lines) - MOST)
    return page("changes.html", told=lines[:MOST], more=more, problem="", first=first)
