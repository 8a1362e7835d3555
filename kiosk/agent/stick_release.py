"""What release is on a stick: verified as over the line, and nothing of this terminal is changed.

The look works on a copy of what the terminal trusts already, so whatever lies on the stick, the
next look over the line finds everything as before.  `kiosk stick` runs it in a process of its own:
what a stick holds is a stranger's until its signatures are counted.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kiosk.release import course as courses
from kiosk.release.errors import Unreachable
from kiosk.release.fetching import Stick
from kiosk.release.offer import Offer
from kiosk.release.seen import FILE as SEEN
from kiosk.release.telling import name_in_force
from kiosk.release.trust import Trust
from kiosk.release.unpacking import unpack
from kiosk.status.mandate import ROOT_FILE

ROOT: Final = Path("/etc/yiduan/release-root.json")
"""The root document of installation; ``YIDUAN_RELEASE_ROOT`` names another one."""
ENROLLED: Final = Path("/var/lib/yiduan/agent/keys") / ROOT_FILE
"""That which came with the enrolment."""
AREAS: Final[Mapping[str, str]] = {
    "catalogue": "things",
    "jurisdictions": "places",
    "calendars": "calendar",
    "devices": "devices",
}
"""Directories of a release by what staff call it; everything else is settings."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OnStick:
    """A release that is signed for this terminal.

    Attributes:
        word: new, in_force, known (it is here already, refused or taken back).
        offer: what was signed.
        built: when it was made, as it says itself.
        now: the name of the release in force; empty: what the program was installed with.
        changes: how many files of each of `AREAS` (and ``settings``) are others than now.
    """

    word: str
    offer: Offer
    built: str
    now: str
    changes: Mapping[str, int] = field(default_factory=dict)

    def as_document(self) -> dict[str, object]:
        """Return it as data."""
        return {
            "word": self.word,
            "name": self.offer.name,
            "version": self.offer.version,
            "digest": self.offer.digest,
            "built": self.built,
            "now": self.now,
            "changes": dict(self.changes),
        }


def root_document() -> Path:
    """Return where the root document is that an update from a stick would go by, too."""
    if named := os.environ.get("YIDUAN_RELEASE_ROOT"):
        return Path(named)
    return ROOT if ROOT.exists() else ENROLLED


def look(stick: Path, folder: Path, group: str, config: Path) -> OnStick:
    """Say what is on a stick for this terminal.

    Args:
        stick: directory that holds ``metadata`` and ``targets``.
        folder: of releases on this terminal.
        group: whose releases it takes.
        config: the configuration in force, to compare with.

    Raises:
        ReleaseError: there is none, or none that is signed well; by its class.
        OSError: there is no root document, or no room for a look.
    """
    with tempfile.TemporaryDirectory(prefix="yiduan-stick-") as place:
        own = _copied(folder, Path(place))
        trust = Trust(own, root_document().read_bytes(), Stick(stick))
        offer = trust.offer(group)
        if offer is None:
            raise Unreachable(f"nothing for group {group}")
        made = own / "made"
        told = unpack(trust.fetch(), made)
        return OnStick(
            word=_word(folder, offer),
            offer=offer,
            built=told.built,
            now=name_in_force(folder) or "",
            changes=changes(config, made / "config"),
        )


def changes(now: Path, then: Path) -> dict[str, int]:
    """Return how many files are others, by area; one that is new or gone counts as well."""
    before, after = dict(_digests(now)), dict(_digests(then))
    shared = {name for name in before if name.split("/")[0] not in {"schema", "terminals"}}
    differ = [n for n in shared | set(after) if before.get(n) != after.get(n)]
    return dict(Counter(AREAS.get(name.split("/")[0], "settings") for name in differ))


def _copied(folder: Path, place: Path) -> Path:
    """Copy what the terminal trusts, for the look alone."""
    own = place / "releases"
    own.mkdir()
    if (folder / "metadata").is_dir():
        shutil.copytree(folder / "metadata", own / "metadata")
    if (folder / SEEN).exists():
        shutil.copy(folder / SEEN, own / SEEN)
    return own


def _word(folder: Path, offer: Offer) -> str:
    course = courses.read(folder)
    if course.offer is not None and course.offer.digest == offer.digest:
        return "in_force" if course.stage in courses.IN_FORCE else "known"
    return "known" if offer.digest in course.refused else "new"


def _digests(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            yield path.relative_to(folder).as_posix(), digest
