"""A sheet of A4 as a PDF: Noto Sans SC, lines broken as Chinese is, page numbers, equal bytes.

Measures are millimetres; letters are in points.  Nothing in the file says when it was made, so that
equal texts are equal bytes.  Whatever is printed by this terminal on A4 is written on such sheets.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.guide.lines import broken

if TYPE_CHECKING:
    from fpdf import FPDF

FONT_DIRECTORIES: Final = (
    Path(__file__).resolve().parent.parent.parent / "build" / "fonts",
    Path("/usr/share/yiduan/fonts"),
)
_FACES: Final = {"": "NotoSansSC-Regular.otf", "B": "NotoSansSC-Bold.otf"}
LEFT, TOP, BOTTOM = 20.0, 18.0, 20.0
ROOM = 210.0 - 2 * LEFT
LEAST: Final = 12.0
"""The smallest letters."""
LEADING: Final = 0.58
"""Millimetres of a line for each point of its letters."""
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_FOOT: Final = "第 页　共0123456789/{nb}"


class FontsNotBuilt(Exception):
    """The faces are not there: run ``python assets/build_fonts.py``."""


class CharactersMissing(Exception):
    """These characters are in the text and not in its faces; the PDF would leave them out."""


def blank(texts: Iterable[str]) -> FPDF:
    """Return an empty PDF that has the characters of these texts and numbers its pages.

    Raises:
        FontsNotBuilt: there are no fonts on this machine.
    """
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from fpdf import FPDF  # noqa: PLC0415 - takes most of a second

    class Numbered(FPDF):
        """A PDF with the page's number at its foot, and no identifier made of the time."""

        def footer(self) -> None:
            """Write the number."""
            self.set_y(-14)
            self.set_font("sans", "", LEAST)
            self.set_text_color(70)
            self.cell(0, 6, f"第 {self.page_no()} 页　共 {{nb}} 页", align="C")

        def file_id(self) -> None:
            """Return none."""

    pdf = Numbered(format="A4")
    pdf.set_creation_date(_MADE)
    pdf.set_producer("")
    pdf.set_lang("zh-CN")
    pdf.set_auto_page_break(auto=True, margin=BOTTOM)
    pdf.set_margins(LEFT, TOP, LEFT)
    pdf.c_margin = 0
    used = sorted({ord(one) for text in texts for one in text} | set(map(ord, _FOOT)))
    for style, name in _FACES.items():
        pdf.add_font("sans", style, _directory() / name, unicode_range=used)
    return pdf


def lines(
    pdf: FPDF,
    texts: tuple[str, ...],
    *,
    size: float,
    style: str = "",
    ink: int = 0,
    inset: float = 0,
    room: float = ROOM,
) -> None:
    """Write texts one under another, in letters of ``size`` points and a grey of ``ink``."""
    pdf.set_font("sans", style, size)
    pdf.set_text_color(ink)
    high = size * LEADING
    for text in texts:
        for line in broken(text, room - inset, pdf.get_string_width):
            pdf.set_x(LEFT + inset)
            pdf.cell(room - inset, high, line, align="L", new_x="LMARGIN", new_y="NEXT")


def whole(pdf: FPDF) -> None:
    """Refuse a text that lacks characters: it would read otherwise, and nobody would see it.

    Raises:
        CharactersMissing: the faces cannot draw a character of it.
    """
    missing = {code for face in pdf.fonts.values() for code in getattr(face, "missing_glyphs", ())}
    if missing:
        raise CharactersMissing("".join(map(chr, sorted(missing))))


def space(pdf: FPDF, high: float) -> None:
    """Go down by so much."""
    pdf.set_y(pdf.get_y() + high)


def keep(pdf: FPDF, high: float) -> None:
    """Turn the page unless there is so much room left: a heading stays with what follows it."""
    if pdf.get_y() + high > 297.0 - BOTTOM:
        pdf.add_page()


def rule(pdf: FPDF) -> None:
    """Draw a line across."""
    pdf.set_draw_color(140)
    pdf.set_line_width(0.3)
    pdf.line(LEFT, pdf.get_y(), LEFT + ROOM, pdf.get_y())
    space(pdf, 2)


def _directory() -> Path:
    for place in FONT_DIRECTORIES:
        if (place / _FACES[""]).exists():
            return place
    raise FontsNotBuilt("python assets/build_fonts.py")
