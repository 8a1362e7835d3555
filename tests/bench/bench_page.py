"""The corners of a sheet: how often they are right within 1 % of its diagonal, and at what cost.

On scenes that are drawn by another hand than the finder's, see `page_scenes`.  The peer is the
usual recipe of textbooks: blur, Canny, the largest contour that is four-sided.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import cv2
import numpy as np

from drivers.camera import page
from drivers.camera.page import Kind
from tests.bench import page_scenes
from tests.bench.figure import Figure, median
from tests.bench.page_scenes import Picture, Plane, Scene

SCENES = 240
EMPTY = 60
FIRST = 5000
"""Number of the first scene; those below were looked at while the finder was made."""
WITHIN = 0.01
"""Share of the sheet's diagonal that the worst of the four corners may be off."""


def measure() -> list[Figure]:
    """Find every sheet, once by ours and once by the recipe."""
    ours, peer, times, nothing = [], [], [], 0
    for seed in range(FIRST, FIRST + SCENES):
        scene = page_scenes.draw(seed)
        began = time.process_time()
        ours.append(off(_ours(scene.frame), scene))
        times.append((time.process_time() - began) * 1000)
        peer.append(off(recipe(scene.frame), scene))
    for seed in range(FIRST + SCENES, FIRST + SCENES + EMPTY):
        nothing += _ours(page_scenes.draw(seed, empty=True).frame) is not None
    missed = _share(ours, _far)
    worst = f"median {np.median(ours) * 100:.2f} % of the diagonal off"
    return [
        Figure(
            name="page: corners more than 1 % of the diagonal off, or not found",
            value=missed,
            unit="%",
            limit=5.0,
            measured=f"{worst}, {median(times):.0f} ms of CPU a frame of 1296 dots",
            peer=f"blur, Canny, largest four-sided contour: {_share(peer, _far):.0f} %",
            note=f"worst corner of each of {SCENES} rendered scenes: desks, shadows, lens, light",
        ),
        Figure(
            name="page: found on an empty desk",
            value=100 * nothing / EMPTY,
            unit="%",
            limit=2.0,
            note=f"{EMPTY} desks",
        ),
    ]


def off(found: Plane | None, scene: Scene) -> float:
    """Return how far the worst corner is off, as a share of the diagonal; 1 if nothing was found.

    Which corner is the first does not count: from its shape nobody knows which way up a sheet is.
    """
    true = scene.corners
    if found is None or true is None:
        return 1.0
    ways = (np.roll(way, turn, 0) for way in (found, found[::-1]) for turn in range(4))
    best = min(float(np.linalg.norm(way - true, axis=1).max()) for way in ways)
    return best / float(np.linalg.norm(true[2] - true[0]))


def recipe(frame: Picture) -> Plane | None:
    """Return the largest four-sided contour of the edges."""
    grey = cv2.GaussianBlur(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    edges = cv2.dilate(cv2.Canny(grey, 75, 200), np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(edges, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:5]:
        shape = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, closed=True), closed=True)
        if len(shape) == 4:
            return shape[:, 0].astype(np.float32)
    return None


def _ours(frame: Picture) -> Plane | None:
    found = page.find(frame, Kind.PAGE)
    return None if found is None else found.corners


def _far(one: float) -> bool:
    return one > WITHIN


def _share(values: list[float], counts: Callable[[float], bool]) -> float:
    """Return how many of these count, in per cent."""
    return 100 * sum(map(counts, values)) / len(values)
