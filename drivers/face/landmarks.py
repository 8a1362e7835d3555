"""A found face: its box, five places, and how it is held; pure.

The five places are those YuNet gives: the person's right eye, left eye, tip of the nose, right and
left corner of the mouth, in dots of the picture (across, down).  A person's right is the left of an
unmirrored picture.

How a head is held is estimated from these five alone.  When a head turns, the tip of the nose moves
against the eyes, because it stands out by about 0.6 of the distance between them; when it nods, the
tip moves between the line of the eyes and the line of the mouth.  Noses differ: turn and lean are
good to about 8 degrees, the nod to about 12, measured on drawn heads only
(``python -m tests.bench face``).  Lids are not among the five places: a blink cannot be seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Place = tuple[float, float]

_NOSE_STANDS_OUT = 0.6  # of the distance of the eyes, measured from the plane of the eyes
_NOSE_RESTS = 0.585  # share of the way from eyes to mouth at which the tip is seen from straight on
_DOWN_A_SHARE = 150.0  # degrees of a lowered head for a whole such way
_UP_A_SHARE = 250.0  # the same for a lifted one, where the tip hides its own way
_MOST = 90.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """How a head is held, in degrees; each about 0 when looking straight into the camera.

    Attributes:
        yaw: positive: turned to the person's own left.
        pitch: positive: chin lifted.
        roll: positive: leaned to the person's own left.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundFace:
    """One face of a picture."""

    left: float
    top: float
    width: float
    height: float
    right_eye: Place
    left_eye: Place
    nose: Place
    mouth_right: Place
    mouth_left: Place
    certainty: float
    """How sure the finder is, from 0 to 1."""

    @property
    def eyes_apart(self) -> float:
        """Return the distance between the eyes in dots."""
        return math.dist(self.right_eye, self.left_eye)

    def pose(self) -> Pose:
        """Estimate how the head is held; a face without extent counts as fully turned away."""
        apart = self.eyes_apart
        along = (self.left_eye[0] - self.right_eye[0], self.left_eye[1] - self.right_eye[1])
        eyes, mouth = (
            _middle(self.right_eye, self.left_eye),
            _middle(self.mouth_right, self.mouth_left),
        )
        if apart < 1 or not math.isfinite(apart):
            return Pose(yaw=_MOST, pitch=_MOST, roll=_MOST)
        across = ((self.nose[0] - eyes[0]) * along[0] + (self.nose[1] - eyes[1]) * along[1]) / apart
        # Of the axis from eyes to mouth, which leans with the head, the nose should be on.
        axis = ((mouth[0] - eyes[0]) * along[0] + (mouth[1] - eyes[1]) * along[1]) / apart
        down = _across(along, (self.nose[0] - eyes[0], self.nose[1] - eyes[1])) / apart
        whole = _across(along, (mouth[0] - eyes[0], mouth[1] - eyes[1])) / apart
        if whole < 1:
            return Pose(yaw=_MOST, pitch=_MOST, roll=_MOST)
        share = down / whole
        return Pose(
            yaw=_limited(
                math.degrees(math.atan((across - axis * share) / apart / _NOSE_STANDS_OUT))
            ),
            pitch=_pitch(share),
            roll=_limited(math.degrees(math.atan2(along[1], along[0]))),
        )


def _pitch(share: float) -> float:
    lowered = share - _NOSE_RESTS
    return _limited(-lowered * (_DOWN_A_SHARE if lowered > 0 else _UP_A_SHARE))


def _limited(degrees: float) -> float:
    return max(-_MOST, min(_MOST, degrees))


def _middle(one: Place, other: Place) -> Place:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _across(along: Place, way: Place) -> float:
    """Return how far a way leads across a direction, positive downwards for eyes in a row."""
    return along[0] * way[1] - along[1] * way[0]
