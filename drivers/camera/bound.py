"""Several pictures of a visit as one PDF, in memory: each sheet a page, cards two to a page.

A JPEG is put into the PDF as it is, byte for byte, so nothing is lost and the check sums of what
was taken still stand.  A sheet fills A4; what was cut, and a picture without a find, keeps its
proportion; a card has its real size, 85.60 mm (ISO/IEC 7810), and the next one lies below it, as
copies of both faces of a card are usually asked for.  The PDF says neither when nor by whom it was
made: equal pictures are equal bytes.
"""

from __future__ import annotations

import datetime as dt
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drivers.camera.page import Kind

MEDIA_TYPE = "application/pdf"

_WIDTH, _HEIGHT = 210.0, 297.0  # ISO 216, millimetres
_CARD_WIDTH, _CARD_HEIGHT = 85.60, 53.98
_CARD_TOPS = (60.0, 160.0)
_MADE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaf:
    """One picture to be bound."""

    jpeg: bytes
    kind: Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """A PDF and the number of its pages."""

    pdf: bytes
    pages: int


def bind(leaves: Sequence[Leaf]) -> Bound:
    """Return these pictures, in order, as one PDF."""
    logging.getLogger("fpdf").setLevel(logging.CRITICAL)
    from fpdf import FPDF  # noqa: PLC0415  # takes most of a second, and only here

    class Quiet(FPDF):
        """A PDF without an identifier: it would be made of the time."""

        def file_id(self) -> None:
            """Return none."""

    pdf = Quiet(format="A4")
    pdf.set_creation_date(_MADE)
    pdf.set_producer("")
    pdf.set_auto_page_break(auto=False)
    sheets = list(_sheets(leaves))
    for sheet in sheets:
        pdf.add_page()
        for place, leaf in enumerate(sheet):
            left, top, wide, high = _box(leaf.kind, place)
            picture = io.BytesIO(leaf.jpeg)
            pdf.image(picture, left, top, wide, high, keep_aspect_ratio=True)
    return Bound(pdf=bytes(pdf.output()), pages=len(sheets))


def _sheets(leaves: Sequence[Leaf]) -> Iterator[list[Leaf]]:
    """Yield what lies on each page."""
    sheet: list[Leaf] = []
    for leaf in leaves:
        joins = leaf.kind is Kind.CARD and len(sheet) == 1 and sheet[0].kind is Kind.CARD
        if sheet and not joins:
            yield sheet
            sheet = []
        sheet.append(leaf)
    if sheet:
        yield sheet


def _box(kind: Kind, place: int) -> tuple[float, float, float, float]:
    """Return left, top, width and height of a picture on its page, in millimetres."""
    if kind is Kind.PAGE:
        return 0.0, 0.0, _WIDTH, _HEIGHT
    return (_WIDTH - _CARD_WIDTH) / 2, _CARD_TOPS[place], _CARD_WIDTH, _CARD_HEIGHT
