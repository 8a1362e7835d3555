"""The readiness report: ready or not, and what to do about everything that is not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Picture
from screens.widgets import blocks
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.maintenance.view import FindingRow, StaffReportView, Tone


def build(kit: Kit, view: StaffReportView) -> Node:
    """Return the page: the worst first, what is fine in fewer words."""
    ways = staff_blocks.ways(kit, view.ways, 3)
    if view.looking:
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.COOL), 200, 200)
        middle = kit.column([ring], align="center")
        return staff_frame.page(kit, view, [kit.space(), middle, kit.space(1.6)])
    told = [_finding(kit, own) for own in view.findings if own.tone != "fine"]
    fine = [_finding(kit, own) for own in view.findings if own.tone == "fine"]
    body = [
        _counts(kit, view) if view.findings else None,
        staff_blocks.outcome(kit, view.outcome),
        ways,
        blocks.rows(kit, told) if told else None,
        blocks.rows(kit, fine) if fine else None,
    ]
    return staff_frame.page(kit, view, body)


def _counts(kit: Kit, view: StaffReportView) -> Node:
    """Return how many of each there are, in the colour of the worst."""
    found = Counter(own.tone for own in view.findings)
    worst: Tone = next((tone for tone in _WORST if found[tone]), "fine")
    words = text(
        "staff.report.counts", fine=found["fine"], soon=found["soon"], trouble=found["trouble"]
    )
    said = [staff_blocks.sentence(kit, words, 36, "bold")]
    return staff_blocks.banner(kit, TONES[worst], said, (worst,))


_WORST: Final[tuple[Tone, ...]] = ("trouble", "soon", "unknown")


def _finding(kit: Kit, own: FindingRow) -> Node:
    paint = TONES[own.tone]
    name = kit.words(own.name, 32, look.INK, "sans" if own.tone == "fine" else "bold", leading=1.2)
    told = kit.words(own.told, 28, paint.ink, leading=1.3)
    if own.tone == "fine":
        return staff_blocks.line(kit, paint.icon, paint, [name], told)
    fix = None
    if own.fix is not None:
        arrow = kit.icon("corner-down-right", 30, look.DEEP_2)
        words = kit.words(own.fix, 30, look.INK, grow=1.0, leading=1.34)
        fix = kit.row([arrow, words], 12, align="start")
    return staff_blocks.line(kit, paint.icon, paint, [name, told, fix])
