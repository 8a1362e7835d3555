"""A simulated face camera: a folder whose picture is replaced ten times a second.

Who stands there is drawn, see `drivers.simulated.face_scenes`.  A scene is drawn once (about 0.1 s)
with a few coats of noise, of which a thread shows one after the other; so a living stream never
shows the same frame twice in a row, and a scene that was shown before costs nothing.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.source import FRAME_FILE
from drivers.simulated.device import Surroundings
from drivers.simulated.drawing import start_drawing
from drivers.simulated.face_scenes import CAST, SIZE, FaceFault, FaceScene, Frame, draw
from drivers.simulated.flakiness import Flakiness

FRAME_S: Final = 0.1

_COATS = 3
_NOISE = 2.0  # grey levels (sigma): a small sensor in room light
_QUALITY = 90
_LARGEST_SEED = 2**31 - 1
_NO_PICTURE = b"\xff\xd8\xff this is no picture"

Word = TypeVar("Word", FaceScene, FaceFault)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """What is before the camera: a scene, whose seeds, and what is wrong."""

    scene: FaceScene = FaceScene.NOBODY
    who: int = CAST[0]
    other: int = 0
    fault: FaceFault | None = None


class SimulatedFaceCamera:
    """One camera behind the folder ``surroundings.link``; it appears with the first frame.

    Options: ``who`` and ``scene`` to begin with.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._place = surroundings.link
        self._fresh = self._place / f".{FRAME_FILE}.{os.getpid()}"
        self._flakiness = Flakiness([FaceFault.GARBLED], surroundings.seed)
        self._lock = threading.Lock()
        self._plugged = True
        self._broken = 0
        first = {
            key: surroundings.options[key]
            for key in ("scene", "who")
            if key in surroundings.options
        }
        self._shown = _changed(_Shown(), first)
        self._coats = _drawn(self._shown)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated face camera", daemon=True)
        start_drawing(self._thread, self._ending)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._plugged

    def control(self, command: Mapping[str, object]) -> None:
        """Let somebody stand there, make something go wrong, pull the cable.

        ``{"scene": name, "who"?: seed, "other"?: seed, "fault"?}`` changes who stands there and
        how; ``other`` is the second person, or the one on the print; 0: as it comes.
        ``{"fault": name or null}`` changes that alone.  ``{"fail_next": "garbled", "times"?}``
        spoils the next frames, ``{"flaky": p, "seed"?: n}`` each with the chance p.
        ``{"unplug": true}``, ``{"replug": true}``.

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """
        if {"scene", "who", "other", "fault"} & set(command):
            shown = _changed(self._shown, command)
            coats = _drawn(shown)
            with self._lock:
                self._shown, self._coats = shown, coats
                self._plugged = shown.fault is not FaceFault.UNPLUG
        elif "fail_next" in command:
            self._fail_next(command)
        elif "flaky" in command:
            self._flakiness.control(command)
        elif command.get("unplug"):
            self._plugged = False
        elif command.get("replug"):
            self._plugged = True
        else:
            raise ValueError("not understood: " + ", ".join(sorted(command)))
        if not self._plugged:
            self._take_away()

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        shown = self._shown
        return {
            "plugged": self._plugged,
            "scene": shown.scene.value,
            "who": shown.who,
            "other": shown.other,
            "fault": shown.fault.value if shown.fault else None,
            "flaky": self._flakiness.chance,
            "faults": [f"fault {shown.fault}"] if shown.fault else [],
            "scenes": [scene.value for scene in FaceScene],
            "can_fail": [fault.value for fault in FaceFault],
            "cast": list(CAST),
        }

    def picture(self) -> bytes:
        """Return the newest frame as a JPEG, for the control page."""
        return self._coats[0]

    def close(self) -> None:
        """End, and take the folder away."""
        self._ending.set()
        self._thread.join()
        self._take_away()

    def _fail_next(self, command: Mapping[str, object]) -> None:
        times = command.get("times", 1)
        if command["fail_next"] != FaceFault.GARBLED.value:
            raise ValueError("the next frames can only be garbled")
        if not isinstance(times, int) or not 1 <= times <= 1000:
            raise ValueError("times is a number from 1 to 1000")
        with self._lock:
            self._broken += times

    # -- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        turn = 0
        while True:
            with self._lock:
                frame = self._frame(turn) if self._plugged else None
                if frame is not None:
                    self._put(frame)
            turn += 1
            if self._ending.wait(FRAME_S):
                return

    def _frame(self, turn: int) -> bytes | None:
        """Return the next frame; None when none comes."""
        fault = self._shown.fault
        if fault is FaceFault.SILENT and turn:
            return None
        spoiled = self._broken > 0 or self._flakiness.fault() is not None
        self._broken = max(0, self._broken - 1)
        if spoiled or fault is FaceFault.GARBLED:
            return _NO_PICTURE + bytes([turn % 256])
        return self._coats[0 if fault is FaceFault.FREEZE else turn % _COATS]

    def _put(self, frame: bytes) -> None:
        """Replace the picture as a whole."""
        self._place.mkdir(parents=True, exist_ok=True)
        self._fresh.write_bytes(frame)
        self._fresh.replace(self._place / FRAME_FILE)

    def _take_away(self) -> None:
        with self._lock:
            shutil.rmtree(self._place, ignore_errors=True)


def _changed(shown: _Shown, command: Mapping[str, object]) -> _Shown:
    """Return what is shown after a command; without a word of a fault there is none."""
    if "scene" in command:
        shown = replace(shown, scene=_one_of(FaceScene, command["scene"]))
    if "who" in command:
        shown = replace(shown, who=_seed(command["who"]))
    if "other" in command:
        shown = replace(shown, other=_seed(command["other"]))
    fault = command.get("fault")
    return replace(shown, fault=None if fault is None else _one_of(FaceFault, fault))


def _one_of(words: type[Word], value: object) -> Word:
    try:
        return words(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not one of {', '.join(words)}") from None


def _seed(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST_SEED:
        raise ValueError(f"a face has a number from 0 to {_LARGEST_SEED}")
    return value


@lru_cache(maxsize=24)
def _drawn(shown: _Shown) -> tuple[bytes, ...]:
    """Return a scene as the camera sends it, in each coat of noise."""
    picture = draw(shown.scene, shown.who, shown.fault, shown.other)
    return tuple(_coat(picture, coat) for coat in range(_COATS))


@lru_cache(maxsize=1)
def _noise() -> NDArray[np.int16]:
    """Return one field of noise, as large as a frame."""
    return np.random.default_rng(1).normal(0, _NOISE, SIZE[::-1]).astype(np.int16)


def _coat(picture: Frame, number: int) -> bytes:
    """Return the picture as the camera sends it, with noise of its own."""
    noise = np.roll(_noise(), (17 * number, 31 * number), (0, 1))
    seen = cv2.add(picture, cv2.merge([noise] * 3), dtype=cv2.CV_8U)
    return cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
