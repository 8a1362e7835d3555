"""Puts characters and pictures on drawn paper, line by line, as a receipt printer does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from drivers.printer.characters import GETA
from drivers.printer.sheet import DOTS, MAX_DOTS, Dots, Glyph, Sheet

if TYPE_CHECKING:
    from PIL import Image

CELL = 24
"""Dots of a normal character, high; Chinese ones are as wide, others half."""

MAX_MARKS = 60_000
"""Characters and pictures kept of one sheet."""

MAX_LINES = 4_000
"""Lines of text kept of one sheet."""


@dataclass(slots=True)
class Style:
    """How the next characters look; what ``ESC @`` resets."""

    ascii_size: tuple[int, int] = (1, 1)
    chinese_size: tuple[int, int] = (1, 1)
    bold: bool = False
    underline: int = 0
    reverse: bool = False
    small: bool = False
    align: int = 0
    spacing: int = 30
    margin: int = 0
    area: int = DOTS
    bar_height: int = 162
    bar_width: int = 3
    tabs: tuple[int, ...] = tuple(range(8, 256, 8))


@dataclass(slots=True)
class _Line:
    """The line that is being filled, x from the left edge of the print area."""

    items: list[Glyph | Dots] = field(default_factory=list)
    x: int = 0


class Typesetter:
    """One sheet in the making."""

    def __init__(self) -> None:
        self.style = Style()
        self._line = _Line()
        self._new_sheet()

    def _new_sheet(self) -> None:
        self._marks: list[Glyph | Dots] = []
        self._cuts: list[int] = []
        self._y = 0
        self.text: list[str] = []
        self.pictures: list[Image.Image] = []

    @property
    def x(self) -> int:
        """Where the next item goes, in dots from the left edge of the print area."""
        return self._line.x

    @x.setter
    def x(self, dots: int) -> None:
        self._line.x = max(0, min(dots, DOTS))

    @property
    def height(self) -> int:
        """Dots of paper fed so far."""
        return self._y

    @property
    def at_line_start(self) -> bool:
        """Whether nothing is on the present line."""
        return not self._line.items

    @property
    def blank(self) -> bool:
        """Whether nothing has been put on the present sheet."""
        return not self._marks and not self._line.items

    def take(self) -> Sheet:
        """End the sheet and begin a new one; the style stays."""
        self.end_line()
        sheet = Sheet(marks=tuple(self._marks), height=self._y, cuts=tuple(self._cuts))
        self._new_sheet()
        return sheet

    def forget_line(self) -> None:
        """Drop what has not reached the paper."""
        self._line = _Line()

    def add(self, character: str, *, narrow: bool) -> None:
        """Put one character on the line, on the next one when there is no room."""
        style = self.style
        across, down = style.ascii_size if narrow else style.chinese_size
        tiny = style.small and narrow
        cell = (9 if tiny else CELL // 2) if narrow else CELL
        glyph = Glyph(
            x=0,
            y=0,
            width=cell * across,
            height=(17 if tiny else CELL) * down,
            character=character,
            bold=style.bold,
            underline=style.underline,
            reverse=style.reverse,
        )
        self._put(glyph, glyph.width)

    def add_picture(self, picture: Image.Image) -> None:
        """Put a picture into the line, as high as it is, among the characters."""
        self._put(Dots(x=0, y=0, picture=picture), picture.width)

    def _put(self, item: Glyph | Dots, width: int) -> None:
        if self._line.x + width > self.style.area and self._line.items:
            self.line_feed()
        if len(self._marks) + len(self._line.items) < MAX_MARKS:
            self._line.items.append(replace(item, x=self._line.x))
        self._line.x = min(self._line.x + width, DOTS)

    def end_line(self) -> None:
        """Bring the line to paper when there is one."""
        if self._line.items:
            self.line_feed()

    def line_feed(self) -> None:
        """Bring the line to paper, or feed an empty one."""
        items, self._line = self._line.items, _Line()
        height = max((_height(item) for item in items), default=0)
        left = self.style.margin + self._indent(items)
        for item in items:
            self._mark(item, left + item.x, self._y + height - _height(item))
        text = _line_text(items)
        if text is None:
            self.pictures += [item.picture for item in items if isinstance(item, Dots)]
        elif len(self.text) < MAX_LINES:
            self.text.append(text)
        self.advance(max(height, self.style.spacing))

    def place(self, picture: Image.Image) -> None:
        """Put a picture on a line of its own."""
        self.end_line()
        mark = Dots(x=0, y=0, picture=picture)
        self._mark(mark, self.style.margin + self._indent([mark]), self._y)
        self.advance(picture.height)

    def advance(self, dots: int) -> None:
        """Feed paper."""
        self._y = min(self._y + dots, MAX_DOTS)

    def cut(self) -> None:
        """End the line and let the knife go through here."""
        self.end_line()
        if len(self._cuts) < MAX_LINES:
            self._cuts.append(self._y)

    def _indent(self, items: list[Glyph | Dots]) -> int:
        used = max((item.x + _width(item) for item in items), default=0)
        return max(0, self.style.area - used) * self.style.align // 2

    def _mark(self, item: Glyph | Dots, x: int, y: int) -> None:
        if self._y < MAX_DOTS and len(self._marks) < MAX_MARKS:
            self._marks.append(replace(item, x=x, y=y))


def _width(item: Glyph | Dots) -> int:
    return item.width if isinstance(item, Glyph) else item.picture.width


def _height(item: Glyph | Dots) -> int:
    return item.height if isinstance(item, Glyph) else item.picture.height


def _line_text(items: list[Glyph | Dots]) -> str | None:
    """Return the line's text with its gaps as spaces; None for a line of pictures only."""
    if items and not any(isinstance(item, Glyph) for item in items):
        return None
    text, at = "", 0
    for item in items:
        gap = round((item.x - at) / (CELL // 2))
        text += " " * max(0, gap) + (item.character if isinstance(item, Glyph) else GETA)
        at = item.x + _width(item)
    return text.rstrip()
