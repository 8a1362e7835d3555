"""What may be done with an item: all transitions in one table.

The rules are those of the operating procedure (seed document 附件3 四(二)): materials are checked
within working hours, everything that is missing is told at once (补正), a department accepts or
refuses within a working day, the promised time runs from acceptance and stands still while a
supplement is awaited, decisions that harm say why and what can be done against them.  An act that
the table does not have is refused and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from intake.records.model import Application, Event, State
from intake.service.problems import Problem, Refusal


class Act(StrEnum):
    """What somebody does with an item; the value is the last word of its address."""

    RECEIVE = "receive"
    REQUIRE_SUPPLEMENT = "require-supplement"
    SUPPLIED = "supplied"
    ACCEPT = "accept"
    NOT_ACCEPT = "not-accept"
    REVIEW = "review"
    GRANT = "grant"
    REFUSE = "refuse"
    COMPLETE = "complete"
    WITHDRAW = "withdraw"


class Who(StrEnum):
    """Whose act it is."""

    WINDOW = "受理窗口"
    DEPARTMENT = "办理部门"
    APPLICANT = "申请人"


class Clock(StrEnum):
    """What the promised time does in the state that is reached."""

    WAITING = "waiting"
    """It begins with acceptance."""
    PAUSED = "paused"
    """The applicant's time does not count."""
    RUNNING = "running"
    STOPPED = "stopped"


class Asks(StrEnum):
    """What has to be written for an act."""

    NOTHING = ""
    MISSING = "missing"
    """All that is still to be handed in."""
    REASON = "reason"


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """Where an act leads; ``notice`` is the kind of notice it issues, or empty.

    ``resumes`` is where it leads an item that was accepted before: there its clock goes on.
    """

    to: State
    resumes: State | None = None
    who: Who
    notice: str = ""
    clock: Clock
    asks: Asks = Asks.NOTHING


_W, _D = Who.WINDOW, Who.DEPARTMENT
_WITHDRAWN: Final = Transition(
    to=State.WITHDRAWN, who=Who.APPLICANT, notice="withdrawal", clock=Clock.STOPPED
)

TABLE: Final[Mapping[tuple[State, Act], Transition]] = {
    (State.SUBMITTED, Act.REQUIRE_SUPPLEMENT): Transition(
        to=State.SUPPLEMENT_REQUIRED,
        who=_W,
        notice="supplement",
        clock=Clock.PAUSED,
        asks=Asks.MISSING,
    ),
    (State.SUPPLEMENT_REQUIRED, Act.SUPPLIED): Transition(
        to=State.SUBMITTED, resumes=State.ACCEPTED, who=_W, clock=Clock.WAITING
    ),
    **{
        (state, Act.REQUIRE_SUPPLEMENT): Transition(
            to=State.SUPPLEMENT_REQUIRED,
            who=_D,
            notice="supplement",
            clock=Clock.PAUSED,
            asks=Asks.MISSING,
        )
        for state in (State.ACCEPTED, State.IN_REVIEW)
    },
    (State.SUBMITTED, Act.RECEIVE): Transition(
        to=State.RECEIVED, who=_W, notice="receipt", clock=Clock.WAITING
    ),
    (State.RECEIVED, Act.ACCEPT): Transition(
        to=State.ACCEPTED, who=_D, notice="acceptance", clock=Clock.RUNNING
    ),
    (State.RECEIVED, Act.NOT_ACCEPT): Transition(
        to=State.NOT_ACCEPTED,
        who=_D,
        notice="non_acceptance",
        clock=Clock.STOPPED,
        asks=Asks.REASON,
    ),
    (State.ACCEPTED, Act.REVIEW): Transition(to=State.IN_REVIEW, who=_D, clock=Clock.RUNNING),
    (State.IN_REVIEW, Act.GRANT): Transition(
        to=State.DECIDED_GRANTED, who=_D, notice="grant", clock=Clock.RUNNING
    ),
    (State.IN_REVIEW, Act.REFUSE): Transition(
        to=State.DECIDED_REFUSED,
        who=_D,
        notice="refusal",
        clock=Clock.RUNNING,
        asks=Asks.REASON,
    ),
    (State.DECIDED_GRANTED, Act.COMPLETE): Transition(
        to=State.COMPLETED, who=_D, notice="completion", clock=Clock.STOPPED
    ),
    (State.DECIDED_REFUSED, Act.COMPLETE): Transition(
        to=State.COMPLETED, who=_D, notice="completion", clock=Clock.STOPPED
    ),
    **{
        (state, Act.WITHDRAW): _WITHDRAWN
        for state in (
            State.SUBMITTED,
            State.SUPPLEMENT_REQUIRED,
            State.RECEIVED,
            State.ACCEPTED,
            State.IN_REVIEW,
        )
    },
}

FAILED: Final = frozenset({State.NOT_ACCEPTED, State.DECIDED_REFUSED, State.WITHDRAWN})
"""Where an item ends up that makes nothing for the items after it."""


class Conflict(Refusal):
    """An act came too late or too early; ``told`` says what is so, for the person who acted."""

    def __init__(self, code: str, told: str) -> None:
        super().__init__(code)
        self.told = told

    def document(self) -> Problem:
        """Return the body of the answer, with what is so now."""
        return Refusal.document(self).model_copy(update={"detail_zh": self.told})


class Versioned(Protocol):
    """What was filed under a version of a place's catalogue."""

    @property
    def jurisdiction(self) -> str:
        """GB/T 2260 code of the place."""
        ...

    @property
    def catalogue_version(self) -> str:
        """The version that the citizen saw."""
        ...


class Rules(Protocol):
    """What the catalogue and the calendar say about an application."""

    def predecessors(self, application: Application) -> Mapping[str, frozenset[str]]:
        """Return, by item code, the codes of the filed items whose products it needs."""
        ...

    def papers(self, application: Application) -> Mapping[str, frozenset[str]]:
        """Return, by item code, the keys of the materials on its checklist."""
        ...

    def facts(self, application: Application) -> Mapping[str, Mapping[str, str]]:
        """Return, by item code, the names of the values it needs, by their keys."""
        ...

    def due(self, application: Versioned, state: State, since: datetime) -> datetime | None:
        """Return when an item that is not accepted yet has to leave its state."""
        ...

    def promised(
        self, application: Application, happened: Sequence[Event]
    ) -> Mapping[str, datetime | None]:
        """Return, by item code, when each accepted item is due; None where nobody can say now."""
        ...

    def left(self, application: Application, code: str, happened: Sequence[Event]) -> int:
        """Return the working days an accepted item has left when its supplement comes.

        0 where nobody can say: another item that it needs is not done.
        """
        ...

    def example(self, application: Application, code: str) -> bool:
        """Tell whether the day of an accepted item rests on limits that nobody has confirmed."""
        ...

    def note(self, application: Application, due: datetime, code: str = "") -> str:
        """Return what a notice says about a due time that is an example or an estimate, or nothing.

        ``code`` is that of the item whose promised day it is; without, it is until acceptance.
        """
        ...


class NoRules:
    """Without a catalogue: nothing waits, nothing is due."""

    def predecessors(self, application: Application) -> Mapping[str, frozenset[str]]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def papers(self, application: Application) -> Mapping[str, frozenset[str]]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def facts(self, application: Application) -> Mapping[str, Mapping[str, str]]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def due(
        self,
        application: Versioned,  # noqa: ARG002
        state: State,  # noqa: ARG002
        since: datetime,  # noqa: ARG002
    ) -> datetime | None:
        """Return None."""
        return None

    def promised(
        self,
        application: Application,  # noqa: ARG002
        happened: Sequence[Event],  # noqa: ARG002
    ) -> Mapping[str, datetime | None]:
        """Return nothing."""
        return {}

    def left(self, application: Application, code: str, happened: Sequence[Event]) -> int:  # noqa: ARG002
        """Return 0."""
        return 0

    def example(self, application: Application, code: str) -> bool:  # noqa: ARG002
        """Return False."""
        return False

    def note(self, application: Application, due: datetime, code: str = "") -> str:  # noqa: ARG002
        """Return nothing."""
        return ""


def transition(state: State, act: Act, *, accepted: bool) -> Transition | None:
    """Return where an act leads from a state; ``accepted``: the item was accepted before."""
    found = TABLE.get((state, act))
    if found is None or found.resumes is None or not accepted:
        return found
    return replace(found, to=found.resumes, clock=Clock.RUNNING)


def acts_from(state: State) -> tuple[Act, ...]:
    """Return what may be done with an item in a state, in the order of :class:`Act`."""
    return tuple(act for act in Act if (state, act) in TABLE)


RUNNING: Final = frozenset({State.ACCEPTED, State.IN_REVIEW, State.SUPPLEMENT_REQUIRED})
"""Where an accepted item's clock decides when it is due."""
_KEEPING: Final = frozenset({State.DECIDED_GRANTED, State.DECIDED_REFUSED})


def due_date_kept(state: State) -> bool:
    """Say whether a state keeps the due time of the one before: the promise covers the decision."""
    return state in _KEEPING
