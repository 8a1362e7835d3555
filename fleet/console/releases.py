"""The pages of releases: where each is, what it changes for whom, and who signed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from fleet.console.door import Looking
from fleet.console.framing import framed
from fleet.console.rendering import page, trouble
from fleet.console.services import Console, Rooms
from fleet.errors import FleetError
from fleet.people import Right
from fleet.release import comparing, holding
from fleet.release.holding import Part
from fleet.release.repository import Repository
from fleet.rollouts import ledger
from kiosk.status.rings import line_of, ring_of

MOST: Final = 200
"""Changes on a page; how many more there are is told."""

router = APIRouter()


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A part of a release, and where it is: staged, signed, held, published or withdrawn."""

    part: Part
    where: str


def placed(repository: Repository) -> Iterator[Placed]:
    """Yield every part of every release that is there."""
    for part in holding.staged_parts(repository):
        yield Placed(part=part, where="staged" if part.missing else "signed")
    for release in holding.held_releases(repository):
        yield from (
            Placed(part=own, where="held") for own in holding.held_parts(repository, release)
        )
    for part in holding.published_parts(repository):
        gone = repository.is_withdrawn(part.group)
        yield Placed(part=part, where="withdrawn" if gone else "published")


def by_release(repository: Repository) -> Mapping[str, Sequence[Placed]]:
    """Return the parts of each release, first ring first; releases in the order of their work."""
    found: dict[str, list[Placed]] = {}
    for own in placed(repository):
        found.setdefault(own.part.release, []).append(own)
    for parts in found.values():
        parts.sort(key=lambda own: (line_of(own.part.group), ring_of(own.part.group)))
    return found


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
    parts = _one(rooms, name)
    own = [row for row in ledger.newest(rooms.engine, 500) if row.release == name]
    if not parts and not own:
        return trouble("没有这个发布", "请从列表里选一个。", 404)
    ready = bool(parts) and all(one.where == "signed" for one in parts) and not own
    values: dict[str, Any] = {
        "name": name,
        "parts": parts,
        "rollouts": own,
        "ready": ready and who.may(Right.RELEASE),
    }
    return framed("release.html", rooms, who, **values)


@router.get("/releases/{name}/changes/{group}")
def changes(name: str, group: str, rooms: Rooms, who: Looking) -> Response:
    """Return the part of a release's page that says what it changes for a group."""
    del who
    part = next((own.part for own in _one(rooms, name) if own.part.group == group), None)
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


def _one(rooms: Console, name: str) -> Sequence[Placed]:
    if rooms.repository is None:
        return ()
    try:
        return by_release(rooms.repository).get(name, ())
    except FleetError:
        return ()
