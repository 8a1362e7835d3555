"""What a face module must be able to do, and the one that comes with the terminal.

This is the place for a certified module: a class that fits `FaceEngine`, installed beside the
terminal and named in the file of ports (``engine: "package.module:Class"``), is built in the face
process in place of `OpenModels`.  Nothing else changes: pictures go in there and nowhere else, and
the same words come out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.face import weights
from drivers.face.judgement import Picture
from drivers.face.landmarks import FoundFace
from drivers.face.weights import Weights

FacePrint = NDArray[np.float32]
"""The figures of a face; they never leave the face process."""

OURS: Final = "drivers.face.engine:OpenModels"
ENGINE_NAME: Final = r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*"

_LEAST_CERTAINTY = 0.7  # of YuNet; drawn faces get 0.85 to 0.93
_OVERLAP = 0.3  # above which two finds are one face (the value of OpenCV's example)
_MOST_FACES = 50
_LEAST_DOTS = 16


class NoModels(Exception):
    """The models are not there, or not the ones that were measured."""

    def __init__(self, state: Weights) -> None:
        super().__init__(state.value)
        self.state = state


class FaceEngine(Protocol):
    """A face module; used by one thread of the face process only."""

    name: str
    """Model and version, as it is told beside every answer."""
    threshold: float
    """Score from which two faces are taken for one person."""
    certificate: str | None
    """Number of its certificate, None without one."""

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """Find faces in a picture of at most 640 dots to a side."""

    def describe(self, picture: Picture, one: FoundFace) -> FacePrint:
        """Return the figures of a found face."""

    def compare(self, one: FacePrint, other: FacePrint) -> float:
        """Return how alike two faces are; -1 to 1 for ours."""

    def is_attack(self, picture: Picture, one: FoundFace) -> bool | None:
        """Say whether this is a mask, a print or a screen; None: it cannot tell."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Loaded:
    finder: Any
    comparer: Any


class OpenModels:
    """YuNet and SFace through OpenCV 4, on one thread.

    OpenCV 5.0 cannot load this SFace file (tried with 5.0.0.93), so the terminal stays below 5.
    """

    name = weights.MODEL_NAME
    threshold = weights.THRESHOLD
    certificate: str | None = None

    def __init__(self) -> None:
        """Load the models.

        Raises:
            NoModels: they are missing or damaged.
        """
        state = weights.state()
        if state is not Weights.OK:
            raise NoModels(state)
        cv2.setNumThreads(1)  # the other core is for the live picture
        both = weights.files()
        size = (320, 320)
        self._models = _Loaded(
            finder=cv2.FaceDetectorYN.create(
                str(both.finder), "", size, _LEAST_CERTAINTY, _OVERLAP, _MOST_FACES
            ),
            comparer=cv2.FaceRecognizerSF.create(str(both.comparer), ""),
        )

    def find(self, picture: Picture) -> tuple[FoundFace, ...]:
        """Find faces; a picture too small to hold one has none."""
        high, wide = picture.shape[:2]
        if min(high, wide) < _LEAST_DOTS:
            return ()
        self._models.finder.setInputSize((wide, high))
        _, rows = self._models.finder.detect(picture)
        return () if rows is None else tuple(_found(row) for row in rows)

    def describe(self, picture: Picture, one: FoundFace) -> FacePrint:
        """Straighten the face by its five places and return its 128 figures."""
        straight = self._models.comparer.alignCrop(picture, _row(one))
        return np.array(self._models.comparer.feature(straight), np.float32).ravel()

    def compare(self, one: FacePrint, other: FacePrint) -> float:
        """Return the cosine of the angle between two faces' figures."""
        size = float(np.linalg.norm(one) * np.linalg.norm(other))
        return float(one @ other) / size if size > 0 else -1.0

    def is_attack(self, picture: Picture, one: FoundFace) -> bool | None:
        """Return None: these models cannot tell a face from its picture."""
        del picture, one
        return None


def make_engine(named: str = OURS) -> FaceEngine:
    """Build the engine of that name ("module:Class").

    Raises:
        NoModels: our own has no models.
        ImportError, AttributeError: there is no such class.
    """
    if not re.fullmatch(ENGINE_NAME, named):
        raise ImportError("an engine is named module:Class")
    module, _, name = named.partition(":")
    return cast("FaceEngine", getattr(import_module(module), name)())


def _found(row: NDArray[np.float32]) -> FoundFace:
    """Read a row of YuNet: box, five places, certainty."""
    values = [float(value) for value in row]
    eye_right, eye_left, nose, right, left = zip(values[4:14:2], values[5:14:2], strict=True)
    return FoundFace(
        left=values[0],
        top=values[1],
        width=values[2],
        height=values[3],
        right_eye=eye_right,
        left_eye=eye_left,
        nose=nose,
        mouth_right=right,
        mouth_left=left,
        certainty=values[14],
    )


def _row(one: FoundFace) -> NDArray[np.float32]:
    places = (one.right_eye, one.left_eye, one.nose, one.mouth_right, one.mouth_left)
    flat = [value for place in places for value in place]
    box = [one.left, one.top, one.width, one.height]
    return np.array([[*box, *flat, one.certainty]], np.float32)
