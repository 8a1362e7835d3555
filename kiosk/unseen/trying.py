"""Does a visit come to its end under a configuration: played where no citizen sees it.

Stopped under the new configuration and not under the one before is the new one's fault.  Stopped
under both says nothing of the new one: the machine may be full, or what is offered here takes more
than a visit by itself can do.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.catalogue.files import CatalogueError, load
from kiosk.desk.part import PartFailed
from kiosk.domain.catalogue import Thing
from kiosk.settings import SettingsError
from kiosk.unseen.stack import UnseenStack
from kiosk.unseen.visit import ENOUGH, Stopped, UnseenVisit, fileable

MOST_THINGS: Final = 2
"""Things that are tried; one that comes to its end is enough."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """A configuration, where the terminal stands by it, and what is not filed there."""

    config: Path
    jurisdiction: str
    site: str
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What a try says of a configuration.

    Attributes:
        holds: None where the one before stopped, too.
        words: what was done, or where it stopped.
    """

    holds: bool | None
    words: str


def compare(new: Tried, before: Callable[[], Tried]) -> Found:
    """Play a visit under a configuration; where it stops, under the one before as well."""
    try:
        return Found(holds=True, words=play(new))
    except Stopped as stopped:
        here = str(stopped)
    try:
        play(before())
    except (Stopped, SettingsError) as stopped:
        return Found(holds=None, words=f"{here}\nbefore, too: {stopped}")
    return Found(holds=False, words=here)


def play(tried: Tried) -> str:
    """Play a visit; returns which, and what became of it.

    Raises:
        Stopped: a process did not come up, or the visit went no further.
    """
    with tempfile.TemporaryDirectory(prefix="yiduan-visit-") as folder:
        try:
            stack = UnseenStack(Path(folder), tried.config, tried.jurisdiction, tried.site)
            with stack:
                return _played(stack, tried)
        except (PartFailed, OSError) as failed:  # a machine without sockets stops before as well
            raise Stopped(str(failed)) from failed
        except CatalogueError as wrong:
            raise Stopped(str(wrong)) from wrong


def _played(stack: UnseenStack, tried: Tried) -> str:
    catalogue = load(tried.config, tried.jurisdiction)
    things = sorted(fileable(catalogue, tried.withheld), key=_size)[:MOST_THINGS]
    stops: list[str] = []
    for thing in things:
        visit = UnseenVisit(stack, catalogue)
        try:
            outcome = visit.file(thing)
            if outcome in ENOUGH:
                return f"{thing.code}: {outcome}"
            stops.append(f"{thing.code}: ended as {outcome or 'nothing'}")
        except Stopped as stopped:
            stops.append(str(stopped))
        finally:
            visit.close()
    if stops:
        raise Stopped("\n".join(stops))
    return _looked(UnseenVisit(stack, catalogue))


def _looked(visit: UnseenVisit) -> str:
    """Where nothing is filed, the first page leads to the list."""
    try:
        visit.begin()
    finally:
        visit.close()
    return "nothing is filed here; the list came"


def _size(thing: Thing) -> int:
    """Return how much a thing asks."""
    return sum(len(item.fields) + 3 * len(item.materials) for item in thing.items)
