"""Finds four sides by the steps of light across them, where a shadow hides the outline; pure.

The shadow of a head or an arm makes part of a sheet as dark as the desk, and what differs from the
desk is then no longer four-sided.  But each side of the sheet is still a straight step: along it,
in light or in shadow, the paper's side differs from the desk's right beside it.

Straight pieces of edges are gathered into lines; of all fours of lines that could be the thing, the
one whose sides are steps along most of their length is it.  Print makes no steps: left and right of
a thin stroke are the same paper.  Each side is then laid through the steepest places across it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float32]
Places = NDArray[np.float64]

_WIDE = 648  # dots across of the picture that lines are looked for in
_LINES = 22  # the strongest; a sheet has four, its table and the desk's boards have the others
_NEAR = 7.0  # dots; lines closer than this, and about as steep, are one
_PARALLEL = np.deg2rad(22)
_UPRIGHT = np.deg2rad(58)
_ALIKE = 0.9986  # cosine of 3 degrees
_TALL = 40.0  # a step higher than this counts no more
_STEP = 9.0  # least difference of lightness (8 bits) across a side
_ASIDE = 4.0  # dots from a side to where both of its shores are looked at
_LEAST_SIDE, _LEAST_MEAN = 0.70, 0.85  # share of a side, and of all, that must be steps
_LEAST_INSIDE = 0.5  # of a side of something cut; less is the soft rim of a shadow
_SAMPLES = 40
_MOST_FOURS = 6000


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its normal (unit), its distance along it from the middle, its strength."""

    across: float
    down: float
    away: float
    weight: float


def find(frame: Picture, proportion: tuple[float, float], least_share: float) -> Corners | None:
    """Return the corners of the thing, going round, ``None`` if there is none.

    Args:
        frame: the picture.
        proportion: long side through short side, least and most.
        least_share: least share of the frame that it covers.
    """
    scale = min(1.0, _WIDE / frame.shape[1])
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    light = _lightness(_byte(small))
    high, wide = light.shape
    best: tuple[float, Places] | None = None
    for corners in _fours(_lines(light), wide, high, proportion, least_share):
        shares = _steps(light, corners)
        if not _are_sides(shares):
            continue
        grade = float(shares.mean()) + 0.3 * float(np.sqrt(_area(corners) / (wide * high)))
        if best is None or grade > best[0]:
            best = (grade, corners)
    if best is None:
        return None
    return _refined(_lightness(frame), best[1] / scale)


def hold(frame: Picture, corners: Corners) -> bool:
    """Say whether sides that were found otherwise are steps of light along most of their length."""
    scale = min(1.0, _WIDE / frame.shape[1])
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return _are_sides(_steps(_lightness(_byte(small)), corners.astype(np.float64) * scale))


def hold_inside(frame: Picture, corners: Corners) -> bool:
    """Say the same of something that goes on outside the frame: of its sides within it.

    It must be lighter than the desk as well: what is darker and goes on outside is an arm, or its
    shadow.  ``corners`` go round clockwise.
    """
    scale = min(1.0, _WIDE / frame.shape[1])
    small = _byte(cv2.resize(frame, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))
    high, wide = small.shape[:2]
    places = corners.astype(np.float64) * scale
    step = _heights(_lightness(small), places, np.roll(places, -1, 0))
    shares = (step > _STEP).mean(1)
    rim = 0.03 * wide
    at_rim = np.stack(
        [
            places[:, 0] < rim,
            places[:, 1] < rim,
            places[:, 0] > wide - rim,
            places[:, 1] > high - rim,
        ],
        axis=1,
    )
    along_rim = (at_rim & np.roll(at_rim, -1, axis=0)).any(axis=1)
    return bool((shares[~along_rim] >= _LEAST_INSIDE).all())


def _are_sides(shares: Places) -> bool:
    return bool(shares.min() >= _LEAST_SIDE and shares.mean() >= _LEAST_MEAN)


def _byte(picture: object) -> Picture:
    return np.asarray(picture, np.uint8)


def _lightness(picture: Picture) -> NDArray[np.float32]:
    """Return lightness, with a share of colour: a blue sheet on a grey desk has steps too."""
    colours = cv2.cvtColor(cv2.GaussianBlur(picture, (5, 5), 0), cv2.COLOR_BGR2LAB)
    parts = colours.astype(np.float32)
    return np.asarray(parts[..., 0] + 0.8 * (parts[..., 1] - parts[..., 2]), np.float32)


def _lines(light: NDArray[np.float32]) -> list[_Line]:
    """Return the strongest lines of the picture."""
    high, wide = light.shape
    byte = np.clip(light, 0, 255).astype(np.uint8)
    edges = cv2.Canny(byte, 18, 45)
    found = cv2.HoughLinesP(edges, 1, np.pi / 360, 35, None, wide * 0.07, 6)
    if found is None:
        return []
    ends = found[:, 0].astype(np.float64)
    lengths = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1])
    order = np.argsort(-lengths)[:300]
    pieces = ends[order]
    steps = np.clip(_heights(light, pieces[:, :2], pieces[:, 2:]).mean(1), -_TALL, _TALL)
    weights = lengths[order] * np.abs(steps)  # grain is long but low
    lines: list[_Line] = []
    for piece, weight in sorted(zip(pieces, weights, strict=True), key=lambda pair: -pair[1]):
        _gather(lines, _line(piece, float(weight), wide, high))
    return lines[:_LINES]


def _line(piece: Places, weight: float, wide: int, high: int) -> _Line:
    along = piece[2:] - piece[:2]
    along /= float(np.hypot(*along)) or 1.0
    normal = np.array([-along[1], along[0]])
    if normal[0] < 0 or (normal[0] == 0 and normal[1] < 0):
        normal = -normal
    away = float(normal @ (piece[:2] - (wide / 2, high / 2)))
    return _Line(float(normal[0]), float(normal[1]), away, weight)


def _gather(lines: list[_Line], fresh: _Line) -> None:
    """Add a piece as a line, unless it lies on a stronger one."""
    for line in lines:
        same = line.across * fresh.across + line.down * fresh.down
        turned = -1.0 if same < 0 else 1.0
        if abs(same) > _ALIKE and abs(line.away - turned * fresh.away) < _NEAR:
            return
    lines.append(fresh)


def _fours(
    lines: list[_Line], wide: int, high: int, proportion: tuple[float, float], least_share: float
) -> Iterator[Places]:
    """Yield the corners of every four lines that could be the thing."""
    pairs = [pair for pair in combinations(lines, 2) if _faces(pair, high)]
    count = 0
    for one, other in combinations(pairs, 2):
        turn = abs(one[0].across * other[0].across + one[0].down * other[0].down)
        if turn > np.cos(_UPRIGHT):
            continue
        count += 1
        if count > _MOST_FOURS:
            return
        corners = _corners(one, other, wide, high)
        if corners is not None and _fits(corners, wide, high, proportion, least_share):
            yield corners


def _faces(pair: tuple[_Line, _Line], high: int) -> bool:
    """Say whether two lines could be opposite sides."""
    one, other = pair
    same = one.across * other.across + one.down * other.down
    if abs(same) < np.cos(_PARALLEL):
        return False
    return abs(one.away - (other.away if same > 0 else -other.away)) > 0.2 * high


def _corners(
    one: tuple[_Line, _Line], other: tuple[_Line, _Line], wide: int, high: int
) -> Places | None:
    places = []
    for first, second in ((0, 0), (0, 1), (1, 1), (1, 0)):
        a, b = one[first], other[second]
        sine = a.across * b.down - a.down * b.across
        if abs(sine) < 0.2:
            return None
        across = (a.away * b.down - b.away * a.down) / sine
        down = (a.across * b.away - b.across * a.away) / sine
        if abs(across) > wide / 2 or abs(down) > high / 2:
            return None  # the whole thing is in the picture
        places.append((across + wide / 2, down + high / 2))
    return np.array(places)


def _fits(
    corners: Places, wide: int, high: int, proportion: tuple[float, float], least_share: float
) -> bool:
    if _area(corners) < least_share * wide * high:
        return False
    sides = np.linalg.norm(np.roll(corners, -1, 0) - corners, axis=1)
    long, short = sorted((float(sides[0] + sides[2]), float(sides[1] + sides[3])), reverse=True)
    if not proportion[0] <= long / max(1.0, short) <= proportion[1]:
        return False
    return bool(cv2.isContourConvex(corners.astype(np.float32)))


def _area(corners: Places) -> float:
    return float(cv2.contourArea(corners.astype(np.float32)))


def _steps(light: NDArray[np.float32], corners: Places) -> Places:
    """Return which share of each side is a step, all in the same direction."""
    step = _heights(light, corners, np.roll(corners, -1, 0))
    return np.asarray(np.maximum((step > _STEP).mean(1), (step < -_STEP).mean(1)))


def _heights(light: NDArray[np.float32], starts: Places, ends: Places) -> Places:
    """Return the steps across pieces, at places along each."""
    along = ends - starts
    length = np.maximum(1.0, np.linalg.norm(along, axis=1, keepdims=True))
    normal = np.stack([-along[:, 1], along[:, 0]], 1) / length
    shares = np.linspace(0.04, 0.96, _SAMPLES)[None, :, None]
    places = starts[:, None] + along[:, None] * shares
    left = _at(light, places + normal[:, None] * _ASIDE)
    right = _at(light, places - normal[:, None] * _ASIDE)
    return np.asarray(left - right)


def _at(light: NDArray[np.float32], places: Places) -> Places:
    high, wide = light.shape
    across = np.clip(np.rint(places[..., 0]), 0, wide - 1).astype(np.intp)
    down = np.clip(np.rint(places[..., 1]), 0, high - 1).astype(np.intp)
    return np.asarray(light[down, across], np.float64)


def _refined(light: NDArray[np.float32], corners: Places) -> Corners:
    """Lay each side through the steepest places across it, and return where the sides meet."""
    reach = max(4, round(light.shape[1] * 0.008))
    sides = [_side(light, corners[place], corners[(place + 1) % 4], reach) for place in range(4)]
    met = []
    for place in range(4):
        one, other = sides[place - 1], sides[place]
        matrix = np.array([[one[0], -other[0]], [one[1], -other[1]]])
        if abs(np.linalg.det(matrix)) < 0.1:
            return corners.astype(np.float32)
        step = np.linalg.solve(matrix, other[2:] - one[2:])[0]
        met.append(one[2:] + step * one[:2])
    return np.array(met, np.float32)


def _side(light: NDArray[np.float32], start: Places, end: Places, reach: int) -> Places:
    """Return the line (direction, point) through the steepest places along a side."""
    along = end - start
    normal = np.array([-along[1], along[0]]) / max(1.0, float(np.linalg.norm(along)))
    shares = np.linspace(0.08, 0.92, 80)[:, None, None]
    offsets = np.arange(-reach - 1, reach + 2)
    places = start + along * shares + normal * offsets[None, :, None]
    values = _at(light, places)
    steep = np.abs(values[:, 2:] - values[:, :-2])
    best = steep.argmax(1)
    chosen = places[np.arange(len(best)), best + 1][steep.max(1) > _STEP / 2]
    if len(chosen) < 12:
        chosen = np.array([start, end])
    line = cv2.fitLine(chosen.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01)
    return np.asarray(line, np.float64).ravel()
