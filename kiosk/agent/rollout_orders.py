"""What the centre's rollouts ask: which ring this terminal is of, and to give a release back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kiosk.agent.reporting.orders import Act, OrderFailed
from kiosk.release import course as courses
from kiosk.release.course import IN_FORCE
from kiosk.release.errors import Unusable
from kiosk.release.placing import move
from kiosk.release.wishes import go_back
from kiosk.settings import releases_root
from kiosk.status.command import Command, Kind

_GROUP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


def rollout_acts(own: str, folder: Path | None = None) -> Mapping[Kind, Act]:
    """Return what does them.

    Args:
        own: the group of the terminal's own file.
        folder: of releases; the usual one by default.
    """

    def place(command: Command) -> None:
        if not _GROUP.fullmatch(command.argument):
            raise OrderFailed("no_group")
        try:
            move(folder or releases_root(), own, command.argument)
        except Unusable as error:
            raise OrderFailed("other_line") from error
        except OSError as error:
            raise OrderFailed("not_kept") from error

    def withdrawn(command: Command) -> None:
        here = folder or releases_root()
        course = courses.read(here)
        has_it = course.offer is not None and course.offer.name == command.argument
        if not has_it or course.stage not in IN_FORCE:
            return  # another one is in force: nothing to give back
        try:
            go_back(here, f"{command.by}: withdrawn")
        except Unusable as error:
            raise OrderFailed("nothing_before") from error
        except OSError as error:
            raise OrderFailed("not_kept") from error

    return {Kind.PLACE: place, Kind.RELEASE_WITHDRAWN: withdrawn}
