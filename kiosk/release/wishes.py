"""What the agent asks of the unit that updates: to go back from the release in force.

The agent may not touch the course: only the unit that updates does, one at a time. So a wish is a
small file that names the release it is meant for, and a nudge. It is honoured between two looks of
a trial, or by the next start; a wish for a release that is no longer in force is forgotten.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from kiosk.release import course as courses
from kiosk.release import durable
from kiosk.release.course import IN_FORCE, Course
from kiosk.release.errors import Unusable
from kiosk.release.telling import nudge

_FILE: Final = "back.json"


def go_back(folder: Path, why: str) -> None:
    """Ask for the release before the one in force.

    Args:
        folder: of releases.
        why: a sentence for the course and the log.

    Raises:
        Unusable: no release is in force that one could go back from.
        OSError: the disk does not take it.
    """
    course = courses.read(folder)
    if course.stage not in IN_FORCE or course.offer is None:
        raise Unusable(f"nothing to go back from: {course.stage}")
    wish = {"digest": course.offer.digest, "why": why}
    durable.put(folder / _FILE, json.dumps(wish, ensure_ascii=False).encode())
    nudge(folder)


def back_from(folder: Path, course: Course) -> str:
    """Return why to go back from the release in force; empty: nobody asked."""
    if course.stage not in IN_FORCE or course.offer is None:
        return ""
    try:
        told = json.loads((folder / _FILE).read_bytes())
        meant, why = str(told["digest"]), str(told["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return (why or "the centre asked for it") if meant == course.offer.digest else ""


def forget(folder: Path) -> None:
    """Forget what was asked."""
    (folder / _FILE).unlink(missing_ok=True)
