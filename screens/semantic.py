"""The one semantic tree.

A page is a tree of :class:`Node`.  The painter draws it, speech reads it, the keypad walks its
targets, and the tests check it: there is no second description of a page anywhere.  Lengths in a
:class:`Style` are dots of the screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Role(StrEnum):
    """What a node is to a person."""

    PAGE = "page"
    BAR = "bar"
    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    NOTE = "note"
    BUTTON = "button"
    CHOICE = "choice"
    GROUP = "group"
    LIST = "list"
    ROW = "row"
    STATUS = "status"
    PROGRESS = "progress"
    IMAGE = "image"
    SPACE = "space"


Face = Literal["sans", "bold", "serif", "icon"]
Align = Literal["start", "center", "end", "stretch"]
Flow = Literal["column", "row", "grid", "wrap", "stack"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Type:
    """How words are set."""

    size: int
    """Dots of the em."""
    colour: str
    face: Face = "sans"
    align: Align = "start"
    leading: float = 1.36
    """Line height in ems."""
    lines: int = 0
    """Most lines; the last one is cut with an ellipsis; 0: as many as it takes."""
    balance: bool = False
    """Make the lines about equally long (titles, centred words)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture that :mod:`screens.pictures` paints."""

    name: str
    text: str = ""
    """Words or payload in it."""
    number: float = 0.0
    """A share from 0 to 1, where it shows one."""
    colour: str = "#000000"


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """Layout and paint of a node."""

    flow: Flow = "column"
    columns: int = 1
    """Of a grid."""
    gap: int = 0
    row_gap: int = -1
    """Between the rows of a grid or wrap; -1: same as ``gap``."""
    pad: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Top, right, bottom, left."""
    width: int = 0
    """Fixed, or 0."""
    height: int = 0
    """Fixed, or 0."""
    min_height: int = 0
    min_width: int = 0
    grow: float = 0.0
    """Share of what is left over along the parent's flow."""
    align: Align = "stretch"
    """Of the children across the flow."""
    justify: Align = "start"
    """Of the children along the flow; ``stretch`` puts the room between them."""
    fill: str = ""
    border: str = ""
    border_width: int = 0
    radius: int = 0
    shadow: int = 0
    """Depth of a soft shadow, or 0."""
    type: Type | None = None
    picture: Picture | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """One thing on the page."""

    role: Role
    label: str = ""
    value: str = ""
    state: tuple[str, ...] = ()
    """``chosen``, ``done``, ``now`` …"""
    hint: str = ""
    target: str = ""
    """Id of the touch target; empty: cannot be touched."""
    style: Style = field(default_factory=Style)
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this node and everything in it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def targets(self) -> list[str]:
        """Return the targets of the page in reading order."""
        return [node.target for node in self.walk() if node.target]

    def words(self) -> list[str]:
        """Return all words on the page in reading order."""
        return [node.label for node in self.walk() if node.label and node.style.type]
