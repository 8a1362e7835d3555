"""Faces of nobody: drawn from a number, so that no real person's picture is in this house.

A face is a set of proportions that a seed chooses, and a skin painted from them: the front of a
head as one flat picture, which `drivers.simulated.face_head` lays over a solid head and turns.
The same seed always makes the same face.

Lengths are in half heights of the head: -1 is the crown, 1 the chin, 0 about the eyes; across, 0 is
the middle and positive is the right of the picture.  Colours are blue, green, red, 0 to 255.
What such faces can and cannot show is written in ``docs/devices/face-camera.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Skin = NDArray[np.float32]
"""Rows of dots of blue, green, red: the front of a head, `REACH` to each side of its middle."""
Colour = NDArray[np.float64]
Place = tuple[float, float]

REACH = 1.2
DOTS = 288
"""Dots of a skin for half the height of a head: more than any frame shows of it."""

_FRACTION = 4  # bits behind the point, in which OpenCV takes places
_SKINS = ((200, 217, 242), (168, 198, 232), (140, 174, 212), (108, 144, 186), (66, 96, 134))
_HAIRS = ((24, 25, 30), (34, 40, 56), (48, 70, 104), (88, 128, 168), (168, 168, 168))
_IRISES = ((34, 44, 64), (88, 108, 58), (146, 112, 62))


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """The proportions and colours of one face."""

    seed: int
    skin: Colour
    hair: Colour
    iris: Colour
    lips: Colour
    width: float
    jaw: float
    """How much narrower the chin is than the cheeks, as a share."""
    eye_gap: float
    """From the middle of the face to the middle of an eye."""
    eye_size: float
    eye_open: float
    eye_slant: float
    brow_lift: float
    brow_slant: float
    brow_thick: float
    nose_length: float
    nose_width: float
    nose_height: float
    mouth_down: float
    mouth_width: float
    lip: float
    smile: float
    cheek: float
    chin: float
    hairline: float
    parting: float
    fringe: float
    beard: float
    moustache: float
    glasses: float
    """Thickness of the frames of its glasses; 0 without."""
    shadows: float
    """How deep the eyes lie in their shadows."""


class _Dice:
    """Chance that a seed decides."""

    def __init__(self, seed: int) -> None:
        self._numbers = np.random.default_rng(seed)

    def some(self, low: float, high: float) -> float:
        """Return an amount between two."""
        return float(self._numbers.uniform(low, high))

    def maybe(self, chance: float, low: float, high: float) -> float:
        """Return an amount with this chance, otherwise 0."""
        drawn, amount = self.some(0, 1), self.some(low, high)
        return amount if drawn < chance else 0.0

    def one(self, colours: Sequence[Sequence[int]]) -> Colour:
        """Return one of these colours."""
        return np.array(colours[int(self._numbers.integers(len(colours)))], np.float64)


@lru_cache(maxsize=32)
def face(seed: int) -> Face:
    """Return the face of a number."""
    skin = (dice := _Dice(seed)).one(_SKINS)
    return Face(
        seed=seed,
        skin=skin,
        hair=dice.one(_HAIRS),
        iris=dice.one(_IRISES),
        lips=skin * (dice.some(0.45, 0.8), dice.some(0.45, 0.75), dice.some(0.75, 0.98)),
        width=dice.some(0.62, 0.78),
        jaw=dice.some(0.0, 0.42),
        eye_gap=dice.some(0.24, 0.36),
        eye_size=dice.some(0.07, 0.13),
        eye_open=dice.some(0.32, 0.85),
        eye_slant=dice.some(-0.25, 0.35),
        brow_lift=dice.some(0.12, 0.25),
        brow_slant=dice.some(-0.4, 0.4),
        brow_thick=dice.some(0.008, 0.06),
        nose_length=dice.some(0.27, 0.44),
        nose_width=dice.some(0.07, 0.17),
        nose_height=dice.some(0.12, 0.24),
        mouth_down=dice.some(0.55, 0.68),
        mouth_width=dice.some(0.14, 0.32),
        lip=dice.some(0.02, 0.09),
        smile=dice.some(-0.05, 0.09),
        cheek=dice.some(-0.05, 0.08),
        chin=dice.some(-0.02, 0.1),
        hairline=dice.some(-0.8, -0.42),
        parting=dice.some(-0.5, 0.5),
        fringe=dice.some(-0.2, 1.0),
        beard=dice.maybe(0.25, 0.5, 0.9),
        moustache=dice.maybe(0.25, 0.5, 0.95),
        glasses=dice.maybe(0.25, 0.012, 0.03),
        shadows=dice.some(0.15, 0.75),
    )


def paint(one: Face) -> Skin:
    """Return the painted front of a head."""
    canvas = _Canvas(one)
    _shade(canvas, one)
    for side in (-1, 1):
        _eye(canvas, one, side)
        _brow(canvas, one, side)
    _nose(canvas, one)
    _mouth(canvas, one)
    _beard(canvas, one)
    _glasses(canvas, one)
    _hair(canvas, one)
    return np.clip(canvas.dots, 0, 255)


class _Canvas:
    """A skin that is being painted."""

    def __init__(self, one: Face) -> None:
        side = round(2 * REACH * DOTS)
        dice = np.random.default_rng(one.seed + 1_000_003)
        blotches = cv2.resize(
            dice.normal(0, 1, (24, 24)).astype(np.float32),
            (side, side),
            interpolation=cv2.INTER_CUBIC,
        )
        pores = cv2.GaussianBlur(dice.normal(0, 1, (side, side)).astype(np.float32), (0, 0), 1.2)
        self.dots = np.asarray(
            one.skin.astype(np.float32) + (blotches * 4 + pores * 8)[..., None], np.float32
        )
        self.dark = one.skin * (0.42, 0.47, 0.58)
        self.pale = np.clip(one.skin * 1.14, 0, 255)

    def oval(
        self, colour: Colour, middle: Place, radii: Place, amount: float, *, soft: float
    ) -> None:
        """Lay an oval on; ``soft`` is how far its rim is smeared."""
        turn = np.linspace(0, 2 * np.pi, 40)
        across, down = middle[0] + radii[0] * np.cos(turn), middle[1] + radii[1] * np.sin(turn)
        self.area(colour, np.stack([across, down], -1), amount, soft=soft)

    def area(
        self, colour: Colour, outline: NDArray[np.float64], amount: float, *, soft: float
    ) -> None:
        """Lay a filled outline on."""
        self._lay(colour, outline, amount, soft, None)

    def line(
        self, colour: Colour, places: NDArray[np.float64], amount: float, *, thick: float
    ) -> None:
        """Draw a line on."""
        self._lay(colour, places, amount, 0.003, max(1, round(thick * DOTS)))

    def _lay(
        self,
        colour: Colour,
        places: NDArray[np.float64],
        amount: float,
        soft: float,
        thick: int | None,
    ) -> None:
        """Mix a colour in where a shape is; only the part of the skin around it is touched."""
        room = round(3 * soft * DOTS) + (thick or 0) + 2
        dots = (places + REACH) * DOTS
        side = self.dots.shape[0]
        left, top = np.clip(np.floor(dots.min(0)).astype(int) - room, 0, side)
        right, low = np.clip(np.ceil(dots.max(0)).astype(int) + room, 0, side)
        if right <= left or low <= top:
            return
        mask = np.zeros((low - top, right - left), np.uint8)
        fixed = np.round((dots - (left, top)) * 2**_FRACTION).astype(np.int32)
        if thick is None:
            cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, _FRACTION)
        else:
            cv2.polylines(mask, [fixed], False, 255, thick, cv2.LINE_AA, _FRACTION)
        share = mask.astype(np.float32) * (amount / 255)
        if soft > 0:
            share = np.asarray(cv2.GaussianBlur(share, (0, 0), soft * DOTS), np.float32)
        part = self.dots[top:low, left:right]
        part += (colour.astype(np.float32) - part) * share[..., None]


def _shade(canvas: _Canvas, one: Face) -> None:
    """Paint what lies in the shadow of something, and red cheeks."""
    red = one.skin * (0.7, 0.72, 1.0)
    for side in (-1, 1):
        canvas.oval(red, (side * 0.36, 0.34), (0.16, 0.13), 0.35, soft=0.08)
        socket = (side * one.eye_gap, -0.03)
        canvas.oval(canvas.dark, socket, (0.16, 0.09), one.shadows, soft=0.05)
        hollow = (side * 0.42, 0.55)
        canvas.oval(canvas.dark, hollow, (0.08, 0.2), max(0.0, -6 * one.cheek), soft=0.08)


def _eye(canvas: _Canvas, one: Face, side: int) -> None:
    gap, size = side * one.eye_gap, one.eye_size
    around = np.linspace(-1, 1, 24)
    slant = -0.35 * size * one.eye_slant * side * around
    above = -size * one.eye_open * np.sqrt(1 - np.square(around)) + slant
    below = size * 0.42 * np.sqrt(1 - np.square(around)) + slant
    across = gap + 1.15 * size * around
    upper, lower = np.stack([across, above], -1), np.stack([across, below], -1)
    white = np.array([222.0, 226.0, 230.0])
    canvas.area(white, np.concatenate([upper, lower[::-1]]), 1.0, soft=0.002)
    wide = min(0.5 * size, 0.55 * size * (one.eye_open + 0.42))
    iris = (gap, -0.02 * one.eye_open)
    canvas.oval(one.iris, iris, (wide, wide), 1.0, soft=0.003)
    canvas.oval(np.full(3, 8.0), iris, (0.5 * wide, 0.5 * wide), 1.0, soft=0.003)
    canvas.oval(np.full(3, 255.0), (gap + 0.02, -0.03), (0.012, 0.012), 0.9, soft=0.003)
    canvas.line(np.array([26.0, 26.0, 34.0]), upper, 1.0, thick=0.018)
    canvas.line(canvas.dark, upper - np.array([0.0, 0.035]), 0.6, thick=0.012)
    canvas.line(canvas.dark * 0.8, lower, 0.6, thick=0.008)
    canvas.line(canvas.dark, lower + np.array([0.0, 0.05]), 0.3 * one.shadows, thick=0.02)


def _brow(canvas: _Canvas, one: Face, side: int) -> None:
    along = np.linspace(-1, 1, 14)
    across = side * one.eye_gap + 0.16 * along
    middle = -one.brow_lift - 0.03 * (1 - np.square(along)) + 0.1 * side * along * one.brow_slant
    thick = one.brow_thick * (1 - 0.4 * side * along)
    upper = np.stack([across, middle - thick], -1)
    lower = np.stack([across, middle + 0.3 * thick], -1)
    canvas.area(one.hair * 0.8, np.concatenate([upper, lower[::-1]]), 0.88, soft=0.008)


def _nose(canvas: _Canvas, one: Face) -> None:
    tip, wide = one.nose_length, one.nose_width
    for side in (-1, 1):
        canvas.oval(canvas.dark, (side * 0.075, 0.06), (0.03, 0.14), 0.25, soft=0.03)
        canvas.oval(canvas.dark, (side * wide, tip + 0.01), (0.014, 0.05), 0.45, soft=0.012)
        hole = (side * wide * 0.5, tip + 0.045)
        canvas.oval(canvas.dark * 0.5, hole, (0.3 * wide, 0.017), 0.85, soft=0.008)
    canvas.oval(canvas.dark, (0.0, tip + 0.07), (wide * 0.9, 0.018), 0.4, soft=0.02)
    canvas.oval(canvas.pale, (0.0, 0.15), (0.022, 0.15), 0.4, soft=0.02)
    canvas.oval(canvas.pale, (0.0, tip - 0.02), (0.03, 0.04), 0.5, soft=0.02)


def _mouth(canvas: _Canvas, one: Face) -> None:
    along = np.linspace(-1, 1, 25)
    across = one.mouth_width * along
    middle = one.mouth_down + 0.012 * np.cos(3 * along) - one.smile * np.square(along)
    bow = (1 - np.square(along)) * (1 - 0.25 * np.exp(-np.square(along / 0.18)))
    between = np.stack([across, middle], -1)
    upper = np.stack([across, middle - one.lip * bow], -1)
    lower = np.stack([across, middle + 1.25 * one.lip * (1 - np.square(along))], -1)
    canvas.area(one.lips * 0.9, np.concatenate([upper, between[::-1]]), 0.9, soft=0.006)
    canvas.area(one.lips, np.concatenate([between, lower[::-1]]), 0.85, soft=0.008)
    canvas.line(canvas.dark * 0.5, between, 1.0, thick=0.014)
    under = one.mouth_down + 1.25 * one.lip + 0.05
    canvas.oval(canvas.dark, (0.0, under), (0.5 * one.mouth_width, 0.02), 0.4, soft=0.03)
    for side in (-1, 1):
        corner = (side * (one.mouth_width + 0.02), one.mouth_down - one.smile)
        canvas.oval(canvas.dark, corner, (0.02, 0.02), 0.4, soft=0.02)
        fold = [
            (side * (one.nose_width + 0.05), one.nose_length),
            (side * (one.mouth_width + 0.07), one.mouth_down - 0.04),
        ]
        canvas.line(canvas.dark, np.array(fold), 0.35, thick=0.02)


def _beard(canvas: _Canvas, one: Face) -> None:
    hair = one.hair * 0.9 + 12
    over, under = one.mouth_down - one.lip - 0.02, one.mouth_down + 1.3 * one.lip + 0.03
    if one.moustache:
        half = [
            (0.0, over - 0.07),
            (one.mouth_width, over - 0.01),
            (one.mouth_width + 0.04, over + 0.07),
        ]
        other = [(-across, down) for across, down in reversed(half)]
        shape = np.array([*half, (0.0, over), *other])
        canvas.area(hair, shape, one.moustache, soft=0.012)
    if one.beard:
        half = [(0.0, under), (0.3, one.mouth_down - 0.1), (0.62, 0.2), (0.6, 0.8), (0.0, 1.15)]
        other = [(-across, down) for across, down in reversed(half)]
        canvas.area(hair, np.array([*half, *other]), one.beard, soft=0.03)


def _glasses(canvas: _Canvas, one: Face) -> None:
    if not one.glasses:
        return
    turn = np.linspace(0, 2 * np.pi, 40)
    frame = np.full(3, 30.0)
    round_ = np.sign(np.cos(turn)) * np.abs(np.cos(turn)) ** 0.6
    high = np.sign(np.sin(turn)) * np.abs(np.sin(turn)) ** 0.6
    for side in (-1, 1):
        lens = np.stack([side * one.eye_gap + 0.19 * round_, 0.02 + 0.14 * high], -1)
        canvas.line(frame, lens, 0.95, thick=one.glasses)
        arm = np.array([(side * (one.eye_gap + 0.19), 0.0), (side * 1.0, -0.05)])
        canvas.line(frame, arm, 0.95, thick=one.glasses)
    inner = one.eye_gap - 0.19
    canvas.line(frame, np.array([(-inner, 0.0), (inner, 0.0)]), 0.95, thick=one.glasses)


def _hair(canvas: _Canvas, one: Face) -> None:
    across = np.linspace(-REACH, REACH, 60)
    line = one.hairline + one.fringe * np.square(across) + 0.3 * np.abs(across - one.parting) - 0.1
    top = np.array([(REACH, -REACH), (-REACH, -REACH)])
    canvas.area(one.hair, np.concatenate([np.stack([across, line], -1), top]), 1.0, soft=0.012)
