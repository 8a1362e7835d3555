"""Finding, straightening and judging, on drawn scenes whose truth is known."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from drivers.camera import page
from drivers.camera.page import Kind, Picture
from drivers.simulated.camera_papers import record_page
from drivers.simulated.camera_scenes import CameraFault, Scene, SceneName, draw
from tests.bench import bench_page, page_scenes
from tests.devices.camera_bench import likeness

HALF = 2
"""Frames are looked at in half their size."""
TOLERANCE = 4.0
"""Dots of the whole frame (0.7 mm on the desk) that a found corner may be off."""


@cache
def scene(name: str, fault: str | None = None) -> Scene:
    """Return a drawn scene."""
    return draw(SceneName(name), CameraFault(fault) if fault else None)


def frame(picture: Picture, seed: int = 1) -> Picture:
    """Return a scene as the camera gives it, at half size: noise, JPEG."""
    noise = np.random.default_rng(seed).normal(0, 2.2, picture.shape[:2]).astype(np.int16)
    noisy = cv2.add(picture, cv2.merge([noise] * 3), dtype=cv2.CV_8U)
    encoded = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 88])[1]
    return np.asarray(cv2.imdecode(encoded, cv2.IMREAD_REDUCED_COLOR_2), np.uint8)


def off_by(found: page.Corners, true: page.Corners) -> float:
    """Return the largest distance to the true corners, whichever way up, in whole dots."""
    whole = found * HALF
    return float(min(np.abs(whole - true).max(), np.abs(page.turned(whole) - true).max()))


@pytest.mark.parametrize(
    ("name", "fault", "told"),
    [
        ("discharge_record", None, []),
        ("discharge_record", "upside_down", []),
        ("discharge_record", "dark", ["dark"]),
        ("discharge_record", "glare", ["glare"]),
        ("discharge_record", "blurred", ["blurred"]),
        ("discharge_record-2", None, []),
        ("discharge_record-2", "blurred", ["blurred"]),
        ("bank_card", None, []),
        ("bank_card", "upside_down", []),
        ("bank_card", "blurred", ["blurred"]),
        ("bank_card", "glare", ["glare"]),
    ],
)
def test_found_where_it_lies_and_faults_told(name: str, fault: str | None, told: list[str]) -> None:
    """The corners are right within a millimetre, and exactly what is wrong is told."""
    kind = Kind.CARD if name == "bank_card" else Kind.PAGE
    seen = page.look(frame(scene(name, fault).picture), kind)
    true = scene(name, fault).corners
    assert seen.corners is not None
    assert true is not None
    assert off_by(seen.corners, true) < (TOLERANCE if fault != "blurred" else 2 * TOLERANCE)
    # A patch of light hides print and with it what could be judged sharp.
    ignored = {"blurred"} if fault == "glare" else set()
    assert set(map(str, seen.faults)) - ignored == set(told)


@pytest.mark.parametrize(("name", "kind"), [("discharge_record", "page"), ("bank_card", "card")])
def test_half_outside_is_cut(name: str, kind: str) -> None:
    """What goes on outside the frame is told as cut, and only that."""
    seen = page.look(frame(scene(name, "half").picture), Kind(kind))
    assert seen.corners is not None
    assert "cut" in map(str, seen.faults)
    assert "dark" not in map(str, seen.faults)


@pytest.mark.parametrize("fault", [None, "dark", "black"])
@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_desk_is_no_page(fault: str | None, kind: Kind) -> None:
    """Nothing is found on the desk, its grain or in the dark; the dark is told."""
    faults = page.look(frame(scene("empty", fault).picture), kind).faults
    assert faults[0] == "no_page"
    assert ("dark" in faults) == (fault is not None)


def test_another_kind_of_thing_is_not_taken_for_it() -> None:
    """A sheet is no card and a card no sheet."""
    assert page.find(frame(scene("discharge_record").picture), Kind.CARD) is None
    assert page.find(frame(scene("bank_card").picture), Kind.PAGE) is None


@pytest.mark.parametrize("degrees", [-25, -8, 5, 14, 38])
def test_a_sheet_laid_down_askew(degrees: float) -> None:
    """However it is turned, the same sheet comes out."""
    small = cv2.resize(scene("discharge_record").picture, (1296, 972), interpolation=cv2.INTER_AREA)
    turn = cv2.getRotationMatrix2D((648, 486), degrees, 0.75)
    askew = cv2.warpAffine(small, turn, (1296, 972), borderMode=cv2.BORDER_REFLECT_101)
    desk = cv2.warpAffine(np.full_like(small, 255), turn, (1296, 972))
    askew[desk == 0] = 50
    found = page.find(np.asarray(askew, np.uint8), Kind.PAGE)
    assert found is not None
    true = scene("discharge_record").corners
    assert true is not None
    expected = cv2.transform((true / HALF)[None], turn)[0]
    assert np.abs(found.corners - expected).max() < 3


def test_straightened_it_is_the_sheet() -> None:
    """A sheet of A4 comes out in its proportion, and looks like the drawn one."""
    whole = scene("discharge_record").picture
    found = page.find(whole, Kind.PAGE)
    assert found is not None
    flat = page.straighten(whole, found, Kind.PAGE)
    assert flat.shape == (1754, 1240, 3)
    drawn = cv2.cvtColor(np.asarray(record_page(1)), cv2.COLOR_RGB2BGR)
    alike = likeness(flat, np.asarray(drawn, np.uint8))
    assert alike > 0.8
    assert likeness(np.asarray(flat[::-1, ::-1], np.uint8), np.asarray(drawn, np.uint8)) < alike / 2


def test_a_sheet_on_its_side_is_stood_up() -> None:
    """Landscape in the frame becomes portrait in the picture."""
    turned = np.ascontiguousarray(np.rot90(scene("discharge_record").picture)[324:-324])
    frame_on_side = cv2.copyMakeBorder(turned, 0, 0, 400, 400, cv2.BORDER_REPLICATE)
    found = page.find(np.asarray(frame_on_side, np.uint8), Kind.PAGE)
    assert found is not None
    wide = np.linalg.norm(found.corners[1] - found.corners[0])
    high = np.linalg.norm(found.corners[3] - found.corners[0])
    assert high > wide


@pytest.mark.parametrize("desk", [(35, 35, 35), (60, 90, 140), (120, 70, 40), (185, 185, 185)])
def test_the_colour_of_the_desk_does_not_matter(desk: tuple[int, int, int]) -> None:
    """Found on black, wood, blue and light grey."""
    picture = np.full((972, 1296, 3), desk, np.uint8)
    picture[60:900, 350:944] = (238, 242, 244)
    whole = np.asarray(cv2.resize(picture, (2592, 1944)), np.uint8)
    found = page.find(frame(whole), Kind.PAGE)
    assert found is not None
    assert found.complete
    assert np.abs(found.corners[0] - (350, 60)).max() < 3


def test_a_hand_is_not_a_sheet() -> None:
    """A large shape without four sides is nothing."""
    picture = np.full((972, 1296, 3), (40, 50, 60), np.uint8)
    cv2.ellipse(picture, (500, 600), (240, 380), 30, 0, 360, (150, 170, 220), -1)
    for finger in range(4):
        cv2.line(picture, (500, 500), (300 + 170 * finger, 60), (150, 170, 220), 60)
    assert page.find(picture, Kind.PAGE) is None


@pytest.mark.parametrize("seed", range(6))
def test_noise_finds_nothing_and_breaks_nothing(seed: int) -> None:
    """Random dots, flat and tiny frames are judged, never a crash."""
    rng = np.random.default_rng(seed)
    print("seed", seed)
    for picture in (
        rng.integers(0, 256, (240, 320, 3), np.uint8),
        np.full((240, 320, 3), rng.integers(0, 256), np.uint8),
        rng.integers(0, 256, (16, 16, 3), np.uint8),
    ):
        for kind in Kind:
            assert page.look(picture, kind).faults is not None


@pytest.mark.parametrize(("sigma", "sharp"), [(0.0, True), (1.0, True), (3.0, False), (5.0, False)])
@pytest.mark.parametrize("light", [1.0, 0.5])
def test_sharpness_does_not_depend_on_the_light(sigma: float, light: float, *, sharp: bool) -> None:
    """The same blur is judged alike in good and in half light."""
    picture = scene("discharge_record").picture
    if sigma:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)
    dimmed = np.asarray(picture * light, np.uint8)
    assert page.look(frame(dimmed), Kind.PAGE).checks.sharp is sharp


@pytest.mark.parametrize("seed", [41, 51])
def test_a_shadow_across_the_sheet(seed: int) -> None:
    """Where the outline of a sheet is lost in the dark of a head or an arm, its sides are found."""
    shaded = page_scenes.draw(seed)
    found = page.find(shaded.frame, Kind.PAGE)
    assert found is not None
    assert bench_page.off(found.corners, shaded) < bench_page.WITHIN


def test_a_shadow_on_the_desk_is_no_sheet() -> None:
    """A dark patch that goes on outside the frame is an arm's shadow, nothing that is cut."""
    assert page.find(page_scenes.draw(5028, empty=True).frame, Kind.PAGE) is None
