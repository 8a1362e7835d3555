"""A drawn head in the round: a solid with a nose, brows and lips, painted, turned and lit.

The solid is a superellipsoid sampled in longitude and latitude, pushed out and in along its depth
where a face is not smooth.  It is drawn point by point, far points first, at twice the size of the
frame and then reduced: a few tens of milliseconds a view, which is why scenes are drawn once and
kept.

Axes: across to the right of the picture, down, and towards the camera; lengths are in half heights
of the head.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulated.faces import DOTS, REACH, Face, face, paint

Points = NDArray[np.float32]
"""One row of three figures a point."""
Picture = NDArray[np.float32]
"""Rows of dots of blue, green, red, 0 to 255."""

_SAMPLES = 360
_AROUND = 125.0
"""Degrees of longitude to each side that are drawn; the rest is never seen."""
_ROUNDNESS = 2.35  # exponent of the superellipsoid: a head is a little squarer than an egg
_DEPTH = 0.86
_EYE_POINT = 4.5  # how far the lens is, in half heights: about half a metre
_FINER = 2
_FILL_STEPS = 6
_EDGE = -0.1  # how far round the edge of the head points are still drawn


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """How a head is held, in degrees.

    Attributes:
        yaw: positive turns the nose to the right of the picture: the person's own left.
        pitch: positive lifts the chin.
        roll: positive leans the head to the right of the picture.
    """

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0

    def matrix(self) -> NDArray[np.float32]:
        """Return the rotation: yaw first, then pitch, then roll."""
        yaw, pitch, roll = np.radians([self.yaw, self.pitch, self.roll])
        around = np.array(
            [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]]
        )
        nod = np.array(
            [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
        )
        lean = np.array(
            [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
        )
        return np.asarray(lean @ nod @ around, np.float32)


@dataclass(frozen=True, kw_only=True, slots=True)
class Light:
    """Where the light comes from (a direction towards it), and the share that comes from all."""

    towards: tuple[float, float, float] = (-0.35, -0.5, 0.8)
    ambient: float = 0.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """Where a head is drawn: its middle and half its height, in dots of the picture."""

    across: float
    down: float
    half_height: float


class Head:
    """The head of one face: points, which way each looks, and its colour."""

    def __init__(self, one: Face) -> None:
        self.face = one
        places = _solid(one)
        self._places: Points = places.reshape(-1, 3)
        self._outward: Points = _outward(places).reshape(-1, 3)
        self._colours: Points = _colours(one, places).reshape(-1, 3)

    def draw(self, picture: Picture, spot: Spot, pose: Pose, light: Light) -> None:
        """Draw the head into a picture."""
        turn = pose.matrix()
        near = np.flatnonzero(self._outward @ turn[2] > _EDGE)
        places, outward = self._places[near] @ turn.T, self._outward[near] @ turn.T
        ray = np.array(light.towards, np.float32)
        facing = np.clip(outward @ (ray / np.linalg.norm(ray)), 0, 1)
        lit = self._colours[near] * (light.ambient + (1.05 - light.ambient) * facing)[:, None]
        nearer = _EYE_POINT / (_EYE_POINT - places[:, 2])
        scale = nearer * spot.half_height * _FINER
        across = (spot.across * _FINER + places[:, 0] * scale).astype(np.int32)
        down = (spot.down * _FINER + places[:, 1] * scale).astype(np.int32)
        high, wide = picture.shape[0] * _FINER, picture.shape[1] * _FINER
        seen = np.flatnonzero((across >= 0) & (down >= 0) & (across < wide) & (down < high))
        order = seen[np.argsort(places[seen, 2], kind="stable")]
        if order.size:
            _splat(picture, across[order], down[order], lit[order])


@lru_cache(maxsize=6)
def head(seed: int) -> Head:
    """Return the head of a number; the last few are kept."""
    return Head(face(seed))


def _splat(
    picture: Picture, across: NDArray[np.int32], down: NDArray[np.int32], colours: Points
) -> None:
    """Put points into a finer picture, close the gaps between them, and lay it over."""
    left, top = (int(values.min()) // _FINER * _FINER for values in (across, down))
    wide, high = (
        (int(v.max()) - o) // _FINER * _FINER + 2 * _FINER for v, o in ((across, left), (down, top))
    )
    dots = np.zeros((high, wide, 3), np.float32)
    filled = np.zeros((high, wide), np.float32)
    dots[down - top, across - left] = colours
    filled[down - top, across - left] = 1
    _close(dots, filled)
    layer = np.dstack([dots * filled[..., None], filled])
    left, top = left // _FINER, top // _FINER
    right = min(picture.shape[1], left + wide // _FINER)
    low = min(picture.shape[0], top + high // _FINER)
    small = cv2.resize(layer, (wide // _FINER, high // _FINER), interpolation=cv2.INTER_AREA)
    small = small[: low - top, : right - left]
    part = picture[top:low, left:right]
    part *= 1 - small[..., 3:]
    part += small[..., :3]


def _close(dots: Picture, filled: NDArray[np.float32]) -> None:
    """Fill what lies between points: first small gaps, then the steep sides of the nose."""
    outline, _ = cv2.findContours(
        cv2.morphologyEx((filled > 0).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)),
        cv2.RETR_EXTERNAL,
        cv2.CHAIN_APPROX_NONE,
    )
    inside = np.zeros(filled.shape, np.uint8)
    cv2.drawContours(inside, outline, -1, 1, -1)
    for _ in range(_FILL_STEPS):
        near = cv2.blur(filled, (3, 3))
        gap = (filled == 0) & (near > 0) & (inside > 0)
        if not gap.any():
            return
        mixed = cv2.blur(dots * filled[..., None], (3, 3))
        dots[gap] = mixed[gap] / near[gap][:, None]
        filled[gap] = 1


def _solid(one: Face) -> Points:
    """Return the points of a head, a grid of rows from crown to chin."""
    around = np.radians(np.linspace(-_AROUND, _AROUND, _SAMPLES))
    height = np.radians(np.linspace(-90, 90, _SAMPLES))[:, None]
    flat = np.cos(height)
    across, down, depth = np.sin(around) * flat, np.sin(height) + 0 * around, np.cos(around) * flat
    sizes = ((across, one.width), (down, 1.0), (depth, _DEPTH))
    reach = sum(np.abs(part / size) ** _ROUNDNESS for part, size in sizes) ** (-1 / _ROUNDNESS)
    across, down, depth = across * reach, down * reach, depth * reach
    across = across * (1 - one.jaw * _rise(down, 0.2, 1.0) - 0.06 * _rise(-down, 0.3, 1.0))
    depth = depth + _relief(one, across, down) * _rise(depth, 0.1, 0.4)
    return np.asarray(np.stack([across, down, depth], -1), np.float32)


def _relief(
    one: Face, across: NDArray[np.float64], down: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far a face stands out of the smooth solid."""

    def bump(middle: tuple[float, float], radii: tuple[float, float]) -> NDArray[np.float64]:
        x, y = (across - middle[0]) / radii[0], (down - middle[1]) / radii[1]
        return np.asarray(np.exp(-np.square(x) - np.square(y)))

    tip = one.nose_length
    ridge = _rise(down, -0.08, tip) * (1 - _rise(down, tip, tip + 0.09))
    narrow = one.nose_width * (0.5 + 0.4 * _rise(down, 0, tip))
    out = one.nose_height * ridge * np.exp(-(np.abs(across / narrow) ** 2))
    out = out + 0.05 * bump((0, one.mouth_down), (one.mouth_width, 0.09))
    out = out + one.chin * bump((0, 0.88), (0.2, 0.12))
    for side in (-1, 1):
        gap = side * one.eye_gap
        out = out - 0.1 * one.shadows * bump((gap, 0), (0.14, 0.09))
        out = out + 0.045 * bump((gap, 0), (0.075, 0.05))
        out = out + 0.035 * bump((gap, -one.brow_lift), (0.2, 0.06))
        out = out + one.cheek * bump((side * 0.4, 0.25), (0.15, 0.15))
        out = out + 0.04 * bump((side * one.nose_width * 0.9, tip + 0.01), (0.05, 0.05))
    return np.asarray(out)


def _outward(places: Points) -> Points:
    """Return which way each point of the grid looks."""
    across, along = np.gradient(places, axis=1), np.gradient(places, axis=0)
    normal = np.cross(across, along)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True) + 1e-9
    return np.asarray(normal * np.sign((normal * places).sum(-1, keepdims=True)), np.float32)


def _colours(one: Face, places: Points) -> Points:
    """Return each point's colour: its place on the painted skin, hair at the back."""
    skin = paint(one)
    across, down = ((places[..., axis] + REACH) * DOTS for axis in (0, 1))
    colours = cv2.remap(skin, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    back = _rise(-places[..., 2], -0.15, 0.05) * _rise(-places[..., 1], -0.35, -0.2)
    return np.asarray(colours + (one.hair - colours) * back[..., None], np.float32)


def _rise(value: NDArray[np.floating], low: float, high: float) -> NDArray[np.float64]:
    """Return 0 below ``low``, 1 above ``high``, and a smooth way between."""
    share = np.clip((value - low) / (high - low), 0, 1).astype(np.float64)
    return np.asarray(share * share * (3 - 2 * share))
