"""The face camera: our extension XFace, beside words of the standard's Camera and Biometric.

The standard's ``Camera.TakePicture`` is not offered: a picture of a person does not leave.  Its
``Biometric.Match`` compares with templates that were stored before, of which this terminal has
none.  So ``XFace.Watch`` tells how somebody stands there, ``XFace.Match`` compares with a picture
that is handed over, and ``XFace.Challenge`` asks for movements.  The live view alone travels as
pictures do, see `drivers.service.pictures`.
"""

from __future__ import annotations

import base64
import binascii
from enum import StrEnum
from typing import Final

from drivers.face import weights
from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec, PayloadRule
from drivers.service.interfaces.upkeep import UPKEEP
from drivers.service.options import number, one_of, word

WATCH: Final = "XFace.Watch"
MATCH: Final = "XFace.Match"
CHALLENGE: Final = "XFace.Challenge"
SIGHT: Final = "XFace.SightEvent"
STEP: Final = "XFace.StepEvent"
PRESENT_SUBJECT: Final = "Biometric.PresentSubjectEvent"
SUBJECT_DETECTED: Final = "Biometric.SubjectDetectedEvent"
SUBJECT_REMOVED: Final = "Biometric.SubjectRemovedEvent"

CAMERA: Final = "person"
"""The standard's name of a camera that looks at a person."""
MOVES: Final = ("turn_left", "turn_right", "nod", "come_closer")
"""What a challenge can ask; a test holds them equal to the device's, which a host does not load."""
LEAST_MOVES, MOST_MOVES, USUAL_MOVES = 2, 6, 3
MOST_REFERENCE: Final = 1024 * 1024
"""Bytes of a reference picture; a card's photo is 39 kB as bare dots."""

_LONGEST_TEXT = 64
_LARGEST_SIDE = 4096
_STOP_S = 2.0  # a look that is being made is waited for


class Cameras(StrEnum):
    """State of the camera (``camera.cameras.person``)."""

    OK = "ok"
    INOPERATIVE = "inop"
    UNKNOWN = "unknown"


class Subject(StrEnum):
    """Whether somebody stands there (``biometric.subject``); known while a command looks."""

    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    UNKNOWN = "unknown"


class Engine(StrEnum):
    """State of what looks at faces (``xFace.engine``)."""

    OK = "ok"
    MISSING = "missing"
    """There are no models: nothing of XFace works, and it answers ``unsupported``."""
    DAMAGED = "damaged"
    """The models are not the ones whose figures are known: as missing."""
    FAILED = "failed"
    """It hung or died; it is started again by the next command."""
    UNKNOWN = "unknown"
    """Not asked for yet."""


class FaceError(StrEnum):
    """``errorCode`` of the commands; the first is the standard's of a camera."""

    CAMERA_INOPERABLE = "cameraInoperable"
    UNSUPPORTED = "unsupported"
    """There is nothing that could look at faces, see ``xFace.engine``."""
    ENGINE_FAILED = "engineFailed"


def status(cameras: Cameras, subject: Subject, engine: Engine) -> dict[str, object]:
    """Return the interface part of the status."""
    return {
        "camera": {"cameras": {CAMERA: cameras}},
        "biometric": {"subject": subject, "capture": False, "dataPersistence": "clear"},
        "xFace": {"engine": engine},
    }


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities, as the files are now."""
    there = weights.present()
    return {
        "camera": {
            "cameras": {"room": False, CAMERA: True, "exitSlot": False},
            "maxPictures": 0,
            "camData": {"autoAdd": False, "manAdd": False},
        },
        "biometric": {
            "type": {"facialFeatures": True},
            "persistenceModes": {"persist": False, "clear": True},
        },
        "xFace": {
            "models": there,
            "model": weights.MODEL_NAME,
            "threshold": weights.THRESHOLD,
            "certificate": None,
            "moves": list(MOVES),
            "live": True,
            "attackDetection": False,
        },
    }


def reference_of(payload: Payload) -> bytes:
    """Return the bytes of a checked command's reference; none when it has none."""
    given = payload.get("reference")
    return base64.b64decode(given) if isinstance(given, str) else b""


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and value.isascii()


def _check_visit(payload: Payload) -> str | None:
    if not _is_text(payload.get("visit")):
        return f"visit is not a text of 1 to {_LONGEST_TEXT} ASCII characters"
    return None


def _check_match(payload: Payload) -> str | None:
    given = payload.get("reference")
    if given is not None:
        if not isinstance(given, str) or len(given) > MOST_REFERENCE * 4 // 3 + 4:
            return f"reference is not the base64 of at most {MOST_REFERENCE} bytes"
        try:
            base64.b64decode(given, validate=True)
        except (binascii.Error, ValueError):
            return "reference is not base64"
    sides = [payload.get("width"), payload.get("height")]
    if sides != [None, None] and not all(_is_side(side) for side in sides):
        return f"width and height are not two numbers of dots up to {_LARGEST_SIDE}"
    return _check_visit(payload)


def _is_side(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_SIDE


def _check_challenge(payload: Payload) -> str | None:
    if not _is_text(payload.get("seed")):
        return f"seed is not a text of 1 to {_LONGEST_TEXT} ASCII characters"
    moves = payload.get("moves", USUAL_MOVES)
    if not isinstance(moves, int) or isinstance(moves, bool):
        return "moves is not a number"
    if not LEAST_MOVES <= moves <= MOST_MOVES:
        return f"moves is not a number from {LEAST_MOVES} to {MOST_MOVES}"
    return _check_visit(payload)


def _ours(name: str, rule: PayloadRule) -> CommandSpec:
    return CommandSpec(
        name=name, versions=("1.0",), answer_version="1.0", check=rule, stop_grace_s=_STOP_S
    )


FACE_CAMERA: Final = ServiceSpec(
    service="FaceCamera",
    device="face-camera",
    interfaces=(
        InterfaceSpec(name="Camera"),
        InterfaceSpec(
            name="Biometric",
            events={PRESENT_SUBJECT: "2.0", SUBJECT_DETECTED: "2.0", SUBJECT_REMOVED: "2.0"},
        ),
        InterfaceSpec(
            name="XFace",
            events={SIGHT: "1.0", STEP: "1.0"},
            commands=(
                _ours(WATCH, _check_visit),
                _ours(MATCH, _check_match),
                _ours(CHALLENGE, _check_challenge),
            ),
        ),
        *UPKEEP,
    ),
    unknown=status(Cameras.UNKNOWN, Subject.UNKNOWN, Engine.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.face_camera:FaceCameraAdapter",
    pictures=True,
    optional=True,
    options={
        "width": number(320, 4096),
        "height": number(240, 4096),
        "turn": one_of(0, 90, 180, 270),
        "threshold": number(0.05, 0.95),
        "match_s": number(2, 60),
        "start_s": number(2, 60),
        "move_s": number(1, 30),
        "straight_s": number(1, 30),
        "engine": word(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*"),
    },
)
