"""Sounds: made the same every time, really played, and silent where nothing can play them."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import wave
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import structlog

from screens import sound
from screens.sound import NAMES
from standards import data_root
from tests.waiting import until

ROOT = Path(__file__).resolve().parent.parent.parent
SDL_RATE = 44_100
"""Kivy opens SDL's mixer with this rate, 16 bit, two channels."""

PLAY = """
import sys
from pathlib import Path
from screens.hardening import Display, prepare
prepare(Display(width=64, height=64, px_per_mm=4.0))
from screens.sound import Sounds
from tests.waiting import until
sounds = Sounds()
for name in sys.argv[2:]:
    sounds.play(name)
if sys.argv[1] != "-":
    out = Path(sys.argv[1])
    until(lambda: out.exists() and out.stat().st_size > 2 * 44100 * 4)
else:
    until(lambda: sounds._told)
    for name in sys.argv[2:]:
        sounds.play(name)
    until(sounds._wanted.empty)
print("went on")
"""


def recipe() -> ModuleType:
    """Load the recipe of the sounds by path."""
    spec = importlib.util.spec_from_file_location("sounds", ROOT / "assets" / "build_sounds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def samples(path: Path) -> Any:
    """Return the samples of a WAV file, from -1 to 1."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32_768


def loudest(heard: Any, rate: int) -> float:
    """Return the frequency that is loudest, in hertz."""
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    return float(np.argmax(spectrum) * rate / len(heard))


def child(out: Path | None, *names: str, driver: str = "disk") -> subprocess.CompletedProcess[str]:
    """Play sounds in a process of its own, into a file instead of a loudspeaker."""
    environment = {**os.environ, "SDL_AUDIODRIVER": driver, "PYTHONPATH": str(ROOT)}
    if out is not None:
        environment["SDL_DISKAUDIOFILE"] = str(out)
    return subprocess.run(
        [sys.executable, "-c", PLAY, str(out or "-"), *names],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=environment,
        check=False,
    )


def test_the_files_are_what_the_recipe_makes(tmp_path: Path) -> None:
    """A second run gives the same bytes, and the files in the repository are those."""
    for path in recipe().build(tmp_path):
        assert path.read_bytes() == (data_root() / "sounds" / path.name).read_bytes(), path.name
    assert {path.stem for path in tmp_path.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_sound_is_short_soft_and_does_not_click(name: str) -> None:
    """At most 1.5 s, loudest sample at -12 dB of full scale, silence at both ends."""
    heard = samples(data_root() / "sounds" / f"{name}.wav")
    assert len(heard) / 22_050 <= 1.5
    assert 20 * np.log10(np.abs(heard).max()) == pytest.approx(-12, abs=0.1)
    assert abs(heard[0]) < 0.001
    assert abs(heard[-1]) < 0.001
    assert np.abs(np.diff(heard)).max() < 0.2


@pytest.mark.parametrize(("name", "tones"), [("take_card", "CHIME"), ("error", "ERROR")])
def test_the_tones_are_really_played(tmp_path: Path, name: str, tones: str) -> None:
    """What SDL writes begins with the first tone of the sound and ends with the second."""
    out = tmp_path / "heard.raw"
    done = child(out, name)
    assert "went on" in done.stdout, done.stderr
    heard = np.frombuffer(out.read_bytes()[: out.stat().st_size // 4 * 4], "<i2") / 32_768
    left = heard[::2]
    loud = np.flatnonzero(np.abs(left) > 0.01)
    assert len(loud) > SDL_RATE * 0.3, "silence was written"
    begin = int(loud[0])
    first, second = getattr(recipe(), tones)
    length = int(0.18 * SDL_RATE)
    late = begin + int((0.55 if name == "take_card" else 0.35) * SDL_RATE)
    for start, tone in ((begin, first), (late, second)):
        found = loudest(left[start : start + length], SDL_RATE)
        assert found == pytest.approx(tone, abs=8), (name, start / SDL_RATE)


def test_without_a_device_the_terminal_goes_on(tmp_path: Path) -> None:
    """No device: nothing raised, told once although it was asked for twice."""
    done = child(None, "take_card", driver="no-such-driver")
    assert "went on" in done.stdout, done.stderr
    assert (done.stdout + done.stderr).count("sound_no_device") == 1


def test_an_unknown_sound_is_told_once() -> None:
    """An unknown name: nothing raised, told once."""
    done = child(None, "no-such-sound")
    assert "went on" in done.stdout, done.stderr
    assert (done.stdout + done.stderr).count("sound_unknown") == 1


def test_without_its_library_a_sound_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kivy without SDL's mixer: the sounds' thread goes on, told once."""

    def missing() -> Any:
        raise ImportError("no audio_sdl2")

    monkeypatch.setattr(sound, "_provider", missing)
    sounds = sound.Sounds()
    with structlog.testing.capture_logs() as told:
        for name in (sound.TAKE_CARD, sound.ERROR, sound.TAKE_CARD):
            sounds.play(name)
            until(sounds._wanted.empty)
        until(lambda: len(sounds._loaded) > 0)
        sounds.play(sound.SHUTTER)
        until(lambda: sound.SHUTTER in sounds._loaded)
    assert [one["event"] for one in told] == ["sound_no_provider"]
    assert sounds._thread is not None
    assert sounds._thread.is_alive()
