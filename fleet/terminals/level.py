"""How well a terminal is, in one number that lists and maps are ordered by."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import Final

from kiosk.maintenance.faults import Loses, listed
from kiosk.status import Reported
from kiosk.status.state import Service


class Level(IntEnum):
    """What citizens lose at a terminal; the higher, the sooner somebody must come.

    What is found in its log counts as well (`fleet.terminals.raising`): citizens lose nothing by it
    and somebody must come all the same.
    """

    WELL = 0
    SOON = 1
    """Nothing yet."""
    SOME = 2
    """A part of what is offered, or its log can't be believed."""
    ALL = 3
    """Nobody can be served."""
    GONE = 4
    """It is not connected: nobody here knows."""


_LEVELS = {Loses.SOON: Level.SOON, Loses.SOME: Level.SOME, Loses.ALL: Level.ALL}
GONE = "terminal.gone"
"""The one fault that the centre finds itself."""
LOG: Final = "log."
"""What begins the names of alarms about a terminal's log, found in `fleet.heads`."""


@cache
def _known() -> dict[str, Level]:
    return {one.id: _LEVELS[one.loses] for one in listed()} | {GONE: Level.GONE}


def level_of_fault(fault: str) -> Level:
    """Return a fault's level; one of a newer terminal that we don't know is a part lost."""
    return _known().get(fault, Level.SOME)


def is_without_releases(state: Reported) -> bool:
    """Say whether a terminal looked and found that nothing was ever published for its group.

    It works on with the configuration that came with its program, and no release reaches it: its
    group is misspelt, or nobody has made anything for it yet.
    """
    update = state.update
    return update.look == "ok" and update.seen == 0 and update.version == 0


def level_of(state: Reported) -> Level:
    """Return the level of a terminal that is there."""
    worst = max(map(level_of_fault, state.faults), default=Level.WELL)
    if is_without_releases(state):
        worst = max(worst, Level.SOON)
    return max(worst, Level.ALL) if state.service is Service.OUT else worst
