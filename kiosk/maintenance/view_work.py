"""View models of what staff do: paper, outbox, system, out of service, report, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_parts import Action, Text
from kiosk.maintenance.view_parts import Count, Health, Outcome, Question, StaffView, Tone


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffPaperView(StaffView):
    """Three pictures: open, insert, close.

    ``title``: ``staff.paper.title.<printer>``; when done ``staff.paper.done``.
    """

    page: str = "staff_paper"
    printer: Literal["receipt_printer", "a4_printer"] = "receipt_printer"
    step: Literal[1, 2, 3, 4] = 1
    """The one to do now, as far as the sensors tell; 4: all are done."""
    phase: Literal["doing", "printing", "done", "failed"] = "doing"
    outcome: Outcome | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OutboxRow:
    """One submission that waits: its local number names nobody."""

    local_no: str
    tone: Tone
    """soon: waits for the line; trouble: refused or held."""
    told: Text
    """Why it waits."""
    age: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffOutboxView(StaffView):
    """What waits to be handed over.

    ``title``: ``staff.outbox.title`` (n) | ``.empty`` | ``.unknown``.
    """

    page: str = "staff_outbox"
    counts: tuple[Count, ...] = ()
    """``waiting``, ``held``, ``oldest``, ``submitted``."""
    rows: tuple[OutboxRow, ...] = ()
    """Oldest first."""
    known: bool = True
    """The agent told it."""
    outcome: Outcome | None = None
    ways: tuple[Action, ...] = ()
    """retry, export."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One line of the system page: ``staff.setting.<key>`` names it.

    Keys: ``network``, ``intake``, ``clock``, ``sound``, ``brightness``, ``disk``, ``software``,
    ``settings``, ``stick``.
    """

    key: str
    health: Health
    share: float | None = None
    """0 to 1, of sound and brightness."""
    less: Action | None = None
    more: Action | None = None
    action: Action | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffSystemView(StaffView):
    """Network, time, sound, brightness, and what is done to the whole machine."""

    page: str = "staff_system"
    settings: tuple[Setting, ...] = ()
    outcome: Outcome | None = None
    doing: Text | None = None
    """Copying to the stick, checking the signature …"""
    ways: tuple[Action, ...] = ()
    """update, diagnostics, recovery card, restart, shut down."""
    question: Question | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffOutView(StaffView):
    """Out of service: which words citizens read, and until when.

    ``title``: ``staff.out.title`` | ``staff.out.is_out``.
    """

    page: str = "staff_out"
    out: bool = False
    reasons: tuple[Action, ...] = ()
    """``staff:reason:<key>``, one chosen."""
    untils: tuple[Action, ...] = ()
    """``staff:until:<key>``, one chosen."""
    shown: Text
    """The title citizens read."""
    shown_lead: Text
    """What stands under it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FindingRow:
    """One line of the readiness report."""

    tone: Tone
    name: Text
    told: Text
    fix: Text | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffReportView(StaffView):
    """Ready or not, and why: what ``kiosk doctor`` finds.

    ``title``: ``staff.report.ready`` | ``staff.report.not_ready`` (n) | ``staff.report.looking`` |
    ``staff.report.unknown``; ``lead``: when and with which versions.
    """

    page: str = "staff_report"
    looking: bool = False
    findings: tuple[FindingRow, ...] = ()
    """Worst first."""
    outcome: Outcome | None = None
    ways: tuple[Action, ...] = ()
    """print, pdf, again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipFound:
    """What is known of a local number: state and age, nothing of whom."""

    local_no: str
    tone: Tone
    told: Text
    """Where it stands."""
    age: Text
    reason: Text | None
    say: tuple[Text, ...]
    """What to tell the citizen, sentence by sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffHelpView(StaffView):
    """A citizen with a slip that says 已保存: scan it, or type the local number.

    ``title``: ``staff.help.title``; found ``staff.help.found``.  The pad hands back
    ``staff:key:<character>`` and ``staff:erase``.
    """

    page: str = "staff_help"
    typed: str = "L"
    found: SlipFound | None = None
    find: Action | None = None
    """``staff:find``, once the number may be whole."""
