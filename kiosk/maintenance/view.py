"""View models of maintenance mode: everything its pages may know, as data.

One class a page; ``page`` is its name.  ``title`` is a key of ``assets/translations/*/staff.yaml``:
``staff.<page>.title`` unless the class names others.  Touches are named in
:mod:`kiosk.maintenance.targets`.  Keys of parts are the
devices of :data:`kiosk.maintenance.faults.DEVICES` and ``touch``, ``sound``, ``display``,
``intake``, ``clock``, ``disk``, ``outbox``; ``faults.name.<key>`` names each.

No view holds a name, an identity number, a thing that somebody files or any other value of a
citizen: a local number is the most that is told, and it names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_parts import Action, Text
from kiosk.maintenance.view_calibrate import StaffCalibrateView
from kiosk.maintenance.view_parts import (
    Count,
    Fact,
    Health,
    Outcome,
    Question,
    StaffFrame,
    StaffRole,
    StaffView,
    Tone,
)
from kiosk.maintenance.view_training import StaffTrainView
from kiosk.maintenance.view_update import StaffUpdateView, UpdateStep
from kiosk.maintenance.view_work import (
    FindingRow,
    OutboxRow,
    Setting,
    SlipFound,
    StaffHelpView,
    StaffOutboxView,
    StaffOutView,
    StaffPaperView,
    StaffReportView,
    StaffSystemView,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffCardView(StaffView):
    """Put down the staff card; or type the one-time code while ``code_length`` is set.

    ``title``: ``staff.card.title``; with a code ``staff.card.code_title``.
    Trouble (copied, expired, of another site, unknown code) stands in ``notices``.
    """

    page: str = "staff_card"
    phase: Literal["put", "reading", "stopped"] = "put"
    """stopped: no reader; the code is the only way."""
    typed: int = 0
    """How many digits of the code stand there; never which."""
    code_length: int = 0
    """Digits of a one-time code; 0: it is asked for the card."""
    locked_s: int | None = None
    """Seconds for which nothing is taken."""
    other: Action | None = None
    """``staff:by_code`` or ``staff:by_card``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffPinView(StaffView):
    """Type the PIN: targets ``staff:digit:<n>``, ``staff:erase``; the last digit sends it.

    ``title``: ``staff.pin.title``; while it is locked the page has its own.
    """

    page: str = "staff_pin"
    typed: int = 0
    """How many digits stand there; never which."""
    length: int = 6
    tries_left: int | None = None
    """Told after a wrong one."""
    locked_s: int | None = None
    """Seconds until the next try; the pad is gone meanwhile."""
    locked_out: bool = False
    """For good, until the centre unlocks the card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One thing to do, in order of what citizens lose."""

    key: str
    """Of the fault."""
    part: str
    """Whose icon stands beside it."""
    tone: Tone
    title: Text
    told: Text
    """What is so and what citizens lose by it."""
    action: Action | None
    """``staff:fault:<key>``, ``staff:paper:printer``, ``staff:outbox`` …"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A device or a part of the terminal."""

    key: str
    health: Health
    action: Action | None = None
    """``staff:part:<key>``, where it has a page for this role."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffGlanceView(StaffView):
    """Is it in service, what is wrong, what to do next.

    ``title``: ``staff.glance.title`` (n) or ``staff.glance.fine``; ``lead``: which terminal, its
    state and versions (``staff.glance.lead`` place, state, config, software).
    """

    page: str = "staff_glance"
    looking: bool = False
    """Not everything was looked at yet, and nothing is wrong so far."""
    tasks: tuple[Task, ...] = ()
    counts: tuple[Count, ...] = ()
    """Today: ``done``, ``success``, ``rating``, ``waiting``."""
    parts: tuple[Part, ...] = ()
    ways: tuple[Action, ...] = ()
    """Buttons that this role has, the most used first: check, report, out, outbox, help, system."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffFaultView(StaffView):
    """One fault: what citizens lose, what to do step by step, what was tried, whom to ring."""

    page: str = "staff_fault"
    part: str
    tone: Tone
    steps: tuple[Text, ...]
    pictures: tuple[str, ...] = ()
    """Names of pictures in :mod:`screens.staff_pictures`, one a step or none."""
    tried: tuple[Text, ...] = ()
    """What the terminal has tried by itself: 自动重连 3 次, 14:02."""
    ring: Text | None = None
    """Whom to ring when the steps do not help."""
    numbers: tuple[Text, ...] = ()
    """Their number, and whether somebody answers now."""
    terminal: Text | None = None
    """Which machine this is, for whom is rung."""
    ways: tuple[Action, ...] = ()


CheckKey = Literal[
    "card", "print", "scan", "capture", "sound", "touch", "network", "clock", "space"
]
CheckState = Literal["waiting", "now", "passed", "failed", "skipped", "unfinished"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckStep:
    """One step of the opening check: ``staff.check.<key>`` names it, ``…_do`` says what to do."""

    key: CheckKey
    state: CheckState
    told: Text | None = None
    """What was found: 38 毫秒, 没读到卡."""
    hint: Text | None = None
    """What to do about it, of a step that did not pass."""
    at: str = ""
    """When it passed, ``07:42``, of a step that passed earlier today."""
    by: str = ""
    """The work number under which that was, where it is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffCheckView(StaffView):
    """The opening check.

    ``title``: ``staff.check.title``, ``rest``, ``running``, ``done``, or how it ended: ``failed``,
    ``unfinished``, ``skipped``, and their mixtures.
    """

    page: str = "staff_check"
    phase: Literal["ready", "running", "done"] = "ready"
    steps: tuple[CheckStep, ...] = ()
    """In the order in which they are done; at most one is ``now``."""
    told: Text | None = None
    """What to do for the step now, the title; absent: ``staff.check.<key>_do``."""
    stopped: CheckStep | None = None
    """The step that just failed: its reason is the title, and the check waits for the person."""
    ways: tuple[Action, ...] = ()
    """``staff:begin``; ``staff:yes``/``staff:no`` (did you hear it?); again; go on; skip."""
    kept: Text | None = None
    """At the end: by whom and when it is kept; ``staff.check.kept``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffTouchView(StaffView):
    """Every cell wants to be touched once; the screen makes ``staff:cell:<n>``, row by row.

    A finger that slides over cells touches each.
    """

    page: str = "staff_touch"
    columns: int = 4
    rows: int = 6
    touched: frozenset[int] = frozenset()
    seconds_left: int = 30
    """Until it ends by itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PartError:
    """Something that went wrong with a part, in plain words."""

    at: str
    """``14:02``, or ``11-27 14:02``."""
    told: Text
    times: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffDeviceView(StaffView):
    """One device or part.  ``title``: ``faults.name.<key>``."""

    page: str = "staff_device"
    part: str
    health: Health
    facts: tuple[Fact, ...] = ()
    """``maker``, ``model``, ``serial``, ``firmware``, ``port``, ``since`` …"""
    counts: tuple[Count, ...] = ()
    """``today``, ``whole``, ``failed``, ``paper_left``, ``unprinted`` …"""
    errors: tuple[PartError, ...] = ()
    """Newest first."""
    doing: Text | None = None
    """What runs now and what the person must do: 请放一张卡."""
    outcome: Outcome | None = None
    """Of the last test or reset."""
    tracing: bool = False
    """What is said on the line is being recorded."""
    ways: tuple[Action, ...] = ()
    """test, reset, trace, calibrate, paper; yes/no while a test asks."""


AnyStaffView = (
    StaffCardView
    | StaffPinView
    | StaffGlanceView
    | StaffFaultView
    | StaffCheckView
    | StaffTouchView
    | StaffDeviceView
    | StaffPaperView
    | StaffOutboxView
    | StaffSystemView
    | StaffOutView
    | StaffReportView
    | StaffHelpView
    | StaffUpdateView
    | StaffCalibrateView
    | StaffTrainView
)

__all__ = [
    "AnyStaffView",
    "CheckKey",
    "CheckState",
    "CheckStep",
    "Count",
    "Fact",
    "FindingRow",
    "Health",
    "OutboxRow",
    "Outcome",
    "Part",
    "PartError",
    "Question",
    "Setting",
    "SlipFound",
    "StaffCalibrateView",
    "StaffCardView",
    "StaffCheckView",
    "StaffDeviceView",
    "StaffFaultView",
    "StaffFrame",
    "StaffGlanceView",
    "StaffHelpView",
    "StaffOutView",
    "StaffOutboxView",
    "StaffPaperView",
    "StaffPinView",
    "StaffReportView",
    "StaffRole",
    "StaffSystemView",
    "StaffTouchView",
    "StaffTrainView",
    "StaffUpdateView",
    "StaffView",
    "Task",
    "Tone",
    "UpdateStep",
]
