"""One's own applications, found by the ID card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Notice, text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Picture, Role
from screens.widgets import blocks
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Case, Line, MineView


_INKS: Final = {
    "going": (look.JADE, ""),
    "needs_you": (look.GOLD_INK, "file-exclamation-point"),
    "done": (look.JADE, ""),
    "refused": (look.SEAL_INK, "x"),
    "withdrawn": (look.INK_2, ""),
}
"""Colour and picture of a case's line, by its mark."""


def build(kit: Kit, view: MineView) -> Node:
    """Return the page: each application as a large choice, those that wait for the citizen gold."""
    if view.asking:
        return scaffold.page(kit, view, [kit.space(0.8), _turning(kit), kit.space(1.2)])
    empty = _empty(kit, view.empty) if view.empty else None
    cases = [_case(kit, case) for case in view.cases]
    shown = cases if kit.upright or kit.elder else [kit.grid(cases, 2, 24)] if cases else []
    return scaffold.page(kit, view, [empty, *shown], gap=24)


def _turning(kit: Kit) -> Node:
    ring = blocks.picture(kit, Picture(name="spinner", colour=look.PAPER), 320, 320)
    return kit.column([kit.stack([ring, kit.icon("id-card", 110, look.JADE)])], align="center")


def _empty(kit: Kit, told: Line) -> Node:
    return blocks.notice(kit, Notice(kind="info", text=told.name, hint=told.aside))


def _case(kit: Kit, case: Case) -> Node:
    ink, mark = _INKS[case.mark]
    waits = case.mark == "needs_you"
    told = kit.row(
        [
            kit.icon(mark, 40, ink) if mark else None,
            kit.words(case.told, 34, ink, "bold" if mark else "sans", grow=1.0),
        ],
        12,
    )
    words = kit.column(
        [
            kit.words(kit.named(case.thing), 44, look.INK, "bold"),
            told,
            kit.words(text("pages.mine.number", number=case.number), 28, look.INK_2),
        ],
        8,
        grow=1.0,
    )
    made = kit.row(
        [words, kit.icon("chevron-right", 48, look.JADE)],
        28,
        min_height=kit.theme.target(190),
        pad=(kit.px(26), kit.px(34), kit.px(26), kit.px(40)),
        fill=look.GOLD_WASH if waits else look.CARD,
        border=look.GOLD_INK if waits else look.LINE_STRONG,
        border_width=kit.px(3),
        radius=kit.px(32),
    )
    state = (case.mark,)
    label = f"{kit.named(case.thing)}，{kit.say(case.told)}"
    return meaning(made, Role.CHOICE, label, target=case.action.target, state=state)
