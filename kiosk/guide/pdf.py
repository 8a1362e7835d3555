"""A guide as a PDF: A4, letters of 12 points and more, page numbers, a QR of its public address.

Measures are millimetres; letters are in points.  Nothing in the file says when it was made, so that
equal guides are equal bytes.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.domain import sample_papers
from kiosk.domain.guide import GuideRecord, Part
from kiosk.domain.sample_papers import Written
from kiosk.guide import pdf_papers
from kiosk.guide.lines import broken

if TYPE_CHECKING:
    from fpdf import FPDF

FONT_DIRECTORIES: Final = (
    Path(__file__).resolve().parent.parent.parent / "build" / "fonts",
    Path("/usr/share/yiduan/fonts"),
)
_FACES: Final = {"": "NotoSansSC-Regular.otf", "B": "NotoSansSC-Bold.otf"}
_LEFT, _TOP, _BOTTOM = 20.0, 18.0, 20.0
_ROOM = 210.0 - 2 * _LEFT
_CODE = 30.0
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_BODY, _HEADING, _ITEM, _TITLE, _LEAST = 13.0, 15.0, 16.0, 24.0, 12.0
_LEADING = 0.58  # mm of a line for each point of its letters


class FontsNotBuilt(Exception):
    """The faces are not there: run ``python assets/build_fonts.py``."""


class CharactersMissing(Exception):
    """These characters are in the guide and not in its faces; the PDF would leave them out."""


def made(guide: GuideRecord, *, simple: bool, address: str = "") -> bytes:
    """Return the PDF; ``address`` is the guide's public one, without it there is no QR.

    Raises:
        FontsNotBuilt: there are no fonts on this machine.
        CharactersMissing: the faces cannot draw a character of it.
    """
    pdf = _new(_texts(guide, address))
    pdf.add_page()
    _title(pdf, guide, simple=simple, address=address)
    for part in guide.heads:
        _part(pdf, part, size=_HEADING)
    if not simple:
        _keep(pdf, min(len(guide.flow) + 2, 25) * _BODY * _LEADING)
        _part(pdf, Part(key="flow", title="办理流程图", lines=guide.flow), size=_HEADING)
        _items(pdf, guide)
    _space(pdf, 4)
    _lines(pdf, (f"来源：{guide.source}", f"事项库版本 {guide.version}"), size=_LEAST, ink=70)
    _whole(pdf)
    return bytes(pdf.output())


def _title(pdf: FPDF, guide: GuideRecord, *, simple: bool, address: str) -> None:
    room = _ROOM - _CODE - 6 if address else _ROOM
    if address:
        _code(pdf, address)
    _lines(pdf, (guide.name,), size=_TITLE, style="B", room=room)
    kind = "办事指南 · 简版" if simple else "办事指南 · 完整版"
    _lines(pdf, (f"{kind} · {guide.place}",), size=_BODY, room=room)
    if guide.note:
        _lines(pdf, (f"【{guide.note}】",), size=_BODY, style="B", room=room)
    if guide.intro:
        _lines(pdf, (guide.intro,), size=_BODY, room=room)
    if address:
        pdf.set_y(max(pdf.get_y(), _TOP + _CODE + 8))
    _space(pdf, 2)


def _items(pdf: FPDF, guide: GuideRecord) -> None:
    for item in guide.items:
        _space(pdf, 5)
        _keep(pdf, 30)
        _rule(pdf)
        _lines(pdf, (item.name,), size=_ITEM, style="B")
        _lines(pdf, (item.departments,), size=_LEAST, ink=70)
        if item.line:
            _lines(pdf, (item.line,), size=_BODY)
        for part in item.whole:
            _part(pdf, part, size=_BODY)


def _part(pdf: FPDF, part: Part, *, size: float) -> None:
    _space(pdf, 2)
    _keep(pdf, 2.5 * size * _LEADING)
    _lines(pdf, (part.title,), size=size, style="B")
    if part.pictures:
        _papers(pdf, part)
    else:
        _lines(pdf, part.lines, size=_BODY, inset=5)


def _papers(pdf: FPDF, part: Part) -> None:
    """Write papers one under another, each beside its sample picture."""
    wide, tall = pdf_papers.FRAME
    for name, key in zip(part.lines, part.pictures, strict=True):
        _keep(pdf, tall + 2)
        top = pdf.get_y()
        pdf_papers.draw(pdf, key, _LEFT + 5, top + 1)
        pdf.set_y(top + (tall - _BODY * _LEADING) / 2)
        _lines(pdf, (name,), size=_BODY, inset=wide + 9)
        pdf.set_y(max(pdf.get_y(), top + tall + 2))


def _lines(
    pdf: FPDF,
    texts: tuple[str, ...],
    *,
    size: float,
    style: str = "",
    ink: int = 0,
    inset: float = 0,
    room: float = _ROOM,
) -> None:
    pdf.set_font("sans", style, size)
    pdf.set_text_color(ink)
    high = size * _LEADING
    for text in texts:
        for line in broken(text, room - inset, pdf.get_string_width):
            pdf.set_x(_LEFT + inset)
            pdf.cell(room - inset, high, line, align="L", new_x="LMARGIN", new_y="NEXT")


def _whole(pdf: FPDF) -> None:
    """Refuse a guide that lacks characters: it would read otherwise, and nobody would see it."""
    missing = {code for face in pdf.fonts.values() for code in getattr(face, "missing_glyphs", ())}
    if missing:
        raise CharactersMissing("".join(map(chr, sorted(missing))))


def _space(pdf: FPDF, high: float) -> None:
    pdf.set_y(pdf.get_y() + high)


def _keep(pdf: FPDF, high: float) -> None:
    """Turn the page unless there is so much room left: a heading stays with what follows it."""
    if pdf.get_y() + high > 297.0 - _BOTTOM:
        pdf.add_page()


def _rule(pdf: FPDF) -> None:
    pdf.set_draw_color(140)
    pdf.set_line_width(0.3)
    pdf.line(_LEFT, pdf.get_y(), _LEFT + _ROOM, pdf.get_y())
    _space(pdf, 2)


def _code(pdf: FPDF, address: str) -> None:
    """Draw the QR as squares at the top right, so that no printer smooths it."""
    import segno  # noqa: PLC0415 - only for paper

    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    dot, left = _CODE / len(rows), _LEFT + _ROOM - _CODE
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                pdf.rect(left + across * dot, _TOP + down * dot, dot, dot, style="F")
    pdf.set_font("sans", "", _LEAST)
    pdf.set_text_color(0)
    pdf.set_xy(left, _TOP + _CODE + 1)
    pdf.cell(_CODE, _LEAST * _LEADING, "手机扫码看", align="C")
    pdf.set_xy(_LEFT, _TOP)


def _texts(guide: GuideRecord, address: str) -> Iterator[str]:
    """Yield every text that may be drawn."""
    yield from (guide.name, guide.place, guide.note, guide.intro, guide.source, guide.version)
    yield from guide.flow
    yield address
    for key in (key for part in guide.heads for key in part.pictures if sample_papers.known(key)):
        yield from (one.words for one in sample_papers.shapes(key) if isinstance(one, Written))
    parts = [*guide.heads, *(part for item in guide.items for part in (*item.parts, *item.whole))]
    for part in parts:
        yield from (part.title, *part.lines)
    for item in guide.items:
        yield from (item.name, item.departments, item.line)
    yield "办事指南·简完整版【】流程图来源：事项库本手机扫码看第页共0123456789/ "


def _new(texts: Iterator[str]) -> FPDF:
    """Return an empty PDF that has the characters of these texts and numbers its pages."""
    for name in ("fpdf", "fontTools"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from fpdf import FPDF  # noqa: PLC0415 - takes most of a second

    class Numbered(FPDF):
        """A PDF with the page's number at its foot, and no identifier made of the time."""

        def footer(self) -> None:
            """Write the number."""
            self.set_y(-14)
            self.set_font("sans", "", _LEAST)
            self.set_text_color(70)
            self.cell(0, 6, f"第 {self.page_no()} 页　共 {{nb}} 页", align="C")

        def file_id(self) -> None:
            """Return none."""

    pdf = Numbered(format="A4")
    pdf.set_creation_date(_MADE)
    pdf.set_producer("")
    pdf.set_lang("zh-CN")
    pdf.set_auto_page_break(auto=True, margin=_BOTTOM)
    pdf.set_margins(_LEFT, _TOP, _LEFT)
    pdf.c_margin = 0
    used = sorted({ord(one) for text in texts for one in text} | set(map(ord, "{nb} ")))
    for style, name in _FACES.items():
        pdf.add_font("sans", style, _directory() / name, unicode_range=used)
    return pdf


def _directory() -> Path:
    for place in FONT_DIRECTORIES:
        if (place / _FACES[""]).exists():
            return place
    raise FontsNotBuilt("python assets/build_fonts.py")
