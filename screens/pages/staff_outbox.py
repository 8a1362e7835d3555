"""What waits to be handed over: how much, how long, why; no one's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node
from screens.widgets import blocks
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.maintenance.view import OutboxRow, StaffOutboxView


def build(kit: Kit, view: StaffOutboxView) -> Node:
    """Return the page: figures, what can be done, then every one that waits."""
    body: list[Node | None] = [
        staff_blocks.counts(kit, view.counts),
        staff_blocks.outcome(kit, view.outcome),
        staff_blocks.ways(kit, view.ways, 2),
    ]
    if view.rows:
        body.append(blocks.rows(kit, [_row(kit, row) for row in view.rows]))
    elif view.known:
        said = [
            kit.words(text("staff.outbox.empty_told"), 38, look.INK, "bold", leading=1.24),
            kit.words(text("staff.outbox.empty_more"), 30, look.INK, leading=1.3),
        ]
        body.insert(0, staff_blocks.banner(kit, TONES["fine"], said, ("fine",)))
    body.append(unseen(kit, "staff.outbox.no_names"))
    return staff_frame.page(kit, view, body)


def unseen(kit: Kit, key: str) -> Node:
    """Return the line with the shield: what staff do not see here."""
    words = kit.words(text(key), 28, look.INK_2, grow=1.0, leading=1.3)
    return kit.row([kit.icon("shield-check", 36, look.JADE), words], 18)


def _row(kit: Kit, row: OutboxRow) -> Node:
    paint = TONES[row.tone]
    number = kit.words(row.local_no, 33, look.INK, "bold", leading=1.2)
    why = kit.words(row.told, 28, paint.ink, leading=1.3)
    age = kit.words(row.age, 28, look.INK_2, leading=1.2)
    icon = "clock" if row.tone == "soon" else paint.icon
    return staff_blocks.line(kit, icon, paint, [number, why], age)
