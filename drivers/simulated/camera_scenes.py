"""The picture a simulated document camera sees: a sheet or a card on a dark desk, from above.

The camera stands over a desk of about 470 by 350 mm and has 2592 x 1944 dots; a sheet is never laid
down quite straight, the lens is never quite above it, and the light falls off to the corners.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drivers.simulated import camera_papers as papers
from drivers.simulated.discharge_record import RECORD, DischargeRecord

Picture = NDArray[np.uint8]
"""Rows of dots of blue, green, red."""
Corners = NDArray[np.float32]
"""Four places (across, down) in dots: top left, top right, bottom right, bottom left of the sheet
as it is read."""

SIZE = (2592, 1944)
DOTS_A_MM = 5.5

_PAGE_MM, _CARD_MM = (210.0, 297.0), (85.6, 53.98)
_TURN = {"page": -2.4, "card": 3.1}
"""Degrees the thing is turned on the desk."""


class SceneName(StrEnum):
    """What can lie under the camera."""

    EMPTY = "empty"
    DISCHARGE_RECORD = "discharge_record"
    DISCHARGE_RECORD_2 = "discharge_record-2"
    BANK_CARD = "bank_card"


class CameraFault(StrEnum):
    """What can be wrong with it, or with the camera."""

    UPSIDE_DOWN = "upside_down"
    DARK = "dark"
    BLURRED = "blurred"
    GLARE = "glare"
    HALF = "half"
    """Laid half out of the picture."""
    FREEZE = "freeze"
    """The camera gives the same frame again and again."""
    UNPLUG = "unplug"
    BLACK = "black"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """One picture without noise, and where the sheet's corners really are (none: empty desk)."""

    picture: Picture
    corners: Corners | None


def draw(
    name: SceneName,
    fault: CameraFault | None = None,
    *,
    number: str = "",
    bank: str = papers.BANK,
    record: DischargeRecord = RECORD,
) -> Scene:
    """Draw a scene; ``number`` and ``bank`` are those of a bank card, ``record`` is the paper."""
    sheet = _sheet(name, number, bank, record)
    if sheet is None:
        scene = Scene(picture=_desk().copy(), corners=None)
    else:
        kind = "card" if name is SceneName.BANK_CARD else "page"
        scene = _lay(sheet, kind, fault)
    return Scene(picture=_FAULTS.get(fault, _as_it_is)(scene), corners=scene.corners)


def _sheet(name: SceneName, number: str, bank: str, record: DischargeRecord) -> Image.Image | None:
    match name:
        case SceneName.EMPTY:
            return None
        case SceneName.DISCHARGE_RECORD:
            return papers.record_page(1, record)
        case SceneName.DISCHARGE_RECORD_2:
            return papers.record_page(2, record)
        case SceneName.BANK_CARD:
            return papers.bank_card(number or papers.account_number(1), bank)


@lru_cache(maxsize=1)
def _desk() -> Picture:
    """Return a dark wooden desk in uneven light."""
    rng = np.random.default_rng(7)
    grain = rng.normal(0, 1, (SIZE[1] // 4, 24)).astype(np.float32)
    fibres = cv2.GaussianBlur(cv2.resize(grain, SIZE, interpolation=cv2.INTER_CUBIC), (0, 0), 3)
    wood = np.array([44, 56, 68], np.float32) + fibres[..., None] * np.array([4, 5, 6], np.float32)
    return _byte(wood * _light()[..., None])


@lru_cache(maxsize=1)
def _light() -> NDArray[np.float32]:
    """Return how the lamp's light falls off: 1 in the middle, about 0.78 in the corners."""
    across = np.linspace(-1, 1, SIZE[0], dtype=np.float32)
    down = np.linspace(-1, 1, SIZE[1], dtype=np.float32)[:, None]
    fall = np.square(across - 0.1) + np.square(down + 0.1)
    return np.asarray(1.0 - 0.11 * fall, np.float32)


def _lay(sheet: Image.Image, kind: str, fault: CameraFault | None) -> Scene:
    """Lay a sheet on the desk, with its shadow."""
    if fault is CameraFault.UPSIDE_DOWN:
        sheet = sheet.rotate(180)
    drawn = cv2.cvtColor(np.asarray(sheet), cv2.COLOR_RGB2BGR)
    place = _place(kind, fault)
    paper = np.array([[0, 0], [sheet.width, 0], [sheet.width, sheet.height], [0, sheet.height]])
    view = cv2.getPerspectiveTransform(paper.astype(np.float32), place)
    laid = cv2.warpPerspective(drawn, view, SIZE, flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(_outline(sheet, kind), view, SIZE).astype(np.float32) / 255
    dark = cv2.GaussianBlur(np.roll(mask, (14, 10), (0, 1)), (0, 0), 16)
    desk = _desk() * (1 - 0.55 * dark[..., None])
    light = _light()[..., None] * 0.97
    picture = _byte(desk * (1 - mask[..., None]) + laid * light * mask[..., None])
    read_from = np.roll(place, 2, 0) if fault is CameraFault.UPSIDE_DOWN else place
    return Scene(picture=picture, corners=read_from)


def _outline(sheet: Image.Image, kind: str) -> Picture:
    """Return the sheet's shape; a card has round corners of 3.18 mm (ISO/IEC 7810)."""
    outline = np.full((sheet.height, sheet.width), 255, np.uint8)
    if kind == "card":
        radius = round(3.18 / 85.6 * sheet.width)
        outline[:] = 0
        cv2.rectangle(outline, (radius, 0), (sheet.width - radius, sheet.height), 255, -1)
        cv2.rectangle(outline, (0, radius), (sheet.width, sheet.height - radius), 255, -1)
        for across in (radius, sheet.width - radius):
            for down in (radius, sheet.height - radius):
                cv2.circle(outline, (across, down), radius, 255, -1)
    return outline


def _place(kind: str, fault: CameraFault | None) -> Corners:
    """Return the corners in the picture: turned a little, and the far edge a little shorter."""
    wide, high = (side * DOTS_A_MM for side in (_CARD_MM if kind == "card" else _PAGE_MM))
    flat = np.array([[-0.494, -0.5], [0.494, -0.5], [0.5, 0.5], [-0.5, 0.5]]) * (wide, high)
    angle = np.deg2rad(_TURN[kind])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    middle = np.array(SIZE) / 2 + (30, 8)
    if fault is CameraFault.HALF:
        middle += (SIZE[0] / 2 - 30, 0) if kind == "card" else (0, SIZE[1] * 0.42)
    return np.asarray(flat @ turn + middle, np.float32)


def _as_it_is(scene: Scene) -> Picture:
    return scene.picture


def _darkened(scene: Scene) -> Picture:
    return _byte(scene.picture * np.float32(0.2))


def _blurred(scene: Scene) -> Picture:
    return np.asarray(cv2.GaussianBlur(scene.picture, (0, 0), 7.0), np.uint8)


def _glaring(scene: Scene) -> Picture:
    """Put the reflection of a lamp on the sheet, beside its middle."""
    corners = scene.corners
    centre = np.array(SIZE) / 2 if corners is None else corners.mean(0) * 0.7 + corners[0] * 0.3
    size = 300.0 if corners is None else float(np.linalg.norm(corners[1] - corners[0])) * 0.13
    across = np.arange(SIZE[0], dtype=np.float32) - centre[0]
    down = (np.arange(SIZE[1], dtype=np.float32) - centre[1])[:, None]
    lamp = np.exp(-(np.square(across) + np.square(down * 1.5)) / (2 * size * size)) * 420
    return _byte(scene.picture + lamp[..., None])


def _black(scene: Scene) -> Picture:
    return np.zeros_like(scene.picture)


def _byte(values: NDArray[np.floating]) -> Picture:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


_FAULTS: Mapping[CameraFault | None, Callable[[Scene], Picture]] = MappingProxyType(
    {
        CameraFault.DARK: _darkened,
        CameraFault.BLURRED: _blurred,
        CameraFault.GLARE: _glaring,
        CameraFault.BLACK: _black,
    }
)
