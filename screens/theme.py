"""Tokens of the look: colours, type, space, radius, sizes.

Paper, ink and a seal.  A *unit* is 0.248 mm, one dot of the reference screen (1080×1920 on
21.5 inches, 4.03 dots a millimetre): tokens are given in units and turned into dots of the
real screen by :class:`Theme`, so a target that must be 20 mm is 20 mm on every screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kiosk.journey.view import Size

PAPER: Final = "#F7F4EC"
CARD: Final = "#FFFFFF"
COOL: Final = "#F1F3F4"
"""Ground of what only staff see: nobody takes it for a page of citizens."""
LINE: Final = "#E2DCCE"
LINE_STRONG: Final = "#8A8371"
TRACK: Final = "#E4DED0"
INK: Final = "#17212B"
INK_2: Final = "#414B55"
DEEP: Final = "#0F3B4C"
DEEP_2: Final = "#17566B"
DEEP_LINE: Final = "#8FA9B2"
ON_DEEP: Final = "#F7F4EC"
ON_DEEP_2: Final = "#C9D6D8"
JADE: Final = "#0A7062"
JADE_INK: Final = "#075548"
"""Words in green; the brighter green is for what is filled, drawn or large."""
JADE_WASH: Final = "#E3F1EC"
JADE_LINE: Final = "#BFDFD5"
GOLD: Final = "#B98A2F"
GOLD_INK: Final = "#6A480C"
GOLD_WASH: Final = "#F7EBD0"
GOLD_LINE: Final = "#E6CE93"
GOLD_LIGHT: Final = "#F2C96B"
SEAL: Final = "#B5341C"
SEAL_INK: Final = "#8F2614"
SEAL_WASH: Final = "#FBE6E0"
SEAL_LINE: Final = "#EDB9AA"

REFERENCE_PX_PER_MM: Final = 4.03
TYPE_SCALE: Final = (22, 24, 27, 30, 33, 36, 42, 48, 54, 62, 72, 84, 108, 124, 148, 176)
"""Sizes of letters in units: few, so that a page looks of one piece and few faces stay open."""
ELDER_SCALE: Final = (44, 44, 44, 48, 48, 52, 58, 64, 72, 80, 88, 100, 116, 128, 148, 176)
"""The same steps with elder letters, one for one; 44 units make capitals 8 mm high."""
TARGET_MM: Final = 20.0
"""Smallest side of anything that can be touched."""
ELDER_TARGET_MM: Final = 25.0
"""The same with elder letters."""


@cache
def rgba(colour: str) -> tuple[float, float, float, float]:
    """Return ``#RRGGBB`` or ``#RRGGBBAA`` as four numbers from 0 to 1."""
    digits = colour.lstrip("#")
    values = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
    red, green, blue, alpha = [*values, 1.0][:4]
    return red, green, blue, alpha


def linear(part: float) -> float:
    """Return the light of one part of an sRGB colour, both from 0 to 1 (WCAG 2.2)."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    red, green, blue, _ = (linear(part) for part in rgba(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two opaque colours, WCAG 2.2: 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@cache
def _unit(width: int, height: int, px_per_mm: float) -> float:
    return min(px_per_mm / REFERENCE_PX_PER_MM, min(width, height) / 1080)


@cache
def _step(units: float) -> int:
    return min(range(len(TYPE_SCALE)), key=lambda n: abs(TYPE_SCALE[n] - units))


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """The tokens on one screen."""

    width: int
    """Dots across."""
    height: int
    """Dots down."""
    px_per_mm: float = REFERENCE_PX_PER_MM
    size: Size = "normal"
    """Elder letters: a type scale of their own, larger targets."""

    @property
    def elder(self) -> bool:
        """Whether elder letters are on."""
        return self.size == "elder"

    @property
    def portrait(self) -> bool:
        """Whether the screen stands upright."""
        return self.height >= self.width

    @property
    def unit(self) -> float:
        """Dots a unit; smaller than life where the glass is too small for the page."""
        return _unit(self.width, self.height, self.px_per_mm)

    def px(self, units: float) -> int:
        """Return ``units`` in whole dots."""
        return round(units * self.unit)

    def letters(self, units: float) -> int:
        """Return the step of the scale that is nearest to ``units``, in units as they are set."""
        return (ELDER_SCALE if self.elder else TYPE_SCALE)[_step(units)]

    def type(self, units: float) -> int:
        """Return the size of letters on the scale that is nearest to ``units``, in dots."""
        return self.px(self.letters(units))

    def icon(self, units: float) -> int:
        """Return the side of an icon of ``units``: it grows as the letters beside it."""
        return self.px(units * self.letters(units) / TYPE_SCALE[_step(units)])

    def target(self, units: float = 84) -> int:
        """Return a side that is ``units`` long and never less than 20 mm (elder: 25 mm)."""
        least = ELDER_TARGET_MM if self.elder else TARGET_MM
        return max(self.px(units), -int(-least * self.px_per_mm // 1))
