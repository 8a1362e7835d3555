"""Finds a four-sided thing by its outline: what differs from the desk seen all around it; pure.

See `drivers.camera.page` for the theory of operation.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = NDArray[np.float32]
Outline = NDArray[np.int32]

LEAST_DISTANCE = 14.0
"""Distance in L*a*b* (8 bits a channel) that is surely not grain, shadow or noise of the desk."""


def largest(frame: Picture) -> Outline | None:
    """Return the outline of the largest region that is not desk."""
    colours = cv2.cvtColor(cv2.GaussianBlur(frame, (5, 5), 0), cv2.COLOR_BGR2LAB)
    rim = np.concatenate([colours[:4].reshape(-1, 3), colours[-4:].reshape(-1, 3)])
    sides = np.concatenate([colours[:, :4].reshape(-1, 3), colours[:, -4:].reshape(-1, 3)])
    desk = np.median(np.concatenate([rim, sides]), axis=0)
    away = cv2.absdiff(colours, np.array([*desk, 0.0]))
    distance = cv2.transform(away, np.ones((1, 3), np.float32))  # L1: cheap and good enough
    limit, _ = cv2.threshold(distance, 0, 255, cv2.THRESH_OTSU)
    mask: NDArray[np.uint8] = (np.asarray(distance) > max(LEAST_DISTANCE, limit * 0.75)).astype(
        np.uint8
    )
    reach = max(3, frame.shape[1] // 130) | 1
    block = np.ones((reach, reach), np.uint8)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, block)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, block)
    outlines, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    largest: Outline = max(outlines, key=cv2.contourArea).astype(np.int32)
    return largest


def clear_of_rim(outline: Outline, wide: int, high: int, rim: float) -> bool:
    """Say whether an outline keeps this far from the frame's rim."""
    places = outline[:, 0]
    return bool(
        (places >= rim).all()
        and (places[:, 0] < wide - rim).all()
        and (places[:, 1] < high - rim).all()
    )


def four_sides(outline: Outline, rim: float, wide: int, high: int) -> Corners | None:
    """Return the corners of the four-sided shape around an outline, going round."""
    hull = cv2.convexHull(outline)
    around = cv2.arcLength(hull, closed=True)
    rough = None
    for share in (0.01, 0.02, 0.03, 0.05, 0.07):
        shape = cv2.approxPolyDP(hull, share * around, closed=True)
        if len(shape) == 4:
            rough = shape[:, 0].astype(np.float32)
            break
    if rough is None:
        rough = cv2.boxPoints(cv2.minAreaRect(hull)).astype(np.float32)
    sides = [_side(outline, rough[place], rough[(place + 1) % 4]) for place in range(4)]
    met = [_meeting(sides[place - 1], sides[place]) for place in range(4)]
    if any(place is None for place in met):
        return None
    corners = np.array(met, np.float32)
    far = rim + 0.05 * wide  # lines of a cut sheet may meet a little outside, never far away
    inside = (corners >= -far).all() and (corners < (wide + far, high + far)).all()
    return corners if inside and cv2.isContourConvex(corners) else rough


def straight_share(outline: Outline, corners: Corners) -> float:
    """Return the share of an outline that runs along the sides of a shape."""
    places = outline[:, 0].astype(np.float32)
    nearest = np.full(len(places), np.inf)
    for place in range(4):
        start, along = corners[place], corners[(place + 1) % 4] - corners[place]
        length = float(np.linalg.norm(along)) or 1.0
        across = np.array([-along[1], along[0]]) / length
        nearest = np.minimum(nearest, np.abs((places - start) @ across))
    reach = 0.015 * float(np.sqrt(cv2.contourArea(corners)))
    return float(np.mean(nearest < max(2.0, reach)))


def _side(outline: Outline, start: Corners, end: Corners) -> NDArray[np.float64]:
    """Return the line (direction, point) along one side, fitted without its ends."""
    along = end - start
    length = float(np.linalg.norm(along)) or 1.0
    along = along / length
    places = outline[:, 0].astype(np.float32) - start
    forward = places @ along
    sideways = np.abs(places @ np.array([-along[1], along[0]], np.float32))
    middle_part = (forward > 0.15 * length) & (forward < 0.85 * length)
    near = outline[(sideways < 0.03 * length) & middle_part].astype(np.float32)
    if len(near) < 8:
        near = np.array([[start], [end]], np.float32)
    line = cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01)
    return np.asarray(line, np.float64).ravel()


def _meeting(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64] | None:
    matrix = np.array([[one[0], -other[0]], [one[1], -other[1]]])
    if abs(np.linalg.det(matrix)) < 0.1:
        return None  # nearly parallel: no corner
    steps = np.linalg.solve(matrix, other[2:] - one[2:])
    return np.asarray(one[2:] + steps[0] * one[:2])
