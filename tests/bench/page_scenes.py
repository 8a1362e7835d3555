"""Sheets of A4 on desks, drawn by another hand than the finder's own simulator: for its bench.

Each scene comes from one number and shares no code with `drivers.camera` or `drivers.simulated`: a
desk of one of six materials, a sheet with print, tables, pictures or next to nothing, seen by a
pinhole camera that stands a little askew, with a little lens distortion; lamps that fall off,
shadows of a head or an arm across everything, things lying beside the sheet, noise, blur, JPEG.
The truth is where the projection put the four corners.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]

SIZE = (1296, 972)
"""Dots of a frame: half of a camera of five million."""
SHEET = (840, 1188)
"""Dots of the drawn sheet: 4 a millimetre."""

_MARGIN = 0.025  # of the frame: the desk is seen all around


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A frame, and the corners in it (across, down) going round; None: an empty desk."""

    frame: Picture
    corners: Plane | None


def draw(seed: int, *, empty: bool = False) -> Scene:
    """Return the scene of this number."""
    rng = np.random.default_rng(seed)
    desk = _desk(rng)
    corners = None
    if not empty:
        corners = _place(rng)
        desk = _lay(desk, _sheet(rng), corners, rng)
    seen = _clutter(desk, corners, rng) if rng.random() < 0.35 else desk
    seen = seen * _light(rng)[..., None] * _warmth(rng)
    if rng.random() < 0.6:
        seen = seen * _shadow(rng)[..., None]
    bend = float(rng.uniform(-0.012, 0.012))
    seen, corners = _bent(seen, corners, bend)
    return Scene(frame=_sensor(seen, rng), corners=corners)


# -- the desk -------------------------------------------------------------------------------------


def _desk(rng: np.random.Generator) -> Plane:
    """Return a desk: plain, wood, stone, cloth, speckled laminate, or boards."""
    base = _colour(rng, 25, 150)
    kind = int(rng.integers(0, 6))
    texture = (_plain, _wood, _stone, _cloth, _speckles, _boards)[kind](rng)
    strength = float(rng.uniform(3, 14))
    return np.clip(base + texture[..., None] * strength * (0.4 + base / 160), 4, 235).astype(
        np.float32
    )


def _colour(rng: np.random.Generator, low: float, high: float) -> Plane:
    grey = rng.uniform(low, high)
    return np.asarray(np.clip(grey + rng.normal(0, 14, 3), 8, 200), np.float32)


def _field(rng: np.random.Generator, across: int, down: int) -> Plane:
    """Return smooth noise of so many humps across and down."""
    coarse = rng.normal(0, 1, (max(2, down), max(2, across))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, SIZE, interpolation=cv2.INTER_CUBIC), np.float32)


def _plain(rng: np.random.Generator) -> Plane:
    return np.asarray(0.4 * _field(rng, 3, 3), np.float32)


def _wood(rng: np.random.Generator) -> Plane:
    grain = _field(rng, 4, 160) if rng.random() < 0.5 else _field(rng, 200, 4)
    return np.asarray(0.7 * grain + 0.4 * _field(rng, 5, 5), np.float32)


def _stone(rng: np.random.Generator) -> Plane:
    coarse, fine = 0.6 * _field(rng, 12, 9), 0.5 * _field(rng, 60, 45)
    return np.asarray(coarse + fine + 0.4 * _field(rng, 250, 190), np.float32)


def _cloth(rng: np.random.Generator) -> Plane:
    across = np.sin(np.arange(SIZE[0], dtype=np.float32) * rng.uniform(0.5, 1.6))
    down = np.sin(np.arange(SIZE[1], dtype=np.float32) * rng.uniform(0.5, 1.6))
    return np.asarray(0.6 * (across[None] + down[:, None]) + 0.4 * _field(rng, 6, 6), np.float32)


def _speckles(rng: np.random.Generator) -> Plane:
    dots = (rng.random((SIZE[1], SIZE[0])) > 0.985).astype(np.float32) * rng.choice([-3.0, 3.0])
    return np.asarray(cv2.GaussianBlur(dots, (0, 0), 1.2) * 2, np.float32)


def _boards(rng: np.random.Generator) -> Plane:
    picture = 0.4 * _field(rng, 5, 90)
    for down in np.arange(rng.uniform(60, 200), SIZE[1], rng.uniform(180, 320)):
        cv2.line(picture, (0, int(down)), (SIZE[0], int(down + rng.uniform(-9, 9))), (-2.2,), 2)
    return picture


# -- the sheet ------------------------------------------------------------------------------------


def _sheet(rng: np.random.Generator) -> Plane:
    """Return a sheet as it would be scanned."""
    tint = np.array([rng.uniform(222, 250), rng.uniform(226, 250), rng.uniform(228, 252)])
    sheet = np.full((SHEET[1], SHEET[0], 3), tint, np.float32)
    if rng.random() < 0.3:
        band = int(rng.uniform(60, 160))
        inset = int(rng.uniform(24, 60))
        sheet[inset : inset + band, inset:-inset] = _colour(rng, 90, 200)
    for _ in range(int(rng.choice([4, 20, 45]))):
        _print_line(sheet, rng)
    if rng.random() < 0.4:
        _grid(sheet, rng)
    if rng.random() < 0.3:
        left, top = rng.integers(60, 500), rng.integers(100, 800)
        sheet[top : top + 260, left : left + 200] = _colour(rng, 30, 170)
    if rng.random() < 0.5:
        centre = (int(rng.uniform(200, 640)), int(rng.uniform(700, 1050)))
        cv2.circle(sheet, centre, int(rng.uniform(60, 90)), (70, 60, 205), 6)
    return sheet


def _print_line(sheet: Plane, rng: np.random.Generator) -> None:
    down = int(rng.uniform(60, SHEET[1] - 70))
    left, right = int(rng.uniform(60, 200)), int(rng.uniform(350, SHEET[0] - 60))
    ink = float(rng.uniform(20, 110))
    for across in range(left, right, 22):
        if rng.random() < 0.9:
            box = sheet[down : down + 18, across : across + 17]
            box[rng.random(box.shape[:2]) < 0.38] = ink


def _grid(sheet: Plane, rng: np.random.Generator) -> None:
    left, right = 70, SHEET[0] - 70
    top, step = int(rng.uniform(150, 500)), int(rng.uniform(40, 80))
    for row in range(int(rng.integers(3, 9))):
        cv2.line(sheet, (left, top + row * step), (right, top + row * step), (50, 50, 50), 2)


# -- where it lies --------------------------------------------------------------------------------


def _place(rng: np.random.Generator) -> Plane:
    """Return the corners by a pinhole camera; tried again until the desk is seen all around."""
    flat = np.array([[-105, -148.5], [105, -148.5], [105, 148.5], [-105, 148.5]]) / 297.0
    while True:
        angle = rng.uniform(-np.pi, np.pi) if rng.random() < 0.5 else rng.normal(0, 0.12)
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        flat_turned = flat @ turn.T + rng.uniform(-0.12, 0.12, 2)
        tilt, lean = rng.uniform(-0.22, 0.22, 2)
        deep = 1.0 + flat_turned[:, 0] * np.sin(lean) + flat_turned[:, 1] * np.sin(tilt)
        squeezed = flat_turned * (np.cos(lean), np.cos(tilt)) / deep[:, None]
        scale = rng.uniform(0.55, 0.93) * SIZE[1]
        corners = squeezed * scale + np.array(SIZE) / 2
        edge = np.array(SIZE) * _MARGIN
        if (corners > edge).all() and (corners < np.array(SIZE) - edge).all():
            return np.asarray(corners, np.float32)


def _lay(desk: Plane, sheet: Plane, corners: Plane, rng: np.random.Generator) -> Plane:
    """Lay the sheet down, with the thin shadow of its edge."""
    paper = np.array([[0, 0], [SHEET[0], 0], list(SHEET), [0, SHEET[1]]], np.float32)
    view = cv2.getPerspectiveTransform(paper, corners)
    wide, high = SIZE[0] * 2, SIZE[1] * 2
    double = np.diag([2.0, 2.0, 1.0]) @ view
    mask = cv2.warpPerspective(np.ones(sheet.shape[:2], np.float32), double, (wide, high))
    laid = cv2.warpPerspective(
        sheet, double, (wide, high), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    mask = cv2.resize(mask, SIZE, interpolation=cv2.INTER_AREA)
    laid = cv2.resize(laid, SIZE, interpolation=cv2.INTER_AREA)
    shift = tuple(int(one) for one in rng.integers(-6, 7, 2))
    dark = cv2.GaussianBlur(np.roll(mask, shift, (0, 1)), (0, 0), float(rng.uniform(2, 9)))
    shaded = desk * (1 - float(rng.uniform(0.1, 0.55)) * dark[..., None])
    return np.asarray(shaded * (1 - mask[..., None]) + laid * mask[..., None], np.float32)


def _clutter(desk: Plane, corners: Plane | None, rng: np.random.Generator) -> Plane:
    """Lay a pen, a card or a phone into a corner of the desk where no sheet is."""
    thing = np.zeros(SIZE[::-1], np.uint8)
    across = int(rng.choice([rng.uniform(20, 160), rng.uniform(SIZE[0] - 160, SIZE[0] - 20)]))
    centre = (across, int(rng.uniform(40, SIZE[1] - 40)))
    sides = [(9, 170), (70, 110), (60, 125)][int(rng.integers(0, 3))]
    box = cv2.boxPoints((centre, sides, float(rng.uniform(0, 180))))
    cv2.fillConvexPoly(thing, box.astype(np.int32), 1)
    if corners is not None:
        sheet = np.zeros_like(thing)
        cv2.fillConvexPoly(sheet, corners.astype(np.int32), 1)
        if (cv2.dilate(sheet, np.ones((25, 25), np.uint8)) & thing).any():
            return desk
    painted = desk.copy()
    painted[thing > 0] = _colour(rng, 20, 220)
    return painted


# -- light and lens -------------------------------------------------------------------------------


def _light(rng: np.random.Generator) -> Plane:
    """Return how the lamp falls off: a slope and a spot."""
    across = np.linspace(-1, 1, SIZE[0], dtype=np.float32)[None]
    down = np.linspace(-1, 1, SIZE[1], dtype=np.float32)[:, None]
    slope = 1 + rng.uniform(-0.18, 0.18) * across + rng.uniform(-0.18, 0.18) * down
    away = np.square(across - rng.uniform(-0.6, 0.6)) + np.square(down - rng.uniform(-0.6, 0.6))
    return np.asarray(slope * (1 - rng.uniform(0, 0.16) * away), np.float32)


def _warmth(rng: np.random.Generator) -> Plane:
    warm = rng.uniform(-0.08, 0.08)
    return np.array([1 - warm, 1.0, 1 + warm], np.float32)


def _shadow(rng: np.random.Generator) -> Plane:
    """Return a soft shadow, of a head or an arm, that falls across desk and sheet alike."""
    shade = np.zeros(SIZE[::-1], np.float32)
    if rng.random() < 0.5:
        centre = (int(rng.uniform(0, SIZE[0])), int(rng.choice([0, SIZE[1]])))
        axes = (int(rng.uniform(200, 420)), int(rng.uniform(160, 380)))
        cv2.ellipse(shade, centre, axes, float(rng.uniform(0, 180)), 0, 360, (1.0,), -1)
    else:
        start = (int(rng.uniform(0, SIZE[0])), SIZE[1])
        end = (int(rng.uniform(200, 1100)), int(rng.uniform(100, 700)))
        cv2.line(shade, start, end, (1.0,), int(rng.uniform(80, 200)))
    soft = cv2.GaussianBlur(shade, (0, 0), float(rng.uniform(8, 45)))
    return np.asarray(1 - float(rng.uniform(0.15, 0.45)) * soft, np.float32)


def _bent(picture: Plane, corners: Plane | None, bend: float) -> tuple[Plane, Plane | None]:
    """Bend a picture by a lens whose radius r sees what lies at r (1 + bend r²)."""
    middle = np.array(SIZE, np.float32) / 2
    across, down = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    off = np.stack([across, down], -1).astype(np.float32) - middle
    square = (np.square(off).sum(-1) / float(np.square(middle).sum()))[..., None]
    source = (off * (1 + bend * square) + middle).astype(np.float32)
    bent = cv2.remap(
        picture,
        source[..., 0],
        source[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )
    if corners is None:
        return np.asarray(bent, np.float32), None
    moved = corners.astype(np.float64)
    for _ in range(8):  # the inverse of the bending, by going there again and again
        away = moved - middle
        share = np.square(away).sum(-1) / float(np.square(middle).sum())
        moved = (corners - middle) / (1 + bend * share)[:, None] + middle
    return np.asarray(bent, np.float32), moved.astype(np.float32)


def _sensor(picture: Plane, rng: np.random.Generator) -> Picture:
    """Return what the camera makes of it: exposure, blur, noise, JPEG."""
    seen = cv2.GaussianBlur(picture * float(rng.uniform(0.6, 1.05)), (0, 0), rng.uniform(0.3, 1.3))
    seen = seen + rng.normal(0, rng.uniform(0.8, 4.0), seen.shape)
    byte = np.clip(seen, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(60, 93))]
    encoded = cv2.imencode(".jpg", byte, quality)[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
