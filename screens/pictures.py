"""The pictures of the pages, painted at four times their size and brought down.

Each painter gets a size and the :class:`~screens.semantic.Picture` and returns an opaque picture
on the ground colour it is told, so that edges are smooth without multisampling.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import cos, hypot, radians, sin
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFilter

from screens import sample_papers, theme
from screens.fonts import advance, font, icon, pieces
from screens.semantic import Face, Picture

FINE: Final = 2
"""How much larger than life a picture is painted."""
_DASH: Final = "#6FB0BE"
_CARD_RATIO: Final = 54 / 85.6
"""ISO/IEC 7810 ID-1."""
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


def _canvas(ground: str, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width * FINE, height * FINE), ground)
    return image, ImageDraw.Draw(image)


def _reduced(image: Image.Image) -> Image.Image:
    return image.resize((image.width // FINE, image.height // FINE), Image.Resampling.BOX)


def _write(
    draw: ImageDraw.ImageDraw,
    words: str,
    middle: tuple[float, float],
    *,
    face: Face,
    size: int,
    colour: str | int,
) -> None:
    """Write one centred line."""
    x = middle[0] - advance(words, face, size) / 2
    baseline = middle[1] + size * (0.38 if face != "icon" else 0.5)
    for file, part in pieces(words, face):
        draw.text((x, baseline), part, font=font(file, size), fill=colour, anchor="ls")
        x += font(file, size).getlength(part)


def _seal(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a round seal with tilted words."""
    side = min(width, height) * FINE
    image, draw = _canvas(theme.PAPER, width, height)
    middle = (width * FINE / 2, height * FINE / 2)
    for shrink, stroke in ((0.02, 0.042), (0.085, 0.010)):
        half = side * (0.5 - shrink)
        box = (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)
        draw.ellipse(box, outline=picture.colour, width=round(side * stroke))
    mask = Image.new("L", image.size, 0)
    size = round(side * 0.74 / max(3, len(picture.text)))
    _write(ImageDraw.Draw(mask), picture.text, middle, face="serif", size=size, colour=255)
    mask = mask.rotate(8, Image.Resampling.BICUBIC)
    image.paste(picture.colour, (0, 0), mask)
    return _reduced(image)


def _ring(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a count-down ring with what is left of it in gold."""
    image, draw = _canvas(picture.colour, width, height)
    side = min(width, height) * FINE
    stroke = round(side * 0.062)
    box = (FINE, FINE, side - FINE, side - FINE)
    draw.arc(box, 0, 360, "#436673", stroke)
    if picture.number > 0:
        draw.arc(box, -90, -90 + 360 * picture.number, theme.GOLD_LIGHT, stroke)
    return _reduced(image)


def _spinner(picture: Picture, width: int, height: int) -> Image.Image:
    """Paint the turning ring of a wait: a quarter is bright."""
    image, draw = _canvas(picture.colour, width, height)
    side = min(width, height) * FINE
    stroke = round(side * 0.075)
    box = (FINE, FINE, side - FINE, side - FINE)
    draw.arc(box, 0, 360, theme.TRACK, stroke)
    draw.arc(box, -90, 10, theme.JADE, stroke)
    return _reduced(image)


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
    image, draw = _canvas(theme.CARD, width, height)
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
    return _reduced(image)


def _rim(box: tuple[int, int, int, int], radius: int) -> list[tuple[float, float]]:
    """Return points along the rim of a rounded frame, clockwise, about two dots apart."""
    left, top, right, bottom = box
    corners = (
        (right - radius, top + radius, -90),
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 90),
        (left + radius, top + radius, 180),
    )
    turns = [
        (x + radius * cos(radians(start + turn)), y + radius * sin(radians(start + turn)))
        for x, y, start in corners
        for turn in range(0, 91, 3)
    ]
    points: list[tuple[float, float]] = []
    for here, there in zip(turns, [*turns[1:], turns[0]], strict=True):
        parts = max(1, round(hypot(there[0] - here[0], there[1] - here[1]) / 2))
        points += [
            (here[0] + (there[0] - here[0]) * n / parts, here[1] + (there[1] - here[1]) * n / parts)
            for n in range(parts)
        ]
    return points


def _dashed(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], stroke: int) -> None:
    """Draw a dashed frame; the dashes are stretched a little so that they meet."""
    points = _rim(box, round((box[2] - box[0]) * 0.05))
    dashes = max(1, round(len(points) / (stroke * 6)))
    for number in range(dashes):
        start = len(points) * number // dashes
        end = start + len(points) * 11 // (dashes * 20)
        draw.line(points[start:end], _DASH, stroke, joint="curve")


def _identity_card(long: int, *, pale: bool = False) -> Image.Image:
    """Paint the face of a card, ``long`` dots across, on nothing."""
    high = round(long * _CARD_RATIO)
    top, bottom = ("#EEF3F1", "#CFE1DA") if not pale else ("#B9C6C8", "#A9B8BB")
    shade = Image.linear_gradient("L").resize((long, high))
    face = Image.composite(
        Image.new("RGB", (long, high), bottom), Image.new("RGB", (long, high), top), shade
    )
    draw = ImageDraw.Draw(face)
    _write(
        draw,
        "居民身份证",
        (long * 0.26, high * 0.19),
        face="bold",
        size=round(long * 0.068),
        colour="#2A5563",
    )
    for line, share in enumerate((0.43, 0.32, 0.51, 0.46)):
        y = high * (0.36 + line * 0.135)
        draw.rounded_rectangle(
            (long * 0.09, y, long * (0.09 + share), y + high * 0.06), high * 0.03, "#A9CAC3"
        )
    centre, half = (long * 0.79, high * 0.50), long * 0.115
    box = (centre[0] - half, centre[1] - half, centre[0] + half, centre[1] + half)
    draw.ellipse(box, outline="#6B9CA3", width=round(long * 0.02))
    _write(draw, icon("user-round"), centre, face="icon", size=round(long * 0.15), colour="#6B9CA3")
    mask = Image.new("L", (long, high), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, long - 1, high - 1), long * 0.045, 255)
    card = Image.new("RGBA", (long, high))
    card.paste(face, (0, 0), mask)
    return card


def _lay(image: Image.Image, thing: Image.Image, centre: tuple[float, float], tilt: float) -> None:
    """Lay a picture with its soft shadow on ``image``."""
    turned = thing.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    at = (round(centre[0] - turned.width / 2), round(centre[1] - turned.height / 2))
    soft = round(thing.width * 0.03)
    reach = 3 * soft
    size = (turned.width + 2 * reach, turned.height + 2 * reach)
    shadow = Image.new("L", size, 0)
    shadow.paste(turned.getchannel("A").point(lambda a: a * 2 // 5), (reach, reach + soft))
    small = shadow.resize((size[0] // 4, size[1] // 4))
    shadow = small.filter(ImageFilter.GaussianBlur(soft / 4)).resize(size)
    image.paste("#04161D", (at[0] - reach, at[1] - reach), shadow)
    image.paste(turned, at, turned)


def _arrow(draw: ImageDraw.ImageDraw, tip: tuple[float, float], long: float, down: bool) -> None:
    """Draw the golden arrow that says where to."""
    stroke, wing, way = round(long * 0.14), long * 0.42, 1 if down else -1
    x, y = tip
    ends = ((x, y - way * long), (x - wing, y - way * wing), (x + wing, y - way * wing))
    for end in ends:
        draw.line((*end, x, y), theme.GOLD_LIGHT, stroke)
    for end in (*ends, tip):
        half = stroke / 2
        draw.ellipse((end[0] - half, end[1] - half, end[0] + half, end[1] + half), theme.GOLD_LIGHT)


def _unit(wide: int, high: int) -> float:
    """Return the measure of a scene: all of it is in proportion to this."""
    return min(wide, high * 1.45)


def _scene(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return the canvas of a scene: no higher than it needs to be."""
    return _canvas(theme.DEEP, width, min(height, round(_unit(width, height) * 0.86)))


def _mounted(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return a painted scene in the middle of a deep ground."""
    small = _reduced(image)
    ground = Image.new("RGB", (width, height), theme.DEEP)
    ground.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return ground


def _reader(
    image: Image.Image, draw: ImageDraw.ImageDraw, words: str, above: float = 0.26
) -> tuple[int, int, int, int]:
    """Paint the reading area with room ``above`` it; return its box."""
    wide, high = image.size
    unit = _unit(wide, high)
    half, deep = round(unit * 0.39), round(unit * 0.29)
    above = min(above, high / unit - 0.33)  # a low scene cuts nothing off below
    top = round((high - deep + unit * above) / 2)
    box = (wide // 2 - half, top, wide // 2 + half, top + deep)
    draw.rounded_rectangle(box, half * 0.1, "#1C5A6E")
    _dashed(draw, box, round(unit * 0.0042) + 1)
    if words:
        middle = (wide / 2, box[3] - deep * 0.2)
        _write(draw, words, middle, face="sans", size=round(unit * 0.034), colour="#CFE6EA")
    return box


def _card_put(picture: Picture, width: int, height: int) -> Image.Image:
    """Put the card: it hovers over the area, an arrow points down."""
    image, draw = _scene(width, height)
    box = _reader(image, draw, picture.text)
    long = round((box[2] - box[0]) * 0.72)
    _lay(image, _identity_card(long), (image.width / 2, box[1] - long * 0.10), 7)
    _arrow(ImageDraw.Draw(image), (box[2] - long * 0.02, box[1] + long * 0.06), long * 0.19, True)
    return _mounted(image, width, height)


def _card_reading(_picture: Picture, width: int, height: int) -> Image.Image:
    """Keep it there: the card lies flat on the area, which glows."""
    image, draw = _scene(width, height)
    box = _reader(image, draw, "")
    long = round((box[2] - box[0]) * 0.72)
    draw.rectangle((0, 0, *image.size), theme.DEEP)
    middle = image.height // 2
    half = round(long * _CARD_RATIO * 0.62)
    box = (box[0], middle - half, box[2], middle + half)
    for grow in (5, 3, 1):
        edge = round(long * 0.02 * grow)
        spot = (box[0] - edge, box[1] - edge, box[2] + edge, box[3] + edge)
        shade = {5: "#134558", 3: "#165065", 1: "#1B5C71"}[grow]
        draw.rounded_rectangle(spot, long * 0.05 + edge, shade)
    draw.rounded_rectangle(box, long * 0.05, "#1F6E7E")
    _lay(image, _identity_card(long), (image.width / 2, middle), 0)
    return _mounted(image, width, height)


def _card_lift(picture: Picture, width: int, height: int) -> Image.Image:
    """Take the card: it rises from the area, an arrow points up."""
    image, draw = _scene(width, height)
    box = _reader(image, draw, picture.text)
    long = round((box[2] - box[0]) * 0.72)
    _lay(image, _identity_card(long), (image.width / 2, box[1] - long * 0.16), -5)
    _arrow(ImageDraw.Draw(image), (box[2] + long * 0.02, box[1] - long * 0.34), long * 0.19, False)
    return _mounted(image, width, height)


def _card_stopped(_picture: Picture, width: int, height: int) -> Image.Image:
    """No reader: a pale card beside a still area."""
    image, draw = _scene(width, height)
    box = _reader(image, draw, "")
    long = round((box[2] - box[0]) * 0.72)
    _lay(image, _identity_card(long, pale=True), (image.width / 2, box[1] - long * 0.10), 0)
    return _mounted(image, width, height)


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
    image, draw = _scene(width, height)
    box = _reader(image, draw, picture.text, 0.44)
    room = (box[1] - 0.03 * _unit(*image.size)) / 0.74
    long = round(min((box[2] - box[0]) * 0.80, room))  # a low scene cuts no slip
    _lay(image, made(long), (image.width / 2, box[1] - long * 0.22), 6)
    _arrow(ImageDraw.Draw(image), (box[2] - long * 0.10, box[1] + long * 0.02), long * 0.17, True)
    return _mounted(image, width, height)


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
}
