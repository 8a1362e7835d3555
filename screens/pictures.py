"""The pictures of the pages, painted at four times their size and brought down.

Each painter gets a size and the :class:`~screens.semantic.Picture` and returns an opaque picture
on the ground colour it is told, so that edges are smooth without multisampling.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

import segno
from PIL import Image, ImageDraw

from screens import sample_papers, staff_pictures, theme
from screens.scenes import (
    CARD_RATIO,
    FINE,
    arrow,
    canvas,
    identity_card,
    lay,
    measure,
    mounted,
    reader,
    reduced,
    scene,
    write,
)
from screens.semantic import Picture

UNSEEN: Final = "#0E171C"
"""Ground of the live picture and of photographs."""
STROKE_SHARE: Final = 0.018
"""Width of a written line, as a share of the field's height (about 2 mm)."""


def paint(picture: Picture, width: int, height: int) -> Image.Image:
    """Return the picture in exactly ``width`` × ``height`` dots.

    ``live`` and ``photo:…`` come from the session; here they are the dark ground under them.
    """
    return _PAINTERS.get(picture.name, _unseen)(picture, width, height)


def _unseen(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint the ground of a picture that has not come from the session yet."""
    return Image.new("RGB", (width, height), UNSEEN)


def _seal(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a round seal with tilted words."""
    side = min(width, height) * FINE
    image, draw = canvas(theme.PAPER, width, height)
    middle = (width * FINE / 2, height * FINE / 2)
    for shrink, stroke in ((0.02, 0.042), (0.085, 0.010)):
        half = side * (0.5 - shrink)
        box = (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
        draw.ellipse(box, outline=picture.colour, width=round(side * stroke))
    mask = Image.new("L", image.size, 0)
    size = round(side * 0.74 / max(3, len(picture.text)))
    write(ImageDraw.Draw(mask), picture.text, middle, face="serif", size=size, colour=255)
    mask = mask.rotate(8, Image.Resampling.BICUBIC)
    image.paste(picture.colour, (0, 0), mask)
    return reduced(image)


def _ring(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a count-down ring with what is left of it in gold."""
    image, draw = canvas(picture.colour, width, height)
    side = min(width, height) * FINE
    stroke = round(side * 0.062)
    box = (FINE, FINE, side - FINE, side - FINE)
    draw.arc(box, 0, 360, "#436673", stroke)
    if picture.number > 0:
        draw.arc(box, -90, -90 + 360 * picture.number, theme.GOLD_LIGHT, stroke)
    return reduced(image)


def _spinner(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint the turning ring of a wait: a quarter is bright."""
    image, draw = canvas(picture.colour, width, height)
    side = min(width, height) * FINE
    stroke = round(side * 0.075)
    box = (FINE, FINE, side - FINE, side - FINE)
    draw.arc(box, 0, 360, theme.TRACK, stroke)
    draw.arc(box, -90, 10, theme.JADE, stroke)
    return reduced(image)


def _qr(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a QR code in whole dots; error correction M, quiet zone 2 on a white card."""
    matrix = [list(row) for row in segno.make(picture.text, error="m", micro=False).matrix]
    image = Image.new("RGB", (width, height), theme.CARD)
    module = max(1, min(width, height) // (len(matrix) + 4))
    start = (min(width, height) - module * len(matrix)) // 2
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                left, top = start + x * module, start + y * module
                draw.rectangle((left, top, left + module - 1, top + module - 1), theme.INK)
    return image


def _strokes(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a signature over its dashed base line.

    ``text`` is the strokes as JSON, lists of (across, down) from 0 to 1; ``number`` is how far down
    the line stands that is written on, 0: none.
    """
    image, draw = canvas(theme.CARD, width, height)
    wide, high = image.size
    inset, dash = round(wide * 0.055), round(high * 0.014)
    base = round(high * picture.number)
    for x in range(inset, wide - inset, dash * 2) if base else ():
        draw.line((x, base, x + dash, base), "#BDB49F", max(2, round(high * 0.005)))
    half = high * STROKE_SHARE / 2
    for stroke in json.loads(picture.text or "[]"):
        points = [(x * wide, y * high) for x, y in stroke]
        draw.line(points, picture.colour, round(2 * half), joint="curve")
        for x, y in (points[0], points[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), picture.colour)
    return reduced(image)


def _card_put(picture: Picture, width: int, height: int) -> Image.Image:
    """Put the card: it hovers over the area, an arrow points down."""
    image, draw = scene(width, height)
    box = reader(image, draw, picture.text)
    long = round((box[2] - box[0]) * 0.72)
    lay(image, identity_card(long), (image.width / 2, box[1] - long * 0.10), 7)
    arrow(ImageDraw.Draw(image), (box[2] - long * 0.02, box[1] + long * 0.06), long * 0.19, True)
    return mounted(image, width, height)


def _card_reading(_picture: Picture, width: int, height: int) -> Image.Image:
    """Keep it there: the card lies flat on the area, which glows."""
    image, draw = scene(width, height)
    box = reader(image, draw, "")
    long = round((box[2] - box[0]) * 0.72)
    draw.rectangle((0, 0, *image.size), theme.DEEP)
    middle = image.height // 2
    half = round(long * CARD_RATIO * 0.62)
    box = (box[0], middle - half, box[2], middle + half)
    for grow in (5, 3, 1):
        edge = round(long * 0.02 * grow)
        spot = (box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge)
        shade = {5: "#134558", 3: "#165065", 1: "#1B5C71"}[grow]
        draw.rounded_rectangle(spot, long * 0.05 + edge, shade)
    draw.rounded_rectangle(box, long * 0.05, "#1F6E7E")
    lay(image, identity_card(long), (image.width / 2, middle), 0)
    return mounted(image, width, height)


def _card_lift(picture: Picture, width: int, height: int) -> Image.Image:
    """Take the card: it rises from the area, an arrow points up."""
    image, draw = scene(width, height)
    box = reader(image, draw, picture.text)
    long = round((box[2] - box[0]) * 0.72)
    lay(image, identity_card(long), (image.width / 2, box[1] - long * 0.16), -5)
    arrow(ImageDraw.Draw(image), (box[2] + long * 0.02, box[1] - long * 0.34), long * 0.19, False)
    return mounted(image, width, height)


def _card_stopped(_picture: Picture, width: int, height: int) -> Image.Image:
    """No reader: a pale card beside a still area."""
    image, draw = scene(width, height)
    box = reader(image, draw, "")
    long = round((box[2] - box[0]) * 0.72)
    lay(image, identity_card(long, pale=True), (image.width / 2, box[1] - long * 0.10), 0)
    return mounted(image, width, height)


def _slip(long: int) -> Image.Image:
    """Paint a receipt slip with a code on it, on nothing."""
    wide, high = round(long * 0.62), long
    slip = Image.new("RGBA", (wide, high), "#FFFFFF")
    draw = ImageDraw.Draw(slip)
    for line, share in enumerate((0.62, 0.76, 0.5)):
        y = high * (0.08 + 0.075 * line)
        draw.rounded_rectangle(
            (wide * 0.12, y, wide * (0.12 + share), y + high * 0.035), 9, "#C9C4B8"
        )
    side = round(wide * 0.62)
    code = _qr(Picture(name="qr", text="L"), side, side).convert("RGBA")
    slip.paste(code, (round(wide * 0.19), round(high * 0.38)))
    tooth = wide // 13
    for x in range(0, wide, tooth):
        draw.polygon(
            ((x, high), (x + tooth / 2, high - tooth * 0.7), (x + tooth, high)), "#00000000"
        )
    return slip


def _telephone(long: int) -> Image.Image:
    """Paint a telephone with a code on its screen, on nothing."""
    wide, high = round(long * 0.54), long
    telephone = Image.new("RGBA", (wide, high), "#00000000")
    draw = ImageDraw.Draw(telephone)
    draw.rounded_rectangle((0, 0, wide - 1, high - 1), wide * 0.13, "#1B2A30")
    edge = wide * 0.055
    draw.rounded_rectangle((edge, edge, wide - edge, high - edge), wide * 0.09, "#FFFFFF")
    side = round(wide * 0.66)
    code = _qr(Picture(name="qr", text="L"), side, side).convert("RGBA")
    telephone.paste(code, ((wide - side) // 2, round(high * 0.36)))
    draw.rounded_rectangle((wide * 0.2, high * 0.14, wide * 0.8, high * 0.19), 9, "#C9C4B8")
    draw.rounded_rectangle((wide * 0.3, high * 0.23, wide * 0.7, high * 0.27), 9, "#E3DFD3")
    return telephone


def _slip_show(picture: Picture, width: int, height: int) -> Image.Image:
    """Show the code of a slip to the window."""
    return _shown(picture, width, height, _slip)


def _phone_show(picture: Picture, width: int, height: int) -> Image.Image:
    """Show the code on a telephone to the window."""
    return _shown(picture, width, height, _telephone)


def _shown(
    picture: Picture, width: int, height: int, made: Callable[[int], Image.Image]
) -> Image.Image:
    image, draw = scene(width, height)
    box = reader(image, draw, picture.text, 0.44)
    room = (box[1] - 0.03 * measure(*image.size)) / 0.74
    long = round(min((box[2] - box[0]) * 0.80, room))  # a low scene cuts no slip
    lay(image, made(long), (image.width / 2, box[1] - long * 0.22), 6)
    arrow(ImageDraw.Draw(image), (box[2] - long * 0.10, box[1] + long * 0.02), long * 0.17, True)
    return mounted(image, width, height)


_PAINTERS: Final[dict[str, Callable[[Picture, int, int], Image.Image]]] = {
    "seal": _seal,
    "ring": _ring,
    "spinner": _spinner,
    "qr": _qr,
    "strokes": _strokes,
    "card-put": _card_put,
    "card-reading": _card_reading,
    "card-lift": _card_lift,
    "card-stopped": _card_stopped,
    "slip-show": _slip_show,
    "phone-show": _phone_show,
    sample_papers.NAME: sample_papers.paint,
    **staff_pictures.PAINTERS,
}
