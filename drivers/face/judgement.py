"""What is wrong with a picture of a person to be recognised, and the one thing to say; pure.

The picture is judged as a camera at a terminal sees it: at most `LONGEST_SIDE` dots to a side.

============  =============================================================  =====================
problem       is told when                                                   hint
============  =============================================================  =====================
nobody        no face was found                                              come_into_view
several       more than one face, of which none is much smaller              one_person
cut           the face, with a little room around it, leaves the picture     move_to_middle
too_far       the eyes are less than 48 dots apart                           come_closer
too_near      the face fills more than 0.58 of the picture                   step_back
dark          the skin is darker than grey level 45                          face_the_light
glare         more than 0.08 of the skin is blown out                        avoid_bright_light
uneven        one half of the face is more than 2.4 times as bright          face_the_light
turned        more than 18 degrees aside, 20 up or down, or 14 leaned        look_straight
blurred       edges are flat, see `_steepness`                               hold_still
============  =============================================================  =====================

Problems are in this order; the hint is that of the first one: a person can follow one thing at a
time, and who is too far away is often also too small to be sharp.  A face half as wide as the
largest or less is somebody behind, who does not disturb.  Where no face is found in a picture that
is dark as a whole, the dark is told first.

The distance of the eyes: SFace works on faces of 112 x 112 dots whose eyes are 35 dots apart
(OpenCV, ``FaceRecognizerSF``, ``alignCrop``); 48 leaves a margin for blur.  All other limits were
set on drawn faces and are ours: they say nothing about people, see docs/devices/face-camera.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.face.landmarks import FoundFace, Pose

Picture = NDArray[np.uint8]
"""Rows of dots of blue, green, red."""

LONGEST_SIDE: Final = 640
"""Dots of the longer side of a picture that is judged."""
LEAST_EYES_APART: Final = 48.0
MOST_SHARE: Final = 0.58
BEHIND: Final = 0.5

_ROOM = 0.04  # of the face's size that must be seen around its box
_DARK, _BLOWN, _MOST_BLOWN = 45.0, 250, 0.08
_UNEVEN = 2.4
_MOST_YAW, _MOST_PITCH, _MOST_ROLL = 18.0, 20.0, 14.0
_NORMAL = 128  # dots of a face's box in which its sharpness is measured
_LEAST_STEEPNESS = 0.015
_FINE, _BROAD = 1.2, 12.0  # sigma: smaller is noise, larger is the light
_DARK_ROOM = 30.0


class Problem(StrEnum):
    """What is wrong; a closed list, in the order of what should be mended first."""

    NOBODY = "nobody"
    SEVERAL = "several"
    CUT = "cut"
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    DARK = "dark"
    GLARE = "glare"
    UNEVEN = "uneven"
    TURNED = "turned"
    BLURRED = "blurred"


class Hint(StrEnum):
    """The one thing to ask of the person; the words are the kiosk's."""

    COME_INTO_VIEW = "come_into_view"
    ONE_PERSON = "one_person"
    MOVE_TO_MIDDLE = "move_to_middle"
    COME_CLOSER = "come_closer"
    STEP_BACK = "step_back"
    FACE_THE_LIGHT = "face_the_light"
    AVOID_BRIGHT_LIGHT = "avoid_bright_light"
    LOOK_STRAIGHT = "look_straight"
    HOLD_STILL = "hold_still"


HINTS: Final = MappingProxyType(
    {
        Problem.NOBODY: Hint.COME_INTO_VIEW,
        Problem.SEVERAL: Hint.ONE_PERSON,
        Problem.CUT: Hint.MOVE_TO_MIDDLE,
        Problem.TOO_FAR: Hint.COME_CLOSER,
        Problem.TOO_NEAR: Hint.STEP_BACK,
        Problem.DARK: Hint.FACE_THE_LIGHT,
        Problem.GLARE: Hint.AVOID_BRIGHT_LIGHT,
        Problem.UNEVEN: Hint.FACE_THE_LIGHT,
        Problem.TURNED: Hint.LOOK_STRAIGHT,
        Problem.BLURRED: Hint.HOLD_STILL,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What a picture shows; the last three are None when there is no face.

    Attributes:
        faces: how many people stand before the camera; those behind do not count.
        problems: what is wrong, in the order of mending.
        eyes_apart: dots between the eyes of the largest face.
        share: of the picture's shorter side that this face is wide.
        pose: how it is held.
    """

    faces: int
    problems: tuple[Problem, ...]
    eyes_apart: float | None = None
    share: float | None = None
    pose: Pose | None = None

    @property
    def hint(self) -> Hint | None:
        """Return the one thing to say, None when the picture is good."""
        return HINTS[self.problems[0]] if self.problems else None


def before_the_camera(found: Sequence[FoundFace]) -> tuple[FoundFace, ...]:
    """Return the faces that count, the largest first."""
    ordered = sorted(found, key=lambda one: one.width, reverse=True)
    return tuple(one for one in ordered if one.width > BEHIND * ordered[0].width)


def judge(picture: Picture, found: Sequence[FoundFace]) -> Judgement:
    """Judge a picture and the faces that were found in it."""
    faces = before_the_camera(found)
    if not faces:
        return Judgement(faces=0, problems=_without_a_face(picture))
    largest, pose = faces[0], faces[0].pose()
    problems = {
        Problem.SEVERAL: len(faces) > 1,
        Problem.CUT: _is_cut(picture, largest),
        Problem.TOO_FAR: largest.eyes_apart < LEAST_EYES_APART and abs(pose.yaw) < _MOST_YAW,
        Problem.TOO_NEAR: _share(picture, largest) > MOST_SHARE,
        Problem.TURNED: _is_turned(pose),
        **_light_and_edges(picture, largest),
    }
    return Judgement(
        faces=len(faces),
        problems=tuple(problem for problem in Problem if problems.get(problem)),
        eyes_apart=largest.eyes_apart,
        share=_share(picture, largest),
        pose=pose,
    )


def _without_a_face(picture: Picture) -> tuple[Problem, ...]:
    """Return what to tell when no face was found: in the dark nobody can be."""
    dark = float(np.mean(picture)) < _DARK_ROOM
    return (Problem.DARK, Problem.NOBODY) if dark else (Problem.NOBODY,)


def smaller(picture: Picture) -> Picture:
    """Return a picture of at most `LONGEST_SIDE` dots to a side, as `judge` wants it."""
    scale = LONGEST_SIDE / max(picture.shape[:2])
    if scale >= 1:
        return picture
    reduced = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(reduced, np.uint8)


def _share(picture: Picture, one: FoundFace) -> float:
    high, wide = picture.shape[:2]
    return float(one.width / min(high, wide))


def _is_turned(pose: Pose) -> bool:
    return abs(pose.yaw) > _MOST_YAW or abs(pose.pitch) > _MOST_PITCH or abs(pose.roll) > _MOST_ROLL


def _is_cut(picture: Picture, one: FoundFace) -> bool:
    high, wide = picture.shape[:2]
    room = _ROOM * one.width
    return (
        one.left < room
        or one.top < room
        or one.left + one.width > wide - room
        or one.top + one.height > high - room
    )


def _light_and_edges(picture: Picture, one: FoundFace) -> dict[Problem, bool]:
    """Judge the inner face: between brows and chin there is neither hair nor background."""
    grey = _inner(picture, one)
    if grey is None:
        return {}
    middle = grey.shape[1] // 2
    halves = sorted(float(np.median(half)) + 1 for half in (grey[:, :middle], grey[:, middle:]))
    steep = _steepness(grey)
    return {
        Problem.DARK: float(np.median(grey)) < _DARK,
        Problem.GLARE: float(np.mean(grey >= _BLOWN)) > _MOST_BLOWN,
        Problem.UNEVEN: halves[1] / halves[0] > _UNEVEN,
        Problem.BLURRED: steep is not None and steep < _LEAST_STEEPNESS,
    }


def _inner(picture: Picture, one: FoundFace) -> NDArray[np.uint8] | None:
    """Return the grey inner face at one size for all; None when nothing of it is seen."""
    high, wide = picture.shape[:2]
    left, right = (round(one.left + part * one.width) for part in (0.1, 0.9))
    top, low = (round(one.top + part * one.height) for part in (0.2, 0.95))
    part = picture[max(0, top) : min(high, low), max(0, left) : min(wide, right)]
    if min(part.shape[:2]) < 8:
        return None
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.resize(grey, (_NORMAL, _NORMAL), interpolation=cv2.INTER_AREA), np.uint8)


def _steepness(grey: NDArray[np.uint8]) -> float | None:
    """Return how steep the edges of eyes, nostrils and lips are, None without any.

    It is the variance of the Laplacian over the variance of the features themselves, without noise
    and without the light's own slow changes: neither light nor the colour of the skin counts.
    """
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _FINE)
    features = smooth - cv2.GaussianBlur(smooth, (0, 0), _BROAD)
    spread = float(np.var(features))
    if spread < 1:
        return None
    return float(np.var(np.asarray(cv2.Laplacian(smooth, cv2.CV_32F)))) / spread
