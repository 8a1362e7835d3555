"""A release on a stick: what it is, what will be another way, how far its installing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.pages.staff_blocks import TONES
from screens.semantic import Node, Picture
from screens.widgets import blocks
from screens.widgets.kit import Kit

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffUpdateView, Tone, UpdateStep

_TONES: Final[dict[str, Tone]] = {"passed": "fine", "now": "soon", "waiting": "off"}
_ICONS: Final = {"passed": "circle-check", "now": "hourglass", "waiting": "circle"}


def build(kit: Kit, view: StaffUpdateView) -> Node:
    """Return the page: what it is first, then what changes, then the one button."""
    if view.phase == "looking":
        ring = blocks.picture(kit, Picture(name="spinner", colour=look.COOL), 200, 200)
        middle = kit.column([ring], align="center")
        return staff_frame.page(kit, view, [kit.space(), middle, kit.space(1.6)])
    body: list[Node | None] = [
        staff_blocks.outcome(kit, view.outcome),
        blocks.rows(kit, [_step(kit, own) for own in view.steps]) if view.steps else None,
        staff_blocks.facts(kit, view.facts, 3),
    ]
    if view.changes and view.phase == "found":
        body.append(staff_blocks.heading(kit, "stick.changes.heading"))
        body.append(blocks.rows(kit, [_change(kit, own) for own in view.changes]))
    first = "way" if view.phase == "found" else "plain"
    body.append(staff_blocks.ways(kit, view.ways, 1 if kit.upright else 2, first=first))
    return staff_frame.page(kit, view, body)


def _step(kit: Kit, own: UpdateStep) -> Node:
    """Return one step: done, being done, or to come."""
    name = kit.words(
        text(f"stick.step.{own.key}"), 33, look.INK, "bold" if own.state == "now" else "sans"
    )
    state = kit.words(text(f"stick.state.{own.state}"), 28, look.INK_2, leading=1.24)
    return staff_blocks.line(kit, _ICONS[own.state], TONES[_TONES[own.state]], [name], state)


def _change(kit: Kit, words: object) -> Node:
    said = staff_blocks.sentence(kit, words, 31)  # type: ignore[arg-type]
    return staff_blocks.line(kit, "dot", TONES["off"], [said])
