"""A simulated scan camera: a folder whose picture is replaced ten times a second, a code before it.

What is shown is drawn once with a few coats of noise; the thread only turns a link from one to the
next, so an idle camera costs next to nothing, and a living stream never shows the same frame twice
in a row.  QR codes are made by segno; the others by the writer of zxing-cpp, which reads them too,
so they prove the way through the terminal, not the reading.
"""

from __future__ import annotations

import base64
import binascii
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self

import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray

from drivers.camera.source import FRAME_FILE
from drivers.simulated.device import Surroundings
from drivers.simulated.drawing import start_drawing
from drivers.simulated.flakiness import Flakiness

Grey = NDArray[np.uint8]

WIDE, HIGH = 1280, 720
FRAME_S: Final = 0.1
MOST_BYTES: Final = 1200
"""What fits the frame as a QR code with modules of 3 dots and more."""

_COATS = 3
_NOISE = 2.2  # grey levels (sigma)
_QUALITY = 85
_QUIET = 4  # light modules around a code
_SPOILED = "spoiled.jpg"

_WRITTEN: Final = {
    "code128": zxingcpp.BarcodeFormat.Code128,
    "code39": zxingcpp.BarcodeFormat.Code39,
    "ean13": zxingcpp.BarcodeFormat.EAN13,
    "pdf417": zxingcpp.BarcodeFormat.PDF417,
    "dataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "aztec": zxingcpp.BarcodeFormat.AztecCode,
}


class Look(StrEnum):
    """How a code is held up."""

    STRAIGHT = "straight"
    TURNED = "turned"
    BLURRED = "blurred"
    """So much out of focus that a plain look does not read it."""
    SCREEN = "screen"
    """On a telephone: its dots beat with the sensor's."""
    INVERTED = "inverted"


class CameraTrouble(StrEnum):
    """What can be wrong with the camera."""

    FREEZE = "freeze"
    """It gives the same frame again and again."""
    BLACK = "black"
    SILENT = "silent"
    """It gives no frames."""
    GARBLED = "garbled"
    """Its frames cannot be decoded."""
    UNPLUG = "unplug"


class SimulatedCodeCamera:
    """One scan camera behind the folder ``place``.

    Args:
        place: The folder a driver opens; it is there at once.
        seed: Where the chance of `flaky` begins.
    """

    def __init__(self, place: Path, *, seed: int = 0) -> None:
        self._place = place
        self._store = place.with_name(f".{place.name}")
        self._flakiness = Flakiness([CameraTrouble.GARBLED], seed)
        self._lock = threading.RLock()
        self._shown: tuple[bytes, str, Look] | None = None
        self._trouble: CameraTrouble | None = None
        self._next: CameraTrouble | None = None
        self._during: CameraTrouble | None = None
        self._frames = self._scenes = 0
        self._show(None)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated codes", daemon=True)
        start_drawing(self._thread, self._ending)

    @classmethod
    def simulated(cls, surroundings: Surroundings) -> Self:
        """Make it as the file of simulated devices says; it has no options."""
        return cls(surroundings.link, seed=surroundings.seed)

    @property
    def frames(self) -> int:
        """How many frames it has given."""
        return self._frames

    def control(self, command: Mapping[str, object]) -> None:
        """Hold a code up, take it away, make something go wrong.

        =================================================  =========================================
        ``{"show": text or {"base64"}, "symbology"?,       holds a code up (``qrCode`` unless said,
        "look"?}``                                         ``straight`` unless said)
        ``{"hide": true}``                                 takes it away
        ``{"fault": word or null}``                        that is wrong until told otherwise
        ``{"fail_next": word}``                            the very next frame: ``garbled``, or the
                                                           cable is pulled
        ``{"fail_during": word}``                          the frame in which a code is first seen
        ``{"flaky": chance, "seed"?}``                     each frame is garbled with this chance
        ``{"unplug": true}``, ``{"replug": true}``         the cable
        =================================================  =========================================

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """
        with self._lock:
            act = next((act for word, act in self._acts().items() if word in command), None)
            if act is None:
                raise ValueError("not understood: " + ", ".join(sorted(command)))
            act(command)

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        with self._lock:
            data, symbology, look = self._shown or (b"", None, None)
            waiting = {"fail_next": self._next, "fail_during": self._during}
            return {
                "plugged": self._trouble is not CameraTrouble.UNPLUG,
                "in_view": self._shown is not None,
                "code": data.decode(errors="replace") if self._shown else None,
                "symbology": symbology,
                "look": look,
                "fault": self._trouble,
                "flaky": self._flakiness.chance,
                "faults": [f"{key} {word}" for key, word in waiting.items() if word is not None],
                "frames": self._frames,
            }

    def close(self) -> None:
        """End, and take the folder away."""
        self._ending.set()
        self._thread.join()
        shutil.rmtree(self._place, ignore_errors=True)
        shutil.rmtree(self._store, ignore_errors=True)

    # -- what a person does -------------------------------------------------------------------

    def _acts(self) -> Mapping[str, Callable[[Mapping[str, object]], None]]:
        """Return what each word does; the first of them in a command counts."""
        return {
            "show": self._hold_up,
            "hide": self._hide,
            "flaky": self._flakiness.control,
            "fault": self._fail,
            "fail_next": self._fail_next,
            "fail_during": self._fail_during,
            "unplug": self._move_cable,
            "replug": self._move_cable,
        }

    def _hold_up(self, command: Mapping[str, object]) -> None:
        data = _payload(command["show"])
        symbology = str(command.get("symbology", "qrCode"))
        if symbology != "qrCode" and symbology not in _WRITTEN:
            raise ValueError(f"symbology is one of qrCode, {', '.join(_WRITTEN)}")
        try:
            look = Look(str(command.get("look", Look.STRAIGHT)))
        except ValueError:
            raise ValueError(f"look is one of {', '.join(Look)}") from None
        self._show((data, symbology, look))

    def _hide(self, command: Mapping[str, object]) -> None:
        if not command["hide"]:
            raise ValueError("hide is done when it is true")
        self._show(None)

    def _fail(self, command: Mapping[str, object]) -> None:
        fault = command["fault"]
        self._fall_ill(None if fault is None else _trouble(fault))

    def _fail_next(self, command: Mapping[str, object]) -> None:
        self._next = _momentary(command["fail_next"])

    def _fail_during(self, command: Mapping[str, object]) -> None:
        self._during = _momentary(command["fail_during"])

    def _move_cable(self, command: Mapping[str, object]) -> None:
        if not (command.get("unplug") or command.get("replug")):
            raise ValueError("unplug and replug are done when they are true")
        self._fall_ill(CameraTrouble.UNPLUG if command.get("unplug") else None)

    def _fall_ill(self, trouble: CameraTrouble | None) -> None:
        self._trouble = trouble
        if trouble is CameraTrouble.UNPLUG:
            shutil.rmtree(self._place, ignore_errors=True)
        else:
            self._put(self._coat(0))

    def _show(self, shown: tuple[bytes, str, Look] | None) -> None:
        """Draw what is shown in every coat, under new names, and show the first."""
        scene = _scene(*shown) if shown else _room()
        self._store.mkdir(parents=True, exist_ok=True)
        former = self._scenes - 1
        self._scenes += 1
        for turn in range(_COATS):
            (self._store / f"{self._scenes}-{turn}.jpg").write_bytes(_coated(scene, turn))
            (self._store / f"{former}-{turn}.jpg").unlink(missing_ok=True)
        (self._store / _SPOILED).write_bytes(b"\xff\xd8\xff\xe0 not a picture")
        (self._store / "black.jpg").write_bytes(_encoded(np.zeros((HIGH, WIDE), np.uint8)))
        self._shown = shown
        if self._trouble is not CameraTrouble.UNPLUG:
            self._put(self._coat(0))

    # -- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        turn = 0
        while not self._ending.wait(FRAME_S):
            turn += 1
            with self._lock:
                self._give(turn)

    def _give(self, turn: int) -> None:
        """Give the next frame, or what comes in its place."""
        moment, self._next = self._next, None
        if moment is None and self._shown is not None:
            moment, self._during = self._during, None
        if moment is CameraTrouble.UNPLUG:
            self._fall_ill(moment)
        if self._trouble in (CameraTrouble.UNPLUG, CameraTrouble.SILENT):
            return
        self._frames += 1
        if CameraTrouble.GARBLED in (self._flakiness.fault(), moment, self._trouble):
            self._put(self._store / _SPOILED)
        elif self._trouble is CameraTrouble.BLACK:
            self._put(self._store / "black.jpg")
        else:
            self._put(self._coat(0 if self._trouble is CameraTrouble.FREEZE else turn))

    def _coat(self, turn: int) -> Path:
        return self._store / f"{self._scenes}-{turn % _COATS}.jpg"

    def _put(self, picture: Path) -> None:
        """Replace the frame as a whole."""
        self._place.mkdir(parents=True, exist_ok=True)
        fresh = self._place / f".{FRAME_FILE}.{os.getpid()}"
        fresh.symlink_to(picture.absolute())
        fresh.replace(self._place / FRAME_FILE)


def _payload(show: object) -> bytes:
    """Return the bytes of a code given as text or as `{"base64": …}`."""
    if isinstance(show, Mapping):
        try:
            data = base64.b64decode(str(show.get("base64", "")), validate=True)
        except binascii.Error as error:
            raise ValueError("base64 is not base64") from error
    else:
        data = show.encode() if isinstance(show, str) else b""
    if not 0 < len(data) <= MOST_BYTES:
        raise ValueError(f"show is a text, or an object with base64, of 1 to {MOST_BYTES} bytes")
    return data


def _trouble(word: object) -> CameraTrouble:
    try:
        return CameraTrouble(str(word))
    except ValueError:
        raise ValueError(f"a fault is one of {', '.join(CameraTrouble)}") from None


def _momentary(word: object) -> CameraTrouble:
    trouble = _trouble(word)
    if trouble not in (CameraTrouble.GARBLED, CameraTrouble.UNPLUG):
        raise ValueError("for a moment there is only garbled and unplug")
    return trouble


def _scene(data: bytes, symbology: str, look: Look) -> Grey:
    """Draw a code before the camera."""
    code = _code(data, symbology)
    if look is Look.INVERTED:
        code = np.asarray(255 - code, np.uint8)
    picture = _room().copy()
    angle = 17.0 if look is Look.TURNED else 2.0
    high, wide = code.shape
    view = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    view[:, 2] += (WIDE / 2 - wide / 2, HIGH / 2 - high / 2)
    size = (WIDE, HIGH)
    seen = cv2.warpAffine(code, view, size, flags=cv2.INTER_LINEAR)
    there = cv2.warpAffine(np.full_like(code, 255), view, size, flags=cv2.INTER_NEAREST)
    picture[there > 0] = seen[there > 0]
    if look is Look.BLURRED:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), 3.0), np.uint8)
    return _on_screen(picture) if look is Look.SCREEN else picture


def _code(data: bytes, symbology: str) -> Grey:
    """Draw a code with its light edge."""
    if symbology == "qrCode":
        made = segno.make_qr(data, mode="byte", error="m", boost_error=False)
        rows = [[40 if dark else 225 for dark in row] for row in made.matrix]
        flat = np.pad(np.array(rows, np.uint8), _QUIET, constant_values=225)
        dots = max(3, min(5, (HIGH - 160) // len(flat)))
        return np.asarray(np.kron(flat, np.ones((dots, dots), np.uint8)), np.uint8)
    kind: Any = _WRITTEN[symbology]
    try:
        written: Any = zxingcpp.create_barcode(data.decode("ascii"), kind)
    except ValueError as error:
        raise ValueError(f"that cannot be written as {symbology}") from error
    drawn = np.array(written.to_image(scale=3, add_quiet_zones=True))
    if max(drawn.shape[0] / HIGH, drawn.shape[1] / WIDE) > 0.8:
        raise ValueError(f"that is too long for a {symbology} before this camera")
    return np.asarray(drawn * 0.72 + 40, np.uint8)


def _on_screen(picture: Grey) -> Grey:
    down = np.arange(HIGH)[:, None]
    across = np.arange(WIDE)[None]
    waves = 1 + 0.3 * (np.sin(2 * np.pi * down / 2.6) + np.sin(2 * np.pi * across / 2.9))
    return np.asarray(np.clip(picture * waves, 0, 255), np.uint8)


@lru_cache(maxsize=1)
def _room() -> Grey:
    """Return what the camera sees when nothing is shown: a wall, unevenly lit, and a frame."""
    rows = np.array([[90, 120, 110], [140, 150, 120], [70, 95, 100]], np.uint8)
    wall = np.asarray(cv2.resize(rows, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC), np.uint8)
    cv2.rectangle(wall, (60, 80), (330, 520), (60,), -1)
    cv2.rectangle(wall, (980, 40), (1180, 690), (175,), 3)
    return wall


@lru_cache(maxsize=_COATS)
def _noise(turn: int) -> NDArray[np.int16]:
    chance = np.random.default_rng(turn)
    return chance.normal(0, _NOISE, (HIGH, WIDE)).astype(np.int16)


def _coated(picture: Grey, turn: int) -> bytes:
    return _encoded(np.asarray(cv2.add(picture, _noise(turn), dtype=cv2.CV_8U), np.uint8))


def _encoded(picture: Grey) -> bytes:
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
