"""Masks and set lines, as grey pictures: what the painter turns into textures.

Rounded corners are small masks that are stretched from their middle, so a card of any size costs
one quad and its edge is smooth without multisampling.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from screens.fonts import font, pieces
from screens.layout import Placed
from screens.semantic import Type

MARGIN: Final = 3
"""Dots around a set line for what hangs over its box."""
_FINE: Final = 4


@lru_cache(maxsize=64)
def rounded(radius: int) -> Image.Image:
    """Return a filled rounded square with a two-dot middle."""
    side = 2 * radius + 2
    large = Image.new("L", (side * _FINE, side * _FINE), 0)
    last = side * _FINE - 1
    ImageDraw.Draw(large).rounded_rectangle((0, 0, last, last), radius * _FINE, 255)
    return large.resize((side, side), Image.Resampling.BOX)


@lru_cache(maxsize=64)
def outline(radius: int, stroke: int) -> Image.Image:
    """Return the rim of :func:`rounded`, ``stroke`` dots wide."""
    side = 2 * radius + 2
    large = Image.new("L", (side * _FINE, side * _FINE), 0)
    last = side * _FINE - 1
    ImageDraw.Draw(large).rounded_rectangle(
        (0, 0, last, last), radius * _FINE, outline=255, width=stroke * _FINE
    )
    return large.resize((side, side), Image.Resampling.BOX)


@lru_cache(maxsize=16)
def shadow(radius: int, depth: int) -> Image.Image:
    """Return the soft shadow of a rounded card; it reaches ``2 * depth`` beyond the card."""
    side = 2 * (radius + 2 * depth) + 2
    soft = Image.new("L", (side, side), 0)
    reach = 2 * depth
    ImageDraw.Draw(soft).rounded_rectangle(
        (reach, reach, side - reach - 1, side - reach - 1), radius, 46
    )
    return soft.filter(ImageFilter.GaussianBlur(depth * 0.8))


def set_lines(lines: tuple[str, ...], words: Type, width: int) -> Image.Image:
    """Set lines in a box ``width`` wide; the picture is larger by the margin on every side."""
    high = round(words.size * words.leading) if words.face != "icon" else words.size
    image = Image.new("L", (width + 2 * MARGIN, high * len(lines) + 2 * MARGIN), 0)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        parts = [(font(file, words.size), part) for file, part in pieces(line, words.face)]
        long = sum(face.getlength(part) for face, part in parts)
        slack = {"center": (width - long) / 2, "end": width - long}.get(words.align, 0.0)
        x = MARGIN + (round(slack) if words.face != "icon" else slack)
        baseline = MARGIN + number * high + _baseline(words, high)
        for face, part in parts:
            draw.text((x, baseline), part, font=face, fill=255, anchor="ls")
            x += face.getlength(part)
    return image


def _baseline(words: Type, high: int) -> int:
    """Return where the letters stand: the em box (0.88 above, 0.12 below) in the line's middle."""
    if words.face == "icon":
        return words.size
    return round((high - words.size) / 2 + words.size * 0.88)


def text_image(placed: Placed) -> Image.Image | None:
    """Return the set words of a placed node, or None when it has none."""
    words = placed.node.style.type
    if words is None or not placed.lines:
        return None
    _, right, _, left = placed.node.style.pad
    return set_lines(placed.lines, words, max(1, placed.box.w - left - right))
