"""What pictures are made of: a canvas, a deep scene, the reading area, a card, an arrow.

Painted at :data:`FINE` times their size and brought down, so that edges are smooth without
multisampling.
"""

from __future__ import annotations

from math import cos, hypot, radians, sin
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from screens import theme
from screens.fonts import advance, font, icon, pieces
from screens.semantic import Face

FINE: Final = 2
"""How much larger than life a picture is painted."""
_DASH: Final = "#6FB0BE"
CARD_RATIO: Final = 54 / 85.6
"""ISO/IEC 7810 ID-1."""


def canvas(ground: str, width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return an empty picture of the finer size and its pen."""
    image = Image.new("RGB", (width * FINE, height * FINE), ground)
    return image, ImageDraw.Draw(image)


def reduced(image: Image.Image) -> Image.Image:
    """Return a finely painted picture in its real size."""
    return image.resize((image.width // FINE, image.height // FINE), Image.Resampling.BOX)


def write(
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


def rim(box: tuple[int, int, int, int], radius: int) -> list[tuple[float, float]]:
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


def dashed(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], stroke: int) -> None:
    """Draw a dashed frame; the dashes are stretched a little so that they meet."""
    points = rim(box, round((box[2] - box[0]) * 0.05))
    dashes = max(1, round(len(points) / (stroke * 6)))
    for number in range(dashes):
        start = len(points) * number // dashes
        end = start + len(points) * 11 // (dashes * 20)
        draw.line(points[start:end], _DASH, stroke, joint="curve")


def identity_card(long: int, *, pale: bool = False) -> Image.Image:
    """Paint the face of a card, ``long`` dots across, on nothing."""
    high = round(long * CARD_RATIO)
    top, bottom = ("#EEF3F1", "#CFE1DA") if not pale else ("#B9C6C8", "#A9B8BB")
    shade = Image.linear_gradient("L").resize((long, high))
    face = Image.composite(
        Image.new("RGB", (long, high), bottom), Image.new("RGB", (long, high), top), shade
    )
    draw = ImageDraw.Draw(face)
    write(
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
    write(draw, icon("user-round"), centre, face="icon", size=round(long * 0.15), colour="#6B9CA3")
    mask = Image.new("L", (long, high), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, long - 1, high - 1), long * 0.045, 255)
    card = Image.new("RGBA", (long, high))
    card.paste(face, (0, 0), mask)
    return card


def lay(image: Image.Image, thing: Image.Image, centre: tuple[float, float], tilt: float) -> None:
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


def arrow(draw: ImageDraw.ImageDraw, tip: tuple[float, float], long: float, down: bool) -> None:
    """Draw the golden arrow that says where to."""
    stroke, wing, way = round(long * 0.14), long * 0.42, 1 if down else -1
    x, y = tip
    ends = ((x, y - way * long), (x - wing, y - way * wing), (x + wing, y - way * wing))
    for end in ends:
        draw.line((*end, x, y), theme.GOLD_LIGHT, stroke)
    for end in (*ends, tip):
        half = stroke / 2
        draw.ellipse((end[0] - half, end[1] - half, end[0] + half, end[1] + half), theme.GOLD_LIGHT)


def measure(wide: int, high: int) -> float:
    """Return the measure of a scene: all of it is in proportion to this."""
    return min(wide, high * 1.45)


def scene(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """Return the canvas of a scene: no higher than it needs to be."""
    return canvas(theme.DEEP, width, min(height, round(measure(width, height) * 0.86)))


def mounted(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return a painted scene in the middle of a deep ground."""
    small = reduced(image)
    ground = Image.new("RGB", (width, height), theme.DEEP)
    ground.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return ground


def reader(
    image: Image.Image, draw: ImageDraw.ImageDraw, words: str, above: float = 0.26
) -> tuple[int, int, int, int]:
    """Paint the reading area with room ``above`` it; return its box."""
    wide, high = image.size
    unit = measure(wide, high)
    half, deep = round(unit * 0.39), round(unit * 0.29)
    above = min(above, high / unit - 0.33)  # a low scene cuts nothing off below
    top = round((high - deep + unit * above) / 2)
    box = (wide // 2 - half, top, wide // 2 + half, top + deep)
    draw.rounded_rectangle(box, half * 0.1, "#1C5A6E")
    dashed(draw, box, round(unit * 0.0042) + 1)
    if words:
        middle = (wide / 2, box[3] - deep * 0.2)
        write(draw, words, middle, face="sans", size=round(unit * 0.034), colour="#CFE6EA")
    return box
