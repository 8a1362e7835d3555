"""Pictures of QR codes as a scan camera gets them: bent, blurred, shaken, on a phone's screen.

Nothing here knows a decoder. A frame is made from a seed and a number alone, so that any process
can make any part of a run, and two seeds never share a frame.

Every code holds Chinese text in UTF-8 (byte mode, no ECI: what everybody prints), filled to what
its version (2 to 20) and level hold. A frame is 1280 x 720 dots of grey, as JPEG of
quality 80.
"Module" is the side of one light or dark square; lengths below are in modules unless named.

How hard each kind is was set once, so that a plain decoder reads about what was measured for it on
an earlier set of this description, and before there was a cascade; it is not touched for results.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

import cv2
import numpy as np
import segno
from numpy.typing import NDArray
from segno import consts

Grey = NDArray[np.float32]
"""Rows of dots from 0 (dark) to 255."""
Points = NDArray[np.float32]

WIDE, HIGH = 1280, 720
JPEG_QUALITY = 80
VERSIONS = range(2, 21)
MODULE_DOTS = (3.2, 5.5)
SMALL_DOTS = (2.0, 2.9)
_QUIET = 4  # light modules around a code (ISO/IEC 18004)
_DRAWN = 8  # dots a module is drawn with before it is seen
_FINER = 2  # a frame is looked at this much finer and then made coarse, as a lens does
_ROOM = 12  # dots between a code and the frame's edge
_SENSOR = 1.6  # grey levels (sigma) of noise that every frame has


class Kind(StrEnum):
    """What is wrong with a frame."""

    CLEAN = "clean"
    ROTATE = "rotate"
    PERSPECTIVE = "persp"
    BLUR = "blur"
    MOTION = "motion"
    NOISE = "noise"
    GLARE = "glare"
    LOW_CONTRAST = "lowctr"
    MOIRE = "moire"
    COVERED = "occl"
    UNEVEN = "uneven"
    SMALL = "small"
    INVERTED = "invert"
    COMBINED = "combo"


KINDS = tuple(Kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """One frame and what it says; ``corners`` are those of the code, in dots, clockwise."""

    number: int
    kind: Kind
    payload: bytes
    jpeg: bytes
    corners: Points


@dataclass(slots=True)
class _Shot:
    """A frame in the making."""

    chance: np.random.Generator
    picture: Grey
    corners: Points
    module: float
    """Side of a module, in dots."""

    @property
    def middle(self) -> Points:
        return np.asarray(self.corners.mean(axis=0), np.float32)

    @property
    def side(self) -> float:
        """Mean side of the code, in dots."""
        sides = np.linalg.norm(self.corners - np.roll(self.corners, 1, axis=0), axis=1)
        return float(sides.mean())


def frame(seed: int, number: int) -> Frame:
    """Make one frame; its kind is the turn of its number."""
    kind = KINDS[number % len(KINDS)]
    chance = np.random.default_rng([seed, number])
    payload, matrix = _code(chance, kind)
    shot = _seen(chance, kind, matrix)
    for step in _steps(chance, kind):
        step(shot)
    _add_noise(shot, _SENSOR)
    jpeg = _jpeg(shot.picture)
    return Frame(number=number, kind=kind, payload=payload, jpeg=jpeg, corners=shot.corners)


def empty_frame(seed: int, number: int) -> bytes:
    """Return the JPEG of what the camera sees when nothing is shown."""
    chance = np.random.default_rng([seed, number, 1])
    noise = chance.normal(0, _SENSOR + 2, (HIGH, WIDE)).astype(np.float32)
    return _jpeg(_surroundings(chance, clutter=30) + noise)


# -- the code -------------------------------------------------------------------------------


def _code(chance: np.random.Generator, kind: Kind) -> tuple[bytes, NDArray[np.bool_]]:
    """Return a payload and its modules, dark is true."""
    version = int(chance.choice(VERSIONS))
    level = str(chance.choice(list("MQH" if kind is Kind.COVERED else "LMQ")))
    payload = _text(chance, version, level).encode()
    code = segno.make_qr(payload, level, version, mode="byte", boost_error=False)
    return payload, np.array([[bool(dot) for dot in row] for row in code.matrix], bool)


def _text(chance: np.random.Generator, version: int, level: str) -> str:
    """Return Chinese text that fills a code: common characters, then figures for the rest."""
    capacity = cast("dict[int, dict[int, int]]", consts.SYMBOL_CAPACITY)  # bits
    bits = capacity[version][consts.ERROR_MAPPING[level]]
    room = (bits - 4 - (8 if version < 10 else 16)) // 8
    rows = chance.integers(0xB0, 0xD7, room // 3)
    cells = chance.integers(0xA1, 0xFF, room // 3)
    pairs = np.stack([rows, cells], axis=1).astype(np.uint8).tobytes()
    return pairs.decode("gb2312") + "".join(map(str, chance.integers(0, 10, room % 3)))


# -- where it is seen -----------------------------------------------------------------------


def _seen(chance: np.random.Generator, kind: Kind, matrix: NDArray[np.bool_]) -> _Shot:
    """Put the code somewhere into a frame."""
    modules = len(matrix)
    turn = float(chance.uniform(-4, 4))
    if kind is Kind.ROTATE:
        turn = float(chance.uniform(0, 360))
    elif kind is Kind.COMBINED:
        turn = float(chance.uniform(-25, 25))
    sheet = (modules + 2 * _QUIET) * _spread(turn)
    fits = (HIGH - 2 * _ROOM) / sheet
    low, high = SMALL_DOTS if kind is Kind.SMALL else MODULE_DOTS
    module = float(chance.uniform(low, max(low, min(high, fits))))
    corners = _turned(modules * module, turn)
    if kind is Kind.PERSPECTIVE:
        corners = _tilted(chance, corners, strength=(0.15, 0.30))
    elif kind is Kind.COMBINED:
        corners = _tilted(chance, corners, strength=(0.05, 0.15))
    corners = _placed(chance, corners, _QUIET * module + _ROOM)
    paper = float(chance.uniform(205, 245))
    ink = float(chance.uniform(15, 60))
    light, dark = (ink, paper) if kind is Kind.INVERTED else (paper, ink)
    picture = _printed(_surroundings(chance, clutter=14), matrix, corners, light, dark)
    return _Shot(chance, picture, corners, module)


def _spread(turn: float) -> float:
    """Return how much higher a square is when turned by so many degrees."""
    angle = np.radians(turn % 90)
    return float(np.cos(angle) + np.sin(angle))


def _turned(side: float, turn: float) -> Points:
    half = side / 2
    square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]], np.float32)
    angle = np.radians(turn)
    spin = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(square @ spin, np.float32)


def _tilted(
    chance: np.random.Generator, corners: Points, *, strength: tuple[float, float]
) -> Points:
    """See a square from the side: what is far away is smaller; `strength` is how much."""
    far = float(chance.uniform(*strength))
    angle = float(chance.uniform(0, 2 * np.pi))
    axis = np.array([np.cos(angle), np.sin(angle)], np.float32)
    reach = np.abs(corners @ axis).max()
    depth = 1 + far * (corners @ axis) / reach
    flat = corners - np.outer(corners @ axis, axis) * far * 0.6
    return np.asarray(flat / depth[:, None], np.float32)


def _placed(chance: np.random.Generator, corners: Points, room: float) -> Points:
    """Move the code to where it is whole in the frame."""
    low, high = corners.min(axis=0) - room, corners.max(axis=0) + room
    free = np.maximum(0, (WIDE, HIGH) - (high - low))
    return np.asarray(corners - low + free * chance.uniform(0, 1, 2), np.float32)


def _surroundings(chance: np.random.Generator, *, clutter: int) -> Grey:
    """Return a room: a wall in uneven light, and things with straight edges and stripes."""
    small = chance.uniform(50, 190, (4, 6)).astype(np.float32)
    wall = np.asarray(cv2.resize(small, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC), np.float32)
    for _ in range(clutter):
        left, top = int(chance.integers(-100, WIDE)), int(chance.integers(-100, HIGH))
        wide, high = (int(chance.integers(20, 320)) for _ in range(2))
        shade = float(chance.uniform(20, 235))
        if chance.random() < 0.3:  # lines of print, a blind, a keyboard
            for row in range(top, top + high, int(chance.integers(6, 18))):
                cv2.line(wall, (left, row), (left + wide, row), shade, int(chance.integers(1, 4)))
        else:
            cv2.rectangle(wall, (left, top), (left + wide, top + high), shade, -1)
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 1.0), np.float32)


def _printed(
    around: Grey, matrix: NDArray[np.bool_], corners: Points, light: float, dark: float
) -> Grey:
    """Lay the code with its light edge over the surroundings."""
    modules = len(matrix)
    sheet = np.pad(np.where(matrix, dark, light).astype(np.float32), _QUIET, constant_values=light)
    drawn = cv2.resize(sheet, None, fx=_DRAWN, fy=_DRAWN, interpolation=cv2.INTER_NEAREST)
    edge, whole = _QUIET * _DRAWN, (_QUIET + modules) * _DRAWN
    square = np.array([[edge, edge], [whole, edge], [whole, whole], [edge, whole]], np.float32)
    outer = np.array([[[0, 0], [1, 0], [1, 1], [0, 1]]], np.float32) * len(drawn)
    view = cv2.getPerspectiveTransform(square, corners)
    box = cv2.perspectiveTransform(outer, view)[0]
    left, top = np.maximum(0, np.floor(box.min(axis=0)).astype(int) - 2)
    right, bottom = np.minimum((WIDE, HIGH), np.ceil(box.max(axis=0)).astype(int) + 2)
    place = ((corners - (left, top)) * _FINER - 0.5).astype(np.float32)
    view = cv2.getPerspectiveTransform(square - 0.5, place)
    fine, coarse = ((right - left) * _FINER, (bottom - top) * _FINER), (right - left, bottom - top)
    seen, there = (
        cv2.resize(cv2.warpPerspective(one, view, fine), coarse, interpolation=cv2.INTER_AREA)
        for one in (drawn, np.ones_like(drawn))
    )
    picture = around.copy()
    under = picture[top:bottom, left:right]
    picture[top:bottom, left:right] = seen + under * (1 - there)
    return picture


# -- what is wrong with it ------------------------------------------------------------------


def _places() -> tuple[Grey, Grey]:
    """Return how far down and across each dot is, as a column and a row."""
    return np.arange(HIGH, dtype=np.float32)[:, None], np.arange(WIDE, dtype=np.float32)[None]


_Step = Callable[[_Shot], None]


def _steps(chance: np.random.Generator, kind: Kind) -> list[_Step]:
    if kind is Kind.COMBINED:
        chosen = chance.choice(len(_MILD), 2, replace=False)
        return [_MILD[int(one)] for one in chosen]
    return [_WRONG[kind]] if kind in _WRONG else []


def _blur(low: float, high: float) -> _Step:
    """Out of focus: Gauss with a sigma of so many modules."""

    def step(shot: _Shot) -> None:
        sigma = float(shot.chance.uniform(low, high)) * shot.module
        shot.picture = np.asarray(cv2.GaussianBlur(shot.picture, (0, 0), sigma), np.float32)

    return step


def _motion(low: float, high: float) -> _Step:
    """Moved while the shutter was open, by so many modules, in any direction."""

    def step(shot: _Shot) -> None:
        length = float(shot.chance.uniform(low, high)) * shot.module
        angle = float(shot.chance.uniform(0, np.pi))
        size = 2 * int(np.ceil(length / 2)) + 3
        way = np.zeros((size, size), np.float32)
        for part in np.linspace(-length / 2, length / 2, 48):
            across, down = (size // 2 + part * f(angle) for f in (np.cos, np.sin))
            way[round(down), round(across)] += 1
        shot.picture = np.asarray(cv2.filter2D(shot.picture, -1, way / way.sum()), np.float32)

    return step


def _noise(low: float, high: float) -> _Step:
    """Too little light: a sensor's noise of so many grey levels (sigma)."""
    return lambda shot: _add_noise(shot, float(shot.chance.uniform(low, high)))


def _add_noise(shot: _Shot, sigma: float) -> None:
    grain = shot.chance.standard_normal(shot.picture.shape, np.float32)
    shot.picture = np.clip(shot.picture, 0, 255) + grain * np.float32(sigma)


def _glare(low: float, high: float) -> _Step:
    """A lamp's reflection somewhere on the code, its radius so much of the code's side."""

    def step(shot: _Shot) -> None:
        radius = float(shot.chance.uniform(low, high)) * shot.side
        place = shot.middle + shot.chance.uniform(-0.38, 0.38, 2) * shot.side
        stretch = float(shot.chance.uniform(1.0, 1.8))
        down, across = _places()
        far = np.hypot((across - place[0]) / stretch, (down - place[1])) / radius
        shot.picture = shot.picture + 330 * np.exp(-(far * far * far * far))

    return step


def _low_contrast(low: float, high: float) -> _Step:
    """Faded print or a fogged lens: so much of the contrast is left."""

    def step(shot: _Shot) -> None:
        left = float(shot.chance.uniform(low, high))
        shot.picture = shot.picture * left + float(shot.chance.uniform(70, 170)) * (1 - left)

    return step


def _moire(low: float, high: float) -> _Step:
    """A screen's dots against the sensor's: crossed waves of 2.2 to 6 dots, so deep."""

    def step(shot: _Shot) -> None:
        depth = float(shot.chance.uniform(low, high))
        turn = float(shot.chance.uniform(0, np.pi))
        down, across = _places()
        waves = np.ones_like(shot.picture)
        for angle in (turn, turn + np.pi / 2):
            period = float(shot.chance.uniform(2.2, 6.0))
            along = across * np.cos(angle) + down * np.sin(angle)
            waves += depth / 2 * np.sin(2 * np.pi * along / period + shot.chance.uniform(0, 6))
        shot.picture = np.clip(shot.picture * waves, 0, 255).astype(np.float32)

    return step


def _covered(low: float, high: float) -> _Step:
    """A finger or a sticker over so much of the code's area, off the three finders."""

    def step(shot: _Shot) -> None:
        side = float(np.sqrt(shot.chance.uniform(low, high)))
        stretch = float(shot.chance.uniform(0.6, 1.6))
        wide, high_ = side * stretch, side / stretch
        left, top = shot.chance.uniform(0.36, max(0.37, 0.97 - max(wide, high_)), 2)
        spots = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
        view = cv2.getPerspectiveTransform(spots, shot.corners)
        patch = (spots * (wide, high_) + (left, top)).astype(np.float32)
        seen = cv2.perspectiveTransform(patch[None], view)[0]
        place = np.round(seen).astype(np.int32)
        cv2.fillConvexPoly(shot.picture, place, float(shot.chance.uniform(30, 220)))

    return step


def _uneven(low: float, high: float) -> _Step:
    """A shadow's edge across the code, and light from one side; so much light is left."""

    def step(shot: _Shot) -> None:
        left, angle = shot.chance.uniform(low, high), shot.chance.uniform(0, 2 * np.pi)
        down, across = _places()
        centre = shot.middle + shot.chance.uniform(-0.3, 0.3, 2) * shot.side
        along = (across - centre[0]) * np.cos(angle) + (down - centre[1]) * np.sin(angle)
        soft = float(shot.chance.uniform(2, 120))
        shade = left + (1 - left) / (1 + np.exp(-np.clip(along / soft, -30, 30)))
        slope = 1 - 0.25 * np.clip(along / shot.side, -1, 1)
        shot.picture = (shot.picture * shade * slope).astype(np.float32)

    return step


_WRONG = {
    Kind.BLUR: _blur(0.40, 0.60),
    Kind.MOTION: _motion(0.5, 1.1),
    Kind.NOISE: _noise(16, 32),
    Kind.GLARE: _glare(0.06, 0.13),
    Kind.LOW_CONTRAST: _low_contrast(0.05, 0.22),
    Kind.MOIRE: _moire(0.45, 1.1),
    Kind.COVERED: _covered(0.01, 0.09),
    Kind.UNEVEN: _uneven(0.2, 0.5),
}

_MILD = (
    _blur(0.25, 0.42),
    _motion(0.3, 0.6),
    _noise(8, 18),
    _low_contrast(0.25, 0.5),
    _glare(0.04, 0.08),
    _moire(0.1, 0.3),
    _uneven(0.35, 0.7),
)


def _jpeg(picture: Grey) -> bytes:
    dots, how = np.clip(picture, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    return cv2.imencode(".jpg", dots, how)[1].tobytes()
