"""Short sounds: take your card, a picture was taken, something is wrong.

A sound only repeats what the screen says, so a terminal without a loudspeaker loses nothing: an
unknown name, a missing file, device or library is told to the log once and then left alone.

Sounds are played by SDL's mixer, through what Kivy ships.  Opening a device can take a second, so
all of it happens on a thread of its own that begins with the first sound; :meth:`Sounds.play`
returns at once.
"""

from __future__ import annotations

import os
import threading
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Final

import structlog

from standards import data_root

log = structlog.get_logger()

TAKE_CARD: Final = "take_card"
SHUTTER: Final = "shutter"
ERROR: Final = "error"
NAMES: Final = (TAKE_CARD, SHUTTER, ERROR)
"""Files of ``assets/sounds``, without the ending; made by ``assets/build_sounds.py``."""


class Sounds:
    """Plays sounds by name, one after another's beginning; never fails and never waits."""

    def __init__(self, folder: Path | None = None) -> None:
        """Take the sounds of ``folder``, ``assets/sounds`` unless told otherwise."""
        self._folder = folder or data_root() / "sounds"
        self._wanted: SimpleQueue[str] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._loaded: dict[str, Any] = {}
        self._told: set[str] = set()
        self.loudness = 0.7
        """Share of the loudest, 0 to 1; holds from the next sound on."""

    def play(self, name: str) -> None:
        """Begin the sound called ``name`` soon; returns at once."""
        self._wanted.put(name)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sounds", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            self._begin(self._newest())

    def _newest(self) -> str:
        """Wait for a name; of several that came while the device was busy, the last one counts."""
        name = self._wanted.get()
        while True:
            try:
                name = self._wanted.get_nowait()
            except Empty:
                return name

    def _begin(self, name: str) -> None:
        sound = self._sound(name)
        if sound is not None:
            sound.volume = self.loudness
            sound.play()

    def _sound(self, name: str) -> Any | None:
        """Return the loaded sound; None when it cannot be played."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def _load(self, name: str) -> Any | None:
        path = self._folder / f"{name}.wav"
        if not path.is_file():
            self._tell("sound_unknown", name)
            return None
        try:
            sound = _provider()(source=str(path))
        except ImportError as error:
            self._tell("sound_no_provider", name, error=str(error))
            return None
        if sound.length <= 0:
            self._tell("sound_no_device", name)
            return None
        return sound

    def _tell(self, event: str, name: str, **more: str) -> None:
        if event not in self._told:
            self._told.add(event)
            log.warning(event, sound=name, **more)


def _provider() -> Any:
    """Return Kivy's sound over SDL; its other providers are not looked for."""
    os.environ.setdefault("KIVY_AUDIO", "sdl2")
    return import_module("kivy.core.audio.audio_sdl2").SoundSDL2
