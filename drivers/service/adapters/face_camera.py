"""XFace on a `FaceCamera`: how somebody stands there, a match with a picture, asked movements."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2

from drivers.camera.device import Camera
from drivers.camera.source import BrokenFrame, Setup
from drivers.child_process import NoAnswer
from drivers.errors import DeviceError, TransportLost
from drivers.face.answers import Unsupported
from drivers.face.challenge import Challenge, Limits, Result, Step, Verdict, moves_for
from drivers.face.device import MATCH_S, FaceCamera, Match, Reference, Sight
from drivers.face.engine import OURS
from drivers.face.judgement import HINTS, Problem, smaller
from drivers.face.process import FaceReader, NotSupported
from drivers.face.reference import BareSize
from drivers.service.adapter import Cancelled, Emit, State
from drivers.service.envelope import CompletionCode, Outcome, Payload
from drivers.service.interfaces.common import DeviceWord
from drivers.service.interfaces.face_camera import (
    MATCH,
    PRESENT_SUBJECT,
    SIGHT,
    STEP,
    SUBJECT_DETECTED,
    SUBJECT_REMOVED,
    USUAL_MOVES,
    WATCH,
    Cameras,
    Engine,
    FaceError,
    Subject,
    reference_of,
    status,
)
from drivers.service.picture_shelf import PictureServer, Shelf
from drivers.service.pictures import LiveFrame

IDLE_S: Final = 1.0
"""Seconds between two looks at the camera's health."""
SAME_SIGHT_S: Final = 1.0
"""An unchanged sight is told again after this, so that its listener knows it still holds."""

_STILL = 0.02  # share of the picture a face may move in a sight that is still the same
_ENGINES = {Unsupported.MISSING: Engine.MISSING, Unsupported.DAMAGED: Engine.DAMAGED}


@dataclass(slots=True)
class _Told:
    """The last sight that was told."""

    time: float = 0.0
    payload: Payload | None = None


class FaceCameraAdapter:
    """One camera and its face process; for the options see `FACE_CAMERA`."""

    def __init__(self, port: str, options: Mapping[str, str]) -> None:
        self.poll_s = IDLE_S
        self._port = port
        self._setup = _setup(options)
        self._threshold = float(options["threshold"]) if "threshold" in options else None
        self._match_s = float(options.get("match_s", MATCH_S))
        self._limits = _limits(options)
        self._process = FaceReader(options.get("engine", OURS))
        self._face: FaceCamera | None = None
        self._tried = False
        self._subject, self._engine = Subject.UNKNOWN, Engine.UNKNOWN
        self._shelf = Shelf(most=1)  # holds nothing: it knows the visit that may see the live view

    def serve_pictures(self, arriving: socket.socket) -> None:
        """Answer connections of the pictures socket."""
        PictureServer(arriving, self._shelf, self._newest).start()

    def open(self) -> None:
        """Open the camera and see that its picture lives."""
        self._tried = True
        self._face = FaceCamera(
            camera=Camera.open(self._port, self._setup),
            process=self._process,
            threshold=self._threshold,
            limits=self._limits,
        )

    def close(self) -> None:
        """Let go of the camera and end the face process, with all it knows."""
        face, self._face = self._face, None
        self._subject = Subject.UNKNOWN
        if face is not None:
            face.camera.close()
        self._process.close()

    def run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Carry out one command; its time limit is the dispatcher's, which cancels."""
        face = self._device()
        if not self._shelf.is_for(payload["visit"]):
            face.forget()  # what is known is known of another visit
            self._shelf.begin(str(payload["visit"]))
        try:
            face.facts(cancelled)
            self._engine = Engine.OK
            outcome = self._run(command, payload, emit, cancelled)
        except NotSupported as problem:
            self._engine = _ENGINES.get(problem.reason, Engine.FAILED)
            return _error(FaceError.UNSUPPORTED, f"no face engine: {problem.reason}")
        except NoAnswer as problem:
            if cancelled.is_set():
                return Outcome(code=CompletionCode.CANCELED)
            self._engine = Engine.FAILED
            return _error(FaceError.ENGINE_FAILED, str(problem))
        finally:
            self._subject = Subject.UNKNOWN
        return outcome

    def failed(self, command: str, error: DeviceError) -> Outcome:
        """Report a camera that is not there or does not work."""
        del command
        return _error(FaceError.CAMERA_INOPERABLE, str(error))

    def poll(self, emit: Emit) -> None:
        """See that the picture still lives."""
        del emit
        self._device().camera.check()

    def state(self) -> State:
        """Return the state of an open camera."""
        return State(word=DeviceWord.ONLINE, status=status(Cameras.OK, self._subject, self._engine))

    def lost(self) -> Payload:
        """Return the status without a camera: not looked yet, or looked and found wanting."""
        cameras = Cameras.INOPERATIVE if self._tried else Cameras.UNKNOWN
        return status(cameras, Subject.UNKNOWN, self._engine)

    def model(self) -> Payload:
        """Return nothing: the video interface tells no serial."""
        return {}

    def _device(self) -> FaceCamera:
        if self._face is None:
            raise TransportLost("the camera is not open")
        return self._face

    def _run(self, command: str, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        if command == MATCH:
            return self._match(payload, cancelled)
        if command == WATCH:
            return self._watch(emit, cancelled)
        return self._challenge(payload, emit, cancelled)

    # -- the live view ----------------------------------------------------------------------

    def _newest(self, after: int, wait_s: float) -> LiveFrame | None:
        """Return a frame for the live view; called by the threads that serve pictures."""
        face = self._face
        frame = face.camera.wait(after, wait_s) if face is not None else None
        if frame is None:
            return None
        try:
            shown = cv2.cvtColor(smaller(frame.shot.whole()), cv2.COLOR_BGR2RGB)
        except BrokenFrame:
            return None
        high, wide = shown.shape[:2]
        return LiveFrame(number=frame.number, width=wide, height=high, rgb=shown.tobytes())

    # -- the commands -----------------------------------------------------------------------

    def _watch(self, emit: Emit, cancelled: Cancelled) -> Outcome:
        """Tell how somebody stands there until nobody wants to know any more."""
        told = _Told()
        emit(PRESENT_SUBJECT)

        def tell(sight: Sight) -> None:
            self._see(sight.look.judgement.faces, emit)
            payload = sight_payload(sight)
            now = time.monotonic()
            if now - told.time >= SAME_SIGHT_S or _differs(told.payload, payload):
                told.time, told.payload = now, payload
                emit(SIGHT, payload)

        self._device().watch(tell, cancelled)
        return Outcome(code=CompletionCode.CANCELED)

    def _see(self, faces: int, emit: Emit) -> None:
        """Tell that somebody came or went."""
        subject = Subject.PRESENT if faces else Subject.NOT_PRESENT
        if subject is self._subject:
            return
        before, self._subject = self._subject, subject
        if subject is Subject.PRESENT:
            emit(SUBJECT_DETECTED)
        elif before is Subject.PRESENT:
            emit(SUBJECT_REMOVED)
        else:
            emit.state()

    def _match(self, payload: Payload, cancelled: Cancelled) -> Outcome:
        width, height = payload.get("width"), payload.get("height")
        bare = (
            BareSize(width=width, height=height)
            if isinstance(width, int) and isinstance(height, int)
            else None
        )
        given = Reference(data=reference_of(payload), bare=bare)
        end = self._device().match(given, time.monotonic() + self._match_s, cancelled)
        if end is None:
            return Outcome(code=CompletionCode.CANCELED)
        return Outcome(payload=match_payload(end))

    def _challenge(self, payload: Payload, emit: Emit, cancelled: Cancelled) -> Outcome:
        face = self._device()
        facts = face.facts(cancelled)
        moves = payload.get("moves", USUAL_MOVES)
        run = Challenge(
            moves=moves_for(str(payload["seed"]), moves if isinstance(moves, int) else USUAL_MOVES),
            threshold=facts.threshold if self._threshold is None else self._threshold,
            began=time.monotonic(),
            limits=self._limits,
        )

        def tell(step: Step, problem: Problem | None) -> None:
            emit(STEP, step_payload(step, problem))

        end = face.challenge(run, tell, cancelled)
        if end is None:
            return Outcome(code=CompletionCode.CANCELED)
        if end.result is Result.ABORTED:
            self._engine = Engine.OK if self._process.pid else Engine.FAILED
        return Outcome(payload=verdict_payload(end, facts.name, facts.certificate))


def sight_payload(sight: Sight) -> dict[str, object]:
    """Return what a frame shows."""
    judgement = sight.look.judgement
    payload: dict[str, object] = {
        "frame": sight.frame,
        "faces": judgement.faces,
        "problems": [problem.value for problem in judgement.problems],
    }
    if judgement.hint is not None:
        payload["hint"] = judgement.hint.value
    if judgement.eyes_apart is not None and judgement.share is not None:
        payload["size"] = {
            "eyes": round(judgement.eyes_apart, 1),
            "share": round(judgement.share, 3),
        }
    if judgement.pose is not None:
        pose = judgement.pose
        angles = {"yaw": pose.yaw, "pitch": pose.pitch, "roll": pose.roll}
        payload["pose"] = {name: round(angle) for name, angle in angles.items()}
    if sight.look.box is not None:
        payload["box"] = [round(min(1.0, max(0.0, side)), 3) for side in sight.look.box]
    return payload


def match_payload(end: Match) -> dict[str, object]:
    """Return the end of a match: words and figures only."""
    payload: dict[str, object] = {
        "answer": end.answer.value,
        "threshold": end.threshold,
        "model": end.model,
        "certificate": end.certificate,
    }
    if end.score is not None:
        payload["score"] = round(end.score, 3)
    if end.live is not None:
        payload["live"] = end.live
    if end.why is not None:
        payload["why"] = end.why.value
    return payload


def step_payload(step: Step, problem: Problem | None) -> dict[str, object]:
    """Return what is asked now."""
    payload: dict[str, object] = {
        "phase": step.phase.value,
        "step": step.number,
        "of": step.of,
        "limitMs": round(step.limit_s * 1000),
    }
    if step.move is not None:
        payload["move"] = step.move.value
    if problem is not None:
        payload |= {"problem": problem.value, "hint": HINTS[problem].value}
    return payload


def verdict_payload(end: Verdict, model: str, certificate: str | None) -> dict[str, object]:
    """Return the end of a challenge."""
    return {
        "result": end.result.value,
        "reasons": [reason.value for reason in end.reasons],
        "made": [move.value for move in end.made],
        "model": model,
        "certificate": certificate,
    }


def _setup(options: Mapping[str, str]) -> Setup:
    sizes = {
        name: round(float(options[name])) for name in ("width", "height", "turn") if name in options
    }
    return Setup(**{"width": 1280, "height": 720, **sizes})


def _limits(options: Mapping[str, str]) -> Limits:
    names = ("start_s", "move_s", "straight_s")
    return Limits(**{name: float(options[name]) for name in names if name in options})


def _differs(before: Payload | None, now: Payload) -> bool:
    """Say whether somebody watching would see another sight."""
    if before is None or any(before.get(key) != now.get(key) for key in ("faces", "problems")):
        return True
    old, new = before.get("box"), now.get("box")
    if not isinstance(old, list) or not isinstance(new, list):
        return old is not new
    return any(abs(one - other) > _STILL for one, other in zip(old, new, strict=True))


def _error(error: FaceError, detail: str) -> Outcome:
    return Outcome(
        code=CompletionCode.COMMAND_ERROR_CODE,
        payload={"errorCode": error},
        description=detail or None,
    )
