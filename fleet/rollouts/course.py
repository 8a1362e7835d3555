"""Where a rollout stands: one table of steps.

Theory of operation. A step is written down before what it allows is done: ``opening`` before the
ring is published, ``stopping`` before the release is withdrawn. Both may be done again, so a stop
of the program at any instant costs nothing. ``paused`` stops the next ring and nothing else: what
is out goes on being judged, and comes back by itself when it is bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from fleet.errors import FleetError
from fleet.rollouts.counts import Counts
from fleet.rollouts.gate import Limits
from fleet.rollouts.standing import Tally


class Step(StrEnum):
    """A step of a rollout."""

    BEGUN = "begun"
    """The release is checked; nothing is out."""
    OPENING = "opening"
    """The next ring is about to be published."""
    WATCHING = "watching"
    """A ring is open, its gate not yet passed."""
    ASKING = "asking"
    """The gate is passed; somebody else has to approve."""
    PAUSED = "paused"
    STOPPING = "stopping"
    """It comes back: withdrawn, and terminals are told to go back."""
    STOPPED = "stopped"
    DONE = "done"


class Event(StrEnum):
    """What moves a rollout."""

    CHECKED = "checked"
    OPENED = "opened"
    PASSED = "passed"
    """The gate of a ring after which no approval is needed."""
    PASSED_FIRST = "passed_first"
    """The gate of the first ring."""
    PASSED_LAST = "passed_last"
    APPROVED = "approved"
    """Go on to the next ring."""
    BACK_APPROVED = "back_approved"
    PAUSE = "pause"
    """By a person, or because it cannot go on by itself."""
    RESUME = "resume"
    STOP = "stop"
    """By a person, or by a gate."""
    WITHDRAWN = "withdrawn"


NEXT: Final[Mapping[tuple[Step, Event], Step]] = {
    (Step.BEGUN, Event.CHECKED): Step.OPENING,
    (Step.BEGUN, Event.STOP): Step.STOPPING,
    (Step.OPENING, Event.OPENED): Step.WATCHING,
    (Step.OPENING, Event.PAUSE): Step.PAUSED,
    (Step.OPENING, Event.STOP): Step.STOPPING,
    (Step.WATCHING, Event.PASSED): Step.OPENING,
    (Step.WATCHING, Event.PASSED_FIRST): Step.ASKING,
    (Step.WATCHING, Event.PASSED_LAST): Step.DONE,
    (Step.WATCHING, Event.APPROVED): Step.OPENING,
    (Step.WATCHING, Event.PAUSE): Step.PAUSED,
    (Step.WATCHING, Event.STOP): Step.STOPPING,
    (Step.ASKING, Event.APPROVED): Step.OPENING,
    (Step.ASKING, Event.PAUSE): Step.PAUSED,
    (Step.ASKING, Event.STOP): Step.STOPPING,
    (Step.PAUSED, Event.RESUME): Step.OPENING,  # a ring that is open is not opened again
    (Step.PAUSED, Event.OPENED): Step.PAUSED,  # paused while it was being published
    (Step.PAUSED, Event.APPROVED): Step.OPENING,
    (Step.PAUSED, Event.STOP): Step.STOPPING,
    (Step.STOPPING, Event.OPENED): Step.STOPPING,
    (Step.STOPPING, Event.WITHDRAWN): Step.STOPPED,
    (Step.DONE, Event.BACK_APPROVED): Step.STOPPING,
}
"""What follows on what; anything else raises and changes nothing."""
ENDED: Final = frozenset({Step.STOPPED, Step.DONE})
_ONWARD: Final = frozenset({Event.CHECKED, Event.PASSED, Event.APPROVED})
"""What lets one more ring begin."""
_KEEPS_WHY: Final = frozenset({Event.OPENED, Event.WITHDRAWN})


class IllegalStep(FleetError):
    """That does not follow from where the rollout stands; whoever asked reads it anew."""


class Ask(StrEnum):
    """What needs a second person."""

    ONWARD = "onward"
    """Beyond the first ring, after its gate."""
    SKIP = "skip"
    """To the next ring without waiting for the gate."""
    BACK = "back"
    """A release that is out everywhere comes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What waits for a second person, and who asked."""

    what: Ask
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Ring:
    """A ring of a rollout.

    Attributes:
        group: whose document it is.
        digest: of its pack.
        opened_at: when it was published; None: it is not.
        own: sums of its terminals at that time.
        elsewhere: sums of the terminals of each later ring at that time, by its group. They are
            kept apart because rings leave the comparison one after the other.
        final: how its terminals fared when the rollout ended; None: it has not, or was not open.
    """

    group: str
    digest: str = ""
    opened_at: datetime | None = None
    own: Counts = field(default_factory=Counts)
    elsewhere: Mapping[str, Counts] = field(default_factory=dict)
    final: Tally | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """Where a rollout stands.

    Attributes:
        step: the step.
        rings: first ring first.
        at: number of the ring that is open, or about to be; -1: none yet.
        limits: of the gates.
        asked: what waits for a second person.
        why: why it was stopped or paused; a key of words, and what it is about after a space.
        skipped: rings whose gate was not waited for.
    """

    step: Step = Step.BEGUN
    rings: tuple[Ring, ...] = ()
    at: int = -1
    limits: Limits = field(default_factory=Limits)
    asked: Asked | None = None
    why: str = ""
    skipped: tuple[int, ...] = ()

    def to(self, event: Event, *, why: str = "") -> Course:
        """Return the course after an event.

        Raises:
            IllegalStep: the table has no such move; nothing changes.
        """
        step = NEXT.get((self.step, event))
        if step is None or (event in _ONWARD and self.at + 1 >= len(self.rings)):
            raise IllegalStep(f"{event} 不能接在 {self.step} 之后，请刷新再看")
        asked = self.asked
        if event is Event.PASSED_FIRST:
            asked = Asked(what=Ask.ONWARD, by="-")
        elif step is not self.step:
            asked = None
        return replace(
            self,
            step=step,
            at=self.at + (event in _ONWARD),
            asked=asked,
            why=why or (self.why if event in _KEEPS_WHY else ""),
        )

    def opened(self, at: datetime, own: Counts, elsewhere: Mapping[str, Counts]) -> Course:
        """Return the course with the ring open; open before: since then."""
        ring = self.rings[self.at]
        if ring.opened_at is None:
            ring = replace(ring, opened_at=at, own=own, elsewhere=elsewhere)
        rings = (*self.rings[: self.at], ring, *self.rings[self.at + 1 :])
        return replace(self, rings=rings).to(Event.OPENED)

    def ended(self, event: Event, tallies: Mapping[int, Tally]) -> Course:
        """Return the course at its end, with how each open ring fared, by its number."""
        rings = tuple(
            replace(ring, final=tallies.get(number)) for number, ring in enumerate(self.rings)
        )
        return replace(self, rings=rings).to(event)

    @property
    def out(self) -> tuple[Ring, ...]:
        """The rings that are open."""
        return tuple(ring for ring in self.rings if ring.opened_at is not None)

    @property
    def inside(self) -> tuple[Ring, ...]:
        """The rings that are not."""
        return tuple(ring for ring in self.rings if ring.opened_at is None)

    def to_json(self) -> dict[str, Any]:
        """Return what the table keeps; times in ISO 8601."""
        told = asdict(self)
        for ring in told["rings"]:
            ring["opened_at"] = ring["opened_at"] and ring["opened_at"].isoformat()
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Course:
        """Read what the table keeps."""
        asked = told["asked"]
        return cls(
            step=Step(told["step"]),
            rings=tuple(_ring(own) for own in told["rings"]),
            at=told["at"],
            limits=Limits(**told["limits"]),
            asked=Asked(what=Ask(asked["what"]), by=asked["by"]) if asked else None,
            why=told["why"],
            skipped=tuple(told["skipped"]),
        )


def _ring(told: Mapping[str, Any]) -> Ring:
    """Read a ring; one without ``elsewhere`` is older, and compared with its week before."""
    opened = told["opened_at"]
    return Ring(
        group=told["group"],
        digest=told["digest"],
        opened_at=datetime.fromisoformat(opened) if opened else None,
        own=Counts(**told["own"]),
        elsewhere={group: Counts(**own) for group, own in told.get("elsewhere", {}).items()},
        final=Tally(**told["final"]) if told.get("final") else None,
    )
