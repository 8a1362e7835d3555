"""Drawn thermal paper: what a printer put on it, as a picture a person can judge.

A sheet is 576 dots wide (72 mm at 8 dots a millimetre); one dot of print is one pixel.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from drivers.printer import glyphs

DOTS = 576
"""Printable width."""

MARGIN = 32
"""White paper left and right of the printable width: 4 mm, as on an 80 mm roll."""

MAX_DOTS = 24_000
"""Longest drawn sheet: 3 m; a printer that prints more is not drawn further."""

_PAPER = (252, 250, 243)
_PRINT = (43, 40, 44)
_DESK = (226, 224, 218)
_TOOTH = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Glyph:
    """One character in its cell; x, y is the cell's upper left corner in dots."""

    x: int
    y: int
    width: int
    height: int
    character: str
    bold: bool = False
    underline: int = 0
    reverse: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Dots:
    """A picture; mode "1" with 255 for ink."""

    x: int
    y: int
    picture: Image.Image


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """Everything printed on one piece of paper, top to bottom."""

    marks: tuple[Glyph | Dots, ...] = ()
    height: int = 0
    cuts: tuple[int, ...] = field(default=())

    def ink(self) -> Image.Image:
        """Return the ink alone: mode "L", 255 where the paper is black."""
        ink = Image.new("L", (DOTS, max(1, min(self.height, MAX_DOTS))), 0)
        for mark in self.marks:
            if mark.y < MAX_DOTS:
                _draw(ink, mark)
        return ink

    def picture(self) -> Image.Image:
        """Return the paper as it lies on a desk, torn off at both ends."""
        ink = self.ink().filter(ImageFilter.GaussianBlur(0.4))
        size = (ink.width + 2 * MARGIN, ink.height + 3 * MARGIN)
        paper = Image.new("RGB", size, _PAPER)
        paper.paste(_PRINT, (MARGIN, MARGIN + _TOOTH), ink)
        _draw_cuts(paper, self.cuts, self.height)
        _tear(paper)
        return paper

    def png(self) -> bytes:
        """Return `picture` as PNG bytes."""
        buffer = io.BytesIO()
        self.picture().quantize(32).save(buffer, "PNG")
        return buffer.getvalue()


def _draw(ink: Image.Image, mark: Glyph | Dots) -> None:
    patch = mark.picture.convert("L") if isinstance(mark, Dots) else _glyph(mark)
    box = (mark.x, mark.y, mark.x + patch.width, mark.y + patch.height)
    ink.paste(ImageChops.lighter(ink.crop(box), patch), (mark.x, mark.y))


def _glyph(mark: Glyph) -> Image.Image:
    patch = glyphs.draw(mark.character, mark.height, mark.width)
    if mark.bold:
        patch = ImageChops.lighter(patch, ImageChops.offset(patch, 1, 0))
    if mark.underline:
        bottom = mark.height - 1
        line = (0, bottom - mark.underline + 1, mark.width, bottom)
        ImageDraw.Draw(patch).rectangle(line, fill=255)
    return ImageChops.invert(patch) if mark.reverse else patch


def _draw_cuts(paper: Image.Image, cuts: tuple[int, ...], height: int) -> None:
    """Draw a dashed line where the knife went, except at the very end of the sheet."""
    pen = ImageDraw.Draw(paper)
    for cut in cuts:
        if cut < height:
            for x in range(0, paper.width, 16):
                y = MARGIN + _TOOTH + cut
                pen.line((x, y, x + 8, y), fill=_DESK, width=2)


def _tear(paper: Image.Image) -> None:
    """Give the paper the fine saw edge of a tear bar, top and bottom."""
    pen = ImageDraw.Draw(paper)
    bottom = paper.height - 1
    for x in range(0, paper.width, _TOOTH):
        middle = x + _TOOTH // 2
        pen.polygon(((x, 0), (x + _TOOTH, 0), (middle, _TOOTH // 2)), fill=_DESK)
        pen.polygon(((x, bottom), (x + _TOOTH, bottom), (middle, bottom - _TOOTH // 2)), fill=_DESK)
