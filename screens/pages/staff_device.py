"""One device or part: how it is, what it is, what went wrong, what can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.maintenance.view import PartError, StaffDeviceView


def build(kit: Kit, view: StaffDeviceView) -> Node:
    """Return the page: first how it is and what can be done, then what it is.

    What a test tells stands under the buttons, so none moves away from the finger that comes next;
    only a question stands over its answers.
    """
    columns = 3 if len(view.ways) in {3, 5, 6} else 2 if kit.upright else 4
    doing = staff_blocks.working(kit, view.doing, staff_blocks.part_icon(view.part))
    ways = staff_blocks.ways(kit, view.ways, columns)
    asks = any(way.target == "staff:yes" for way in view.ways)
    body: list[Node | None] = [
        _health(kit, view),
        *((doing, ways) if asks else (ways, doing)),
        staff_blocks.outcome(kit, view.outcome),
        _tracing(kit) if view.tracing else None,
        staff_blocks.counts(kit, view.counts),
    ]
    if view.errors:
        body += [staff_blocks.heading(kit, "staff.device.errors"), _rows(kit, view.errors)]
    if view.facts:
        body.append(staff_blocks.heading(kit, "staff.device.identity"))
        body.append(staff_blocks.facts(kit, view.facts, 2 if kit.upright else 3))
    return staff_frame.page(kit, view, body, gap=20)


def _health(kit: Kit, view: StaffDeviceView) -> Node:
    """Return how it is, large."""
    paint = TONES[view.health.tone]
    tone = kit.say(text(f"staff.tone.{view.health.tone}"))
    words = kit.say(view.health.told)
    said = [kit.words(tone if words == "" else words, 42, look.INK, "bold", leading=1.24)]
    if words and tone != words:
        said.insert(0, kit.words(tone, 27, paint.ink, leading=1.2))
    return staff_blocks.banner(kit, paint, said, (view.health.tone,))


def _tracing(kit: Kit) -> Node:
    said = [staff_blocks.sentence(kit, text("staff.device.tracing"), 30)]
    return staff_blocks.banner(kit, TONES["soon"], said, ("tracing",), "activity")


def _rows(kit: Kit, errors: Sequence[PartError]) -> Node:
    return blocks.rows(kit, [_error(kit, own) for own in errors])


def _error(kit: Kit, own: PartError) -> Node:
    at = kit.words(own.at, 28, look.INK_2, leading=1.2)
    said = kit.words(own.told, 31, look.INK, grow=1.0, leading=1.3)
    times = None
    if own.times > 1:
        times = kit.badge(text("staff.device.times", n=own.times), "quiet")
    edge, down = kit.px(28), kit.px(14)
    made = kit.row([at, said, times], 24, min_height=kit.px(76), pad=(down, edge, down, edge))
    return meaning(made, Role.ROW)
