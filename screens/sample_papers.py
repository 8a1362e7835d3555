"""Sample papers on the screen: the shapes of :mod:`kiosk.domain.sample_papers`, with Pillow."""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageDraw

from kiosk.domain.sample_papers import WIDE, Box, Written, high, known, shapes
from screens import theme
from screens.fonts import advance, font, pieces
from screens.semantic import Face, Picture

NAME: Final = "paper"
"""Of a :class:`screens.semantic.Picture` whose ``text`` is the key."""
_FINE: Final = 2
"""How much larger than life it is painted."""
_TILT: Final = 18
_SEEN: Final = 140
"""Of 255, how much is seen of the word across it: what is beside it stays readable."""


def size(key: str, wide: float, tall: float) -> tuple[float, float]:
    """Return how large the picture is that fits into a frame."""
    ratio = high(key) / WIDE
    across = min(wide, tall / ratio)
    return across, across * ratio


def paint(picture: Picture, width: int, height: int) -> Image.Image:
    """Return the paper in the middle of the white of a card; an unknown one is that white."""
    key = picture.text
    image = Image.new("RGB", (width * _FINE, height * _FINE), theme.CARD)
    if not known(key):
        return image.reduce(_FINE)
    across, tall = size(key, width * _FINE, height * _FINE)
    corner = ((image.width - across) / 2, (image.height - tall) / 2)
    for shape in shapes(key):
        if isinstance(shape, Box):
            _box(image, shape, corner, across / WIDE)
        else:
            _written(image, shape, corner, across / WIDE)
    return image.reduce(_FINE)


def _box(image: Image.Image, own: Box, corner: tuple[float, float], unit: float) -> None:
    x, y = corner[0] + own.x * unit, corner[1] + own.y * unit
    box = (x, y, max(x + 1, x + own.wide * unit), max(y + 1, y + own.high * unit))
    radius = min(own.round * unit, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2)
    thick = max(1, round(own.thick * unit)) if own.line else 0
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(box, radius, own.fill or None, own.line or None, thick)


def _written(image: Image.Image, own: Written, corner: tuple[float, float], unit: float) -> None:
    letters = max(4, round(own.size * unit))
    face: Face = "bold" if own.bold or own.tilted else "sans"
    middle = (corner[0] + own.x * unit, corner[1] + own.y * unit)
    left = middle[0] if own.left else middle[0] - advance(own.words, face, letters) / 2
    mask = Image.new("L", image.size, 0)
    draw, x = ImageDraw.Draw(mask), left
    for file, part in pieces(own.words, face):
        kept = font(file, letters)
        seen = _SEEN if own.tilted else 255
        draw.text((x, middle[1] + letters * 0.38), part, font=kept, fill=seen, anchor="ls")
        x += kept.getlength(part)
    if own.tilted:
        mask = mask.rotate(_TILT, Image.Resampling.BICUBIC, center=middle)
    image.paste(own.colour, (0, 0), mask)
