"""Pictures for staff: paper goes in, a slip comes out, a page lies under the camera.

All in one hand: bodies of a machine in pale and grey on the deep ground, paper white, what is to be
moved marked by a golden arrow, what is to be pressed green.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin
from typing import Final

from PIL import Image, ImageDraw

from screens import theme
from screens.fonts import icon
from screens.scenes import measure, mounted, scene, write
from screens.semantic import Picture

_BODY: Final = "#DCE5E7"
_SIDE: Final = "#B6C5CA"
_DARK: Final = "#33545F"
_EDGE: Final = "#7F979F"
_PAPER: Final = "#FFFFFF"
_SHADE: Final = "#D9DEDF"
_LINE: Final = "#B9C0C2"
_PRESS: Final = "#2E9C86"

Spot = tuple[float, float]
Scene = tuple[Image.Image, ImageDraw.ImageDraw, Spot, float]
"""Picture, pen, middle and measure: places in a scene are given in measures from its middle."""


def _opened(width: int, height: int) -> Scene:
    image, draw = scene(width, height)
    wide, high = image.size
    return image, draw, (wide / 2, high / 2), measure(wide, high)


def _box(middle: Spot, unit: float, box: tuple[float, float, float, float]) -> list[float]:
    """Return left, top, right, bottom in dots."""
    return [middle[place % 2] + part * unit for place, part in enumerate(box)]


def _points(middle: Spot, unit: float, *points: Spot) -> list[Spot]:
    return [(middle[0] + x * unit, middle[1] + y * unit) for x, y in points]


def _point_at(made: Scene, tip: Spot, turn: float, long: float = 0.15) -> None:
    """Draw the golden arrow to ``tip``; ``turn`` in degrees, 0 points right, 90 down."""
    _, draw, middle, unit = made
    ((x, y),) = _points(middle, unit, tip)
    stroke, wing = round(long * unit * 0.15), long * unit * 0.46
    ends = [(long * unit, 180.0), (wing, 135.0), (wing, 225.0)]
    for length, angle in ends:
        way = radians(turn + angle)
        far = (x + length * cos(way), y + length * sin(way))
        draw.line((*far, x, y), theme.GOLD_LIGHT, stroke)
        for spot in (far, (x, y)):
            half = stroke / 2
            draw.ellipse(
                (spot[0] - half, spot[1] - half, spot[0] + half, spot[1] + half), theme.GOLD_LIGHT
            )


def _rounded(
    made: Scene, box: tuple[float, float, float, float], fill: str, radius: float = 0.02
) -> None:
    _, draw, middle, unit = made
    draw.rounded_rectangle(_box(middle, unit, box), radius * unit, fill)


def _shape(made: Scene, fill: str, *points: Spot) -> None:
    _, draw, middle, unit = made
    draw.polygon(_points(middle, unit, *points), fill)


def _roll(made: Scene, at: Spot, radius: float) -> None:
    """Draw a roll of paper from its side."""
    for grow, fill in ((1.0, _PAPER), (0.93, _SHADE), (0.88, _PAPER), (0.36, _EDGE), (0.24, _DARK)):
        half = radius * grow
        _, draw, middle, unit = made
        draw.ellipse(
            _box(middle, unit, (at[0] - half, at[1] - half, at[0] + half, at[1] + half)), fill
        )


def _words_on(made: Scene, box: tuple[float, float, float, float], lines: int) -> None:
    """Draw lines of writing in a box."""
    left, top, right, bottom = box
    step = (bottom - top) / max(1, lines)
    for number in range(lines):
        share = (1.0, 0.82, 0.94, 0.6)[number % 4]
        y = top + step * number
        _rounded(made, (left, y, left + (right - left) * share, y + step * 0.34), _LINE, 0.006)


# ---- the slip printer, seen from its side: the hinge is at its back (left), the slot in front

_HINGE: Final = (-0.25, 0.03)
_LID: Final = 0.43


def _printer(made: Scene, *, lid: float) -> None:
    """Draw body and lid; the lid is turned up by so many degrees around its back."""
    way, up = radians(-lid), radians(-lid - 90)
    far = (_HINGE[0] + _LID * cos(way), _HINGE[1] + _LID * sin(way))
    over = (0.075 * cos(up), 0.075 * sin(up))
    high_far = (far[0] + over[0] - 0.03 * cos(way), far[1] + over[1] - 0.03 * sin(way))
    high_near = (_HINGE[0] + over[0] * 0.9, _HINGE[1] + over[1] * 0.9)
    _shape(made, _SIDE, _HINGE, far, high_far, high_near)
    _rounded(made, (-0.28, 0.02, 0.26, 0.31), _BODY, 0.03)
    _rounded(made, (-0.28, 0.24, 0.26, 0.31), _SIDE, 0.03)


def _pit(made: Scene) -> None:
    """Draw the hollow that the roll lies in."""
    _rounded(made, (-0.23, 0.02, 0.16, 0.19), _DARK, 0.05)
    _shape(made, _DARK, (-0.23, 0.02), (0.16, 0.02), (0.16, 0.10), (-0.23, 0.10))


def _latch(made: Scene) -> None:
    _rounded(made, (0.175, 0.06, 0.245, 0.105), _PRESS, 0.02)


def _receipt_open(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 1: press the green latch, the lid goes up, the old core comes out."""
    made = _opened(width, height)
    _printer(made, lid=44)
    _pit(made)
    _latch(made)
    _roll(made, (-0.04, 0.10), 0.055)
    _arc(made, _HINGE, 0.47, (8, 34))
    return _finished(made, width, height)


def _receipt_insert(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 2: the roll goes in, its end outwards below."""
    made = _opened(width, height)
    _printer(made, lid=66)
    _pit(made)
    _latch(made)
    _roll(made, (-0.05, 0.055), 0.125)
    _shape(made, _SHADE, (-0.06, 0.165), (0.20, 0.0), (0.22, 0.018), (-0.03, 0.18))
    _shape(made, _PAPER, (0.20, 0.0), (0.34, 0.0), (0.37, 0.14), (0.345, 0.14), (0.32, 0.018))
    _shape(made, _PAPER, (0.20, 0.0), (0.34, 0.0), (0.32, 0.018), (0.20, 0.018))
    _point_at(made, (-0.03, -0.10), 90, 0.13)
    return _finished(made, width, height)


def _receipt_close(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 3: the lid goes down, the paper shows in front."""
    made = _opened(width, height)
    _printer(made, lid=13)
    _pit(made)
    _latch(made)
    _shape(made, _PAPER, (0.12, 0.0), (0.34, 0.0), (0.37, 0.14), (0.345, 0.14), (0.32, 0.018))
    _shape(made, _PAPER, (0.12, 0.0), (0.34, 0.0), (0.32, 0.018), (0.12, 0.018))
    _roll(made, (-0.05, 0.10), 0.085)
    _point_at(made, (0.0, -0.15), 90)
    return _finished(made, width, height)


def _arc(made: Scene, hinge: Spot, radius: float, turn: tuple[float, float]) -> None:
    """Draw the golden way of something that is turned up, from one angle to another."""
    _, draw, middle, unit = made
    stroke = round(unit * 0.022)
    box = (hinge[0] - radius, hinge[1] - radius, hinge[0] + radius, hinge[1] + radius)
    draw.arc(_box(middle, unit, box), -turn[1], -turn[0], theme.GOLD_LIGHT, stroke)
    way = radians(-turn[1])
    tip = (hinge[0] + radius * cos(way), hinge[1] + radius * sin(way))
    _point_at(made, tip, -turn[1] - 90, 0.08)


# ---- the A4 printer, seen from its front with a tray below


def _a4_body(made: Scene) -> None:
    _rounded(made, (-0.32, -0.24, 0.32, 0.12), _BODY, 0.03)
    _rounded(made, (-0.24, -0.24, 0.24, -0.17), _SIDE, 0.02)
    _rounded(made, (-0.22, -0.06, 0.22, -0.01), _DARK, 0.01)
    _rounded(made, (0.22, -0.13, 0.27, -0.10), _PRESS, 0.01)


def _tray(made: Scene, top: float, *, full: bool) -> None:
    """Draw the tray in front, ``top`` from the middle."""
    wide = 0.30 + (top - 0.12) * 0.12
    _shape(made, _DARK, (-0.29, 0.12), (0.29, 0.12), (wide, top + 0.02), (-wide, top + 0.02))
    if full:
        _shape(made, _PAPER, (-0.2, 0.09), (0.2, 0.09), (0.22, top), (-0.22, top))
        _shape(made, _SHADE, (-0.22, top), (0.22, top), (0.22, top + 0.025), (-0.22, top + 0.025))
    _rounded(made, (-wide - 0.02, top, wide + 0.02, top + 0.11), _SIDE, 0.02)
    _rounded(made, (-0.09, top + 0.035, 0.09, top + 0.07), _DARK, 0.016)


def _a4_pull(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 1: the tray is pulled out."""
    made = _opened(width, height)
    _tray(made, 0.20, full=False)
    _a4_body(made)
    _point_at(made, (0.40, 0.34), 90)
    return _finished(made, width, height)


def _a4_fill(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 2: paper goes between the guides, under the red line."""
    made = _opened(width, height)
    _rounded(made, (-0.34, -0.05, 0.34, 0.27), _SIDE, 0.03)
    _rounded(made, (-0.29, -0.02, 0.29, 0.18), _DARK, 0.02)
    _rounded(made, (-0.23, -0.22, 0.23, 0.12), _PAPER, 0.006)
    _words_on(made, (-0.17, -0.17, 0.17, 0.05), 5)
    for side in (-1, 1):
        x = 0.26 * side
        _rounded(made, (x - 0.02, -0.05, x + 0.02, 0.17), _EDGE, 0.008)
        _rounded(made, (x - 0.02, -0.03, x + 0.02, -0.015), theme.SEAL, 0.002)
    _rounded(made, (-0.34, 0.12, 0.34, 0.27), _SIDE, 0.03)
    _rounded(made, (-0.09, 0.17, 0.09, 0.21), _DARK, 0.016)
    _point_at(made, (0.40, 0.02), 90)
    return _finished(made, width, height)


def _a4_push(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint step 3: the tray is pushed in to its end."""
    made = _opened(width, height)
    _tray(made, 0.14, full=False)
    _a4_body(made)
    _point_at(made, (0.40, 0.10), -90)
    return _finished(made, width, height)


# ---- steps of the opening check


def _print(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a slip that comes out of the slot."""
    made = _opened(width, height)
    _rounded(made, (-0.34, -0.26, 0.34, 0.0), _BODY, 0.04)
    _rounded(made, (-0.24, -0.05, 0.24, -0.02), _DARK, 0.012)
    _shape(made, _PAPER, (-0.19, -0.035), (0.19, -0.035), (0.19, 0.29), (-0.19, 0.29))
    for tooth in range(10):
        x = -0.19 + tooth * 0.038
        _shape(made, theme.DEEP, (x, 0.291), (x + 0.019, 0.272), (x + 0.038, 0.291))
    _words_on(made, (-0.15, 0.02, 0.15, 0.24), 5)
    _point_at(made, (0.29, 0.22), 90)
    return _finished(made, width, height)


def _page(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a page under the camera: all four corners in the frame."""
    made = _opened(width, height)
    image, draw, middle, unit = made
    _shape(made, "#1C5A6E", (-0.34, 0.04), (0.34, 0.04), (0.44, 0.32), (-0.44, 0.32))
    _shape(made, _PAPER, (-0.19, 0.08), (0.19, 0.08), (0.24, 0.28), (-0.24, 0.28))
    for number in range(4):
        y = 0.115 + number * 0.038
        half = 0.15 + number * 0.008
        _shape(
            made, _LINE, (-half, y), (half * 0.7, y), (half * 0.7, y + 0.014), (-half, y + 0.014)
        )
    _rounded(made, (-0.12, -0.32, 0.12, -0.23), _BODY, 0.03)
    draw.ellipse(_box(middle, unit, (-0.045, -0.27, 0.045, -0.18)), _DARK)
    draw.ellipse(_box(middle, unit, (-0.022, -0.247, 0.022, -0.203)), "#6FB0BE")
    for x in (-0.24, 0.24):
        line = _points(middle, unit, (x * 0.14, -0.19), (x, 0.07))
        draw.line([line[0], line[1]], "#6FB0BE", round(unit * 0.005))
    for x, y, turn in ((-0.27, 0.055, 1), (0.27, 0.055, -1)):
        _rounded(made, (min(x, x + 0.05 * turn), y, max(x, x + 0.05 * turn), y + 0.012), _GOLD, 0)
        _rounded(made, (x - 0.006, y, x + 0.006, y + 0.05), _GOLD, 0)
    for x, y, turn in ((-0.33, 0.30, 1), (0.33, 0.30, -1)):
        _rounded(made, (min(x, x + 0.05 * turn), y, max(x, x + 0.05 * turn), y + 0.012), _GOLD, 0)
        _rounded(made, (x - 0.006, y - 0.038, x + 0.006, y + 0.012), _GOLD, 0)
    return _finished((image, draw, middle, unit), width, height)


_GOLD: Final = theme.GOLD_LIGHT


def _sound(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a loudspeaker and its waves."""
    made = _opened(width, height)
    _, draw, middle, unit = made
    _rounded(made, (-0.34, -0.09, -0.20, 0.09), _BODY, 0.02)
    _shape(made, _BODY, (-0.21, -0.09), (-0.05, -0.22), (-0.05, 0.22), (-0.21, 0.09))
    for radius in (0.13, 0.23, 0.33):
        box = (-0.03 - radius, -radius, -0.03 + radius, radius)
        draw.arc(_box(middle, unit, box), -42, 42, theme.GOLD_LIGHT, round(unit * 0.03))
    return _finished(made, width, height)


def _touch(_picture: Picture, width: int, height: int) -> Image.Image:
    """Paint a glass of cells of which some were touched, and a finger."""
    made = _opened(width, height)
    _rounded(made, (-0.27, -0.31, 0.27, 0.31), _BODY, 0.03)
    for row in range(5):
        for column in range(4):
            x, y = -0.245 + column * 0.124, -0.285 + row * 0.115
            done = row * 4 + column < _TOUCHED
            _rounded(made, (x, y, x + 0.117, y + 0.108), theme.JADE if done else _PAPER, 0.008)
    _, draw, middle, unit = made
    ((x, y),) = _points(middle, unit, (0.10, 0.10))
    side = round(unit * 0.26)
    write(draw, icon("pointer"), (x, y), face="icon", size=side, colour=theme.DEEP)
    return _finished(made, width, height)


_TOUCHED: Final = 11


def _sign(name: str) -> Callable[[Picture, int, int], Image.Image]:
    """Return the painter of a check that nobody helps with: its icon in a disc."""

    def paint(_picture: Picture, width: int, height: int) -> Image.Image:
        made = _opened(width, height)
        _, draw, middle, unit = made
        for radius, fill in ((0.27, "#14485B"), (0.21, "#1C5A6E")):
            draw.ellipse(_box(middle, unit, (-radius, -radius, radius, radius)), fill)
        write(draw, icon(name), middle, face="icon", size=round(unit * 0.22), colour=theme.ON_DEEP)
        return _finished(made, width, height)

    return paint


def _finished(made: Scene, width: int, height: int) -> Image.Image:
    return mounted(made[0], width, height)


PAINTERS: Final[dict[str, Callable[[Picture, int, int], Image.Image]]] = {
    "staff-receipt-1": _receipt_open,
    "staff-receipt-2": _receipt_insert,
    "staff-receipt-3": _receipt_close,
    "staff-a4-1": _a4_pull,
    "staff-a4-2": _a4_fill,
    "staff-a4-3": _a4_push,
    "staff-print": _print,
    "staff-page": _page,
    "staff-sound": _sound,
    "staff-touch": _touch,
    "staff-network": _sign("wifi"),
    "staff-clock": _sign("clock"),
    "staff-disk": _sign("hard-drive"),
}
