"""Cutting a page into leaves: what is taller than its room is read leaf by leaf, never clipped.

A page gives its blocks; where they are too tall together they are cut at block boundaries: between
the blocks of a column, the rows of a card, the lines of a grid or of pills; two columns side by
side are cut at the same height.  A heading stays with what it heads, and a hairline or an empty
space neither ends nor begins a leaf.  What can be touched is never cut; a question and its answers
only where they do not fit on a leaf of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from screens import layout
from screens.semantic import Node, Role, Style
from screens.text import break_lines
from screens.widgets.kit import FOCUSED, HEADS, WHOLE

BREAK: Final = Node(role=Role.SPACE, state=("break",))
"""What follows begins a new leaf, unless what is before it did not fit on one."""
Pieces = tuple[Node | None, Node | None]
"""What fits, and what is left."""


def leaves(blocks: Sequence[Node], room: tuple[int, int], gap: int, bar: int) -> list[list[Node]]:
    """Return the blocks of every leaf.

    Args:
        blocks: what is in the page, in reading order.
        room: dots across and down.
        gap: dots between two blocks.
        bar: dots that the bar of a page of several leaves takes from each.
    """
    parts = _parts(blocks)
    if not parts:
        return [[]]
    if len(parts) == 1 and layout.size(_column(parts[0], gap), room[0])[1] <= room[1]:
        return [list(parts[0])]
    found: list[list[Node]] = []
    carried: list[Node] = []
    for number, part in enumerate(parts):
        pieces = _pieces(_column((*carried, *part), gap), room[0], room[1] - bar)
        # A part that spills over has a leaf with room to spare: the next one goes on there.
        spills = len(pieces) > 1 and number < len(parts) - 1
        carried = pieces.pop() if spills else []
        found += pieces
    return found


def _pieces(column: Node, width: int, room: int) -> list[list[Node]]:
    found: list[list[Node]] = []
    rest: Node | None = column
    while rest is not None:
        head, rest = cut(rest, width, room)
        if head is None and rest is not None:
            head, rest = _forced(rest, width, room)
        if head is not None:
            found.append(list(head.children))
    return found


def home(found: Sequence[Sequence[Node]]) -> int:
    """Return the leaf that is turned up first: where something is being written, or the first."""
    for number, blocks in enumerate(found):
        if any(FOCUSED in node.state for block in blocks for node in block.walk()):
            return number
    return 0


def _parts(blocks: Sequence[Node]) -> list[tuple[Node, ...]]:
    """Split at the breaks."""
    parts: list[list[Node]] = [[]]
    for block in blocks:
        if block is BREAK:
            parts.append([])
        else:
            parts[-1].append(block)
    return [tuple(part) for part in parts if part]


def _column(blocks: Sequence[Node], gap: int) -> Node:
    return Node(role=Role.GROUP, style=Style(gap=gap), children=tuple(blocks))


def _forced(column: Node, width: int, room: int) -> Pieces:
    """Cut even what should stay whole; what cannot be cut at all is taken although too tall."""
    own = column.children
    count = next((n for n, node in enumerate(own) if not _leads_on(node)), 0)
    heads, first, others = own[:count], own[count], own[count + 1 :]
    taken = sum(layout.size(node, width)[1] + column.style.gap for node in heads)
    head, rest = cut(_loose(first), width, room - taken)
    if head is None and heads:
        # not even a part of it stands under its heading
        return replace(column, children=heads), replace(column, children=own[count:])
    if head is None:
        head, rest = first, None
    left = (rest, *others) if rest is not None else tuple(others)
    after = replace(column, children=left) if left else None
    return replace(column, children=(*heads, head)), after


def _loose(node: Node) -> Node:
    """Return ``node`` without what keeps it and its parts whole."""
    children = tuple(_loose(child) for child in node.children)
    if not (node.children or WHOLE in node.state):
        return node
    state = tuple(word for word in node.state if word != WHOLE)
    return replace(node, state=(*state, _LOOSE), children=children)


_LOOSE: Final = "loose"
"""State of a card that may be cut after its first row, because there is no other way."""


def cut(node: Node, width: int, room: int) -> Pieces:
    """Cut ``node``, ``width`` dots wide, after at most ``room`` dots."""
    if layout.size(node, width)[1] <= room:
        return node, None
    style = node.style
    if node.target or style.height or room <= 0 or WHOLE in node.state:
        return None, node
    if not node.children:
        return _cut_words(node, width, room)
    top, right, bottom, left = style.pad
    inner = (style.width or width) - left - right
    head, rest = _CUTTERS[style.flow](node, inner, room - top - bottom)
    # Too high although all that is in it would fit: it wants its height (a picture, a large card).
    tall = head is not None and layout.size(head, width)[1] > room
    return (None, node) if rest is None or tall else (head, rest)


def _cut_words(node: Node, width: int, room: int) -> Pieces:
    """Cut running text between two lines; a single line is not left alone on either side."""
    words = node.style.type
    if words is None or not node.label or words.face == "icon" or words.lines:
        return None, node
    lines = break_lines(
        node.label, face=words.face, size=words.size, room=width, balance=words.balance
    )
    fit = min(int(room // (words.size * words.leading)), len(lines) - _TOGETHER)
    if fit < _TOGETHER:
        return None, node
    head, rest = "\n".join(lines[:fit]), "\n".join(lines[fit:])
    return replace(node, label=head), replace(node, label=rest)


def _whole(node: Node, _width: int, _room: int) -> Pieces:
    return None, node


def _cut_column(node: Node, width: int, room: int) -> Pieces:
    head: list[Node] = []
    rest = list(node.children)
    left = room
    torn = False
    while rest:
        first, left_over = cut(rest[0], width, left)
        if first is None:
            break
        head.append(first)
        rest[:1] = [left_over] if left_over is not None else []
        if torn := left_over is not None:
            break
        left -= layout.size(first, width)[1] + node.style.gap
    while head and _leads_on(head[-1]):
        rest.insert(0, head.pop())
    while rest and _is_empty(rest[0]):
        rest.pop(0)
    if node.style.fill and _LOOSE not in node.state:
        if not torn:
            _accompany(head, rest)
        if _lonely(head, rest):
            return None, node
    return _made(node, head, rest)


def _accompany(head: list[Node], rest: list[Node]) -> None:
    """Give the last row of a card, where it alone would be left, the row before it."""
    if sum(not _is_empty(node) for node in rest) != 1:
        return
    while head and _is_empty(head[-1]):
        rest.insert(0, head.pop())
    if head:
        rest.insert(0, head.pop())
    while head and _is_empty(head[-1]):
        head.pop()


def _lonely(head: Sequence[Node], rest: Sequence[Node]) -> bool:
    """Whether a card would be cut after its first or before its last row, which looks torn."""
    rows = [sum(not _is_empty(node) for node in part) for part in (head, rest)]
    return bool(rest) and min(rows) < _TOGETHER < sum(rows)


_TOGETHER: Final = 2
"""Rows of a card that stay together at either side of a cut."""


def _made(node: Node, head: Sequence[Node], rest: Sequence[Node]) -> Pieces:
    if not head:
        return None, node
    left = replace(node, children=tuple(rest)) if rest else None
    return replace(node, children=tuple(head)), left


def _leads_on(node: Node) -> bool:
    """Whether a leaf may not end with ``node``: an empty space, or a heading."""
    if _is_empty(node) or node.role is Role.HEADING or HEADS in node.state:
        return True
    if not node.children or WHOLE in node.state:
        return False
    if node.style.flow == "row":
        return any(HEADS in child.state for child in node.children)
    return node.style.flow == "column" and _leads_on(node.children[-1])


def _is_empty(node: Node) -> bool:
    return node.role is Role.SPACE


def _cut_grid(node: Node, width: int, room: int) -> Pieces:
    rows = layout.grid_rows(node.children, width, node.style)
    return _cut_lines(node, [(list(row), high) for row, high in rows], room)


def _cut_wrap(node: Node, width: int, room: int) -> Pieces:
    lines = layout.wrapped(node.children, width, node.style)
    made = [([child for child, _, _ in line], max(h for _, _, h in line)) for line in lines]
    return _cut_lines(node, made, room)


def _cut_lines(node: Node, lines: Sequence[tuple[list[Node], int]], room: int) -> Pieces:
    head: list[Node] = []
    rest: list[Node] = []
    left = room
    for children, high in lines:
        if rest or high > left:
            rest += children
        else:
            head += children
        left -= high + layout.row_gap(node.style)
    return _made(node, head, rest)


def _cut_row(node: Node, width: int, room: int) -> Pieces:
    """Cut columns that stand side by side; one that is left alone gets the whole width."""
    if node.style.align != "stretch" and _LOOSE not in node.state:
        return None, node
    widths = layout.row_widths(node.children, width, node.style)
    made = [cut(child, wide, room) for child, wide in zip(node.children, widths, strict=True)]
    heads = [head for head, _ in made if head is not None]
    rests = [rest for _, rest in made if rest is not None]
    if not heads or (len(heads) < len(made) and _LOOSE in node.state):
        return None, node
    if len(heads) < len(made):
        blanks = [replace(c, children=()) for c, (h, _) in zip(node.children, made, strict=True)]
        heads = [h or blank for blank, (h, _) in zip(blanks, made, strict=True)]
    if len(rests) == 1:
        # What stood beside it (an icon, the name of a rule) was on the leaf before.
        alone = replace(rests[0], style=_alone(rests[0]))
        return replace(node, children=tuple(heads)), alone
    return _made(node, heads, rests)


def _alone(node: Node) -> Style:
    """Return the style of a column that has the whole width now."""
    return replace(node.style, grow=0.0, width=0)


_CUTTERS: Final[dict[str, Callable[[Node, int, int], Pieces]]] = {
    "column": _cut_column,
    "grid": _cut_grid,
    "wrap": _cut_wrap,
    "row": _cut_row,
    "stack": _whole,
}
