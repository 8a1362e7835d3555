"""The errands that go to the document camera, and the pictures that a visit keeps.

A picture's bytes are fetched once, when it is taken: the camera's process may die before the
citizen submits.  Pictures that were not kept are forgotten with the next one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from kiosk.journey import effects as e
from kiosk.journey.facts import CardRead, Fact, Sight, Taken, Trouble
from kiosk.session.camera import CameraDesk, LiveFrame, PictureGone

NOT_READ = CardRead(number="")


class CameraErrands:
    """Looks, takes and reads for one visit."""

    def __init__(self, desk: CameraDesk) -> None:
        self._desk = desk
        self._photos: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def begin(self) -> int:
        """Return the number of the next wait; the one before is given up."""
        return self._desk.begin()

    def watch(
        self, number: int, visit: str, effect: e.WatchCamera, seen: Callable[[Sight], None]
    ) -> Fact:
        """Look until given up, or until the camera fails."""
        return self._desk.watch(number, visit, effect.kind, seen)

    def take(self, number: int, visit: str, effect: e.TakePicture) -> Taken | Trouble:
        """Take a picture, and have its bytes at once."""
        taken = self._desk.take(number, visit, effect.kind)
        self._desk.dark()
        if isinstance(taken, Trouble) or not taken.picture or "no_page" in taken.faults:
            return taken
        try:
            body = self._desk.picture(taken.picture)
        except PictureGone:
            return Trouble(reason="camera_failed")
        with self._lock:
            self._photos[taken.picture] = body
        return taken

    def read(self, number: int, visit: str, effect: e.ReadNumber) -> CardRead:
        """Read the number on a card; whatever goes wrong, it is then not read."""
        read = self._desk.read_card(number, visit, effect.picture)
        return NOT_READ if isinstance(read, Trouble) else read

    def keep_only(self, pictures: frozenset[str]) -> None:
        """Forget every picture but these."""
        with self._lock:
            self._photos = {own: body for own, body in self._photos.items() if own in pictures}

    def live(self) -> LiveFrame | None:
        """Return the newest frame of the live view; never waits."""
        return self._desk.frame()

    def photo(self, picture: str) -> bytes:
        """Return the JPEG of a picture that was taken.

        Raises:
            KeyError: it was forgotten, or never was.
        """
        with self._lock:
            return self._photos[picture]

    def stop(self) -> None:
        """Give up what waits."""
        self._desk.stop()

    def close(self) -> None:
        """Forget everything."""
        self._desk.stop()
        self.keep_only(frozenset())
