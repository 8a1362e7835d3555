"""What is told of releases: to the log by the agent, to staff and the centre by whoever asks.

The agent is the log's only writer and carries nothing of an update but this: it looks whether the
course file or the last look changed, and says so once. It also passes on a nudge: the unit that
updates waits for a file to change.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.audit import Event
from kiosk.release import course as courses
from kiosk.release import durable
from kiosk.release.course import Course, Stage
from kiosk.release.errors import Unusable
from kiosk.release.seen import versions_seen
from kiosk.release.unpacking import told_by

_NUDGE: Final = "nudge"
_LOOK: Final = "look.json"
_WELL: Final = "ok"
_EVENTS: Final = {
    Stage.TRIAL: "release_trial",
    Stage.COMMITTED: "release_committed",
    Stage.ROLLED_BACK: "release_rolled_back",
    Stage.REFUSED: "release_refused",
}
_MARK: Final = 16
"""Digits of a hash that stand for it in the log."""


def nudge(folder: Path) -> None:
    """Have the unit that updates look now; without a folder there is no such unit.

    Raises:
        OSError: the disk does not take it.
    """
    if folder.is_dir():
        (folder / _NUDGE).write_text(f"{time.time():.3f}\n")


def keep_look(folder: Path, outcome: str) -> None:
    """Write down how the last look for a release ended: ``ok``, or an error's code.

    Raises:
        OSError: the disk does not take it.
    """
    if outcome != looked(folder):
        durable.put(folder / _LOOK, json.dumps({"outcome": outcome}).encode())


def looked(folder: Path) -> str:
    """Return how the last look for a release ended; empty: nobody looked yet."""
    try:
        return str(json.loads((folder / _LOOK).read_bytes())["outcome"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def name_in_force(folder: Path) -> str | None:
    """Return the name of the release in force; None: what the program was installed with is."""
    try:
        return told_by(folder / "current").name
    except Unusable:
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How updates stand, as staff and the centre are told it.

    Attributes:
        version: with which the release in force was offered; 0: it came with the program.
        seen: the newest version of the group that this terminal has seen signed; 0: none.
        look: how the last look ended: ``ok``, or an error's code; empty: nobody looked yet.
        course: how far the newest update is.
    """

    version: int
    seen: int
    look: str
    course: Course


def standing(folder: Path, group: str) -> Standing:
    """Return how updates of a group's releases stand in a folder."""
    course = courses.read(folder)
    return Standing(
        version=courses.version_in_force(course),
        seen=versions_seen(folder).get(group, 0),
        look=looked(folder),
        course=course,
    )


class Telling:
    """Says each change to the log once, also after a restart."""

    def __init__(
        self,
        folder: Path,
        memory: Path,
        note: Callable[..., None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take what is told and to whom.

        Args:
            folder: of releases.
            memory: a file that survives a stop.
            note: takes an event and its fields for the log.
            changed: told that another generation is in force: what waits is to be made anew.
        """
        self._folder, self._memory, self._note, self._changed = folder, memory, note, changed
        self._seen: tuple[int, ...] = ()
        self._told = _told(memory)

    def look(self) -> None:
        """Say what changed since the last time; a look at two files where nothing did."""
        stamps = tuple(_stamp(self._folder / name) for name in (courses.FILE, _LOOK))
        if stamps == self._seen:
            return
        course, outcome = courses.read(self._folder), looked(self._folder)
        mark = f"{course.stage}:{course.since}:{course.offer.digest if course.offer else ''}"
        if mark != self._told.get("course") and course.stage in _EVENTS:
            self._say(course)
        if outcome not in {"", _WELL, self._told.get("look")}:
            self._note(Event("release_look_failed"), why=outcome)
        force = str(courses.in_force(course))
        told, before = {"course": mark, "look": outcome, "force": force}, self._told
        self._seen, self._told = stamps, told
        if force != before.get("force", "0"):
            self._changed()
        if told != before:
            with suppress(OSError):  # a full disk: said again after the next start, no more
                durable.put(self._memory, json.dumps(told).encode())

    def _say(self, course: Course) -> None:
        if course.offer is not None:
            self._note(
                Event(_EVENTS[course.stage]),
                group=course.offer.group,
                version=course.offer.version,
                digest=course.offer.digest[:_MARK],
            )


def _told(memory: Path) -> dict[str, str]:
    try:
        told = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(own) for key, own in told.items()} if isinstance(told, dict) else {}


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
