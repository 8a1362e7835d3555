"""A simulated document camera: a folder whose picture is replaced twenty times a second.

Each scene is drawn once with a few different coats of noise; the thread then only turns a link from
one to the next, so an idle camera costs next to nothing, and a living stream still never shows the
same frame twice in a row.  ``freeze`` goes on replacing the picture, by the same one; ``unplug``
takes the folder away.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.card_number import is_card_number
from drivers.camera.source import FRAME_FILE
from drivers.simulated.camera_papers import BANK, account_number
from drivers.simulated.camera_scenes import SIZE, CameraFault, Corners, Picture, SceneName, draw
from drivers.simulated.discharge_record import RECORD, DischargeRecord
from drivers.simulated.drawing import start_drawing
from drivers.simulated.flakiness import Flakiness

FRAME_S = 0.05

_COATS = 3
_NOISE = 2.2  # grey levels (sigma): a small sensor in room light
_QUALITY = 90
_LONGEST_BANK = 24
_SPOILED = b"\xff\xd8\xff\xe0 not a picture"

Word = TypeVar("Word", SceneName, CameraFault)


class SimulatedCamera:
    """One camera behind the folder ``place``.

    ``record`` is the discharge record that is laid down next.

    Args:
        place: The folder a driver opens; it appears once the first scene is drawn.
        seed: Where the chance of `flaky` begins.
    """

    def __init__(self, place: Path, *, seed: int = 0) -> None:
        self.record: DischargeRecord = RECORD
        self._place = place
        self._store = place.with_name(f".{place.name}")
        self._flakiness = Flakiness([_SPOILED], seed)
        self._drawing = threading.Lock()
        self._lock = threading.Lock()
        self._scene = SceneName.EMPTY
        self._fault: CameraFault | None = None
        self._number, self._bank = account_number(1), BANK
        self._plugged = True
        self._coats: tuple[bytes, ...] = ()
        self._scenes = 0
        self._corners: Corners | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated camera", daemon=True)
        start_drawing(self._thread, self._ending)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._plugged

    @property
    def corners(self) -> Corners | None:
        """Where the corners of what lies there really are, in dots; None on an empty desk."""
        return self._corners

    @property
    def number(self) -> str:
        """The account number on the card."""
        return self._number

    def control(self, command: Mapping[str, object]) -> None:
        """Lay something down, make something go wrong, pull the cable.

        ``{"scene": name, "fault"?, "number"?, "bank"?}`` lays down, without a fault unless one is
        given; ``{"fault": name or null}`` changes that alone; ``{"unplug": true}``,
        ``{"replug": true}``; ``{"flaky": chance, "seed"?}`` garbles each frame with this chance.
        Returns once the camera shows it.

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """
        if "scene" in command or "fault" in command:
            scene = _one_of(SceneName, command.get("scene", self._scene.value))
            fault = command.get("fault")
            self._name_card(command)
            self._show(scene, None if fault is None else _one_of(CameraFault, fault))
        elif "flaky" in command:
            self._flakiness.control(command)
        elif command.get("unplug"):
            self._plug(plugged=False)
        elif command.get("replug"):
            self._plug(plugged=True)
        else:
            raise ValueError("not understood: " + ", ".join(sorted(command)))

    def state(self) -> dict[str, object]:
        """Return what the control page shows."""
        return {
            "plugged": self._plugged,
            "scene": self._scene.value,
            "fault": self._fault.value if self._fault else None,
            "number": self._number,
            "bank": self._bank,
            "flaky": self._flakiness.chance,
            "faults": [f"fault {self._fault}"] if self._fault else [],
            "drawn": bool(self._coats),
        }

    def picture(self) -> bytes:
        """Return the newest frame as a small JPEG, for the control page; empty before the first."""
        with self._lock:
            coat = self._coats[0] if self._coats else b""
        if not coat:
            return b""
        small = cv2.imdecode(np.frombuffer(coat, np.uint8), cv2.IMREAD_REDUCED_COLOR_4)
        if small is None:
            return b""
        return cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()

    def close(self) -> None:
        """End, and take the folder away; a scene that is just being drawn is not waited for."""
        with self._lock:
            self._ending.set()
        self._take_away()
        shutil.rmtree(self._store, ignore_errors=True)

    def await_end(self, seconds: float) -> None:
        """Wait for a scene that is being drawn: OpenCV does not survive the end of the interpreter.

        To be called after `close` by a process that is about to end; nothing is drawn afterwards.
        """
        self._thread.join(seconds)
        self._drawing.acquire(timeout=seconds)

    def _name_card(self, command: Mapping[str, object]) -> None:
        number = str(command.get("number", self._number))
        bank = str(command.get("bank", self._bank))
        if not is_card_number(number):
            raise ValueError("number has 12 to 19 digits and passes the Luhn check")
        if not 0 < len(bank) <= _LONGEST_BANK:
            raise ValueError(f"bank is a text of 1 to {_LONGEST_BANK} characters")
        self._number, self._bank = number, bank

    def _show(
        self, name: SceneName, fault: CameraFault | None, *, unless_shown: bool = False
    ) -> None:
        with self._drawing:
            if unless_shown and self._coats:
                return
            coats, corners = _drawn(name, fault, self._number, self._bank, self.record)
            with self._lock:
                if self._ending.is_set():
                    return
                self._keep(coats)
                self._coats, self._corners = coats, corners
                self._scene, self._fault = name, fault
            self._plug(plugged=fault is not CameraFault.UNPLUG)
            self._put(self._coat_file(0))

    # -- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        self._show(SceneName.EMPTY, None, unless_shown=True)
        turn = 0
        while not self._ending.wait(FRAME_S):
            turn += 1
            coat = 0 if self._fault is CameraFault.FREEZE else turn
            spoiled = self._flakiness.fault() is not None
            self._put(self._spoiled_file() if spoiled else self._coat_file(coat))

    def _keep(self, coats: tuple[bytes, ...]) -> None:
        """Write the coats under new names; the last scene's stay for who is just opening one."""
        self._store.mkdir(parents=True, exist_ok=True)
        for file in self._store.iterdir():
            if not file.name.startswith(f"{self._scenes}-"):
                file.unlink()
        self._scenes += 1
        for turn, coat in enumerate(coats):
            self._coat_file(turn).write_bytes(coat)
        self._spoiled_file().write_bytes(_SPOILED)

    def _spoiled_file(self) -> Path:
        return self._store / f"{self._scenes}-spoiled.jpg"

    def _coat_file(self, turn: int) -> Path:
        return self._store / f"{self._scenes}-{turn % _COATS}.jpg"

    def _put(self, picture: Path) -> None:
        """Replace the picture as a whole; a camera without its cable shows none."""
        with self._lock:
            if self._ending.is_set() or not self._plugged:
                return
            self._place.mkdir(parents=True, exist_ok=True)
            fresh = self._place / f".{FRAME_FILE}.{os.getpid()}"
            fresh.symlink_to(picture)
            fresh.replace(self._place / FRAME_FILE)

    def _plug(self, *, plugged: bool) -> None:
        """Put the cable in or pull it; a frame that is on its way does not come after that."""
        with self._lock:
            self._plugged = plugged
            if not plugged:
                shutil.rmtree(self._place, ignore_errors=True)

    def _take_away(self) -> None:
        with self._lock:
            shutil.rmtree(self._place, ignore_errors=True)


def _one_of(words: type[Word], value: object) -> Word:
    try:
        return words(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not one of {', '.join(words)}") from None


@lru_cache(maxsize=6)
def _drawn(
    name: SceneName, fault: CameraFault | None, number: str, bank: str, record: DischargeRecord
) -> tuple[tuple[bytes, ...], Corners | None]:
    """Return a scene as the camera sends it, in each coat of noise, and its true corners."""
    scene = draw(name, fault, number=number, bank=bank, record=record)
    coats = tuple(_coat(scene.picture, coat) for coat in range(_COATS))
    return coats, scene.corners


@lru_cache(maxsize=1)
def _noise() -> NDArray[np.int16]:
    """Return one field of noise, as large as a frame."""
    return np.random.default_rng(1).normal(0, _NOISE, SIZE[::-1]).astype(np.int16)


def _coat(picture: Picture, number: int) -> bytes:
    """Return the picture as the camera sends it, with noise of its own."""
    noise = np.roll(_noise(), (17 * number, 31 * number), (0, 1))
    seen = cv2.add(picture, cv2.merge([noise] * 3), dtype=cv2.CV_8U)
    return cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
