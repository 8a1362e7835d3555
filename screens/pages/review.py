"""The whole form before it is handed over."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from kiosk.journey.view import Action, text
from screens import layout
from screens import theme as look
from screens.fonts import advance
from screens.layout import ENDLESS
from screens.pages import scaffold
from screens.pages.paging import BREAK
from screens.semantic import Node, Role
from screens.text import atoms, break_lines
from screens.widgets import blocks, buttons
from screens.widgets.kit import TURN, Kit, meaning

if TYPE_CHECKING:
    from kiosk.journey.view import ReviewGroup, ReviewRow, ReviewView, Text


_ROWS: Final = {True: 12, False: 8}
"""Rows and headings of a leaf of the whole form, upright and lying."""
_GROUPS: Final = {True: 12, False: 7}
"""Groups of a leaf of the summary."""
_SPACIOUS: Final = 8
"""Up to so many groups stand wide apart."""


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
    value = kit.words(row.value, 35, look.INK, "bold", grow=1.0, lines=2, leading=1.22)
    change = buttons.link(kit, row.change, 32) if row.change else _no_change(kit)
    label = kit.column([kit.words(row.label, 29, look.INK_2)], width=kit.px(230))
    made = kit.row(
        [label, value, _source(kit, row), change],
        16,
        min_height=kit.px(100 if kit.upright else 86),
        pad=(0, kit.px(14), 0, kit.px(32)),
    )
    if row.says is not None or row.others or _crowded(kit, made):
        made = replace(made, children=(_long(kit, row), change))
        edge = kit.px(12) if layout.size(made, _inner(kit))[1] > kit.px(_ROW) else 0
        made = replace(made, style=replace(made.style, pad=(edge, kit.px(14), edge, kit.px(32))))
    return meaning(made, Role.ROW)


_ROW: Final = 100
"""How high a row is; beside one another label and value have two lines of it."""


def _inner(kit: Kit) -> int:
    return kit.body_width - 2 * kit.px(2)


def _crowded(kit: Kit, made: Node) -> bool:
    """Whether label or value is longer than two lines, or a number wider than what is left."""
    inner = _inner(kit) - kit.px(14) - kit.px(32)
    rooms = layout.row_widths(made.children, inner, made.style)
    label, value = made.children[0].children[0], made.children[1]
    return _overflows(label, rooms[0]) or _overflows(value, rooms[1]) or _breaks(value, rooms[1])


def _overflows(node: Node, room: int) -> bool:
    words = node.style.type
    if words is None:
        return False
    return len(break_lines(node.label, face=words.face, size=words.size, room=room)) > _LINES


_LINES: Final = 2


def _breaks(value: Node, room: int) -> bool:
    """Whether a number (an account with its stars) is wider than what is left for it in the row."""
    words = value.style.type
    if words is None:
        return False
    pieces = (piece for line in value.label.split("\n") for piece in atoms(line))
    return any(advance(piece.strip(), words.face, words.size) > room for piece in pieces)


def _long(kit: Kit, row: ReviewRow) -> Node:
    """Return label and source over the value; what has no room in two lines is set smaller."""
    label = kit.words(row.label, 29, look.INK_2, grow=1.0, leading=1.2)
    value = kit.words(row.value, 35, look.INK, "bold", leading=1.2)
    if _overflows(value, _inner(kit) - kit.px(150)):
        value = kit.words(row.value, 31, look.INK, leading=1.24)
    says = kit.words(row.says, 30, look.INK, leading=1.2) if row.says else None
    head = kit.row([label, _source(kit, row)], 16)
    return kit.column([head, value, says, *_others(kit, row)], grow=1.0)


def _others(kit: Kit, row: ReviewRow) -> list[Node]:
    """Return what each other register says, with the touch that takes it."""
    return [
        kit.row(
            [
                kit.words(own.words, 32 if kit.elder else 30, look.INK, grow=1.0, leading=1.2),
                buttons.link(kit, own.take, 32) if own.take else None,
            ],
            12,
        )
        for own in row.others
    ]


def _elder_row(kit: Kit, row: ReviewRow) -> Node:
    """Return the same with the label over the value."""
    head = kit.row([kit.words(row.label, 29, look.INK_2, grow=1.0), _source(kit, row)], 16)
    says = kit.words(row.says, 32, look.INK) if row.says else None
    value = kit.words(row.value, 36, look.INK, "bold")
    words = kit.column([head, value, says, *_others(kit, row)], 6, grow=1.0)
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
    most = len(view.groups) if kit.elder else _GROUPS[kit.upright]
    own = -(-len(view.groups) // most)
    begins = _begins(kit, view.groups)
    seen: list[int] = []
    lines = []
    for number, group in enumerate(view.groups):
        leaf = own + begins.get(number, 0) - number // most
        # Zeros keep targets apart: from the one that turns on, and of groups on one leaf.
        way = f"{TURN}+{leaf:0{2 + seen.count(leaf)}}"
        seen.append(leaf)
        lines.append(_group(kit, group, way, wide=len(view.groups) <= _SPACIOUS))
    found: list[Node | None] = []
    for start in range(0, len(lines), most):
        found += [BREAK, blocks.rows(kit, lines[start : start + most])]
    return [*found[1:], said(kit, view.statement)]


def _group(kit: Kit, group: ReviewGroup, way: str, *, wide: bool) -> Node:
    high = (124 if wide else 90) if kit.upright else 84
    edge = kit.px(14)
    down = kit.px(16 if kit.elder else 6) if wide and kit.upright else 0
    title = kit.words(group.title, 30, look.INK_2)
    summary = kit.words(
        group.summary,
        36 if wide and kit.upright else 33,
        look.INK,
        grow=1.0,
        lines=0 if kit.elder else 2,
        leading=1.26,
    )
    words = [kit.column([title], width=kit.px(160)), summary]
    if kit.elder:
        words = [kit.column([title, summary], 6, grow=1.0)]
    made = kit.row(
        [*words, _way(kit, group, way)],
        18,
        min_height=kit.px(high),
        pad=(down, edge, down, kit.px(34)),
    )
    return meaning(made, Role.ROW)


def _way(kit: Kit, group: ReviewGroup, way: str) -> Node:
    """Return 改, or 看 where the group's rows stand on a leaf behind."""
    if group.change is not None:
        return buttons.link(kit, group.change, 32)
    if not group.rows or kit.elder:
        return _no_change(kit)
    return buttons.link(kit, Action(target=way, label=text("pages.review.look")), 32)


def _whole(kit: Kit, view: ReviewView) -> list[Node]:
    """Return the whole form, group after group."""
    found: list[Node] = []
    for leaf in _leaves(kit, view.groups):
        found.append(BREAK)
        for number, rows in leaf:
            table = blocks.rows(kit, [_row(kit, row) for row in rows])
            found += [blocks.heading(kit, view.groups[number].title), table]
    return found


Leaf = list[tuple[int, tuple["ReviewRow", ...]]]
"""Groups by their number, each with the rows of it that stand here."""


def _leaves(kit: Kit, groups: tuple[ReviewGroup, ...]) -> list[Leaf]:
    """Share the rows out over leaves, as many as surely fit, so that 看 finds them.

    A group is cut only when a whole leaf is too small for it; a heading takes as much as a row.
    With elder letters the page's own cutting does it.
    """
    most = ENDLESS if kit.elder else _ROWS[kit.upright]
    found: list[Leaf] = []
    left = 0
    for number, group in enumerate(groups):
        rows = group.rows
        while rows:
            if left < min(most, sum(_weight(kit, row) for row in rows) + 1):
                found.append([])
                left = most
            here = _fitting(kit, rows, left - 1)
            found[-1].append((number, rows[:here]))
            left -= 1 + sum(_weight(kit, row) for row in rows[:here])
            rows = rows[here:]
    return found


def _fitting(kit: Kit, rows: tuple[ReviewRow, ...], room: int) -> int:
    """Return how many of the first rows there is room for, at least one."""
    weights = accumulate(_weight(kit, row) for row in rows)
    return max(1, sum(weight <= room for weight in weights))


def _weight(kit: Kit, row: ReviewRow) -> int:
    """Return how many ordinary rows it is high."""
    if kit.elder:
        return 1
    high = layout.size(_row(kit, row), _inner(kit))[1]
    return -(-high // kit.px(_ROW))


def _begins(kit: Kit, groups: tuple[ReviewGroup, ...]) -> dict[int, int]:
    """Return the leaf on which each group begins, counted from the first leaf of the form."""
    found: dict[int, int] = {}
    for place, leaf in enumerate(_leaves(kit, groups)):
        for number, _ in leaf:
            found.setdefault(number, place)
    return found
