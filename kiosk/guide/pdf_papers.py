"""The papers that are to be brought, on an A4 sheet: each with its sample picture beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kiosk.domain.sample_papers import WIDE, Box, Written, high, known, shapes

if TYPE_CHECKING:
    from fpdf import FPDF

FRAME: Final = (24.0, 16.0)
"""Millimetres across and down that a picture may take."""
_TILT: Final = 18
_POINTS: Final = 72 / 25.4


def draw(pdf: FPDF, key: str, left: float, top: float) -> None:
    """Draw a sample picture at the left of its frame; an unknown one is left out."""
    if not known(key):
        return
    unit = min(FRAME[0] / WIDE, FRAME[1] / high(key))
    with pdf.local_context():
        for shape in shapes(key):
            if isinstance(shape, Box):
                _box(pdf, shape, (left, top), unit)
            else:
                _written(pdf, shape, (left, top), unit)


def _ink(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _box(pdf: FPDF, own: Box, corner: tuple[float, float], unit: float) -> None:
    style = ("F" if own.fill else "") + ("D" if own.line else "")
    if own.fill:
        pdf.set_fill_color(*_ink(own.fill))
    if own.line:
        pdf.set_draw_color(*_ink(own.line))
        pdf.set_line_width(own.thick * unit)
    x, y = corner[0] + own.x * unit, corner[1] + own.y * unit
    wide, tall = own.wide * unit, own.high * unit
    radius = min(own.round * unit, wide / 2, tall / 2)
    pdf.rect(x, y, wide, tall, style=style, round_corners=radius > 0, corner_radius=radius)


def _written(pdf: FPDF, own: Written, corner: tuple[float, float], unit: float) -> None:
    pdf.set_font("sans", "B" if own.bold or own.tilted else "", own.size * unit * _POINTS)
    pdf.set_text_color(*_ink(own.colour))
    x, y = corner[0] + own.x * unit, corner[1] + own.y * unit
    left = x if own.left else x - pdf.get_string_width(own.words) / 2
    down = y + own.size * unit * 0.36
    if not own.tilted:
        pdf.text(left, down, own.words)
        return
    with pdf.local_context(fill_opacity=0.55), pdf.rotation(_TILT, x, y):
        pdf.text(left, down, own.words)
