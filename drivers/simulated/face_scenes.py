"""The picture a simulated face camera sees: people who do not exist, in an office, at arm's length.

The camera looks straight at a standing person, 640 x 480 dots.  Everything is drawn from numbers,
see `drivers.simulated.faces`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulated.face_head import Light, Picture, Pose, Spot, head

Frame = NDArray[np.uint8]
"""Rows of dots of blue, green, red."""

SIZE = (640, 480)
CAST = (97, 59, 13)
"""Seeds of three faces of which the model takes no two for one person, found among 170; most pairs
of drawn faces are alike to it (`python -m tests.bench face`)."""
CARD_PHOTO = (102, 126)
"""Dots across and down of the photo on a resident identity card."""

_HALF_HEIGHT = 118.0  # dots of half a head at arm's length
_MIDDLE = (320.0, 215.0)
_STRAIGHT = Pose()
_PASSPORT_LIGHT = Light(towards=(0.0, -0.2, 1.0), ambient=0.7)


class FaceScene(StrEnum):
    """Who stands there, and how; each from the person's own view."""

    NOBODY = "nobody"
    ONE = "one"
    TWO = "two"
    """Two people beside each other, as large."""
    BEHIND = "behind"
    """One person, and somebody small at the back."""
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    CUT = "cut"
    """Half out of the picture."""
    TURNED_LEFT = "turned_left"
    TURNED_RIGHT = "turned_right"
    CHIN_DOWN = "chin_down"
    CLOSER = "closer"
    PAPER = "paper"
    """A print of the face, held up before it."""
    PAPER_TURNED_LEFT = "paper_turned_left"
    """The print is turned instead of a head."""
    PAPER_TURNED_RIGHT = "paper_turned_right"
    PAPER_CHIN_DOWN = "paper_chin_down"
    PAPER_CLOSER = "paper_closer"


class FaceFault(StrEnum):
    """What can be wrong with the light, the picture or the camera."""

    DARK = "dark"
    GLARE = "glare"
    SIDE_LIGHT = "side_light"
    BLURRED = "blurred"
    FREEZE = "freeze"
    """The camera gives the same frame again and again."""
    SILENT = "silent"
    """The camera is there and gives no frame."""
    GARBLED = "garbled"
    """What it gives is no picture."""
    BLACK = "black"
    UNPLUG = "unplug"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """Where and how one head is."""

    pose: Pose = _STRAIGHT
    nearer: float = 1.0
    across: float = _MIDDLE[0]
    down: float = _MIDDLE[1]


_STANDS = {
    FaceScene.TOO_FAR: Stand(nearer=0.42, down=250),
    FaceScene.TOO_NEAR: Stand(nearer=2.1, down=245),
    FaceScene.CUT: Stand(across=70),
    FaceScene.TURNED_LEFT: Stand(pose=Pose(yaw=27)),
    FaceScene.TURNED_RIGHT: Stand(pose=Pose(yaw=-27)),
    FaceScene.CHIN_DOWN: Stand(pose=Pose(pitch=-26)),
    FaceScene.CLOSER: Stand(nearer=1.32, down=230),
}
_TILTS = {
    FaceScene.PAPER: (0.0, 0.0, 1.0),
    FaceScene.PAPER_TURNED_LEFT: (35.0, 0.0, 1.0),
    FaceScene.PAPER_TURNED_RIGHT: (-35.0, 0.0, 1.0),
    FaceScene.PAPER_CHIN_DOWN: (0.0, -30.0, 1.0),
    FaceScene.PAPER_CLOSER: (0.0, 0.0, 1.32),
}
"""Degrees a print is turned and tipped, and how much nearer it is held."""


def draw(scene: FaceScene, seed: int, fault: FaceFault | None = None, other: int = 0) -> Frame:
    """Draw a scene with the person of a seed.

    ``other`` is the second person's seed, or that of the print; 0: another one of the cast, or a
    print of the same person.
    """
    light = (
        Light(towards=(1.0, -0.1, 0.12), ambient=0.16) if fault is FaceFault.SIDE_LIGHT else Light()
    )
    picture = _office().copy()
    if scene in _TILTS:
        _hold_up(picture, other or seed, *_TILTS[scene])
    else:
        second = other or next(one for one in CAST if one != seed)
        for who, stand in _standing(scene, seed, second):
            _person(picture, who, stand, light)
    return _seen(picture, fault)


def person_seen(seed: int, stand: Stand, light: Light) -> Frame:
    """Draw one person in a pose and light of one's own."""
    picture = _office().copy()
    _person(picture, seed, stand, light)
    return _seen(picture, None)


def card_photo(seed: int) -> Frame:
    """Return a person's photo as on a card: 102 x 126 dots before a white wall."""
    across, down = (side * 4 for side in CARD_PHOTO)
    picture = np.full((down, across, 3), 238, np.float32)
    stand = Stand(across=across / 2, down=down * 0.48, nearer=1.3)
    _person(picture, seed, stand, _PASSPORT_LIGHT)
    small = cv2.resize(picture, CARD_PHOTO, interpolation=cv2.INTER_AREA)
    return np.clip(small, 0, 255).astype(np.uint8)


def _standing(scene: FaceScene, seed: int, other: int) -> tuple[tuple[int, Stand], ...]:
    match scene:
        case FaceScene.NOBODY:
            return ()
        case FaceScene.TWO:
            return (seed, Stand(across=185)), (other, Stand(across=455))
        case FaceScene.BEHIND:
            return (other, Stand(across=555, down=190, nearer=0.36)), (seed, Stand(across=290))
        case _:
            return ((seed, _STANDS.get(scene, Stand())),)


def _person(picture: Picture, seed: int, stand: Stand, light: Light) -> None:
    """Draw shoulders, neck and head."""
    one, half = head(seed), _HALF_HEIGHT * stand.nearer
    dice = np.random.default_rng(seed + 77)
    cloth = dice.uniform(30, 150, 3)
    body = (round(stand.across), round(stand.down + 2.3 * half))
    size = (round(1.6 * half), round(1.15 * half))
    _lay(picture, cloth, 1.0, lambda mask: cv2.ellipse(mask, body, size, 0, 0, 360, 255, -1))
    left, right = (round(stand.across + side * 0.36 * half) for side in (-1, 1))
    top, low = round(stand.down + 0.5 * half), round(stand.down + 1.35 * half)
    dim = one.face.skin * (0.5 + 0.3 * light.ambient)
    _lay(picture, dim, 3.0, lambda mask: cv2.rectangle(mask, (left, top), (right, low), 255, -1))
    spot = Spot(across=stand.across, down=stand.down, half_height=half)
    one.draw(picture, spot, stand.pose, light)


def _lay(picture: Picture, colour: NDArray[np.float64], soft: float, shape: object) -> None:
    mask = np.zeros(picture.shape[:2], np.uint8)
    if callable(shape):
        shape(mask)
    share = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), soft)[..., None]
    picture += (colour.astype(np.float32) - picture) * share


@lru_cache(maxsize=4)
def _print(seed: int) -> Picture:
    """Return a print of a face, 4 by 5."""
    picture = np.full((500, 400, 3), 225, np.float32)
    _person(picture, seed, Stand(across=200, down=235, nearer=1.35), _PASSPORT_LIGHT)
    return picture


def _hold_up(picture: Picture, seed: int, turned: float, tipped: float, nearer: float) -> None:
    """Hold a print before the camera, seen in perspective."""
    sheet = _print(seed)
    high, wide = sheet.shape[:2]
    corners = np.array([[-1, -1.25, 0], [1, -1.25, 0], [1, 1.25, 0], [-1, 1.25, 0]], np.float32)
    turn = Pose(yaw=turned, pitch=tipped).matrix()
    places = corners @ turn.T
    scale = 4.5 / (4.5 - places[:, 2:]) * 150 * nearer
    seen = (places[:, :2] * scale + np.array(_MIDDLE)).astype(np.float32)
    flat = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    view = cv2.getPerspectiveTransform(flat, seen)
    laid = cv2.warpPerspective(sheet, view, SIZE, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.ones((high, wide), np.float32), view, SIZE)[..., None]
    picture += (laid - picture) * mask


@lru_cache(maxsize=1)
def _office() -> Picture:
    """Return a wall, a window and a shelf, out of focus."""
    dice = np.random.default_rng(11)
    wall = np.full((SIZE[1], SIZE[0], 3), (176, 184, 188), np.float32)
    cv2.rectangle(wall, (30, 40), (170, 250), (224, 218, 208), -1)
    for left in range(470, 640, 24):
        shade = dice.uniform(60, 170, 3).tolist()
        cv2.rectangle(wall, (left, 120), (left + 20, 330), shade, -1)
    cv2.rectangle(wall, (0, 400), SIZE, (120, 130, 140), -1)
    return np.asarray(cv2.GaussianBlur(wall, (0, 0), 9), np.float32)


def _soft(picture: Picture, sigma: float) -> Picture:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _seen(picture: Picture, fault: FaceFault | None) -> Frame:
    """Return what the lens makes of it."""
    match fault:
        case FaceFault.DARK:
            picture = picture * 0.13
        case FaceFault.GLARE:
            picture = picture * 2.4 + 60
        case FaceFault.BLURRED:
            picture = _soft(picture, 5)
        case FaceFault.BLACK:
            picture = picture * 0
        case _:
            picture = _soft(picture, 0.6)
    return np.clip(picture, 0, 255).astype(np.uint8)
