"""The fonts of the terminal for paper: where they are, and which of them draws a character.

The faces are those `assets/build_fonts.py` makes of Noto Sans CJK and Noto Serif CJK; they know the
65,535 glyphs of Adobe-Japan/GB collections, rare characters of names among them.  A character that
the sans face lacks is drawn by the serif face, and one that no face has (private use on an old
card) as ``〓``, the printers' mark for a missing type, so that nobody takes the name for whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MISSING = "〓"
REGULAR, BOLD, OTHER = "NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf", "NotoSerifSC-Bold.otf"

_BUILT = Path(__file__).resolve().parents[2] / "build" / "fonts"
_INSTALLED = Path("/usr/share/yiduan/fonts")


class FontsMissing(OSError):
    """The fonts of the terminal are not there (staff must act)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawable:
    """A text with what no face has replaced, and its characters that need the other face."""

    characters: frozenset[int]
    others: frozenset[int]
    missing: frozenset[int]

    def drawn(self, text: str) -> str:
        """Return a text as it will be drawn."""
        return "".join(MISSING if ord(one) in self.missing else one for one in text)


def place() -> Path:
    """Return the directory of the fonts: named by ``YIDUAN_FONTS``, built, or installed.

    Raises:
        FontsMissing: there is none.
    """
    named = os.environ.get("YIDUAN_FONTS")
    for directory in (Path(named), _BUILT, _INSTALLED) if named else (_BUILT, _INSTALLED):
        if (directory / REGULAR).is_file() and (directory / BOLD).is_file():
            return directory
    raise FontsMissing("no fonts: build the assets (make assets)")


def drawable(texts: Iterable[str]) -> Drawable:
    """Return who draws the characters of these texts.

    Raises:
        FontsMissing: there are no fonts.
    """
    wanted = frozenset(ord(one) for text in texts for one in text) | {ord(MISSING)}
    folder = place()
    rest = wanted - known(folder / REGULAR)
    others = rest & known(folder / OTHER) if rest else rest
    missing = rest - others
    return Drawable(characters=wanted - rest, others=others, missing=missing)


@lru_cache(maxsize=4)
def known(file: Path) -> frozenset[int]:
    """Return the code points a face has; none for a face that is not installed."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415  # heavy, and only here

    if not file.is_file():
        return frozenset()
    with TTFont(str(file), lazy=True) as font:
        return frozenset(font.getBestCmap())
