"""A paper that is missing: the letter about it, and the published list of what may be missing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.journey.view import text
from screens import theme as look
from screens.pages import scaffold
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import CommitView, ListedRow, ListedView, Text


def letter(kit: Kit, view: CommitView) -> Node:
    """Return the letter: what is promised, until when, what happens otherwise, who checks."""
    shown = replace(view, frame=replace(view.frame, go=view.agree))
    left = [_due(kit, view), _terms(kit, view)]
    right = [_consequences(kit, view), _later(kit, view)]
    if kit.elder:
        return scaffold.page(kit, shown, [*left, *right], gap=26)
    return scaffold.page(kit, shown, [scaffold.two(kit, left, right, 26)], gap=26)


def _due(kit: Kit, view: CommitView) -> Node:
    """Return the last day, or that nothing follows."""
    label = text("pages.commit.due" if view.follows else "pages.commit.instead")
    size = 46 if kit.upright else 38
    words = kit.column(
        [
            kit.words(label, 30, look.INK_2),
            kit.words(view.due, size, look.INK, "serif", leading=1.25),
        ],
        4,
        grow=1.0,
    )
    icon = "calendar-clock" if view.follows else "file-check"
    made = kit.row(
        [kit.icon(icon, 76, look.GOLD_INK), words],
        30,
        pad=(kit.px(26), kit.px(36), kit.px(26), kit.px(36)),
        fill=look.GOLD_WASH,
        border=look.GOLD_LINE,
        border_width=kit.px(2),
        radius=kit.px(28),
    )
    return meaning(made, Role.STATUS)


def _terms(kit: Kit, view: CommitView) -> Node:
    card = blocks.numbered(kit, view.terms, (36, 33), (28, 34), gap=18)
    return kit.column([blocks.heading(kit, text("pages.commit.terms")), card], 14)


def _consequences(kit: Kit, view: CommitView) -> Node:
    """Return what happens otherwise: apart from the terms, and large (seed 002, annex 3)."""
    key = "pages.commit.consequences" if view.follows else "pages.commit.untrue"
    head = kit.row(
        [
            kit.icon("triangle-alert", 52, look.SEAL),
            kit.words(text(key), 42, look.SEAL, "serif", grow=1.0),
        ],
        20,
    )
    head = meaning(head, Role.HEADING)
    lines = [kit.words(words, 40, look.INK, "bold", leading=1.42) for words in view.consequences]
    made = kit.column(
        [head, *lines],
        20,
        pad=(kit.px(32), kit.px(38), kit.px(34), kit.px(38)),
        fill=look.SEAL_WASH,
        border=look.SEAL_LINE,
        border_width=kit.px(3),
        radius=kit.px(28),
    )
    return meaning(made, Role.STATUS, state=("consequences",))


def _later(kit: Kit, view: CommitView) -> Node | None:
    """Return who checks it afterwards, and the way to the list."""
    told = None
    if view.later_check is not None:
        words = [
            kit.words(text("pages.commit.later"), 30, look.INK_2),
            kit.words(view.later_check, 33, look.INK),
        ]
        told = kit.row(
            [kit.icon("search", 46, look.DEEP_2), kit.column(words, 4, grow=1.0)],
            24,
            pad=(kit.px(18), kit.px(34), kit.px(18), kit.px(34)),
        )
    way = kit.row([buttons.link(kit, view.read_list, 32)]) if view.read_list else None
    return kit.column([told, way], 6) if told or way else None


def listed(kit: Kit, view: ListedView) -> Node:
    """Return the published list: its title, what is excluded, this thing's lines, the others'."""
    head = kit.row(
        [
            kit.icon("triangle-alert", 46, look.SEAL),
            kit.words(view.excluded, 33, look.INK, grow=1.0),
        ],
        22,
        pad=(kit.px(20), kit.px(32), kit.px(20), kit.px(32)),
        fill=look.SEAL_WASH,
        radius=kit.px(28),
    )
    title = kit.words(view.published, 30, look.INK_2)
    body = [
        title,
        meaning(head, Role.STATUS),
        *_section(kit, text("pages.listed.here"), view.here),
        *_section(kit, text("pages.listed.others"), view.others),
    ]
    return scaffold.page(kit, view, body, gap=22)


def _section(kit: Kit, title: Text, lines: tuple[ListedRow, ...]) -> list[Node]:
    if not lines:
        return []
    return [blocks.heading(kit, title), blocks.rows(kit, [_line(kit, one) for one in lines])]


def _line(kit: Kit, one: ListedRow) -> Node:
    edge = kit.px(32)
    down = kit.px(18)
    words = [
        kit.words(one.name, 36, look.INK, "bold"),
        kit.words(one.told, 31, look.GOLD_INK),
        kit.words(one.serves, 29, look.INK_2),
    ]
    made = kit.row(
        [kit.icon("file-text", 44, look.JADE), kit.column(words, 4, grow=1.0)],
        24,
        pad=(down, edge, down, edge),
    )
    return meaning(made, Role.ROW)
