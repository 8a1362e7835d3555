"""Masks and set lines as pictures: what the painter turns into textures.

Rounded corners are small masks that are stretched from their middle, so a card of any size costs
one quad and its edge is smooth without multisampling.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from screens.fonts import advance, font, pieces
from screens.semantic import Type
from screens.theme import rgba

MARGIN: Final = 3
"""Dots around set lines for what hangs over their box."""
_FINE: Final = 4
_HANGS: Final = 12
"""Part of an em by which a letter may hang over its own length at most."""


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


@lru_cache(maxsize=64)
def card(radius: int, stroke: int, fill: str, border: str) -> Image.Image:
    """Return a filled rounded square and its rim in one: a card is then drawn once, not twice."""
    image = _coloured(rounded(radius), fill)
    image.alpha_composite(_coloured(outline(radius, stroke), border))
    return image


def _coloured(mask: Image.Image, colour: str) -> Image.Image:
    """Return a mask in a colour."""
    red, green, blue, alpha = (round(255 * part) for part in rgba(colour))
    image = Image.new("RGBA", mask.size, (red, green, blue))
    image.putalpha(mask if alpha == 255 else mask.point(lambda dot: dot * alpha // 255))
    return image


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


def spread(lines: tuple[str, ...], words: Type, width: int) -> tuple[int, int]:
    """Return from where to where set lines reach in a box ``width`` wide, with what hangs over.

    A picture of set words is no wider than that: a page is filled dot by dot, empty ones too.
    """
    starts = [_start(line, words, width) for line in lines]
    ends = [
        start + advance(line, words.face, words.size)
        for start, line in zip(starts, lines, strict=True)
    ]
    hang = MARGIN + words.size // _HANGS
    return max(-MARGIN, int(min(starts)) - hang), min(width + MARGIN, ceil(max(ends)) + hang)


def _start(line: str, words: Type, width: int) -> float:
    """Return where a line starts in its box."""
    if words.align not in {"center", "end"}:
        return 0
    slack = width - advance(line, words.face, words.size)
    slack = slack / 2 if words.align == "center" else slack
    return slack if words.face == "icon" else round(slack)


def set_lines(lines: tuple[str, ...], words: Type, width: int) -> Image.Image:
    """Set lines of a box ``width`` wide, white on nothing, as wide as their :func:`spread`.

    The picture is higher than the lines by the margin above and below.
    """
    high = round(words.size * words.leading) if words.face != "icon" else words.size
    left, right = spread(lines, words, width)
    image = Image.new("LA", (right - left, high * len(lines) + 2 * MARGIN), (255, 0))
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        x = _start(line, words, width) - left
        baseline = MARGIN + number * high + _baseline(words, high)
        for file, part in pieces(line, words.face):
            face = font(file, words.size)
            draw.text((x, baseline), part, font=face, fill=(255, 255), anchor="ls")
            x += face.getlength(part)
    return image


def _baseline(words: Type, high: int) -> int:
    """Return where the letters stand: the em box (0.88 above, 0.12 below) in the line's middle."""
    if words.face == "icon":
        return words.size
    return round((high - words.size) / 2 + words.size * 0.88)
