"""What is known in maintenance mode; every move returns a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from kiosk.domain.roster import Contact
from kiosk.domain.roster_words import Help
from kiosk.journey.view_parts import Text
from kiosk.maintenance.conditions import of_device, of_finding
from kiosk.maintenance.effects import Effect
from kiosk.maintenance.facts import (
    Did,
    Examined,
    History,
    Looked,
    OnStick,
    SignedIn,
    Slip,
    Statuses,
)
from kiosk.maintenance.faults import Condition, Fault, faults
from kiosk.maintenance.opening_check import Result, Step
from kiosk.maintenance.staff import Right
from kiosk.maintenance.states import State

IDLE_S: Final = 300
"""Seconds without a touch; the session's settings may say another number."""
ENTRY_IDLE_S: Final = 60
"""Before somebody is known: citizens wait for the terminal."""
CAP_S: Final = 12 * 3600
HELD_S: Final = 150
"""So long may something run while the clock stands still."""
WARN_S: Final = 60
"""So many seconds before leaving by itself the bar tells it."""
SHORT_OF: Final = ("waiting", "held", "refused")


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Which terminal this is, for the bars and the report."""

    service: str
    place: str
    help: Help
    """Whom citizens ring, by the hour."""
    terminal: str
    staff: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)
    """Whom staff ring, by who is meant in a fault's ``call``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The opening check as far as it went."""

    results: Mapping[Step, Result] = field(default_factory=dict)
    told: Mapping[Step, Text] = field(default_factory=dict)
    hints: Mapping[Step, Text] = field(default_factory=dict)
    """What to do about a step that did not pass."""
    passed_s: Mapping[Step, int] = field(default_factory=dict)
    """Seconds of this check at which steps of it passed."""
    kept: Mapping[Step, str] = field(default_factory=dict)
    """Steps that passed earlier today and are not done again, each with its moment in ISO 8601."""
    kept_by: Mapping[Step, str] = field(default_factory=dict)
    """The work numbers under which those passed."""
    now: Step | None = None
    seconds: int = 0
    step_s: int = 0
    """Seconds of the step now."""
    doing: Text | None = None
    asks: bool = False
    """The person is asked: did you hear it?"""
    stopped: bool = False
    """The step now failed; the person says how it goes on."""
    done: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Everything; ``awaited`` is the ticket of the effect that runs, 0 for none."""

    place: Place
    idle_seconds: int = IDLE_S
    page: State = State.CARD
    before: tuple[State, ...] = ()
    """Pages under this one, the last visited last."""
    person: SignedIn | None = None
    awaited: int = 0
    tickets: int = 0
    idle_s: int = 0
    held_s: int = 0
    whole_s: int = 0
    # who are you
    phase: str = "put"
    by_code: bool = False
    typed: str = ""
    denied: str = ""
    tries_left: int | None = None
    locked_s: int = 0
    locked_out: bool = False
    # how it is
    statuses: Statuses = field(default_factory=lambda: Statuses(devices={}))
    looked: Looked = field(default_factory=Looked)
    examined: Examined | None = None
    examining: bool = False
    # what is done
    fault: str = ""
    part: str = ""
    opened: bool = False
    """The cover of the printer whose paper is replaced was seen open."""
    doing: Text | None = None
    outcome: Did | None = None
    asks: bool = False
    check: Check = field(default_factory=Check)
    touched: frozenset[int] = frozenset()
    touch_s: int = 0
    question: str = ""
    reason: str = "maintenance"
    until: str = "soon"
    number: str = "L"
    slip: Slip | None = None
    felt: tuple[tuple[float, float], ...] = ()
    """Targets of the touch calibration so far: where each was felt, in shares of the screen."""
    trying: bool = False
    """A new matrix of the touch panel waits to be confirmed."""
    on_stick: OnStick | None = None
    history: History | None = None
    clock: datetime | None = None
    """What an engineer is setting the clock to."""
    tracing: str = ""
    """The device whose line is recorded; one at a time."""
    moment: datetime | None = None
    """When the page is made, for who answers then; none: nobody is told."""

    @property
    def signed_in(self) -> bool:
        """Whether somebody proved who they are."""
        return self.person is not None

    def may(self, right: Right) -> bool:
        """Whether who is here has a right."""
        return self.person is not None and right in self.person.rights

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong, in the order of what citizens lose."""
        return faults(self._conditions())

    def _conditions(self) -> list[Condition]:
        own = [
            condition
            for name, status in self.statuses.devices.items()
            for condition in of_device(name, status)
        ]
        found = self.examined.findings if self.examined is not None else ()
        bad = (one for one in found if one.verdict in {"broken", "attention"})
        lost = [Condition(subject="agent", word="gone")] if self.looked.lost else []
        stands = [_condition(fault) for fault in self.looked.stands]
        return lost + stands + own + [of_finding(one.check, one.case, one.values) for one in bad]


def _condition(fault: str) -> Condition:
    subject, _, word = fault.partition(".")
    return Condition(subject=subject, word=word)


Move = tuple[Context, tuple[Effect, ...]]


def change(ctx: Context, **fields: Any) -> Context:
    """Return the context with fields changed."""
    return replace(ctx, **fields)


def stay(ctx: Context, *effects: Effect, **fields: Any) -> Move:
    """Stay on the page."""
    return replace(ctx, **fields), effects


def go(ctx: Context, page: State, *effects: Effect, **fields: Any) -> Move:
    """Open a page over this one; what ran for this one is given up."""
    clean: dict[str, Any] = {
        "doing": None,
        "outcome": None,
        "asks": False,
        "question": "",
        "awaited": 0,
    }
    under = (*ctx.before, ctx.page)
    return replace(ctx, page=page, before=under, **{**clean, **fields}), effects


def ticket(ctx: Context) -> tuple[Context, int]:
    """Return the context that awaits a new effect, and its ticket."""
    number = ctx.tickets + 1
    return replace(ctx, tickets=number, awaited=number, held_s=0), number
