"""One judgement for the command line: ``kiosk-devices capture --kind face``.

The picture is judged in this process and forgotten; it is neither stored nor printed.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from drivers.camera.device import Camera, StuckCamera
from drivers.camera.source import BrokenFrame, Setup
from drivers.errors import DeviceError
from drivers.face.engine import FaceEngine, NoModels, make_engine
from drivers.face.judgement import Judgement, Picture, judge, smaller
from drivers.trouble import Trouble

LOOKS_S: Final = 2.0
"""Seconds in which the best frame of a camera is looked for."""
SETUP: Final = Setup(width=1280, height=720)
"""What a face camera is asked for; enough for a face at arm's length and 30 frames a second."""

_LONGEST_FILE = 32 * 1024 * 1024
_FRAME_WAIT_S = 0.3


def capture(source: str) -> dict[str, object]:
    """Judge the person before a camera, in a folder of frames, or in a picture file.

    Returns:
        ``faces``, ``problems``, ``hint`` (None when all is well), ``eyes_apart`` in dots,
        ``share`` of the picture, ``pose`` in degrees, ``model``.

    Raises:
        Trouble: there is no camera, no picture or no model.
    """
    try:
        engine = make_engine()
    except NoModels as problem:
        raise Trouble(
            f"models_{problem.state}", "Install assets/vendor/face again: see its SOURCE.toml."
        ) from problem
    judged = _of_file(Path(source), engine) if Path(source).is_file() else _live(source, engine)
    return described(judged) | {"kind": "face", "model": engine.name}


def described(judged: Judgement) -> dict[str, object]:
    """Return a judgement as JSON values."""
    pose = judged.pose
    return {
        "faces": judged.faces,
        "problems": [problem.value for problem in judged.problems],
        "hint": judged.hint.value if judged.hint else None,
        "eyes_apart": None if judged.eyes_apart is None else round(judged.eyes_apart, 1),
        "share": None if judged.share is None else round(judged.share, 3),
        "pose": pose
        and {"yaw": round(pose.yaw), "pitch": round(pose.pitch), "roll": round(pose.roll)},
    }


def _of_file(file: Path, engine: FaceEngine) -> Judgement:
    try:
        data = file.read_bytes() if file.stat().st_size <= _LONGEST_FILE else b""
        picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    except (OSError, cv2.error) as error:
        raise Trouble("notAPicture", "Name a JPEG or PNG file.") from error
    if picture is None:
        raise Trouble("notAPicture", "Name a JPEG or PNG file.")
    return _judged(np.asarray(picture, np.uint8), engine)


def _live(source: str, engine: FaceEngine) -> Judgement:
    """Return the judgement with the fewest problems of some seconds."""
    try:
        camera = Camera.open(source, SETUP)
    except (DeviceError, StuckCamera) as error:
        raise _lost(error) from error
    try:
        return _best(camera, engine)
    except DeviceError as error:
        raise _lost(error) from error
    finally:
        camera.close()


def _best(camera: Camera, engine: FaceEngine) -> Judgement:
    best: Judgement | None = None
    after, until = 0, time.monotonic() + LOOKS_S
    while time.monotonic() < until or best is None:
        camera.check()
        frame = camera.wait(after, _FRAME_WAIT_S)
        if frame is None:
            continue
        after = frame.number
        try:
            judged = _judged(frame.shot.whole(), engine)
        except BrokenFrame:
            continue
        if best is None or len(judged.problems) < len(best.problems):
            best = judged
        if not best.problems:
            break
    return best


def _judged(picture: Picture, engine: FaceEngine) -> Judgement:
    reduced = smaller(picture)
    return judge(reduced, engine.find(reduced))


def _lost(error: Exception) -> Trouble:
    return Trouble(
        str(error) or "the camera does not let go",
        "Check the cable, and name the camera by its link below /dev/v4l/by-id.",
    )
