"""The document camera: the standard's Camera, and our extension XCamera for sheets and cards.

The standard takes one picture of whatever is before the camera and knows no live view.
``XCamera.Watch`` tells what lies there while a person arranges it, ``XCamera.Take`` takes it
straightened and judged, ``XCamera.ReadCard`` reads a bank card's number, ``XCamera.Bind`` makes one
PDF of several pictures.  Frames, pictures and the PDF travel beside the messages, see
`drivers.service.pictures`.
"""

from __future__ import annotations

from enum import StrEnum

from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec, PayloadRule
from drivers.service.interfaces.upkeep import UPKEEP
from drivers.service.options import number, one_of

TAKE_PICTURE = "Camera.TakePicture"
WATCH = "XCamera.Watch"
TAKE = "XCamera.Take"
READ_CARD = "XCamera.ReadCard"
BIND = "XCamera.Bind"
SIGHT = "XCamera.SightEvent"

CAMERA = "document"
"""Name of the one camera; the standard allows names beside its own three."""

KINDS = ("page", "card")

_LONGEST_VISIT = 64
_PICTURE_ID = 32
_STOP_S = 2.0  # a picture that is being worked on is given up between two steps


class Cameras(StrEnum):
    """State of a camera (``camera.cameras.document``)."""

    OK = "ok"
    INOPERATIVE = "inop"
    UNKNOWN = "unknown"


class Media(StrEnum):
    """Room for pictures of this visit (``camera.media.document``).

    This camera never says ``full``: there is room for one more, the oldest goes.
    """

    OK = "ok"
    HIGH = "high"
    FULL = "full"
    UNKNOWN = "unknown"


class CameraError(StrEnum):
    """``errorCode`` of the commands; the first two are the standard's."""

    CAMERA_NOT_SUPPORTED = "cameraNotSupported"
    CAMERA_INOPERABLE = "cameraInoperable"
    UNKNOWN_PICTURE = "unknownPicture"
    """There is no such picture of this visit."""
    READER_FAILED = "readerFailed"
    """The reading process gave no answer in time."""


def status(cameras: Cameras, media: Media, pictures: int | None) -> dict[str, object]:
    """Return the interface part of the status; without a camera nobody counts pictures."""
    camera: dict[str, object] = {"cameras": {CAMERA: cameras}, "media": {CAMERA: media}}
    if pictures is not None:
        camera["pictures"] = {CAMERA: pictures}
    return {"camera": camera}


def capabilities(most_pictures: int) -> dict[str, object]:
    """Return the interface part of the capabilities."""
    return {
        "camera": {
            "cameras": {"room": False, "person": False, "exitSlot": False, CAMERA: True},
            "maxPictures": most_pictures,
            "camData": {"autoAdd": False, "manAdd": False},
        },
        "xCamera": {"kinds": list(KINDS), "live": True, "readsCards": True, "binds": True},
    }


def _check_visit(payload: Payload) -> str | None:
    visit = payload.get("visit")
    if not isinstance(visit, str) or not 0 < len(visit) <= _LONGEST_VISIT or not visit.isascii():
        return f"visit is not a text of 1 to {_LONGEST_VISIT} ASCII characters"
    return None


def _check_kind(payload: Payload) -> str | None:
    if payload.get("kind") not in KINDS:
        return f"kind is not one of {', '.join(KINDS)}"
    return _check_visit(payload)


def _check_picture(payload: Payload) -> str | None:
    picture = payload.get("picture")
    if not isinstance(picture, str) or len(picture) != _PICTURE_ID:
        return "picture is not the id of a picture"
    return _check_visit(payload)


def _check_pictures(payload: Payload) -> str | None:
    pictures = payload.get("pictures")
    if not isinstance(pictures, list) or not 0 < len(pictures) <= MOST_PICTURES:
        return f"pictures is not a list of 1 to {MOST_PICTURES} ids"
    if any(not isinstance(one, str) or len(one) != _PICTURE_ID for one in pictures):
        return "pictures holds something that is not the id of a picture"
    return _check_visit(payload)


def _check_take_picture(payload: Payload) -> str | None:
    camera = payload.get("camera")
    return None if isinstance(camera, str) else "camera is not the name of a camera"


MOST_PICTURES = 24
"""Pictures kept of one visit: a long hospital record has 10 pages, and some are taken twice.

Of more than these the oldest goes: its bytes were fetched when it was taken."""


def _ours(name: str, rule: PayloadRule) -> CommandSpec:
    return CommandSpec(
        name=name, versions=("1.0",), answer_version="1.0", check=rule, stop_grace_s=_STOP_S
    )


DOCUMENT_CAMERA = ServiceSpec(
    service="DocumentCamera",
    device="document-camera",
    interfaces=(
        InterfaceSpec(
            name="Camera",
            commands=(
                CommandSpec(name=TAKE_PICTURE, check=_check_take_picture, stop_grace_s=_STOP_S),
            ),
        ),
        InterfaceSpec(
            name="XCamera",
            events={SIGHT: "1.0"},
            commands=(
                _ours(WATCH, _check_kind),
                _ours(TAKE, _check_kind),
                _ours(READ_CARD, _check_picture),
                _ours(BIND, _check_pictures),
            ),
        ),
        *UPKEEP,
    ),
    unknown=status(Cameras.UNKNOWN, Media.UNKNOWN, None),
    abilities=capabilities(MOST_PICTURES),
    adapter="drivers.service.adapters.document_camera:DocumentCameraAdapter",
    pictures=True,
    options={
        "width": number(640, 8192),
        "height": number(480, 8192),
        "turn": one_of(0, 90, 180, 270),
    },
)
