"""Releases: which is in force, was one refused, and is anything new believed at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kiosk.doctor.finding import Finding, Verdict, attention, ok
from kiosk.release import course as courses
from kiosk.release.course import Stage
from kiosk.release.door import CURRENT
from kiosk.release.package import VERSIONS
from kiosk.release.telling import looked
from kiosk.settings import Settings
from kiosk.status.mandate import ROOT_FILE

ROOT: Final = Path("/etc/yiduan/release-root.json")
"""What the terminal was installed to trust."""
ENROLLED: Final = Path("/var/lib/yiduan/agent/keys") / ROOT_FILE
DOOR: Final = Path("/", VERSIONS.parent, CURRENT)
_LOOKS: Final = {
    "release.stale": "stale",
    "release.untrusted": "untrusted",
    "release.no_room": "no_room",
}
"""Ends of a look that somebody has to see to; a line that is down mends itself."""


def release(
    own: Settings, folder: Path, root: Path = ROOT, enrolled: Path = ENROLLED, door: Path = DOOR
) -> Finding:
    """Return how it stands with releases.

    Args:
        own: this terminal's settings.
        folder: of releases.
        root: the root document of installation.
        enrolled: that which came with the enrolment.
        door: what is there where root changes the software; it goes by the first alone.
    """
    course = courses.read(folder)
    if own.release.url and not (root.is_file() or enrolled.is_file()):
        return attention("release", "no_root", file=str(root))
    if outcome := _LOOKS.get(looked(folder)):
        return attention("release", outcome)
    if own.release.url and not root.is_file() and door.is_dir():
        return attention("release", "no_software_root", file=str(root))
    name = course.offer.name if course.offer else ""
    if course.stage in {Stage.REFUSED, Stage.ROLLED_BACK}:
        why = course.why.splitlines()[0] if course.why else ""
        return attention("release", str(course.stage), name=name, why=why)
    if not courses.in_force(course):
        return Finding(check="release", case="own", verdict=Verdict.OK)
    return ok("release", name=name, group=course.offer.group if course.offer else "")
