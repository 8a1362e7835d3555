"""The document camera of a visit, through its service: calls in, facts out, frames to look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drivers.service.client import CommandFailed, Event, ServiceClient
from drivers.service.client import ServiceUnavailable as Gone
from drivers.service.pictures import (
    LiveFrame,
    NoSuchPicture,
    PicturesClient,
    PicturesUnavailable,
)
from kiosk.journey.facts import CardRead, Sight, Taken, Trouble
from kiosk.session.devices import Waiting
from kiosk.session.errands import Stopped

Payload = Mapping[str, object]

WATCH_S = 60.0
"""One stretch of looking; it is renewed until somebody stops it."""
TAKE_S = 20.0
"""A burst, straightening, and at most 10 s of reading which way up."""
READ_S = 15.0

_TROUBLE = {
    "mediaFull": "camera_full",
    "unknownPicture": "picture_gone",
    "readerFailed": "reading_failed",
}

__all__ = ["CameraDesk", "LiveFrame", "PictureGone", "Stopped"]


class PictureGone(Exception):
    """The picture cannot be had: its camera process ended, or it never was."""


class CameraDesk:
    """The document camera of one visit.

    Looking, taking and reading are waits of one kind: each begins with a number from `begin`, and a
    new one gives up the one before.
    """

    def __init__(self, client: ServiceClient, pictures: PicturesClient) -> None:
        self._waiting = Waiting(client)
        self._pictures = pictures
        self._visit = ""

    def begin(self) -> int:
        """Return the number of the next wait; what waits now is given up."""
        return self._waiting.begin()

    def stop(self) -> None:
        """Give up what waits, and let the live view go dark."""
        self._waiting.stop()
        self._pictures.stop()

    def watch(self, number: int, visit: str, kind: str, seen: Callable[[Sight], None]) -> Trouble:
        """Look, and tell each new sight, until given up or the camera fails.

        The live view (`frame`) runs from here on, through `take`, until `stop`.

        Args:
            number: of this wait, from `begin`.
            visit: the visit, which alone may have the frames.
            kind: ``page`` or ``card``.
            seen: called on this thread, at most six times a second.

        Raises:
            Stopped: given up.
        """
        self._visit = visit
        self._pictures.watch(visit)

        def happened(event: Event) -> None:
            if event.name == "XCamera.SightEvent":
                seen(_sight(event.payload))

        about = {"visit": visit, "kind": kind}
        while True:
            try:
                self._waiting.call(number, "XCamera.Watch", about, WATCH_S, happened)
            except CommandFailed as failed:
                if failed.completion_code != "timeOut":
                    return _trouble(failed)
            except Gone:
                return Trouble(reason="camera_absent")

    def take(self, number: int, visit: str, kind: str) -> Taken | Trouble:
        """Take one picture, straightened and judged; a bad one is taken too, with its faults.

        Raises:
            Stopped: given up.
        """
        self._visit = visit
        about = {"visit": visit, "kind": kind}
        try:
            done = self._waiting.call(number, "XCamera.Take", about, TAKE_S, _nothing)
        except CommandFailed as failed:
            return _trouble(failed)
        except Gone:
            return Trouble(reason="camera_absent")
        return _taken(done.payload)

    def read_card(self, number: int, visit: str, picture: str) -> CardRead | Trouble:
        """Read the number of a bank card from a picture; an empty number was not read for certain.

        Raises:
            Stopped: given up.
        """
        about = {"visit": visit, "picture": picture}
        try:
            done = self._waiting.call(number, "XCamera.ReadCard", about, READ_S, _nothing)
        except CommandFailed as failed:
            return _trouble(failed)
        except Gone:
            return Trouble(reason="camera_absent")
        return CardRead(
            number=str(done.payload.get("number") or ""), bank=str(done.payload.get("bank") or "")
        )

    def dark(self) -> None:
        """Take no more frames: the picture was taken, and nobody looks."""
        self._pictures.stop()

    def frame(self) -> LiveFrame | None:
        """Return the newest frame of the live view; never waits, for any thread at any rate."""
        return self._pictures.frame()

    def picture(self, picture: str) -> bytes:
        """Return the JPEG of a picture that was taken in this visit.

        Raises:
            PictureGone: it cannot be had.
        """
        try:
            return self._pictures.picture(self._visit, picture)
        except (NoSuchPicture, PicturesUnavailable) as error:
            raise PictureGone from error


def _nothing(event: Event) -> None:
    """Take no notice: neither taking nor reading tells anything on its way."""
    del event


def _sight(payload: Payload) -> Sight:
    checks = payload.get("checks")
    judged = checks if isinstance(checks, Mapping) else {}
    return Sight(
        found=payload.get("found") is True,
        complete=judged.get("complete") is True,
        sharp=judged.get("sharp") is True,
        glare_free=judged.get("noGlare") is True,
        lit=judged.get("light") is True,
    )


def _taken(payload: Payload) -> Taken | Trouble:
    """Return the picture that was taken; an answer that makes no sense is a camera that failed."""
    picture, faults = payload.get("picture"), payload.get("faults")
    if not isinstance(picture, Mapping) or not isinstance(faults, list):
        return Trouble(reason="camera_failed")
    size, width, height = picture.get("size"), picture.get("width"), picture.get("height")
    if not (isinstance(size, int) and isinstance(width, int) and isinstance(height, int)):
        return Trouble(reason="camera_failed")
    return Taken(
        picture=str(picture.get("id")),
        sha256=str(picture.get("sha256")),
        size=size,
        width=width,
        height=height,
        faults=tuple(str(fault) for fault in faults),
    )


def _trouble(failed: CommandFailed) -> Trouble:
    return Trouble(reason=_TROUBLE.get(failed.error_code or "", "camera_failed"))
