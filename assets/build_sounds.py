# ruff: noqa: INP001 - assets holds data; this recipe is run by path
"""Recipe of the terminal's sounds: three short WAV files, made from sines and shaped noise.

22.05 kHz, 16 bit, one channel, at most 1.5 s, loudest sample 12 dB below full scale; every sound
begins and ends at nothing, so no loudspeaker clicks.  The same recipe gives the same bytes.

    python assets/build_sounds.py [--out assets/sounds]
"""

from __future__ import annotations

import argparse
import math
import random
import wave
from array import array
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

HERE: Final = Path(__file__).resolve().parent
RATE: Final = 22_050
"""Samples a second."""
PEAK_DB: Final = -12.0
"""Loudest sample, in dB of full scale."""
CHIME: Final = (880.0, 659.26)
"""Hertz of the two tones of ``take_card``: a falling fourth, as at a door."""
ERROR: Final = (311.13, 233.08)
"""Hertz of the two tones of ``error``: low and falling, not shrill."""
_ATTACK_S: Final = 0.008
"""Long enough that no edge is heard."""
_SEED: Final = 20_261_122

Samples = list[float]


def bell(hertz: float, seconds: float, fall: float) -> Samples:
    """Return a struck tone with soft overtones that dies away in about ``fall`` seconds."""
    partials = ((1.0, 1.0, 1.0), (2.0, 0.28, 0.6), (3.0, 0.10, 0.35))
    found = [0.0] * round(seconds * RATE)
    for number in range(len(found)):
        at = number / RATE
        found[number] = sum(
            loud * math.exp(-at / (fall * lasts)) * math.sin(2 * math.pi * hertz * multiple * at)
            for multiple, loud, lasts in partials
        )
    return edged(found)


def edged(samples: Sequence[float], release_s: float = 0.03) -> Samples:
    """Let samples begin and end at nothing (raised cosine)."""
    found, attack, release = list(samples), round(_ATTACK_S * RATE), round(release_s * RATE)
    for number in range(attack):
        found[number] *= 0.5 - 0.5 * math.cos(math.pi * number / attack)
    for number in range(release):
        found[-1 - number] *= 0.5 - 0.5 * math.cos(math.pi * number / release)
    return found


def joined(first: Sequence[float], second: Sequence[float], after_s: float) -> Samples:
    """Let the second sound begin ``after_s`` seconds after the first."""
    start = round(after_s * RATE)
    found = [0.0] * max(len(first), start + len(second))
    for number, value in enumerate(first):
        found[number] += value
    for number, value in enumerate(second):
        found[start + number] += value
    return found


def brush(seconds: float, dice: random.Random) -> Samples:
    """Return a soft stroke of noise without its sharp highs."""
    found: Samples = []
    low = high = 0.0
    count = round(seconds * RATE)
    for number in range(count):
        low += 0.30 * (dice.uniform(-1, 1) - low)
        high += 0.05 * (low - high)
        found.append((low - high) * math.sin(math.pi * number / count) ** 2)
    return edged(found, 0.01)


def take_card() -> Samples:
    """Return the two-tone chime: please take your card."""
    return joined(bell(CHIME[0], 0.7, 0.22), bell(CHIME[1], 1.0, 0.30), 0.34)


def shutter() -> Samples:
    """Return the two strokes of a shutter that opens and closes."""
    dice = random.Random(_SEED)  # noqa: S311  - noise, not a secret
    return joined(brush(0.07, dice), brush(0.10, dice), 0.11)


def error() -> Samples:
    """Return two low tones: something is wrong, look at the screen."""
    return joined(bell(ERROR[0], 0.32, 0.16), bell(ERROR[1], 0.5, 0.2), 0.22)


SOUNDS: Final[Mapping[str, Callable[[], Samples]]] = MappingProxyType(
    {"take_card": take_card, "shutter": shutter, "error": error}
)


def frames(samples: Sequence[float]) -> bytes:
    """Return 16-bit little-endian samples, the loudest at :data:`PEAK_DB`."""
    top = 32_767 * 10 ** (PEAK_DB / 20)
    scale = top / max(abs(value) for value in samples)
    return array("h", (int(value * scale) for value in samples)).tobytes()


def build(out: Path) -> list[Path]:
    """Write every sound; return the files."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, make in SOUNDS.items():
        path = out / f"{name}.wav"
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(frames(make()))
        written.append(path)
    return written


def main() -> None:
    """Write the sounds and name them."""
    parser = argparse.ArgumentParser(description="The sounds of the terminal.")
    parser.add_argument("--out", type=Path, default=HERE / "sounds")
    for path in build(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()
