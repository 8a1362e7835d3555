"""The whole form before it is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, text
from screens import theme as look
from screens.pages import scaffold
from screens.pages.paging import BREAK
from screens.semantic import Node, Role
from screens.widgets import blocks, buttons
from screens.widgets.kit import TURN, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ReviewGroup, ReviewRow, ReviewView, Text


_ROWS: Final = {True: 11, False: 7}
"""Rows of a leaf upright and lying."""


def build(kit: Kit, view: ReviewView) -> Node:
    """Return the page: every field with its source, and what submitting states.

    A short form is one table.  A long one is told group by group first, and read whole on the
    leaves behind.
    """
    if not view.groups:
        table = blocks.rows(kit, [_row(kit, row) for row in view.rows])
        return scaffold.page(kit, view, [table, said(kit, view.statement)], gap=26)
    return scaffold.page(kit, view, [*_summary(kit, view), *_whole(kit, view)], gap=26)


def said(kit: Kit, statement: tuple[Text, ...]) -> Node | None:
    """Return what going on states."""
    if not statement:
        return None
    lines = [kit.words(words, 30, look.INK, grow=1.0) for words in statement]
    return kit.row(
        [kit.icon("pen-line", 46, look.DEEP_2), kit.column(lines, 8, grow=1.0)],
        26,
        pad=(kit.px(20), kit.px(32), kit.px(20), kit.px(32)),
        fill="#EFEADC",
        radius=kit.px(28),
    )


def _row(kit: Kit, row: ReviewRow) -> Node:
    if kit.elder:
        return _elder_row(kit, row)
    made = kit.row(
        [
            kit.column([kit.words(row.label, 29, look.INK_2)], width=kit.px(190)),
            kit.words(row.value, 35, look.INK, "bold", grow=1.0, lines=2, leading=1.22),
            _source(kit, row),
            buttons.link(kit, row.change, 32) if row.change else _no_change(kit),
        ],
        16,
        min_height=kit.px(100 if kit.upright else 86),
        pad=(0, kit.px(14), 0, kit.px(32)),
    )
    return meaning(made, Role.ROW)


def _elder_row(kit: Kit, row: ReviewRow) -> Node:
    """Return the same with the label over the value."""
    head = kit.row([kit.words(row.label, 29, look.INK_2, grow=1.0), _source(kit, row)], 16)
    words = kit.column([head, kit.words(row.value, 36, look.INK, "bold")], 6, grow=1.0)
    change = buttons.link(kit, row.change, 32) if row.change else None
    edge = kit.px(20)
    return meaning(kit.row([words, change], 12, pad=(edge, edge, edge, kit.px(32))), Role.ROW)


def _source(kit: Kit, row: ReviewRow) -> Node:
    if row.by_citizen:
        return kit.badge(row.source, "quiet", "user-round-pen")
    return kit.badge(row.source, "done", "database")


def _no_change(kit: Kit) -> Node:
    return kit.column([], width=kit.px(18))


def _summary(kit: Kit, view: ReviewView) -> list[Node | None]:
    """Return the groups in one line each, with the way to change or to see them."""
    behind = 1
    lines = []
    for group in view.groups:
        lines.append(_group(kit, group, behind))
        behind += len(_leaves(kit, group))
    return [blocks.rows(kit, lines), said(kit, view.statement)]


def _group(kit: Kit, group: ReviewGroup, leaf: int) -> Node:
    edge, down = kit.px(14), kit.px(6 if kit.upright else 0)
    title = kit.words(group.title, 30, look.INK_2)
    summary = kit.words(
        group.summary,
        36 if kit.upright else 33,
        look.INK,
        grow=1.0,
        lines=0 if kit.elder else 2,
        leading=1.26,
    )
    words = [kit.column([title], width=kit.px(150)), summary]
    if kit.elder:
        words = [kit.column([title, summary], 6, grow=1.0)]
    made = kit.row(
        [*words, _way(kit, group, leaf)],
        18,
        min_height=kit.px(124 if kit.upright else 84),
        pad=(down, edge, down, kit.px(34)),
    )
    return meaning(made, Role.ROW)


def _way(kit: Kit, group: ReviewGroup, leaf: int) -> Node:
    """Return 改, or 看 where the group's rows stand on a leaf behind.

    The two digits keep the target apart from the one that turns to the next leaf.
    """
    if group.change is not None:
        return buttons.link(kit, group.change, 32)
    if not group.rows or kit.elder:
        return _no_change(kit)
    seen = Action(target=f"{TURN}+{leaf:02}", label=text("pages.review.look"))
    return buttons.link(kit, seen, 32)


def _whole(kit: Kit, view: ReviewView) -> list[Node]:
    """Return the whole form: every group begins a leaf."""
    found: list[Node] = []
    for group in view.groups:
        for rows in _leaves(kit, group):
            table = blocks.rows(kit, [_row(kit, row) for row in rows])
            found += [BREAK, blocks.heading(kit, group.title), table]
    return found


def _leaves(kit: Kit, group: ReviewGroup) -> list[tuple[ReviewRow, ...]]:
    """Return the rows of each leaf of a group; as many as surely fit, so that 看 finds them."""
    most = len(group.rows) or 1 if kit.elder else _ROWS[kit.upright]
    return [group.rows[start : start + most] for start in range(0, len(group.rows), most)]
