"""Chinese glyphs as dots, for characters a printer's own font lacks and for drawn paper.

Fonts are tried in order, glyph by glyph: the one built with the assets, then the system's.
`YIDUAN_FONTS` names another directory that holds `NotoSansSC-Regular.otf`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_BUILT = Path(__file__).resolve().parents[2] / "build" / "fonts"
_SYSTEM = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
_SYSTEM_FACE_SC = 2
_ABSENT = "\U000effff"
"""A character no font has: its picture is the font's "no such glyph" box."""


class FontMissing(OSError):
    """No Chinese font is installed on this terminal (staff must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """One font file at one size."""

    font: ImageFont.FreeTypeFont
    absent: bytes


def draw(text: str, size: int, width: int) -> Image.Image:
    """Return `text` (one character and its marks) as ink on a cell of `width` x `size` dots.

    The picture has mode "L": 0 is paper, 255 is ink. A character wider than its cell is narrowed.
    """
    return _draw(text, size, width).copy()


@lru_cache(maxsize=2048)
def _draw(text: str, size: int, width: int) -> Image.Image:
    face = _face_for(text, size)
    length = max(1, round(face.font.getlength(text)))
    glyph = Image.new("L", (max(length, width), size), 0)
    left = max(0, (width - length) // 2)
    ImageDraw.Draw(glyph).text((left, _baseline(size)), text, fill=255, font=face.font, anchor="ls")
    return glyph if glyph.width == width else glyph.resize((width, size))


def _baseline(size: int) -> int:
    """Return the row of the baseline that centres Chinese glyphs in a cell of this height."""
    return round(size * 0.88)


def _face_for(text: str, size: int) -> Face:
    faces = _faces(size)
    return next((f for f in faces if _ink(f.font, text[0]) != f.absent), faces[0])


@lru_cache(maxsize=8)
def _faces(size: int) -> tuple[Face, ...]:
    named = os.environ.get("YIDUAN_FONTS")
    directories = [Path(named)] if named else []
    files = [(d / "NotoSansSC-Regular.otf", 0) for d in (*directories, _BUILT)]
    files.append((_SYSTEM, _SYSTEM_FACE_SC))
    fonts = [ImageFont.truetype(str(p), size, index=i) for p, i in files if p.is_file()]
    if not fonts:
        raise FontMissing("no Chinese font: build the assets or install Noto Sans CJK")
    return tuple(Face(font=font, absent=_ink(font, _ABSENT)) for font in fonts)


def _ink(font: ImageFont.FreeTypeFont, character: str) -> bytes:
    """Return the picture of one character as bytes, to compare it with the absent one."""
    return bytes(font.getmask(character))
