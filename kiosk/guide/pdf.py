"""A guide as a PDF: A4, letters of 12 points and more, page numbers, a QR of its public address.

Measures are millimetres; letters are in points.  Nothing in the file says when it was made, so that
equal guides are equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.domain import sample_papers
from kiosk.domain.guide import GuideRecord, Part
from kiosk.domain.sample_papers import Written
from kiosk.guide import pdf_papers
from kiosk.guide.a4 import (
    LEADING,
    LEAST,
    LEFT,
    ROOM,
    TOP,
    CharactersMissing,
    FontsNotBuilt,
    blank,
    keep,
    lines,
    rule,
    space,
    whole,
)

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["CharactersMissing", "FontsNotBuilt", "made"]

_CODE = 30.0
_BODY, _HEADING, _ITEM, _TITLE = 13.0, 15.0, 16.0, 24.0


def made(guide: GuideRecord, *, simple: bool, address: str = "") -> bytes:
    """Return the PDF; ``address`` is the guide's public one, without it there is no QR.

    Raises:
        FontsNotBuilt: there are no fonts on this machine.
        CharactersMissing: the faces cannot draw a character of it.
    """
    pdf = blank(_texts(guide, address))
    pdf.add_page()
    _title(pdf, guide, simple=simple, address=address)
    for part in guide.heads:
        _part(pdf, part, size=_HEADING)
    if not simple:
        keep(pdf, min(len(guide.flow) + 2, 25) * _BODY * LEADING)
        _part(pdf, Part(key="flow", title="办理流程图", lines=guide.flow), size=_HEADING)
        _items(pdf, guide)
    space(pdf, 4)
    lines(pdf, (f"来源：{guide.source}", f"事项库版本 {guide.version}"), size=LEAST, ink=70)
    whole(pdf)
    return bytes(pdf.output())


def _title(pdf: FPDF, guide: GuideRecord, *, simple: bool, address: str) -> None:
    room = ROOM - _CODE - 6 if address else ROOM
    if address:
        _code(pdf, address)
    lines(pdf, (guide.name,), size=_TITLE, style="B", room=room)
    kind = "办事指南 · 简版" if simple else "办事指南 · 完整版"
    lines(pdf, (f"{kind} · {guide.place}",), size=_BODY, room=room)
    if guide.note:
        lines(pdf, (f"【{guide.note}】",), size=_BODY, style="B", room=room)
    if guide.intro:
        lines(pdf, (guide.intro,), size=_BODY, room=room)
    if address:
        pdf.set_y(max(pdf.get_y(), TOP + _CODE + 8))
    space(pdf, 2)


def _items(pdf: FPDF, guide: GuideRecord) -> None:
    for item in guide.items:
        space(pdf, 5)
        keep(pdf, 30)
        rule(pdf)
        lines(pdf, (item.name,), size=_ITEM, style="B")
        lines(pdf, (item.departments,), size=LEAST, ink=70)
        if item.line:
            lines(pdf, (item.line,), size=_BODY)
        for part in item.whole:
            _part(pdf, part, size=_BODY)


def _part(pdf: FPDF, part: Part, *, size: float) -> None:
    space(pdf, 2)
    keep(pdf, 2.5 * size * LEADING)
    lines(pdf, (part.title,), size=size, style="B")
    if part.pictures:
        _papers(pdf, part)
    else:
        lines(pdf, part.lines, size=_BODY, inset=5)


def _papers(pdf: FPDF, part: Part) -> None:
    """Write papers one under another, each beside its sample picture."""
    wide, tall = pdf_papers.FRAME
    for name, key in zip(part.lines, part.pictures, strict=True):
        keep(pdf, tall + 2)
        top = pdf.get_y()
        pdf_papers.draw(pdf, key, LEFT + 5, top + 1)
        pdf.set_y(top + (tall - _BODY * LEADING) / 2)
        lines(pdf, (name,), size=_BODY, inset=wide + 9)
        pdf.set_y(max(pdf.get_y(), top + tall + 2))


def _code(pdf: FPDF, address: str) -> None:
    """Draw the QR as squares at the top right, so that no printer smooths it."""
    import segno  # noqa: PLC0415 - only for paper

    rows = [bytes(row) for row in segno.make(address, error="m", micro=False).matrix]
    dot, left = _CODE / len(rows), LEFT + ROOM - _CODE
    pdf.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                pdf.rect(left + across * dot, TOP + down * dot, dot, dot, style="F")
    pdf.set_font("sans", "", LEAST)
    pdf.set_text_color(0)
    pdf.set_xy(left, TOP + _CODE + 1)
    pdf.cell(_CODE, LEAST * LEADING, "手机扫码看", align="C")
    pdf.set_xy(LEFT, TOP)


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
    yield "办事指南·简完整版【】流程图来源：事项库本手机扫码看0123456789/ "
