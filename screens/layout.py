"""Giving every node its place.

A small flow layout in the manner of flexible boxes: columns, rows, grids, wrapping rows and
stacks.  It is pure: the same tree on the same room gives the same :class:`Placed` tree, which the
painter draws, touches are looked up in, and the geometry tests measure.  Places are whole dots,
the origin is the upper left corner and ``y`` grows downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from screens.fonts import advance
from screens.semantic import Align, Node, Style
from screens.text import break_lines, shorten

ENDLESS: Final = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A place on the screen, in dots."""

    x: int
    y: int
    w: int
    h: int

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies in the box."""
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h

    def inside(self, other: Box) -> bool:
        """Whether the whole of this box lies in ``other``."""
        across = other.x <= self.x and self.x + self.w <= other.x + other.w
        return across and other.y <= self.y and self.y + self.h <= other.y + other.h

    def overlaps(self, other: Box) -> bool:
        """Whether the boxes share a dot."""
        across = self.x < other.x + other.w and other.x < self.x + self.w
        return across and self.y < other.y + other.h and other.y < self.y + self.h


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """A node in its place, with its lines already broken."""

    node: Node
    box: Box
    lines: tuple[str, ...]
    children: tuple[Placed, ...]

    def walk(self) -> Iterator[Placed]:
        """Yield this and everything in it, back to front."""
        yield self
        for child in self.children:
            yield from child.walk()

    def targets(self) -> list[Placed]:
        """Return what can be touched, back to front."""
        return [placed for placed in self.walk() if placed.node.target]

    def at(self, x: float, y: float) -> Placed | None:
        """Return the front-most target under the point."""
        return next((t for t in reversed(self.targets()) if t.box.holds(x, y)), None)


_sizes: dict[tuple[int, int], tuple[Node, int, int]] = {}
"""Sizes found in this pass, by node identity and room: a size is asked for at every level.

The node is kept with its size, so that no other can get its identity before the pass is over.
"""


def arrange(root: Node, width: int, height: int) -> Placed:
    """Place a whole page on a screen of ``width`` × ``height`` dots; ends the pass."""
    placed = place(root, Box(x=0, y=0, w=width, h=height))
    _sizes.clear()
    return placed


def exchange(root: Placed, old: Placed, new: Node) -> Placed:
    """Return ``root`` with ``new`` in the place of ``old``: for a part that changes by itself."""
    made = place(new, old.box)
    _sizes.clear()
    return _exchanged(root, old, made)


def _exchanged(root: Placed, old: Placed, new: Placed) -> Placed:
    if root is old:
        return new
    children = tuple(
        _exchanged(child, old, new) if old.box.inside(child.box) else child
        for child in root.children
    )
    nodes = tuple(child.node for child in children)
    return replace(root, node=replace(root.node, children=nodes), children=children)


def place(root: Node, box: Box) -> Placed:
    """Give ``root`` the ``box`` and everything in it a place."""
    lines = _lines(root, box.w)
    style = root.style
    top, right, bottom, left = style.pad
    inner = Box(x=box.x + left, y=box.y + top, w=box.w - left - right, h=box.h - top - bottom)
    children = _PLACERS[style.flow](root.children, inner, style)
    return Placed(node=root, box=box, lines=lines, children=tuple(children))


def _lines(node: Node, room: int) -> tuple[str, ...]:
    words = node.style.type
    if words is None or not node.label:
        return ()
    if words.face == "icon":
        return (node.label,)
    _, right, _, left = node.style.pad
    inner = max(1, room - left - right)
    lines = break_lines(
        node.label, face=words.face, size=words.size, room=inner, balance=words.balance
    )
    return shorten(lines, words.lines, face=words.face, size=words.size, room=inner)


def size(node: Node, room: int) -> tuple[int, int]:
    """Return the width and height that ``node`` wants when it may be ``room`` dots wide."""
    known = _sizes.get((id(node), room))
    if known is None:
        known = _sizes[id(node), room] = (node, *_size(node, room))
    return known[1:]


def _size(node: Node, room: int) -> tuple[int, int]:
    style = node.style
    wide = min(style.width or room, room) if style.width else room
    top, right, bottom, left = style.pad
    inner = max(1, wide - left - right)
    width, height = _content(node, inner)
    width = style.width or min(room, max(style.min_width, width + left + right))
    return width, style.height or max(style.min_height, height + top + bottom)


def _content(node: Node, room: int) -> tuple[int, int]:
    style = node.style
    if style.type is not None and node.label:
        words = style.type
        if words.face == "icon":
            return words.size, words.size
        _, right, _, left = style.pad
        lines = _lines(node, room + left + right)
        longest = max(advance(line, words.face, words.size) for line in lines)
        return int(longest) + 1, round(len(lines) * words.size * words.leading)
    if not node.children:
        return 0, 0
    return _SIZERS[style.flow](node.children, room, style)


def _gaps(children: Sequence[Node], gap: int) -> int:
    return gap * (len(children) - 1)


def _column_size(children: Sequence[Node], room: int, style: Style) -> tuple[int, int]:
    sizes = [size(child, room) for child in children]
    return max(w for w, _ in sizes), sum(h for _, h in sizes) + _gaps(children, style.gap)


def row_widths(children: Sequence[Node], room: int, style: Style) -> list[int]:
    """Share ``room`` between the children of a row."""
    free = room - _gaps(children, style.gap)
    growing = sum(child.style.grow for child in children)
    widths: list[int] = []
    for child in children:
        wants = 0 if child.style.grow else size(child, max(1, free - sum(widths)))[0]
        widths.append(wants)
    left = max(0, free - sum(widths))
    return [
        width + int(left * child.style.grow / growing) if child.style.grow else width
        for child, width in zip(children, widths, strict=True)
    ]


def _row_size(children: Sequence[Node], room: int, style: Style) -> tuple[int, int]:
    widths = row_widths(children, room, style)
    sizes = [size(child, width or 1) for child, width in zip(children, widths, strict=True)]
    growing = any(child.style.grow for child in children)
    width = room if growing else sum(widths) + _gaps(children, style.gap)
    return width, max(h for _, h in sizes)


def _cell(room: int, style: Style) -> int:
    return (room - style.gap * (style.columns - 1)) // style.columns


def row_gap(style: Style) -> int:
    """Return the dots between two lines of a grid or of wrapping children."""
    return style.gap if style.row_gap < 0 else style.row_gap


def grid_rows(children: Sequence[Node], room: int, style: Style) -> list[tuple[list[Node], int]]:
    """Return the rows of a grid with the height each wants."""
    wide, count = _cell(room, style), style.columns
    rows = [list(children[i : i + count]) for i in range(0, len(children), count)]
    return [(row, max(size(child, wide)[1] for child in row)) for row in rows]


def _grid_size(children: Sequence[Node], room: int, style: Style) -> tuple[int, int]:
    rows = grid_rows(children, room, style)
    return room, sum(h for _, h in rows) + row_gap(style) * (len(rows) - 1)


def wrapped(children: Sequence[Node], room: int, style: Style) -> list[list[tuple[Node, int, int]]]:
    """Return the lines of a wrapping row: each child with its size."""
    lines: list[list[tuple[Node, int, int]]] = []
    left = -1
    for child in children:
        wide, high = size(child, room)
        if not lines or wide > left:
            lines.append([])
            left = room
        lines[-1].append((child, wide, high))
        left -= wide + style.gap
    return lines


def _wrap_size(children: Sequence[Node], room: int, style: Style) -> tuple[int, int]:
    lines = wrapped(children, room, style)
    height = sum(max(h for _, _, h in line) for line in lines)
    widths = [sum(w for _, w, _ in line) + style.gap * (len(line) - 1) for line in lines]
    return max(widths), height + row_gap(style) * (len(lines) - 1)


def _stack_size(children: Sequence[Node], room: int, _style: Style) -> tuple[int, int]:
    sizes = [size(child, room) for child in children]
    return max(w for w, _ in sizes), max(h for _, h in sizes)


def _across(align: Align, start: int, room: int, wants: int) -> tuple[int, int]:
    """Return place and length across the flow."""
    if align == "stretch":
        return start, room
    length = min(wants, room)
    return start + {"start": 0, "center": (room - length) // 2, "end": room - length}[align], length


def _lead(justify: Align, spare: int, count: int) -> tuple[int, int]:
    """Return the room before the first child and the extra room between two."""
    if justify == "stretch" and count > 1:
        return 0, spare // (count - 1)
    return {"start": 0, "center": spare // 2, "end": spare, "stretch": spare // 2}[justify], 0


def _place_column(children: Sequence[Node], box: Box, style: Style) -> Iterator[Placed]:
    sizes = [size(child, box.w) for child in children]
    spare = max(0, box.h - sum(h for _, h in sizes) - _gaps(children, style.gap))
    growing = sum(child.style.grow for child in children)
    y, between = (0, 0) if growing else _lead(style.justify, spare, len(children))
    for child, (wants, high) in zip(children, sizes, strict=True):
        height = high + (int(spare * child.style.grow / growing) if growing else 0)
        align: Align = "start" if child.style.width and style.align == "stretch" else style.align
        x, width = _across(align, box.x, box.w, wants)
        yield place(child, Box(x=x, y=box.y + y, w=width, h=height))
        y += height + style.gap + between


def _place_row(children: Sequence[Node], box: Box, style: Style) -> Iterator[Placed]:
    widths = row_widths(children, box.w, style)
    spare = max(0, box.w - sum(widths) - _gaps(children, style.gap))
    x, between = _lead(style.justify, spare, len(children))
    for child, width in zip(children, widths, strict=True):
        wants = size(child, width or 1)[1]
        align: Align = "start" if child.style.height and style.align == "stretch" else style.align
        y, height = _across(align, box.y, box.h, wants)
        yield place(child, Box(x=box.x + x, y=y, w=width, h=height))
        x += width + style.gap + between


def _place_grid(children: Sequence[Node], box: Box, style: Style) -> Iterator[Placed]:
    wide, gap = _cell(box.w, style), row_gap(style)
    rows = grid_rows(children, box.w, style)
    wanted = sum(h for _, h in rows) + gap * (len(rows) - 1)
    extra = max(0, box.h - wanted) // max(1, len(rows)) if style.justify == "stretch" else 0
    y = box.y
    for row, wants in rows:
        for column, child in enumerate(row):
            x = box.x + column * (wide + style.gap)
            yield place(child, Box(x=x, y=y, w=wide, h=wants + extra))
        y += wants + extra + gap


def _place_wrap(children: Sequence[Node], box: Box, style: Style) -> Iterator[Placed]:
    y = box.y
    for line in wrapped(children, box.w, style):
        high = max(h for _, _, h in line)
        spare = box.w - sum(w for _, w, _ in line) - style.gap * (len(line) - 1)
        x = box.x + (spare // 2 if style.justify == "center" else 0)
        for child, wide, _ in line:
            yield place(child, Box(x=x, y=y, w=wide, h=high))
            x += wide + style.gap
        y += high + row_gap(style)


def _place_stack(children: Sequence[Node], box: Box, style: Style) -> Iterator[Placed]:
    for child in children:
        wide, high = size(child, box.w)
        x, width = _across(style.align, box.x, box.w, wide)
        y, height = _across(style.justify, box.y, box.h, high)
        yield place(child, Box(x=x, y=y, w=width, h=height))


_SIZERS: Final[dict[str, Callable[[Sequence[Node], int, Style], tuple[int, int]]]] = {
    "column": _column_size,
    "row": _row_size,
    "grid": _grid_size,
    "wrap": _wrap_size,
    "stack": _stack_size,
}
_PLACERS: Final[dict[str, Callable[[Sequence[Node], Box, Style], Iterator[Placed]]]] = {
    "column": _place_column,
    "row": _place_row,
    "grid": _place_grid,
    "wrap": _place_wrap,
    "stack": _place_stack,
}
