"""Replace the paper: three pictures, the one of now in full colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import staff_blocks, staff_frame
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import WHOLE, Kit, meaning, styled

if TYPE_CHECKING:
    from kiosk.maintenance.view import StaffPaperView

_STEPS: Final = (1, 2, 3)


def build(kit: Kit, view: StaffPaperView) -> Node:
    """Return the page: the pictures under one another, lying side by side."""
    steps = [_step(kit, view, number) for number in _STEPS]
    shown = kit.column(steps, 20) if kit.upright else kit.grid(steps, 3, 24)
    printing = text("staff.paper.printing") if view.phase == "printing" else None
    body = [
        staff_blocks.outcome(kit, view.outcome),
        staff_blocks.working(kit, printing, "printer"),
        shown,
    ]
    return staff_frame.page(kit, view, body, gap=20)


def _step(kit: Kit, view: StaffPaperView, number: int) -> Node:
    """Return one step: picture, number, sentence."""
    done = view.phase in {"printing", "done"} or number < view.step
    now = view.phase in {"doing", "failed"} and number == view.step
    name = f"staff-{view.printer.removesuffix('_printer')}-{number}"
    label = kit.say(text(f"staff.paper.picture.{view.printer}.{number}"))
    wide, high = (400, 316) if kit.upright else (370, 400)
    art = _framed(kit, blocks.picture(kit, Picture(name=name), wide, high, label))
    words = text(f"staff.paper.step.{view.printer}.{number}")
    said = kit.words(words, 36 if kit.upright else 33, look.INK, "bold" if now else "sans")
    mark = _mark(kit, number, done=done, now=now)
    inset = kit.px(12)
    parts = [mark, styled(said, grow=1.0)]
    text_side = kit.column([kit.row([mark, kit.space()]), said], 18, grow=1.0)
    if kit.upright:
        made = kit.row([art, text_side], 32, pad=(inset, kit.px(36), inset, inset))
    else:
        below = kit.row(parts, 20, align="start", pad=(kit.px(8), kit.px(14), kit.px(18), 14))
        made = kit.column([kit.column([art], align="center"), below], 18, pad=(inset,) * 4)
    made = styled(
        made,
        fill=look.CARD,
        border=look.DEEP_2 if now else look.LINE,
        border_width=kit.px(4 if now else 2),
        radius=kit.px(32),
    )
    state = (WHOLE, "now") if now else (WHOLE, "done") if done else (WHOLE,)
    return meaning(made, Role.ROW, kit.say(words), state=state)


def _framed(kit: Kit, art: Node) -> Node:
    """Return a picture on the deep ground it is painted on, with round corners."""
    edge = kit.px(12)
    return kit.column([art], fill=look.DEEP, radius=kit.px(22), pad=(edge, edge, edge, edge))


def _mark(kit: Kit, number: int, *, done: bool, now: bool) -> Node:
    """Return the number of a step in a disc; a tick once it is done."""
    side = kit.px(72)
    ink = look.CARD if done or now else look.INK_2
    face = (
        kit.icon("check", 44, ink)
        if done
        else kit.words(str(number), 42, ink, "serif", align="center", leading=1.1)
    )
    paint = look.JADE if done else look.DEEP if now else "#E4E7E9"
    holder = kit.column([face], align="center" if done else "stretch", justify="center")
    return styled(holder, width=side, height=side, radius=side // 2, fill=paint)
