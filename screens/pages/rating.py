"""How was it?  Voluntary: nothing is chosen beforehand, and leaving it is as plain as the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import Action, RatingView

_FACES: Final = {
    "rate:5": "laugh",
    "rate:4": "smile",
    "rate:3": "meh",
    "rate:2": "frown",
    "rate:1": "angry",
}


def build(kit: Kit, view: RatingView) -> Node:
    """Return the page: five grades side by side, what made it so, and the way past."""
    if kit.elder and kit.upright:
        grades = kit.column([_line(kit, grade) for grade in view.grades], 20)
    else:
        grades = kit.grid([_face(kit, grade) for grade in view.grades], len(view.grades), 18)
    body = [kit.space(0, 10), grades, _options(kit, view), kit.space(), _skip(kit, view)]
    return scaffold.page(kit, view, body, title_size=72, gap=34)


def _skip(kit: Kit, view: RatingView) -> Node | None:
    """Return the way past, unless it is the way on already."""
    if view.frame.go is not None and view.frame.go.target == view.skip.target:
        return None
    return buttons.outlined(kit, replace(view.skip, icon=view.skip.icon or "log-out"), size=34)


def _face(kit: Kit, grade: Action) -> Node:
    """Return a grade: a face over its word."""
    ink = look.CARD if grade.chosen else look.DEEP_2
    words = look.CARD if grade.chosen else look.INK
    side, high = (108, 300) if kit.upright else (84, 200)
    letters = 27 if kit.elder else 30
    made = kit.column(
        [
            kit.icon(grade.icon or _FACES.get(grade.target, "circle"), side, ink),
            kit.words(
                grade.label, letters, words, "bold" if grade.chosen else "sans", align="center"
            ),
        ],
        18,
        align="center",
        justify="center",
        min_height=kit.theme.target(high),
        pad=(kit.px(20), kit.px(4), kit.px(20), kit.px(4)),
        **_paint(kit, grade),
    )
    return _grade(kit, grade, made)


def _line(kit: Kit, grade: Action) -> Node:
    """Return a grade with elder letters: a face beside its word."""
    ink = look.CARD if grade.chosen else look.DEEP_2
    words = look.CARD if grade.chosen else look.INK
    made = kit.row(
        [
            kit.icon(grade.icon or _FACES.get(grade.target, "circle"), 72, ink),
            kit.words(grade.label, 44, words, "bold", grow=1.0),
        ],
        36,
        min_height=kit.theme.target(152),
        pad=(kit.px(16), kit.px(40), kit.px(16), kit.px(44)),
        **_paint(kit, grade),
    )
    return _grade(kit, grade, made)


def _paint(kit: Kit, grade: Action) -> dict[str, Any]:
    return {
        "fill": look.JADE if grade.chosen else look.CARD,
        "border": look.JADE if grade.chosen else look.LINE_STRONG,
        "border_width": kit.px(3),
        "radius": kit.px(32),
    }


def _grade(kit: Kit, grade: Action, node: Node) -> Node:
    state = ("chosen",) if grade.chosen else ()
    return meaning(node, Role.CHOICE, kit.say(grade.label), target=grade.target, state=state)


def _options(kit: Kit, view: RatingView) -> Node | None:
    if not view.options:
        return None
    tiles = [buttons.tile(kit, option, size=33, high=104) for option in view.options]
    head = kit.words(text("pages.rating.why"), 33, look.INK_2, role=Role.HEADING)
    grid = kit.grid(tiles, 2 if kit.elder or kit.upright else 3, 18)
    return meaning(kit.column([head, grid], 20), Role.GROUP)
