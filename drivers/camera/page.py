"""Finds a sheet or a card in a frame, straightens it, and judges the picture; pure.

Theory of operation.  The thing lies on a desk and the desk is seen all around it, so the colour of
the frame's rim is the desk's.  What differs from that colour (distance in CIE L*a*b*, cut by Otsu's
threshold, which needs neither a white sheet nor a black desk) is the thing; the largest such region
must fill a four-sided shape of about the right size and proportion.  Its sides are then fitted as
straight lines through the outline, without the parts near the corners, and the corners are where
the lines meet: so the round corners of a card come out right too.  Where a shadow falls across a
sheet and the desk, or the desk is as bright as paper, this finds nothing, or sides that are no
steps of light; then the sides themselves are looked for, see `drivers.camera.sides`.  Cards, whose
sides are short, are looked for by their outline only.

Straightening maps the four corners to A4 (ISO 216) or ID-1 (ISO/IEC 7810).  A sheet lying on its
side is turned upright; whether it then stands on its head is a question for who can read, see
`drivers.camera.reading`.

A picture is judged by four questions.

==========  ======================================================================================
complete    the outline keeps clear of the frame's rim
sharp       edges of print are steep: variance of the Laplacian where there is print, divided by
            the square of the contrast there, so that neither light nor amount of text counts
no_glare    no patch is blown out (a letter cannot be read where everything is white)
light       the paper is bright enough for ink to stand out of the noise
==========  ======================================================================================

An empty sheet has no edges to measure and counts as sharp: nothing on it can be unreadable.
Places are in dots of the frame, (across, down); angles are never needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera import outline, quality, sides

Picture = NDArray[np.uint8]
"""Rows of dots of blue, green, red."""
Corners = NDArray[np.float32]
"""Four places: top left, top right, bottom right, bottom left of the thing as it will be read."""


class Kind(StrEnum):
    """What is looked for."""

    PAGE = "page"
    """A sheet of A4."""
    CARD = "card"
    """A card of the size of a bank card."""


class Fault(StrEnum):
    """What is wrong with a picture; a closed list."""

    NO_PAGE = "no_page"
    CUT = "cut"
    BLURRED = "blurred"
    GLARE = "glare"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """What is true of a kind: its straightened size, and what passes for one in a frame."""

    size: tuple[int, int]
    normal: tuple[int, int]
    """Size at which sharpness is judged, whatever the camera's resolution."""
    least_share: float
    """Share of the frame's area: less is crumbs (or a card where a sheet is wanted)."""
    most_share: float
    """More is another kind of thing, or the desk itself."""
    proportion: tuple[float, float]
    """Long side through short side; perspective and a thumb at the rim cost some per cent."""
    sharp: float
    """Least steepness of edges, see `drivers.camera.quality`.  Sharp print on a sheet has 0.03 to
    0.04; blur of 2 dots (sigma, at 140 dots an inch) leaves 0.009, of 2.5 dots 0.005, where small
    print closes up.  A card has 0.005 to 0.026, and 0.001 then; noise alone makes 0.0005."""


FORMS = {
    Kind.PAGE: Form(
        size=(1240, 1754),  # 150 dots an inch: what a clerk reads and a file of 0.5 MB holds
        normal=(620, 877),
        least_share=0.10,
        most_share=0.98,
        proportion=(1.25, 1.65),
        sharp=0.006,
    ),
    Kind.CARD: Form(
        size=(1012, 638),  # 300 dots an inch
        normal=(506, 319),
        least_share=0.008,
        most_share=0.35,
        proportion=(1.35, 1.85),
        sharp=0.0014,
    ),
}

LEAST_STRAIGHT = 0.75
"""Share of the outline that must run along the four sides: a hand or a bag does not, a sheet held
by two fingers does."""

RIM = 0.006
"""Share of the frame's width; an outline closer to the rim than this goes on outside."""

PAPER_BRIGHT = {Kind.PAGE: 95.0, Kind.CARD: 80.0}
"""Grey level (0 to 255) of the paper, of the brightest print of a card: at less, the lamp is off
or someone stands in the light, and the camera's noise eats thin strokes."""

GLARE_SHARE = 0.004
"""Share of the thing that may be blown out: 0.4 % of A4 is a spot of 18 mm."""

_MARGIN = 0.004  # of the half width: half a millimetre of A4, so that no desk shows at the edges


@dataclass(frozen=True, kw_only=True, slots=True)
class Checks:
    """The four answers."""

    complete: bool
    sharp: bool
    no_glare: bool
    light: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """What one frame shows; without corners nothing was found, and only ``light`` counts."""

    corners: Corners | None
    checks: Checks

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Return what is wrong, the gravest first."""
        checks = self.checks
        if self.corners is None:
            return (Fault.NO_PAGE,) if checks.light else (Fault.NO_PAGE, Fault.DARK)
        judged = (
            (Fault.CUT, checks.complete),
            (Fault.DARK, checks.light),
            (Fault.GLARE, checks.no_glare),
            (Fault.BLURRED, checks.sharp),
        )
        return tuple(fault for fault, fine in judged if not fine)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A thing in a frame; ``complete`` is false when its outline reaches the frame's rim."""

    corners: Corners
    complete: bool


def look(frame: Picture, kind: Kind) -> Sight:
    """Find and judge in one go, as a live view wants it."""
    found = find(frame, kind)
    if found is None:
        bright = float(np.percentile(cv2.cvtColor(frame[::4, ::4], cv2.COLOR_BGR2GRAY), 99))
        lit = bright >= PAPER_BRIGHT[kind] * 0.6  # a desk without a sheet is darker than one with
        nothing = Checks(complete=False, sharp=False, no_glare=True, light=lit)
        return Sight(corners=None, checks=nothing)
    return Sight(corners=found.corners, checks=judge(frame, found, kind))


def find(frame: Picture, kind: Kind) -> Found | None:
    """Return the corners of the thing, ``None`` if there is none of this kind.

    Takes 5 ms at 648 dots' width and 18 ms at 1296; where a shadow falls, and where there is
    nothing, 45 ms.
    """
    found = _by_outline(frame, kind)
    if kind is not Kind.PAGE:
        return found
    if found is None:
        return _by_sides(frame, kind)
    if found.complete:
        held = sides.hold(frame, found.corners)
        return found if held else _by_sides(frame, kind) or found
    held = sides.hold_inside(frame, found.corners)
    return found if held else _by_sides(frame, kind)


def straighten(frame: Picture, found: Found, kind: Kind) -> Picture:
    """Return the thing as if scanned; one that is cut keeps its own proportion."""
    size = FORMS[kind].size if found.complete else _size_as_seen(found.corners, FORMS[kind].size)
    middle = found.corners.mean(axis=0)
    inside = middle + (found.corners - middle) * (1 - _MARGIN)
    return _flatten(frame, inside.astype(np.float32), size)


def judge(frame: Picture, found: Found, kind: Kind) -> Checks:
    """Answer the four questions for a thing that was found."""
    form = FORMS[kind]
    flat = cv2.cvtColor(_flatten(frame, found.corners, form.normal), cv2.COLOR_BGR2GRAY)
    inner = _byte(flat[4:-4, 4:-4])  # without the sheet's own edge
    steep = quality.steepness(inner)
    share = 90 if kind is Kind.PAGE else 97
    return Checks(
        complete=found.complete,
        sharp=steep is None or steep >= form.sharp,
        no_glare=quality.blown_share(inner) <= GLARE_SHARE,
        light=float(np.percentile(inner, share)) >= PAPER_BRIGHT[kind],
    )


def steepness(frame: Picture, found: Found, kind: Kind) -> float | None:
    """Return how steep the edges of the print are, ``None`` without print; for choosing a frame."""
    flat = cv2.cvtColor(_flatten(frame, found.corners, FORMS[kind].normal), cv2.COLOR_BGR2GRAY)
    return quality.steepness(_byte(flat[4:-4, 4:-4]))


def turned(corners: Corners) -> Corners:
    """Return the same corners for a thing that stands on its head."""
    return np.roll(corners, 2, axis=0)


# -- finding ------------------------------------------------------------------------------------


def _by_outline(frame: Picture, kind: Kind) -> Found | None:
    """Return what differs from the desk and has four sides."""
    around = outline.largest(frame)
    if around is None:
        return None
    form = FORMS[kind]
    high, wide = frame.shape[:2]
    rim = max(2.0, RIM * wide)
    complete = outline.clear_of_rim(around, wide, high, rim)
    corners = outline.four_sides(around, rim, wide, high)
    if corners is None:
        return None
    area = cv2.contourArea(corners)
    if not form.least_share <= area / (wide * high) <= form.most_share:
        return None
    if outline.straight_share(around, corners) < LEAST_STRAIGHT:
        return None
    corners = _as_read(corners, kind if complete else None)
    if complete and not form.proportion[0] <= _proportion(corners) <= form.proportion[1]:
        return None
    return Found(corners=corners, complete=complete)


def _by_sides(frame: Picture, kind: Kind) -> Found | None:
    """Return the sheet whose sides are steps of light, though a shadow spoils its outline."""
    form = FORMS[kind]
    corners = sides.find(frame, form.proportion, form.least_share)
    if corners is None:
        return None
    high, wide = frame.shape[:2]
    rim = max(2.0, RIM * wide)
    inside = (corners >= rim).all() and (corners < (wide - rim, high - rim)).all()
    return Found(corners=_as_read(corners, kind), complete=True) if inside else None


def _as_read(corners: Corners, kind: Kind | None) -> Corners:
    """Order corners from the top left, clockwise; a page stands upright, a card lies.

    Without a kind, of something cut, the shape says nothing and it is left as it lies.
    """
    middle = corners.mean(axis=0)
    away = corners - middle
    ordered = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    ordered = np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)
    wide, high = _lengths(ordered)
    on_its_side = {Kind.PAGE: wide > high, Kind.CARD: high > wide, None: False}[kind]
    return np.roll(ordered, -1, axis=0) if on_its_side else ordered


def _lengths(corners: Corners) -> tuple[float, float]:
    """Return mean width and height."""
    top, right, bottom, left = (
        float(np.linalg.norm(corners[(place + 1) % 4] - corners[place])) for place in range(4)
    )
    return (top + bottom) / 2, (right + left) / 2


def _proportion(corners: Corners) -> float:
    wide, high = _lengths(corners)
    return max(wide, high) / max(1.0, min(wide, high))


# -- straightening and judging ------------------------------------------------------------------


def _flatten(frame: Picture, corners: Corners, size: tuple[int, int]) -> Picture:
    """Map four corners to a rectangle; a large step down is averaged, so nothing flickers."""
    wide, high = size
    step = int(_lengths(corners)[0] / wide)
    if step >= 2:
        size = (wide * step, high * step)
    target = np.array([[0, 0], [size[0], 0], size, [0, size[1]]], np.float32)
    view = cv2.getPerspectiveTransform(corners, target)
    flat = cv2.warpPerspective(
        frame, view, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    if step >= 2:
        flat = cv2.resize(flat, (wide, high), interpolation=cv2.INTER_AREA)
    return _byte(flat)


def _size_as_seen(corners: Corners, whole: tuple[int, int]) -> tuple[int, int]:
    """Return a size no larger than the whole's, in the proportion of what is seen."""
    wide, high = _lengths(corners)
    scale = min(whole[0] / max(wide, 1.0), whole[1] / max(high, 1.0))
    return max(16, round(wide * scale)), max(16, round(high * scale))


def _byte(picture: object) -> Picture:
    return np.asarray(picture, np.uint8)
