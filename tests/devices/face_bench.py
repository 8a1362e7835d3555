"""A device host with a simulated face camera, and people who do what they are asked."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import cv2
import psutil

from drivers.face.challenge import Move
from drivers.face.facing import TITLE
from drivers.service.client import Event, ServiceClient
from drivers.service.pictures import PicturesClient
from drivers.simulated.face_camera import SimulatedFaceCamera
from drivers.simulated.face_scenes import CAST, FaceScene, card_photo
from tests.devices.cabinet_bench import CabinetBench, surroundings
from tests.devices.service_schema import check

SERVICE = "FaceCamera"
CITIZEN, STRANGER = CAST[1], CAST[0]
"""Two drawn people of whom the model thinks least that they are one (cosine 0.12)."""
CALL_S = 20.0
"""Longer than a command needs: the machine that runs tests runs other things too."""

MOVED = {
    Move.TURN_LEFT: FaceScene.TURNED_LEFT,
    Move.TURN_RIGHT: FaceScene.TURNED_RIGHT,
    Move.NOD: FaceScene.CHIN_DOWN,
    Move.COME_CLOSER: FaceScene.CLOSER,
}
HELD = {
    Move.TURN_LEFT: FaceScene.PAPER_TURNED_LEFT,
    Move.TURN_RIGHT: FaceScene.PAPER_TURNED_RIGHT,
    Move.NOD: FaceScene.PAPER_CHIN_DOWN,
    Move.COME_CLOSER: FaceScene.PAPER_CLOSER,
}
"""What somebody can do with a print who is asked to move."""


def card_png(seed: int) -> bytes:
    """Return the card photo of a drawn person as a PNG."""
    return cv2.imencode(".png", card_photo(seed))[1].tobytes()


def simulated(place: Path, **options: object) -> SimulatedFaceCamera:
    """Return a face camera behind a folder, before which the citizen stands unless told."""
    return SimulatedFaceCamera(surroundings(place, **{"scene": "one", "who": CITIZEN, **options}))


class FaceBench(CabinetBench):
    """A bench whose face camera is ready."""

    def __init__(self, **options: object) -> None:
        super().__init__()
        self.camera = simulated(self.link("face-camera"))
        limits = {"match_s": 4, "start_s": 4, "move_s": 6, "straight_s": 4}
        self.add("face-camera", self.camera, **{**limits, **options})

    def __enter__(self) -> Self:
        super().__enter__()
        self.await_word(SERVICE, "online")
        return self

    def stand(self, scene: FaceScene, who: int = CITIZEN, fault: str | None = None) -> None:
        """Let somebody stand before the camera."""
        self.camera.control({"scene": scene, "who": who, "fault": fault})

    def pictures(self) -> PicturesClient:
        """Return the session's end of the pictures socket."""
        return PicturesClient(self.run / "xfs4iot" / f"{SERVICE}.pictures.sock", self._secret)

    def processes(self) -> list[psutil.Process]:
        """Return the host and all its children."""
        assert self._host is not None
        host = psutil.Process(self._host.pid)
        return [host, *host.children(recursive=True)]

    def face_processes(self) -> list[int]:
        """Return the process ids of face processes."""
        found = []
        for process in self.processes():
            try:
                if TITLE in " ".join(process.cmdline()):
                    found.append(process.pid)
            except psutil.Error:
                continue  # it ended meanwhile
        return found


def match(
    client: ServiceClient, photo: bytes | None, visit: str = "visit-1"
) -> Mapping[str, object]:
    """Compare who stands there with a photo; the answer is of the schema."""
    payload: dict[str, object] = {"visit": visit}
    if photo is not None:
        payload["reference"] = base64.b64encode(photo).decode("ascii")
    answer = client.call("XFace.Match", payload, CALL_S).payload
    check("XFace.Match.completion", answer)
    return answer


def challenge(
    client: ServiceClient, act: Mapping[Move, FaceScene], bench: FaceBench, visit: str = "visit-1"
) -> Mapping[str, object]:
    """Run a challenge in which whoever stands there does what ``act`` says for each movement."""
    rest = FaceScene.PAPER if act is HELD else FaceScene.ONE

    def hear(event: Event) -> None:
        if event.name == "XFace.StepEvent":
            check("XFace.StepEvent.event", event.payload)
            asked = event.payload.get("move")
            bench.stand(act[Move(str(asked))] if asked else rest)

    payload = {"visit": visit, "seed": secrets.token_hex(16), "moves": 2}
    answer = client.call("XFace.Challenge", payload, CALL_S, on_event=hear).payload
    check("XFace.Challenge.completion", answer)
    return answer
