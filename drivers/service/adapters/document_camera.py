"""Camera and XCamera, on a `Camera`: live view, one straightened picture, a card's number."""

from __future__ import annotations

import base64
import socket
import time
from collections.abc import Mapping

import cv2
import numpy as np

from drivers.camera import bound, burst, card_number, page
from drivers.camera.burst import OVERVIEW, GivenUp
from drivers.camera.device import Camera, Frame
from drivers.camera.page import Fault, Kind, Picture, Sight
from drivers.camera.reader import TextReader
from drivers.camera.source import BrokenFrame, Setup
from drivers.child_process import NoAnswer
from drivers.errors import DeviceError, TransportLost
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.camera import (
    BIND,
    CAMERA,
    MOST_PICTURES,
    SIGHT,
    TAKE,
    TAKE_PICTURE,
    WATCH,
    CameraError,
    Cameras,
    Media,
    status,
)
from drivers.service.interfaces.common import DeviceWord
from drivers.service.picture_shelf import PictureServer, Shelf
from drivers.service.pictures import LiveFrame

IDLE_S = 1.0
"""Seconds between two looks at the camera's health."""

SIGHT_S = 1 / 6
"""Least seconds between two sights: faster than anybody moves a sheet."""
SAME_SIGHT_S = 1.0
"""An unchanged sight is told again after this, so that its listener knows it still holds."""

JPEG_QUALITY = 88
"""A sheet of A4 at 150 dots an inch takes 0.3 to 0.5 MB, and print shows no ringing."""

_STILL = 0.006  # share of the frame's size a corner may move in a sight that is still the same
_UNREADABLE = {Fault.NO_PAGE, Fault.CUT, Fault.BLURRED}
_FRAME_WAIT_S = 0.2


class DocumentCameraAdapter:
    """One camera; options ``width`` and ``height`` in dots, ``turn`` in degrees."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._setup = Setup(**{key: round(float(value)) for key, value in options.items()})
        self._camera: Camera | None = None
        self._tried = False
        self._reader = TextReader()
        self._shelf = Shelf(most=MOST_PICTURES)

    def serve_pictures(self, arriving: socket.socket) -> None:
        """Answer connections of the pictures socket."""
        PictureServer(arriving, self._shelf, self._newest).start()

    def open(self) -> None:
        """Open the camera and see that its picture lives."""
        self._tried = True
        self._camera = Camera.open(self._port, self._setup)

    def close(self) -> None:
        """Let go of the camera and end the reading process."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()
        self._reader.close()

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Carry out one command; its time limit is the dispatcher's, which cancels."""
        if command == TAKE_PICTURE:
            return self._take_picture(payload)
        self._shelf.begin(str(payload["visit"]))
        try:
            if command == WATCH:
                return self._watch(_kind(payload), emit, cancelled)
            if command == TAKE:
                return self._take(_kind(payload), cancelled)
            if command == BIND:
                return self._bind(payload.get("pictures"))
            return self._read_card(str(payload["picture"]), cancelled)
        except GivenUp:
            return Outcome(code=CompletionCode.CANCELED)

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a camera that is not there or does not work."""
        del command
        return _error(CameraError.CAMERA_INOPERABLE, str(error))

    def poll(self, emit: Emit) -> None:
        """See that the picture still lives."""
        del emit
        self._device().check()

    def state(self) -> State:
        """Return the state of an open camera."""
        count = self._shelf.count
        media = Media.HIGH if count >= MOST_PICTURES * 3 // 4 else Media.OK
        return State(word=DeviceWord.ONLINE, status=status(Cameras.OK, media, count))

    def lost(self) -> Payload:
        """Return the status without a camera: not looked yet, or looked and found wanting."""
        cameras = Cameras.INOPERATIVE if self._tried else Cameras.UNKNOWN
        return status(cameras, Media.UNKNOWN, None)

    def model(self) -> Payload:
        """Return nothing: the video interface tells no serial."""
        return {}

    def _device(self) -> Camera:
        if self._camera is None:
            raise TransportLost("the camera is not open")
        return self._camera

    # -- the live view ----------------------------------------------------------------------

    def _newest(self, after: int, wait_s: float) -> LiveFrame | None:
        """Return a frame for the live view; called by the threads that serve pictures."""
        camera = self._camera
        frame = camera.wait(after, wait_s) if camera is not None else None
        if frame is None:
            return None
        try:
            small = cv2.cvtColor(frame.shot.reduced(4), cv2.COLOR_BGR2RGB)
        except BrokenFrame:
            return None
        high, wide = small.shape[:2]
        return LiveFrame(number=frame.number, width=wide, height=high, rgb=small.tobytes())

    def _watch(self, kind: Kind, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Tell what is seen until nobody wants to know any more."""
        self._reader.warm()  # it will be wanted as soon as the sheet lies well
        told: tuple[float, dict[str, object]] = (0.0, {})
        after = 0
        while not cancelled.is_set():
            began = time.monotonic()
            camera = self._device()
            camera.check()
            frame = camera.wait(after, _FRAME_WAIT_S)
            if frame is not None:
                after = frame.number
                sight = _sight_payload(frame, kind)
                if sight and (began - told[0] >= SAME_SIGHT_S or _differs(told[1], sight)):
                    told = (began, sight)
                    emit(SIGHT, sight)
            cancelled.wait(max(0.0, began + SIGHT_S - time.monotonic()))
        return Outcome(code=CompletionCode.CANCELED)

    # -- one picture ------------------------------------------------------------------------

    def _take(self, kind: Kind, cancelled: Cancelled) -> Outcome:
        """Take the sharpest frame of a burst, straighten it, turn it upright, keep it."""
        self._reader.warm()
        best = burst.sharpest(self._device(), kind, cancelled)
        picture, turn = best.straightened(kind), None
        if best.sight.corners is not None:
            turn = self._turn(picture, cancelled)
        if turn == 180:
            picture = np.asarray(cv2.rotate(picture, cv2.ROTATE_180), np.uint8)
        if cancelled.is_set():
            raise GivenUp
        return Outcome(payload=self._keep(picture, kind, best.sight, turn))

    def _turn(self, picture: Picture, cancelled: Cancelled) -> int | None:
        """Ask which way up the picture is; nobody's knowing does not spoil the picture."""
        try:
            return self._reader.turn(picture, cancelled)
        except NoAnswer:
            return None

    def _keep(
        self, picture: Picture, kind: Kind, sight: Sight, turn: int | None
    ) -> dict[str, object]:
        faults = tuple(fault.value for fault in sight.faults)
        found = kind if sight.corners is not None else Kind.PAGE
        name, kept = self._shelf.keep(_jpeg(picture), faults, found)
        high, wide = picture.shape[:2]
        described: dict[str, object] = {
            "id": name,
            "sha256": kept.sha256,
            "size": kept.size,
            "mediaType": "image/jpeg",
            "width": wide,
            "height": high,
        }
        answer: dict[str, object] = {
            "picture": described,
            "checks": _checks(sight),
            "faults": list(faults),
        }
        return answer if turn is None else {**answer, "turned": turn}

    def _take_picture(self, payload: Payload) -> Outcome:
        """Take the standard's picture: everything the camera sees, at half its size."""
        if payload.get("camera") != CAMERA:
            return _error(CameraError.CAMERA_NOT_SUPPORTED, f"the one camera is {CAMERA}")
        camera = self._device()
        camera.check()
        frame = camera.wait(0, _FRAME_WAIT_S)
        if frame is None:
            return _error(CameraError.CAMERA_INOPERABLE, "no frame came")
        try:
            picture = frame.shot.reduced(OVERVIEW)
        except BrokenFrame:
            return _error(CameraError.CAMERA_INOPERABLE, "the frame cannot be decoded")
        return Outcome(payload={"pictureFile": base64.b64encode(_jpeg(picture)).decode("ascii")})

    # -- several pictures -------------------------------------------------------------------

    def _bind(self, names: object) -> Outcome:
        """Make one PDF of pictures of this visit, in the order of their ids."""
        pictures = (
            [self._shelf.find(str(name)) for name in names] if isinstance(names, list) else []
        )
        leaves = [
            bound.Leaf(jpeg=self._shelf.bytes_of(kept), kind=Kind(kept.kind))
            for kept in pictures
            if kept is not None
        ]
        if len(leaves) < len(pictures):
            return _error(CameraError.UNKNOWN_PICTURE, "no such picture of this visit")
        made = bound.bind(leaves)
        name, kept = self._shelf.keep_document(made.pdf)
        described: dict[str, object] = {
            "id": name,
            "sha256": kept.sha256,
            "size": kept.size,
            "mediaType": bound.MEDIA_TYPE,
            "pages": made.pages,
        }
        return Outcome(payload={"document": described})

    # -- a card's number --------------------------------------------------------------------

    def _read_card(self, name: str, cancelled: Cancelled) -> Outcome:
        """Read the number and the bank's name; what was not read for certain is null."""
        kept = self._shelf.find(name)
        if kept is None:
            return _error(CameraError.UNKNOWN_PICTURE, "no such picture of this visit")
        if _UNREADABLE & set(kept.faults):
            return Outcome(payload={"number": None, "bank": None})
        encoded = np.frombuffer(self._shelf.bytes_of(kept), np.uint8)
        picture = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
        try:
            lines = self._reader.lines(picture, cancelled)
        except NoAnswer as problem:
            if cancelled.is_set():
                raise GivenUp from problem
            return _error(CameraError.READER_FAILED, str(problem))
        number, bank = card_number.find_number(lines), card_number.find_bank(lines)
        return Outcome(payload={"number": number, "bank": bank})


def _kind(payload: Payload) -> Kind:
    return Kind(str(payload["kind"]))


def _jpeg(picture: Picture) -> bytes:
    _, encoded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return encoded.tobytes()


def _checks(sight: Sight) -> dict[str, object]:
    checks = sight.checks
    return {
        "complete": checks.complete,
        "sharp": checks.sharp,
        "noGlare": checks.no_glare,
        "light": checks.light,
    }


def _sight_payload(frame: Frame, kind: Kind) -> dict[str, object]:
    """Return what a frame shows; nothing for one that cannot be decoded."""
    try:
        half = frame.shot.reduced(OVERVIEW)
    except BrokenFrame:
        return {}
    sight = page.look(half, kind)
    payload: dict[str, object] = {
        "found": sight.corners is not None,
        "frame": frame.number,
        "checks": _checks(sight),
        "faults": [fault.value for fault in sight.faults],
    }
    if sight.corners is not None:
        size = (half.shape[1], half.shape[0])
        places = np.clip(sight.corners / size, 0.0, 1.0)
        payload["corners"] = [[round(float(value), 4) for value in place] for place in places]
    return payload


def _differs(before: Payload, now: Payload) -> bool:
    """Say whether somebody watching would see another sight."""
    if any(before.get(key) != now.get(key) for key in ("found", "checks", "faults")):
        return True
    old, new = before.get("corners"), now.get("corners")
    if old is None or new is None:
        return old is not new
    return bool(np.abs(np.asarray(old) - np.asarray(new)).max() > _STILL)


def _error(error: CameraError, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
