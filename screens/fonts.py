"""Faces, their metrics and what they can draw.

The faces are made by ``assets/build_fonts.py``.  Glyphs are set by FreeType through Pillow, which
maps a font file instead of reading it, so two session processes share the pages of it.

A whole face is dear to have open at every size (2.4 MB of tables each, and its own lot of mapped
pages), so words are set in the first of its parts that has them: GB/T 2312's first level, its
second, the whole face.
"""

from __future__ import annotations

import json
from array import array
from bisect import bisect_right
from functools import cache, lru_cache, partial
from itertools import groupby
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
_ICONS: Final = "lucide.ttf"
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


def font(file: str, size: int) -> ImageFont.FreeTypeFont:
    """Return the font in ``file`` (see :func:`pieces`) at ``size`` dots.

    Each that is open keeps up to a megabyte mapped, a whole face seven; to open one again takes
    0.1 ms. So few are kept: a page's words stay set, and ask for none.
    """
    return _whole(file, size) if file in FILES.values() else _part(file, size)


def _opened(file: str, size: int) -> ImageFont.FreeTypeFont:
    path = LUCIDE / file if file == _ICONS else directory() / file
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


_part: Final = lru_cache(maxsize=8)(_opened)
_whole: Final = lru_cache(maxsize=1)(_opened)


def close_whole() -> None:
    """Close a whole face that was open for rare characters: candidates touch all 16 MB of one."""
    _whole.cache_clear()


@cache
def _report(part: str) -> dict[str, array[int]]:
    """Return a part of the recipe's report: ends of ranges of code points by name."""
    report = json.loads((directory() / "coverage.json").read_text())
    return {name: array("I", ends) for name, ends in report[part].items()}


def _within(ends: array[int], character: str) -> bool:
    place = bisect_right(ends, ord(character))
    return place % 2 == 1 or (place > 0 and ends[place - 1] == ord(character))


def covers(face: Face, character: str) -> bool:
    """Whether ``face`` has a glyph for ``character``."""
    return _within(_report("coverage")[FILES[face]], character)


@lru_cache(maxsize=2048)
def _file(face: Face, character: str) -> str:
    """Return the smallest file of ``face`` that has ``character``."""
    whole = FILES[face]
    for level, ends in _report("levels").items():
        if _within(ends, character):
            return whole.replace(".otf", f"-{level}.otf")
    return whole


@lru_cache(maxsize=1024)
def pieces(words: str, face: Face) -> tuple[tuple[str, str], ...]:
    """Split ``words`` into pieces that one font file draws each: its name, the piece."""
    if face == "icon":
        return ((_ICONS, words),)
    found: list[tuple[str, str]] = []
    for able, run in runs(words, face):
        for file, part in groupby(run, partial(_file, able)):
            found.append((file, "".join(part)))
    return tuple(found)


@cache
def _face_for(face: Face, character: str) -> Face | None:
    order: tuple[Face, ...] = (face, "sans", "serif")
    return next((one for one in order if covers(one, character)), None)


@lru_cache(maxsize=1024)
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


@lru_cache(maxsize=1024)
def advance(words: str, face: Face, size: int) -> float:
    """Return how long ``words`` are, in dots: the sum of their letters, for no face kerns."""
    return sum([letter(character, face, size) for character in words])


def letter(character: str, face: Face, size: int) -> float:
    """Return how long a letter is, in dots; all ideographs of a face are equally wide."""
    return _advance("一" if "一" <= character <= "鿿" else character, face, size)


@lru_cache(maxsize=2048)
def _advance(character: str, face: Face, size: int) -> float:
    return sum(font(file, size).getlength(part) for file, part in pieces(character, face))


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
