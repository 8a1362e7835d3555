"""How far an update is: one table of stages, and one small file that says which.

Theory of operation. The file is the truth; everything else follows it. Each step is written down
before what it allows is done, so that whoever reads the file after a power cut knows what may be
half done, and doing it again is harmless. Which generation is in force is a function of the file
(:func:`in_force`), and the name ``current`` is set after it at every start.

A release that was refused or rolled back is remembered by its hash and not tried again, however
often it is offered.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from kiosk.release import durable
from kiosk.release.offer import Offer


class Stage(StrEnum):
    """A stage of an update."""

    IDLE = "idle"
    FETCHED = "fetched"
    VERIFIED = "verified"
    CHECKED = "checked"
    STAGED = "staged"
    TRIAL = "trial"
    COMMITTED = "committed"
    ROLLED_BACK = "rolled_back"
    REFUSED = "refused"


NEXT: Final[Mapping[Stage, frozenset[Stage]]] = {
    Stage.IDLE: frozenset({Stage.FETCHED}),
    Stage.FETCHED: frozenset({Stage.VERIFIED, Stage.REFUSED, Stage.FETCHED}),
    Stage.VERIFIED: frozenset({Stage.CHECKED, Stage.REFUSED, Stage.FETCHED}),
    Stage.CHECKED: frozenset({Stage.STAGED, Stage.FETCHED}),
    Stage.STAGED: frozenset({Stage.TRIAL, Stage.FETCHED}),
    Stage.TRIAL: frozenset({Stage.TRIAL, Stage.COMMITTED, Stage.ROLLED_BACK}),
    Stage.COMMITTED: frozenset({Stage.FETCHED, Stage.ROLLED_BACK}),
    Stage.ROLLED_BACK: frozenset({Stage.FETCHED}),
    Stage.REFUSED: frozenset({Stage.FETCHED}),
}
"""What may follow what; a newer release may overtake one that is not in force yet."""
IN_FORCE: Final = frozenset({Stage.TRIAL, Stage.COMMITTED})
_REMEMBERED: Final = 50
FILE: Final = "course.json"


class IllegalMove(Exception):
    """A stage does not follow the one before; the program is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Where an update is.

    Attributes:
        stage: how far.
        offer: the release it is about; None before the first.
        generation: the number of its directory; 0: none yet.
        before: the generation that was in force before; 0: what the program was installed with.
        version_before: the version with which that one was offered; 0: with none.
        software_before: the software in force before this release was, where it names one.
        owes: software or processes are still to follow what the stage says.
        trials: starts since it was put in force; before that, checks that were begun.
        since: when the stage began, ISO 8601; told, and used to find events of a trial.
        why: what refused it or rolled it back, as a sentence.
        code: the same in one word (`kiosk.release.reasons`).
        refused: hashes of releases that are not tried again, the newest last.
    """

    stage: Stage = Stage.IDLE
    offer: Offer | None = None
    generation: int = 0
    before: int = 0
    version_before: int = 0
    software_before: str = ""
    owes: bool = False
    trials: int = 0
    since: str = ""
    why: str = ""
    code: str = ""
    refused: tuple[str, ...] = ()

    def to(self, stage: Stage, at: str, *, why: str = "", code: str = "") -> Course:
        """Return the course one stage on.

        Raises:
            IllegalMove: the table has no such move.
        """
        if stage not in NEXT[self.stage]:
            raise IllegalMove(f"{stage} does not follow {self.stage}")
        refused = self.refused
        if stage in {Stage.REFUSED, Stage.ROLLED_BACK} and self.offer is not None:
            refused = (*refused, self.offer.digest)[-_REMEMBERED:]
        return replace(self, stage=stage, since=at, why=why[:2000], code=code, refused=refused)

    def begun(self, offer: Offer, generation: int, at: str) -> Course:
        """Return the course of another release.

        Raises:
            IllegalMove: one is on trial.
        """
        fresh = replace(
            self,
            offer=offer,
            before=in_force(self),
            version_before=version_in_force(self),
            generation=generation,
            trials=0,
            software_before="",
            owes=False,
        )
        return replace(fresh.to(Stage.FETCHED, at), generation=generation)


def in_force(course: Course) -> int:
    """Return the generation that has to be in force; 0: what the program was installed with."""
    return course.generation if course.stage in IN_FORCE else course.before


def version_in_force(course: Course) -> int:
    """Return the version with which the release in force was offered; 0: it was with none."""
    of_offer = course.stage in IN_FORCE and course.offer is not None
    return course.offer.version if of_offer and course.offer else course.version_before


def read(folder: Path) -> Course:
    """Return the course in a folder; without a file, or with a spoilt one, nothing has begun."""
    try:
        told = json.loads((folder / FILE).read_bytes())
        offer = told.pop("offer")
        return Course(
            **{
                **told,
                "stage": Stage(told["stage"]),
                "offer": Offer.kept(offer) if offer else None,
                "refused": tuple(map(str, told["refused"])),
            }
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Course()


def keep(folder: Path, course: Course) -> Course:
    """Write the course down, durably, and return it."""
    told = {own.name: getattr(course, own.name) for own in fields(course)}  # `asdict` copies deep
    told["offer"] = asdict(course.offer) if course.offer is not None else None
    durable.put(folder / FILE, json.dumps(told, ensure_ascii=False).encode())
    return course
