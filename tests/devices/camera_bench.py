"""A device host with a simulated camera, and the session's desk over it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import psutil

from drivers.camera.page import Picture
from drivers.service.client import ServiceClient
from drivers.service.pictures import PicturesClient
from drivers.simulated.camera import SimulatedCamera
from tests.devices.service_bench import Bench

SERVICE = "DocumentCamera"
TAKE_S = 25.0
"""Longer than a command needs: the machine that runs tests runs other things too."""


class CameraBench(Bench):
    """A bench whose camera is ready."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._hear_notices, daemon=True).start()
        super().__enter__()
        self.await_word(SERVICE, "online")
        return self

    @property
    def camera(self) -> SimulatedCamera:
        """Return the simulated camera."""
        return self.simulator.camera

    @property
    def pictures_socket(self) -> Path:
        """Return the path of the pictures socket."""
        return self.run / "xfs4iot" / f"{SERVICE}.pictures.sock"

    @property
    def camera_folder(self) -> Path:
        """Return the folder the camera's frames appear in."""
        return self.run / "devices" / "document-camera"

    def lay(self, scene: str, fault: str | None = None, **more: str) -> None:
        """Put something under the camera."""
        self.simulator.control("camera", {"scene": scene, "fault": fault, **more})

    def pictures(self, secret: str | None = None) -> PicturesClient:
        """Return the session's end of the pictures socket."""
        return PicturesClient(self.pictures_socket, secret or self.secret)

    def readers(self) -> list[int]:
        """Return the process ids of reading processes."""
        found = []
        for process in psutil.Process(self.host.pid).children(recursive=True):
            try:
                if "reading document-camera" in " ".join(process.cmdline()):
                    found.append(process.pid)
            except psutil.Error:
                continue  # it ended meanwhile
        return found

    @contextmanager
    def camera_visit(self) -> Iterator[ServiceClient]:
        """Lend a client of the camera that disconnects at the end, as a visit does."""
        with self.visit(SERVICE) as client:
            yield client

    def _hear_notices(self) -> None:
        """Read what systemd would: a full queue stops the host."""
        try:
            while self.systemd.recv(64):
                pass
        except OSError:
            return  # the bench is closed


def take(client: ServiceClient, kind: str = "page", visit: str = "visit-1") -> Mapping[str, object]:
    """Take one picture and return the answer."""
    return client.call("XCamera.Take", {"visit": visit, "kind": kind}, TAKE_S).payload


def picture_id(answer: Mapping[str, object]) -> str:
    """Return the id of a picture that was taken."""
    picture = answer["picture"]
    assert isinstance(picture, Mapping)
    return str(picture["id"])


def decoded(jpeg: bytes) -> Picture:
    """Return a JPEG's dots."""
    picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return np.asarray(picture, np.uint8)


def likeness(one: Picture, other: Picture) -> float:
    """Return how alike two pictures are, from -1 to 1 (correlation of small grey versions)."""
    size = (310, 438)
    flat = [
        cv2.GaussianBlur(cv2.resize(cv2.cvtColor(p, cv2.COLOR_BGR2GRAY), size), (9, 9), 0)
        .astype(np.float64)
        .ravel()
        for p in (one, other)
    ]
    return float(np.corrcoef(flat[0], flat[1])[0, 1])
