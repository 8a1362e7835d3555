"""Where the parts of releases are: staged, signed, held, published or withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fleet.console.services import Console
from fleet.errors import FleetError
from fleet.release import holding
from fleet.release.holding import Part
from fleet.release.repository import Repository
from kiosk.status.rings import line_of, ring_of


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


def part_of(rooms: Console, name: str, group: str) -> Part | None:
    """Return what a release has for a group; None: nothing is there any more."""
    return next((own.part for own in parts_of(rooms, name) if own.part.group == group), None)


def parts_of(rooms: Console, name: str) -> Sequence[Placed]:
    """Return the parts of a release, first ring first; nothing where the repository is unread."""
    if rooms.repository is None:
        return ()
    try:
        return by_release(rooms.repository).get(name, ())
    except FleetError:
        return ()
