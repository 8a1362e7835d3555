"""Faces, their metrics and what they can draw.

The faces are made by ``assets/build_fonts.py``.  Glyphs are set by FreeType through Pillow, which
maps a font file instead of reading it, so two session processes share the pages of it.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

from screens.semantic import Face

ROOT: Final = Path(__file__).resolve().parent.parent
FONT_DIRECTORIES: Final = (ROOT / "build" / "fonts", Path("/usr/share/yiduan/fonts"))
LUCIDE: Final = ROOT / "assets" / "vendor" / "lucide"
FILES: Final[dict[str, str]] = {
    "sans": "NotoSansSC-Regular.otf",
    "bold": "NotoSansSC-Bold.otf",
    "serif": "NotoSerifSC-Bold.otf",
}
MISSING: Final = "〓"
"""Stands for a character that no face has, as in Chinese print."""


class FontsNotBuilt(Exception):
    """The faces are not there: run ``python assets/build_fonts.py``."""


@cache
def directory() -> Path:
    """Return where the faces are."""
    for place in FONT_DIRECTORIES:
        if (place / "coverage.json").exists():
            return place
    raise FontsNotBuilt("python assets/build_fonts.py")


@lru_cache(maxsize=12)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Return ``face`` at ``size`` dots.

    FreeType keeps 2.4 MB of outlines' tables for each of these and takes 2-5 ms to open one, so as
    many are kept as one page sets: a page must not wait for its letters.
    """
    path = LUCIDE / "lucide.ttf" if face == "icon" else directory() / FILES[face]
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _coverage() -> dict[str, list[int]]:
    report = json.loads((directory() / "coverage.json").read_text())
    coverage: dict[str, list[int]] = report["coverage"]
    return coverage


def covers(face: Face, character: str) -> bool:
    """Whether ``face`` has a glyph for ``character``."""
    ends = _coverage()[FILES[face]]
    place = bisect_right(ends, ord(character))
    return place % 2 == 1 or (place > 0 and ends[place - 1] == ord(character))


@cache
def _face_for(face: Face, character: str) -> Face | None:
    order: tuple[Face, ...] = (face, "sans", "serif")
    return next((one for one in order if covers(one, character)), None)


@lru_cache(maxsize=4096)
def runs(words: str, face: Face) -> tuple[tuple[Face, str], ...]:
    """Split ``words`` into runs of one face each, by what each face can draw."""
    if face == "icon":
        return ((face, words),)
    found: list[tuple[Face, str]] = []
    for character in words:
        able = _face_for(face, character)
        drawn, able = (character, able) if able else (MISSING, face)
        if found and found[-1][0] == able:
            found[-1] = (able, found[-1][1] + drawn)
        else:
            found.append((able, drawn))
    return tuple(found)


def advance(words: str, face: Face, size: int) -> float:
    """Return how long ``words`` are, in dots: the sum of their letters, for no face kerns."""
    return sum(_advance(character, face, size) for character in words)


@lru_cache(maxsize=8192)
def _advance(character: str, face: Face, size: int) -> float:
    return sum(font(one, size).getlength(part) for one, part in runs(character, face))


@cache
def icon(name: str) -> str:
    """Return the character of the icon called ``name``.

    Raises:
        KeyError: there is no such icon.
    """
    return chr(_code_points()[name])


@cache
def _code_points() -> dict[str, int]:
    points: dict[str, int] = json.loads((LUCIDE / "codepoints.json").read_text())
    return points
