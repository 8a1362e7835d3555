"""A document as a PDF: A4, Chinese first, text that can be copied out, the same bytes each time.

fpdf2 embeds of each face only the characters that are drawn.  Nothing says who made the file or
when: the date inside is a fixed one, there is no title, author or producer and no identifier, so
that equal documents are equal bytes and the printer's own log learns nothing.

Measures are millimetres; letters are in points (1 pt is 0.353 mm).
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from drivers.a4 import faces
from drivers.a4.document import (
    Block,
    Code,
    Document,
    DocumentError,
    Heading,
    Items,
    Paragraph,
    Rule,
    Signatures,
    Table,
    texts,
)
from drivers.a4.faces import Drawable
from drivers.a4.lines import broken

if TYPE_CHECKING:
    from fpdf import FPDF

MAX_PAGES = 20

WIDTH, HEIGHT = 210.0, 297.0
LEFT, RIGHT = 26.0, 26.0
TOP, BOTTOM = 25.0, 24.0
ROOM = WIDTH - LEFT - RIGHT

_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_BODY, _SMALL, _HEADING, _TITLE = 11.5, 9.0, 13.0, 20.0
_LEADING = 0.60  # mm of a line for each point of its letters: 1.7 times their height
_GAP = 2.4  # between two blocks
_LABEL = 42.0  # of a table
_PAD = 1.8
_CODE = 32.0
_SIGN_ROW = 14.0
_OWN_TEXTS = "0123456789.•第页共　年月日日期：:- 终端打印编号"


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A PDF and what is to be known of it; ``missing`` counts characters no face can draw."""

    pdf: bytes
    pages: int
    missing: int


def make(document: Document) -> Made:
    """Lay a document out.

    Raises:
        DocumentError: it has more than `MAX_PAGES` pages.
        FontsMissing: there are no fonts on this machine.
    """
    able = faces.drawable([*texts(document), _OWN_TEXTS])
    sheet = _Sheet(_new_pdf(able), able)
    sheet.title(document)
    blocks = document.blocks
    for place, block in enumerate(blocks):
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        _draw(sheet, block, following)
    sheet.finish(document)
    missing = sum(ord(one) in able.missing for text in texts(document) for one in text)
    return Made(pdf=bytes(sheet.pdf.output()), pages=sheet.pages, missing=missing)


def _new_pdf(able: Drawable) -> FPDF:
    """Return an empty PDF that has the faces this document needs."""
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they would quote what they draw
    from fpdf import FPDF  # noqa: PLC0415  # takes most of a second, and only here

    class Quiet(FPDF):
        """A PDF without an identifier: it would be made of the time."""

        def file_id(self) -> None:
            """Return none."""

    pdf = Quiet(format="A4")
    pdf.set_creation_date(_MADE)
    pdf.set_producer("")
    pdf.set_lang("zh-CN")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margins(LEFT, TOP, RIGHT)
    pdf.c_margin = 0
    where = faces.place()
    for style, name in (("", faces.REGULAR), ("B", faces.BOLD)):
        pdf.add_font("sans", style, where / name, unicode_range=sorted(able.characters))
    if able.others:
        pdf.add_font("other", "", where / faces.OTHER, unicode_range=sorted(able.others))
        pdf.set_fallback_fonts(["other"], exact_match=False)
    return pdf


class _Sheet:
    """The page being drawn on, and where the next thing goes."""

    def __init__(self, pdf: FPDF, able: Drawable) -> None:
        self.pdf = pdf
        self.able = able
        self.pages = 0
        self.down = TOP
        self._widths: dict[tuple[str, float, str], float] = {}
        self.turn()

    def turn(self) -> None:
        """Begin a new page.

        Raises:
            DocumentError: there are too many.
        """
        if self.pages == MAX_PAGES:
            raise DocumentError(f"more than {MAX_PAGES} pages")
        self.pages += 1
        self.pdf.add_page()
        self.down = TOP

    def need(self, high: float) -> None:
        """Turn the page unless there is so much room on it."""
        if self.down + high > HEIGHT - BOTTOM and self.down > TOP:
            self.turn()

    def broken(self, text: str, size: float, wide: float, style: str = "", indent: str = "") -> Any:
        """Return the lines of a text."""

        def width(piece: str) -> float:
            return sum(self._width(one, size, style) for one in piece)

        return broken(self.able.drawn(text), wide, width, indent)

    def put(self, line: str, left: float, size: float, style: str = "", ink: int = 0) -> None:
        """Draw one line of text at the present height; the height stays."""
        self.pdf.set_font("sans", style, size)
        self.pdf.set_text_color(ink)
        self.pdf.set_xy(left, self.down)
        self.pdf.cell(text=line, h=size * _LEADING)

    def paragraph(
        self,
        text: str,
        *,
        left: float = LEFT,
        size: float = _BODY,
        style: str = "",
        indent: str = "",
    ) -> None:
        """Draw a text over as many lines and pages as it needs."""
        for line in self.broken(text, size, WIDTH - RIGHT - left, style, indent):
            self.need(size * _LEADING)
            self.put(line, left, size, style)
            self.down += size * _LEADING

    def centred(self, text: str, size: float, style: str) -> None:
        """Draw a text in the middle, over as many lines as it needs."""
        for line in self.broken(text, size, ROOM, style):
            wide = sum(self._width(one, size, style) for one in line)
            self.put(line, LEFT + (ROOM - wide) / 2, size, style)
            self.down += size * _LEADING

    def title(self, document: Document) -> None:
        """Draw the title and the number below it."""
        self.centred(document.title, _TITLE, "B")
        if document.number:
            self.down += 1.0
            self.centred(f"编号：{document.number}", _SMALL, "")
        self.down += 5.0

    def finish(self, document: Document) -> None:
        """Draw the foot of every page, now that their number is known."""
        for page in range(1, self.pages + 1):
            self.pdf.page = page
            self.down = HEIGHT - 15.0
            line = f"第 {page} 页 共 {self.pages} 页"
            wide = sum(self._width(one, _SMALL, "") for one in line)
            self.put(line, WIDTH - RIGHT - wide, _SMALL, ink=90)
            if document.footer is not None:
                date = document.footer.date
                told = f"终端 {document.footer.terminal}  打印日期 {date:%Y-%m-%d}"
                first = self.broken(told, _SMALL, ROOM - wide - 10)[0]
                self.put(first, LEFT, _SMALL, ink=90)

    def rule(self, left: float, right: float, grey: int = 120) -> None:
        """Draw a thin line across at the present height."""
        self.pdf.set_draw_color(grey)
        self.pdf.set_line_width(0.2)
        self.pdf.line(left, self.down, right, self.down)

    def _width(self, character: str, size: float, style: str) -> float:
        key = (character, size, style)
        if key not in self._widths:
            self.pdf.set_font("sans", style, size)
            other = ord(character) in self.able.others
            wide = size * 0.3528 if other else self.pdf.get_string_width(character)
            self._widths[key] = float(wide)
        return self._widths[key]


def _draw(sheet: _Sheet, block: Block, following: Block | None) -> None:
    match block:
        case Heading(text=text):
            sheet.down += _GAP if sheet.down > TOP else 0
            sheet.need(_HEADING * _LEADING + _after_heading(following))
            sheet.paragraph(text, size=_HEADING, style="B")
        case Paragraph(text=text):
            sheet.paragraph(text, indent="　　")
        case Items():
            _items(sheet, block)
        case Table():
            _table(sheet, block)
        case Signatures():
            _signatures(sheet, block)
        case Code():
            _code(sheet, block)
        case Rule():
            sheet.need(_GAP)
            sheet.rule(LEFT, WIDTH - RIGHT)
    sheet.down += _GAP


def _after_heading(following: Block | None) -> float:
    """Return the room of what a heading must not be parted from."""
    match following:
        case None:
            return 0.0
        case Code():
            return _CODE + _GAP
        case Signatures():
            return _SIGN_ROW + _GAP
        case _:
            return 2 * _BODY * _LEADING + _GAP


def _items(sheet: _Sheet, items: Items) -> None:
    inset = 8.0
    for place, text in enumerate(items.texts, start=1):
        sheet.need(_BODY * _LEADING)
        sheet.put(f"{place}." if items.numbered else "•", LEFT + 1.5, _BODY)
        sheet.paragraph(text, left=LEFT + inset)


def _table(sheet: _Sheet, table: Table) -> None:
    """Draw rows with lines above, below and between; a long row goes on over the page."""
    high = _BODY * _LEADING
    for label, value in table.rows:
        labels = sheet.broken(label, _BODY, _LABEL - 2 * _PAD)
        values = sheet.broken(value, _BODY, ROOM - _LABEL - 2 * _PAD)
        lines = max(len(labels), len(values))
        sheet.need(min(lines, 12) * high + 2 * _PAD)
        _frame_top(sheet)
        for line in range(lines):
            if sheet.down + high + _PAD > HEIGHT - BOTTOM:
                _frame_end(sheet)
                sheet.turn()
                _frame_top(sheet)
            if line < len(labels):
                sheet.put(labels[line], LEFT + _PAD, _BODY, ink=60)
            if line < len(values):
                sheet.put(values[line], LEFT + _LABEL + _PAD, _BODY)
            sheet.down += high
        _frame_end(sheet)
    sheet.down += _PAD


def _frame_top(sheet: _Sheet) -> None:
    sheet.rule(LEFT, WIDTH - RIGHT)
    sheet.down += _PAD


def _frame_end(sheet: _Sheet) -> None:
    sheet.down += _PAD
    sheet.rule(LEFT, WIDTH - RIGHT)


def _signatures(sheet: _Sheet, signatures: Signatures) -> None:
    """Draw a line to write on for each, and a place for the date."""
    for label in signatures.labels:
        sheet.need(_SIGN_ROW)
        sheet.down += _SIGN_ROW - _BODY * _LEADING
        first = sheet.broken(f"{label}：", _BODY, 46.0)[0]
        sheet.put(first, LEFT, _BODY)
        sheet.put("日期：　　　　年　　月　　日", WIDTH - RIGHT - 58.0, _BODY)
        sheet.down += _BODY * _LEADING
        sheet.rule(LEFT + 47.0, WIDTH - RIGHT - 62.0, grey=0)
    sheet.down += _PAD


def _code(sheet: _Sheet, code: Code) -> None:
    """Draw a QR code as squares, so that no printer smooths it, and its words beside it."""
    import segno  # noqa: PLC0415  # as fpdf

    rows = [bytes(row) for row in segno.make(code.payload, error="m", micro=False).matrix]
    sheet.need(_CODE + 2)
    top = sheet.down
    dot = _CODE / len(rows)
    sheet.pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for left, right in _runs(row):
            place = (LEFT + left * dot, top + down * dot)
            sheet.pdf.rect(*place, (right - left) * dot, dot, style="F")
    lines = sheet.broken(code.caption, _BODY, ROOM - _CODE - 8)
    fits = max(1, int(_CODE / (_BODY * _LEADING)))
    for line in lines[:fits]:
        sheet.put(line, LEFT + _CODE + 8, _BODY)
        sheet.down += _BODY * _LEADING
    sheet.down = top + _CODE + 2
    if lines[fits:]:
        sheet.paragraph("".join(lines[fits:]))


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Return first and end of each run of dark squares."""
    found: list[tuple[int, int]] = []
    for place, dark in enumerate(row):
        if dark and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif dark:
            found.append((place, place + 1))
    return found
